//! Residual networks for small images: the family that CIFAR results are told with.

use burn::module::Module;
use burn::nn::{
    BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d,
    conv::{Conv2d, Conv2dConfig},
};
use burn::tensor::{Device, Tensor, s};

use super::dims::Dims;
use super::{Activations, Classifier};
use crate::layers::{conv2d, norm, norm_add_relu, norm_relu};

/// He et al., *Deep Residual Learning for Image Recognition* (2016), section 4.2: `6n + 2` layers
/// in three stages of 16, 32 and 64 channels, with parameter-free shortcuts (option A). Tensors
/// have the names of akamaster's `pytorch_resnet_cifar10`.
#[derive(Module, Debug)]
pub struct ResNetCifar {
    conv1: Conv2d,
    bn1: BatchNorm,
    layer1: Vec<BasicBlock>,
    layer2: Vec<BasicBlock>,
    layer3: Vec<BasicBlock>,
    linear: Linear,
}

/// Two 3 x 3 convolutions around a shortcut.
#[derive(Module, Debug)]
pub struct BasicBlock {
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    downsample: Option<(Conv2d, BatchNorm)>,
    stride: usize,
}

/// How a block that halves the image and doubles the channels hands its input on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shortcut {
    /// Option A: every second pixel, channels filled up with zeros.
    Padded,
    /// Option B: a convolution of 1 x 1 with BatchNorm.
    Projection,
}

const WIDTHS: [usize; 3] = [16, 32, 64];

fn three_by_three(from: usize, to: usize) -> Conv2dConfig {
    Conv2dConfig::new([from, to], [3, 3]).with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
}

/// Of 3 x 3, before a BatchNorm that has a bias of its own.
pub(super) fn conv(from: usize, to: usize, stride: usize, device: &Device) -> Conv2d {
    three_by_three(from, to).with_stride([stride, stride]).with_bias(false).init(device)
}

/// Of 3 x 3 with stride 1, with a bias all the same.
pub(super) fn conv_with_bias(from: usize, to: usize, device: &Device) -> Conv2d {
    three_by_three(from, to).init(device)
}

impl BasicBlock {
    pub(super) fn new(from: usize, to: usize, shortcut: Shortcut, device: &Device) -> Self {
        let stride = to / from;
        let downsample = (stride > 1 && shortcut == Shortcut::Projection).then(|| {
            let conv = Conv2dConfig::new([from, to], [1, 1]).with_stride([stride, stride]);
            (conv.with_bias(false).init(device), BatchNormConfig::new(to).init(device))
        });
        Self {
            downsample,
            conv1: conv(from, to, stride, device),
            bn1: BatchNormConfig::new(to).init(device),
            conv2: conv(to, to, 1, device),
            bn2: BatchNormConfig::new(to).init(device),
            stride,
        }
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let out = norm_relu(&self.bn1, conv2d(&self.conv1, x.clone()));
        let out = conv2d(&self.conv2, out);
        let shortcut = match &self.downsample {
            Some((conv, projected)) => norm(projected, conv2d(conv, x)),
            None if self.stride == 1 => x,
            None => padded(x),
        };
        norm_add_relu(&self.bn2, out, shortcut)
    }
}

/// Option A: every second pixel, and as many channels of zeros as there were of pixels, half of
/// them on either side.
fn padded(x: Tensor<4>) -> Tensor<4> {
    let x = x.slice(s![.., .., ..;2, ..;2]);
    let [n, channels, height, width] = x.dims();
    let zeros = Tensor::zeros([n, channels / 2, height, width], &x.device());
    Tensor::cat(vec![zeros.clone(), x, zeros], 1)
}

impl ResNetCifar {
    /// With `BLOCKS` blocks per stage, of these sizes.
    pub(super) fn build<const BLOCKS: usize>(dims: Dims, device: &Device) -> Self {
        Self::new(BLOCKS, dims.shape[0], dims.classes, device)
    }

    /// Of `6 * blocks + 2` layers, for images `[channels, height, width]` of any size.
    pub fn new(blocks: usize, channels: usize, classes: usize, device: &Device) -> Self {
        let stage = |from, to| -> Vec<BasicBlock> {
            (0..blocks)
                .map(|at| if at == 0 { from } else { to })
                .map(|from| BasicBlock::new(from, to, Shortcut::Padded, device))
                .collect()
        };
        let [one, two, three] = WIDTHS;
        Self {
            conv1: conv(channels, one, 1, device),
            bn1: BatchNormConfig::new(one).init(device),
            layer1: stage(one, one),
            layer2: stage(one, two),
            layer3: stage(two, three),
            linear: LinearConfig::new(three, classes).init(device),
        }
    }
}

/// What all residual networks begin with: a convolution with BatchNorm and ReLU.
pub(super) fn normalised(images: Tensor<4>, conv: &Conv2d, norm: &BatchNorm) -> Tensor<4> {
    norm_relu(norm, conv2d(conv, images))
}

/// What all residual networks end with: the mean over the image, and the last layer.
pub(super) fn classified(x: Tensor<4>, last: &Linear) -> Activations {
    let [n, channels, ..] = x.dims();
    let features = x.mean_dims(&[2, 3]).reshape([n, channels]);
    Activations { logits: last.forward(features.clone()), features }
}

impl Classifier for ResNetCifar {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let first = normalised(images, &self.conv1, &self.bn1);
        let blocks = [&self.layer1, &self.layer2, &self.layer3].into_iter().flatten();
        classified(blocks.fold(first, |x, block| block.forward(x)), &self.linear)
    }

    fn has_batch_norm(&self) -> bool {
        true
    }
}
