//! A convolutional network four times as wide as LeNet: the one that jax-js trains on MNIST in its
//! demo, which makes the two comparable.

use burn::module::Module;
use burn::nn::{
    Linear, LinearConfig,
    conv::{Conv2d, Conv2dConfig},
    pool::{MaxPool2d, MaxPool2dConfig},
};
use burn::tensor::{Device, Tensor, activation::relu};

use super::dims::Dims;
use super::{Activations, Classifier};
use crate::layers::conv2d;

/// Two unpadded convolutions (24 filters of 5 x 5, 32 of 3 x 3), each pooled, and two linear
/// layers.
#[derive(Module, Debug)]
pub struct ConvNet {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool2d,
    fc1: Linear,
    fc2: Linear,
}

/// Smallest side of an image that survives both convolutions and poolings.
pub(super) const MIN_SIDE: usize = 12;

impl ConvNet {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape, dims.classes, device)
    }

    /// For images `[channels, height, width]` of at least 12 pixels per side.
    pub fn new(shape: [usize; 3], classes: usize, device: &Device) -> Self {
        let [channels, height, width] = shape;
        let side = |pixels: usize| ((pixels - 4) / 2 - 2) / 2;
        Self {
            conv1: Conv2dConfig::new([channels, 24], [5, 5]).init(device),
            conv2: Conv2dConfig::new([24, 32], [3, 3]).init(device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            fc1: LinearConfig::new(32 * side(height) * side(width), 128).init(device),
            fc2: LinearConfig::new(128, classes).init(device),
        }
    }
}

impl Classifier for ConvNet {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let x = relu(self.pool.forward(conv2d(&self.conv1, images)));
        let x = relu(self.pool.forward(conv2d(&self.conv2, x)));
        let features = relu(self.fc1.forward(x.flatten(1, 3)));
        Activations { logits: self.fc2.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}
