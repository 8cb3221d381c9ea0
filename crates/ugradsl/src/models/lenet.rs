//! LeNet-5 with ReLU and max-pooling: the network of the main job, without BatchNorm.

use burn::module::Module;
use burn::nn::{
    Linear, LinearConfig, PaddingConfig2d,
    conv::{Conv2d, Conv2dConfig},
    pool::{MaxPool2d, MaxPool2dConfig},
};
use burn::tensor::{Device, Tensor, activation::relu};

use super::dims::Dims;
use super::{Activations, Classifier, Layer};
use crate::layers::conv2d;

/// LeCun et al., *Gradient-based learning applied to document recognition* (1998), with ReLU.
#[derive(Module, Debug)]
pub struct LeNet {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool2d,
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
}

/// Smallest side of an image that survives two poolings and an unpadded 5 x 5 convolution.
pub(super) const MIN_SIDE: usize = 12;
/// The same where the first convolution is unpadded, too.
pub(super) const MIN_SIDE_UNPADDED: usize = 16;

impl LeNet {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape, dims.classes, device)
    }

    /// Of these sizes, as [`unpadded`](Self::unpadded).
    pub(super) fn build_unpadded(dims: Dims, device: &Device) -> Self {
        Self::unpadded(dims.shape, dims.classes, device)
    }

    /// For images `[channels, height, width]` of at least 12 pixels per side.
    pub fn new(shape: [usize; 3], classes: usize, device: &Device) -> Self {
        Self::padded(2, shape, classes, device)
    }

    /// For images `[channels, height, width]` of at least 16 pixels per side, without padding: the
    /// network of PyTorch's tutorial "Training a Classifier", whose trained weights are
    /// `cifar_net.pth`.
    pub fn unpadded(shape: [usize; 3], classes: usize, device: &Device) -> Self {
        Self::padded(0, shape, classes, device)
    }

    fn padded(pad: usize, shape: [usize; 3], classes: usize, device: &Device) -> Self {
        let [channels, height, width] = shape;
        let side = |pixels: usize| ((pixels + 2 * pad - 4) / 2 - 4) / 2;
        let same = PaddingConfig2d::Explicit(pad, pad, pad, pad);
        Self {
            conv1: Conv2dConfig::new([channels, 6], [5, 5]).with_padding(same).init(device),
            conv2: Conv2dConfig::new([6, 16], [5, 5]).init(device),
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            fc1: LinearConfig::new(16 * side(height) * side(width), 120).init(device),
            fc2: LinearConfig::new(120, 84).init(device),
            fc3: LinearConfig::new(84, classes).init(device),
        }
    }
}

impl Classifier for LeNet {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let x = self.pool.forward(relu(conv2d(&self.conv1, images)));
        let x = self.pool.forward(relu(conv2d(&self.conv2, x)));
        let x = relu(self.fc1.forward(x.flatten(1, 3)));
        let features = relu(self.fc2.forward(x));
        Activations { logits: self.fc3.forward(features.clone()), features }
    }

    fn layers(&self, images: Tensor<4>) -> Vec<Layer> {
        let first = self.pool.forward(relu(conv2d(&self.conv1, images)));
        let second = self.pool.forward(relu(conv2d(&self.conv2, first.clone())));
        let x = relu(self.fc1.forward(second.clone().flatten(1, 3)));
        let features = relu(self.fc2.forward(x.clone()));
        vec![
            Layer::maps("conv1", first),
            Layer::maps("conv2", second),
            Layer::units("fc1", x),
            Layer::units("fc2", features),
        ]
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}
