//! VGG-16 with BatchNorm, the plain deep network of the unlearning literature.

use burn::module::Module;
use burn::nn::{
    BatchNorm, BatchNormConfig, Linear, LinearConfig, Relu,
    conv::Conv2d,
    pool::{MaxPool2d, MaxPool2dConfig},
};
use burn::tensor::{Device, Tensor, activation::relu};

use super::dims::Dims;
use super::{Activations, Classifier, resnet_cifar::conv_with_bias};
use crate::layers::{conv2d, norm_relu};

/// Simonyan & Zisserman, *Very Deep Convolutional Networks* (2015), configuration D with BatchNorm.
/// The three linear layers are 512 wide, as is usual for images of 32 pixels, and there is no
/// dropout: its draws would not be the same on every device. Tensors have torchvision's names
/// (`features.0.weight`, `classifier.6.bias`).
#[derive(Module, Debug)]
pub struct Vgg {
    features: Vec<Layer>,
    /// Empty where torchvision has layers without weights: names are positions.
    classifier: Vec<Option<Linear>>,
}

/// One entry of the convolutional part. Those without weights count too.
#[derive(Module, Debug)]
#[allow(
    missing_docs,
    reason = "the derive writes undocumented items; the variants are their types"
)]
enum Layer {
    Conv(Conv2d),
    Norm(BatchNorm),
    Relu(Relu),
    Pool(MaxPool2d),
}

/// Filters of the convolutions of each stage; a pooling follows each.
const STAGES: [&[usize]; 5] =
    [&[64, 64], &[128, 128], &[256, 256, 256], &[512, 512, 512], &[512, 512, 512]];
/// Features of the last stage and of the hidden linear layers.
const WIDTH: usize = 512;
/// Smallest side of an image that survives the five poolings.
pub(super) const MIN_SIDE: usize = 32;

impl Vgg {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape[0], dims.classes, device)
    }

    /// For images `[channels, height, width]` of at least 32 pixels per side.
    pub fn new(channels: usize, classes: usize, device: &Device) -> Self {
        let (mut features, mut from) = (Vec::new(), channels);
        for stage in STAGES {
            for &to in stage {
                features.push(Layer::Conv(conv_with_bias(from, to, device)));
                features.push(Layer::Norm(BatchNormConfig::new(to).init(device)));
                features.push(Layer::Relu(Relu::new()));
                from = to;
            }
            let pool = MaxPool2dConfig::new([2, 2]).with_strides([2, 2]);
            features.push(Layer::Pool(pool.init()));
        }
        let linear = |to| Some(LinearConfig::new(WIDTH, to).init(device));
        let classifier =
            vec![linear(WIDTH), None, None, linear(WIDTH), None, None, linear(classes)];
        Self { features, classifier }
    }
}

impl Classifier for Vgg {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let mut x = images;
        for layer in &self.features {
            x = match layer {
                Layer::Conv(conv) => conv2d(conv, x),
                // With the ReLU that follows it everywhere.
                Layer::Norm(norm) => norm_relu(norm, x),
                Layer::Relu(_) => x,
                Layer::Pool(pool) => pool.forward(x),
            };
        }
        let [n, channels, ..] = x.dims();
        let mut logits = x.mean_dims(&[2, 3]).reshape([n, channels]);
        let mut features = logits.clone();
        for linear in self.classifier.iter().flatten() {
            // The first are means of what a ReLU has passed: nothing changes there.
            features = relu(logits);
            logits = linear.forward(features.clone());
        }
        Activations { logits, features }
    }

    fn has_batch_norm(&self) -> bool {
        true
    }
}
