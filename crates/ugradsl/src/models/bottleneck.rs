//! The block of deep residual networks for large images.

use burn::module::Module;
use burn::nn::{
    BatchNorm, BatchNormConfig,
    conv::{Conv2d, Conv2dConfig},
};
use burn::tensor::{Device, Tensor};

use super::resnet_cifar::conv;
use crate::layers::{conv2d, norm, norm_add_relu, norm_relu};

/// A 3 x 3 convolution between two of 1 x 1, of which the second widens fourfold. As in torchvision
/// the one of 3 x 3 has the stride.
#[derive(Module, Debug)]
pub(super) struct Bottleneck {
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    conv3: Conv2d,
    bn3: BatchNorm,
    downsample: Option<(Conv2d, BatchNorm)>,
}

/// How much wider than its 3 x 3 convolution a block is at its end.
pub(super) const EXPANSION: usize = 4;

fn one_by_one(from: usize, to: usize, stride: usize, device: &Device) -> Conv2d {
    let conv = Conv2dConfig::new([from, to], [1, 1]).with_stride([stride, stride]);
    conv.with_bias(false).init(device)
}

impl Bottleneck {
    /// From `from` channels to four times `width`.
    pub(super) fn new(from: usize, width: usize, stride: usize, device: &Device) -> Self {
        let to = EXPANSION * width;
        let norm = |channels| BatchNormConfig::new(channels).init(device);
        let downsample =
            (stride != 1 || from != to).then(|| (one_by_one(from, to, stride, device), norm(to)));
        Self {
            conv1: one_by_one(from, width, 1, device),
            bn1: norm(width),
            conv2: conv(width, width, stride, device),
            bn2: norm(width),
            conv3: one_by_one(width, to, 1, device),
            bn3: norm(to),
            downsample,
        }
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let out = norm_relu(&self.bn1, conv2d(&self.conv1, x.clone()));
        let out = norm_relu(&self.bn2, conv2d(&self.conv2, out));
        let out = conv2d(&self.conv3, out);
        let x = match &self.downsample {
            Some((conv, projected)) => norm(projected, conv2d(conv, x)),
            None => x,
        };
        norm_add_relu(&self.bn3, out, x)
    }
}
