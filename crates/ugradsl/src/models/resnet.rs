//! The residual networks that torchvision has, with the stem of either large or small images.

use burn::module::Module;
use burn::nn::{
    BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d,
    conv::{Conv2d, Conv2dConfig},
    pool::{MaxPool2d, MaxPool2dConfig},
};
use burn::tensor::{Device, Tensor};

use super::bottleneck::{Bottleneck, EXPANSION};
use super::dims::Dims;
use super::resnet_cifar::{BasicBlock, Shortcut, classified, conv, normalised};
use super::{Activations, Classifier};

/// He et al. (2016): four stages of blocks, 64 to 512 channels wide, with projections as shortcuts
/// (option B). Tensors have torchvision's names.
#[derive(Module, Debug)]
pub struct ResNet {
    conv1: Conv2d,
    bn1: BatchNorm,
    maxpool: Option<MaxPool2d>,
    layer1: Vec<Block>,
    layer2: Vec<Block>,
    layer3: Vec<Block>,
    layer4: Vec<Block>,
    fc: Linear,
}

/// What a stage is made of.
#[derive(Module, Debug)]
#[allow(
    missing_docs,
    reason = "the derive writes undocumented items; the variants are their types"
)]
#[allow(
    clippy::large_enum_variant,
    reason = "a handful of tensor handles; the derive takes no boxes"
)]
enum Block {
    Basic(BasicBlock),
    Bottleneck(Bottleneck),
}

impl Block {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::Basic(block) => block.forward(x),
            Self::Bottleneck(block) => block.forward(x),
        }
    }
}

const WIDTHS: [usize; 4] = [64, 128, 256, 512];

impl ResNet {
    /// Of 18 layers, for images `[channels, height, width]` of any size. The first convolution is 3
    /// x 3 with stride 1, and no pooling follows it, as usual for images of 32 pixels.
    pub fn new(channels: usize, classes: usize, device: &Device) -> Self {
        let stem = conv(channels, WIDTHS[0], 1, device);
        Self::with_stem(stem, None, [2; 4], false, classes, device)
    }

    /// torchvision's `resnet18`: the first convolution is 7 x 7 with stride 2, and a pooling
    /// follows it.
    ///
    /// ```
    /// use ugradsl::burn::tensor::Tensor;
    /// use ugradsl::device::Device;
    /// use ugradsl::models::{Classifier, ResNet};
    ///
    /// let device = Device::cpu();
    /// let network = ResNet::imagenet18(3, 5, device.burn());
    /// let images = Tensor::zeros([1, 3, 64, 48], device.burn());
    /// assert_eq!(network.forward(images).logits.dims(), [1, 5]);
    /// ```
    pub fn imagenet18(channels: usize, classes: usize, device: &Device) -> Self {
        Self::imagenet(channels, [2; 4], false, classes, device)
    }

    /// torchvision's `resnet34`.
    pub fn imagenet34(channels: usize, classes: usize, device: &Device) -> Self {
        Self::imagenet(channels, [3, 4, 6, 3], false, classes, device)
    }

    /// torchvision's `resnet50`, whose blocks are bottlenecks.
    pub fn imagenet50(channels: usize, classes: usize, device: &Device) -> Self {
        Self::imagenet(channels, [3, 4, 6, 3], true, classes, device)
    }

    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape[0], dims.classes, device)
    }

    /// Of these sizes.
    pub(super) fn build18(dims: Dims, device: &Device) -> Self {
        Self::imagenet18(dims.shape[0], dims.classes, device)
    }

    /// Of these sizes.
    pub(super) fn build34(dims: Dims, device: &Device) -> Self {
        Self::imagenet34(dims.shape[0], dims.classes, device)
    }

    /// Of these sizes.
    pub(super) fn build50(dims: Dims, device: &Device) -> Self {
        Self::imagenet50(dims.shape[0], dims.classes, device)
    }

    /// With the stem for large images and so many blocks in each stage.
    fn imagenet(
        channels: usize,
        blocks: [usize; 4],
        bottlenecks: bool,
        classes: usize,
        device: &Device,
    ) -> Self {
        let stem = Conv2dConfig::new([channels, WIDTHS[0]], [7, 7])
            .with_stride([2, 2])
            .with_padding(PaddingConfig2d::Explicit(3, 3, 3, 3))
            .with_bias(false)
            .init(device);
        let pool = MaxPool2dConfig::new([3, 3])
            .with_strides([2, 2])
            .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
            .init();
        Self::with_stem(stem, Some(pool), blocks, bottlenecks, classes, device)
    }

    fn with_stem(
        conv1: Conv2d,
        maxpool: Option<MaxPool2d>,
        blocks: [usize; 4],
        bottlenecks: bool,
        classes: usize,
        device: &Device,
    ) -> Self {
        let widening = if bottlenecks { EXPANSION } else { 1 };
        let stage = |at: usize| -> Vec<Block> {
            let (width, to) = (WIDTHS[at], widening * WIDTHS[at]);
            let before = if at == 0 { WIDTHS[0] } else { widening * WIDTHS[at - 1] };
            let block = |number| {
                let from = if number == 0 { before } else { to };
                if bottlenecks {
                    // Every stage but the first halves the image, in its first block.
                    let stride = if at > 0 && number == 0 { 2 } else { 1 };
                    Block::Bottleneck(Bottleneck::new(from, width, stride, device))
                } else {
                    Block::Basic(BasicBlock::new(from, to, Shortcut::Projection, device))
                }
            };
            (0..blocks[at]).map(block).collect()
        };
        Self {
            conv1,
            bn1: BatchNormConfig::new(WIDTHS[0]).init(device),
            maxpool,
            layer1: stage(0),
            layer2: stage(1),
            layer3: stage(2),
            layer4: stage(3),
            fc: LinearConfig::new(widening * WIDTHS[3], classes).init(device),
        }
    }
}

impl Classifier for ResNet {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let first = normalised(images, &self.conv1, &self.bn1);
        let first = self.maxpool.iter().fold(first, |x, pool| pool.forward(x));
        let blocks = [&self.layer1, &self.layer2, &self.layer3, &self.layer4].into_iter().flatten();
        classified(blocks.fold(first, |x, block| block.forward(x)), &self.fc)
    }

    fn has_batch_norm(&self) -> bool {
        true
    }
}
