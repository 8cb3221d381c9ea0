//! The network of PyTorch's tutorial "Training a Classifier", which many trained networks are descended from.

use burn::module::Module;
use burn::nn::{
    Linear, LinearConfig,
    conv::{Conv2d, Conv2dConfig},
    pool::{MaxPool2d, MaxPool2dConfig},
};
use burn::tensor::{Device, Tensor, activation::relu};

use super::dims::Dims;
use super::{Activations, Classifier};

/// Two unpadded 5 x 5 convolutions (6 and 16 filters), each pooled, and three linear layers: LeNet-5 without the
/// padding. Tensors have the names of the tutorial's `cifar_net.pth`.
#[derive(Module, Debug)]
pub struct CifarNet {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool2d,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
}

/// Smallest side of an image that survives both convolutions and poolings.
pub(super) const MIN_SIDE: usize = 16;

impl CifarNet {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape, dims.classes, device)
    }

    /// For images `[channels, height, width]` of at least 16 pixels per side.
    pub fn new(shape: [usize; 3], classes: usize, device: &Device) -> Self {
        let [channels, height, width] = shape;
        let side = |pixels: usize| ((pixels - 4) / 2 - 4) / 2;
        Self {
            conv1: Conv2dConfig::new([channels, 6], [5, 5]).init(device),
            conv2: Conv2dConfig::new([6, 16], [5, 5]).init(device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            fc1: LinearConfig::new(16 * side(height) * side(width), 120).init(device),
            fc2: LinearConfig::new(120, 84).init(device),
            fc3: LinearConfig::new(84, classes).init(device),
        }
    }
}

impl Classifier for CifarNet {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let x = self.pool.forward(relu(self.conv1.forward(images)));
        let x = self.pool.forward(relu(self.conv2.forward(x)));
        let x = relu(self.fc1.forward(x.flatten(1, 3)));
        let features = relu(self.fc2.forward(x));
        Activations { logits: self.fc3.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}
