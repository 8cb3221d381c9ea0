//! A small vision transformer: no convolution, no BatchNorm.

use burn::module::{Module, Param};
use burn::nn::{
    LayerNorm, LayerNormConfig, Linear, LinearConfig,
    conv::{Conv2d, Conv2dConfig},
};
use burn::tensor::{
    Device, Tensor,
    activation::{gelu, relu, softmax},
};

use super::{Activations, Classifier};

/// Dosovitskiy et al., *An Image is Worth 16x16 Words* (2021), with patches of 4 x 4 pixels, 6 blocks, 128
/// features and 4 heads. Tensors have timm's names.
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

/// Attention, then a perceptron, each normalised before and added to what it was given.
#[derive(Module, Debug)]
struct Block {
    norm1: LayerNorm,
    attn: Attention,
    norm2: LayerNorm,
    mlp: Perceptron,
}

#[derive(Module, Debug)]
struct Attention {
    qkv: Linear,
    proj: Linear,
}

#[derive(Module, Debug)]
struct Perceptron {
    fc1: Linear,
    fc2: Linear,
}

const WIDTH: usize = 128;
const HEADS: usize = 4;
const DEPTH: usize = 6;
/// Side of a patch. What is left over at the edges of an image is not seen.
const PATCH: usize = 4;
/// Smallest side of an image: one patch.
pub(super) const MIN_SIDE: usize = PATCH;
/// As in timm.
const EPSILON: f64 = 1e-6;

impl Vit {
    /// For images `[channels, height, width]` of at least 4 pixels a side.
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

fn norm(device: &Device) -> LayerNorm {
    LayerNormConfig::new(WIDTH).with_epsilon(EPSILON).init(device)
}

impl Block {
    fn new(device: &Device) -> Self {
        let linear = |from, to| LinearConfig::new(from, to).init(device);
        Self {
            norm1: norm(device),
            attn: Attention { qkv: linear(WIDTH, 3 * WIDTH), proj: linear(WIDTH, WIDTH) },
            norm2: norm(device),
            mlp: Perceptron { fc1: linear(WIDTH, 4 * WIDTH), fc2: linear(4 * WIDTH, WIDTH) },
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let x = x.clone() + self.attn.forward(self.norm1.forward(x));
        let Perceptron { fc1, fc2 } = &self.mlp;
        x.clone() + fc2.forward(gelu(fc1.forward(self.norm2.forward(x))))
    }
}

impl Attention {
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [n, tokens, width] = x.dims();
        let size = width / HEADS;
        // [n, tokens, 3, heads, size] -> [n, heads, tokens, size] of each of the three
        let qkv = self.qkv.forward(x).reshape([n, tokens, 3 * HEADS, size]).swap_dims(1, 2);
        let [q, k, v] = [0, 1, 2].map(|part| qkv.clone().narrow(1, part * HEADS, HEADS));
        let scale = (size as f64).sqrt().recip();
        let attention = softmax(q.mul_scalar(scale).matmul(k.transpose()), 3);
        self.proj.forward(attention.matmul(v).swap_dims(1, 2).reshape([n, tokens, width]))
    }
}

impl Classifier for Vit {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let patches = self.patch_embed.proj.forward(images).flatten::<3>(2, 3).swap_dims(1, 2);
        let [n, ..] = patches.dims();
        let token = self.cls_token.val().expand([n, 1, WIDTH]);
        let mut x = Tensor::cat(vec![token, patches], 1) + self.pos_embed.val();
        for block in &self.blocks {
            x = block.forward(x);
        }
        let token = self.norm.forward(x.narrow(1, 0, 1)).reshape([n, WIDTH]);
        // Distances are taken between non-negative features, as in every network here.
        Activations { logits: self.head.forward(token.clone()), features: relu(token) }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}
