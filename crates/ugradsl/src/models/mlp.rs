//! Multi-layer perceptron: the smallest network, quick on any device.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation::relu};

use super::dims::Dims;
use super::{Activations, Classifier, Layer};

/// `inputs -> 256 -> 128 -> classes` with ReLU.
#[derive(Module, Debug)]
pub struct Mlp {
    fc1: Linear,
    fc2: Linear,
    fc3: Linear,
}

impl Mlp {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape.iter().product(), dims.classes, device)
    }

    /// For images of `inputs` values (channels x height x width).
    pub fn new(inputs: usize, classes: usize, device: &Device) -> Self {
        Self {
            fc1: LinearConfig::new(inputs, 256).init(device),
            fc2: LinearConfig::new(256, 128).init(device),
            fc3: LinearConfig::new(128, classes).init(device),
        }
    }
}

impl Classifier for Mlp {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let x = relu(self.fc1.forward(images.flatten(1, 3)));
        let features = relu(self.fc2.forward(x));
        Activations { logits: self.fc3.forward(features.clone()), features }
    }

    fn layers(&self, images: Tensor<4>) -> Vec<Layer> {
        let x = relu(self.fc1.forward(images.flatten(1, 3)));
        let features = relu(self.fc2.forward(x.clone()));
        vec![Layer::units("fc1", x), Layer::units("fc2", features)]
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}
