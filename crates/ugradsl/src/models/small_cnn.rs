//! A small convolutional network with BatchNorm: what the recipes on Fashion-MNIST use.

use burn::module::Module;
use burn::nn::{
    BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d,
    conv::{Conv2d, Conv2dConfig},
    pool::{MaxPool2d, MaxPool2dConfig},
};
use burn::tensor::{Device, Tensor, activation::relu};

use super::dims::Dims;
use super::{Activations, Classifier};
use crate::layers::{conv2d, norm_relu};

/// Two blocks of 3 x 3 convolution, 2 x 2 max-pooling, BatchNorm and ReLU (8 and 16 channels), then
/// `-> 128 -> classes`. Pooling comes first because the norm is then four times cheaper.
#[derive(Module, Debug)]
pub struct SmallCnn {
    conv1: Conv2d,
    norm1: BatchNorm,
    conv2: Conv2d,
    norm2: BatchNorm,
    pool: MaxPool2d,
    fc1: Linear,
    fc2: Linear,
}

/// Smallest side of an image that survives two poolings.
pub(super) const MIN_SIDE: usize = 4;

impl SmallCnn {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape, dims.classes, device)
    }

    /// For images `[channels, height, width]` of at least 4 pixels per side.
    pub fn new(shape: [usize; 3], classes: usize, device: &Device) -> Self {
        let [channels, height, width] = shape;
        // The norm that follows has a bias of its own.
        let conv = |from, to| {
            Conv2dConfig::new([from, to], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .with_bias(false)
                .init(device)
        };
        Self {
            conv1: conv(channels, 8),
            norm1: BatchNormConfig::new(8).init(device),
            conv2: conv(8, 16),
            norm2: BatchNormConfig::new(16).init(device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            fc1: LinearConfig::new(16 * (height / 4) * (width / 4), 128).init(device),
            fc2: LinearConfig::new(128, classes).init(device),
        }
    }
}

impl Classifier for SmallCnn {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let x = norm_relu(&self.norm1, self.pool.forward(conv2d(&self.conv1, images)));
        let x = norm_relu(&self.norm2, self.pool.forward(conv2d(&self.conv2, x)));
        let features = relu(self.fc1.forward(x.flatten(1, 3)));
        Activations { logits: self.fc2.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        true
    }
}
