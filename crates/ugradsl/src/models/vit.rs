//! A small vision transformer: no convolution, no BatchNorm.

use burn::module::{Module, Param};
use burn::nn::{
    LayerNorm, Linear, LinearConfig,
    conv::{Conv2d, Conv2dConfig},
};
use burn::tensor::{Device, Tensor, activation::relu};

use super::block::{Block, WIDTH, norm};
use super::dims::Dims;
use super::{Activations, Classifier};
use crate::layers::conv2d;

/// Dosovitskiy et al., *An Image is Worth 16x16 Words* (2021), with patches of 4 x 4 pixels, 6
/// blocks, 128 features and 4 heads. Tensors have timm's names.
#[derive(Module, Debug)]
pub struct Vit {
    cls_token: Param<Tensor<3>>,
    pos_embed: Param<Tensor<3>>,
    patch_embed: PatchEmbed,
    blocks: Vec<Block>,
    norm: LayerNorm,
    head: Linear,
}

#[derive(Module, Debug)]
struct PatchEmbed {
    proj: Conv2d,
}

const DEPTH: usize = 6;
/// Side of a patch. What is left over at the edges of an image is not seen.
const PATCH: usize = 4;
/// Smallest side of an image: one patch.
pub(super) const MIN_SIDE: usize = PATCH;

impl Vit {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        Self::new(dims.shape, dims.classes, device)
    }

    /// For images `[channels, height, width]` of at least 4 pixels per side.
    pub fn new(shape: [usize; 3], classes: usize, device: &Device) -> Self {
        let [channels, height, width] = shape;
        let tokens = 1 + (height / PATCH) * (width / PATCH);
        let proj = Conv2dConfig::new([channels, WIDTH], [PATCH, PATCH]);
        Self {
            cls_token: Param::from_tensor(Tensor::zeros([1, 1, WIDTH], device)),
            pos_embed: Param::from_tensor(Tensor::zeros([1, tokens, WIDTH], device)),
            patch_embed: PatchEmbed { proj: proj.with_stride([PATCH, PATCH]).init(device) },
            blocks: (0..DEPTH).map(|_| Block::new(device)).collect(),
            norm: norm(device),
            head: LinearConfig::new(WIDTH, classes).init(device),
        }
    }
}

impl Classifier for Vit {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let patches = conv2d(&self.patch_embed.proj, images).flatten::<3>(2, 3).swap_dims(1, 2);
        let [n, ..] = patches.dims();
        let token = self.cls_token.val().expand([n, 1, WIDTH]);
        let mut x = Tensor::cat(vec![token, patches], 1) + self.pos_embed.val();
        for block in &self.blocks {
            x = block.forward(x, None);
        }
        let token = self.norm.forward(x.narrow(1, 0, 1)).reshape([n, WIDTH]);
        // Distances are taken between non-negative features, as in every network here.
        Activations { logits: self.head.forward(token.clone()), features: relu(token) }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}
