//! ResNet-18 with the stem that small images need.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, conv::Conv2d};
use burn::tensor::{Device, Tensor};

use super::dims::Dims;
use super::{
    Activations, Classifier,
    resnet_cifar::{BasicBlock, Shortcut, conv, residual},
};

/// He et al. (2016): four stages of two blocks, 64 to 512 channels, with projections as shortcuts (option B).
/// The first convolution is 3 x 3 with stride 1, and no pooling follows it, as usual for images of 32 pixels.
/// Tensors have torchvision's names.
#[derive(Module, Debug)]
pub struct ResNet {
    conv1: Conv2d,
    bn1: BatchNorm,
    layer1: Vec<BasicBlock>,
    layer2: Vec<BasicBlock>,
    layer3: Vec<BasicBlock>,
    layer4: Vec<BasicBlock>,
    fc: Linear,
}

const WIDTHS: [usize; 4] = [64, 128, 256, 512];

impl ResNet {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape[0], dims.classes, device)
    }

    /// Of 18 layers, for images `[channels, height, width]` of any size.
    pub fn new(channels: usize, classes: usize, device: &Device) -> Self {
        let stage = |from, to| -> Vec<BasicBlock> {
            [from, to].map(|from| BasicBlock::new(from, to, Shortcut::Projection, device)).into()
        };
        let [one, two, three, four] = WIDTHS;
        Self {
            conv1: conv(channels, one, 1, device),
            bn1: BatchNormConfig::new(one).init(device),
            layer1: stage(one, one),
            layer2: stage(one, two),
            layer3: stage(two, three),
            layer4: stage(three, four),
            fc: LinearConfig::new(four, classes).init(device),
        }
    }
}

impl Classifier for ResNet {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let blocks = [&self.layer1, &self.layer2, &self.layer3, &self.layer4].into_iter().flatten();
        residual(images, (&self.conv1, &self.bn1), blocks, &self.fc)
    }

    fn has_batch_norm(&self) -> bool {
        true
    }
}
