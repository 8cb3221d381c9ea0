//! The layer that transformers are made of.

use burn::module::Module;
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{
    Device, Tensor,
    activation::{gelu, softmax},
};

/// Features of a token.
pub(super) const WIDTH: usize = 128;
const HEADS: usize = 4;
/// As in timm.
const EPSILON: f64 = 1e-6;

/// Attention, then a perceptron, each normalised before and added to what it was given.
#[derive(Module, Debug)]
pub(super) struct Block {
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

/// The normalisation within blocks and after the last one.
pub(super) fn norm(device: &Device) -> LayerNorm {
    LayerNormConfig::new(WIDTH).with_epsilon(EPSILON).init(device)
}

impl Block {
    pub(super) fn new(device: &Device) -> Self {
        let linear = |from, to| LinearConfig::new(from, to).init(device);
        Self {
            norm1: norm(device),
            attn: Attention { qkv: linear(WIDTH, 3 * WIDTH), proj: linear(WIDTH, WIDTH) },
            norm2: norm(device),
            mlp: Perceptron { fc1: linear(WIDTH, 4 * WIDTH), fc2: linear(4 * WIDTH, WIDTH) },
        }
    }

    /// `x` and the result are `[n, tokens, 128]`; `bias` `[n, 1, 1, tokens]` is added to what every
    /// token makes of the others before the softmax.
    pub(super) fn forward(&self, x: Tensor<3>, bias: Option<&Tensor<4>>) -> Tensor<3> {
        let x = x.clone() + self.attn.forward(self.norm1.forward(x), bias);
        let Perceptron { fc1, fc2 } = &self.mlp;
        x.clone() + fc2.forward(gelu(fc1.forward(self.norm2.forward(x))))
    }
}

impl Attention {
    fn forward(&self, x: Tensor<3>, bias: Option<&Tensor<4>>) -> Tensor<3> {
        let [n, tokens, width] = x.dims();
        let size = width / HEADS;
        // [n, tokens, 3, heads, size] -> [n, heads, tokens, size] of each of the three
        let qkv = self.qkv.forward(x).reshape([n, tokens, 3 * HEADS, size]).swap_dims(1, 2);
        let [q, k, v] = [0, 1, 2].map(|part| qkv.clone().narrow(1, part * HEADS, HEADS));
        let scale = (size as f64).sqrt().recip();
        let scores = q.mul_scalar(scale).matmul(k.transpose());
        let scores = match bias {
            Some(bias) => scores + bias.clone(),
            None => scores,
        };
        let attention = softmax(scores, 3);
        self.proj.forward(attention.matmul(v).swap_dims(1, 2).reshape([n, tokens, width]))
    }
}
