//! A small transformer encoder for texts, trained from scratch.

use burn::module::{Module, Param};
use burn::nn::{Embedding, EmbeddingConfig, LayerNorm, Linear, LinearConfig};
use burn::tensor::{DType, Device, Tensor, activation::relu};

use crate::data::Tokenizer;

use super::block::{Block, WIDTH, norm};
use super::dims::Dims;
use super::{Activations, Classifier};

/// An embedding of tokens and one of places, 2 blocks of 128 features and 4 heads, and the mean
/// over the tokens.
///
/// Tensors: `token_embed.weight` `[vocabulary, 128]`, `pos_embed` `[1, length, 128]`, then blocks,
/// `norm` and `head` under the names that they have in [`Vit`](super::Vit).
///
/// What a text is padded with is neither attended to nor averaged: it changes no result. A text of
/// nothing else is the mean of no token, which is zero.
#[derive(Module, Debug)]
pub struct TextTransformer {
    token_embed: Embedding,
    pos_embed: Param<Tensor<3>>,
    blocks: Vec<Block>,
    norm: LayerNorm,
    head: Linear,
    padding: usize,
}

const DEPTH: usize = 2;
/// Added to the score of padding. Next to it every score is nothing, and where all tokens are
/// padding their scores remain finite.
const UNSEEN: f64 = -1e9;

impl TextTransformer {
    /// Of these sizes.
    pub(super) fn build(dims: Dims, device: &Device) -> Self {
        let [_, _, length] = dims.shape;
        let network = Self::new(dims.vocabulary, length, dims.classes, device);
        Self { padding: dims.padding as usize, ..network }
    }

    /// For texts of up to `length` tokens below `vocabulary`, padded with token 0.
    pub fn new(vocabulary: usize, length: usize, classes: usize, device: &Device) -> Self {
        Self {
            token_embed: EmbeddingConfig::new(vocabulary, WIDTH).init(device),
            pos_embed: Param::from_tensor(Tensor::zeros([1, length, WIDTH], device)),
            blocks: (0..DEPTH).map(|_| Block::new(device)).collect(),
            norm: norm(device),
            head: LinearConfig::new(WIDTH, classes).init(device),
            padding: Tokenizer::PADDING as usize,
        }
    }
}

impl Classifier for TextTransformer {
    /// `tokens` is `[n, 1, 1, length]`, with a length that may be smaller than what the network was
    /// made for.
    fn forward(&self, tokens: Tensor<4>) -> Activations {
        let [n, _, _, length] = tokens.dims();
        let tokens = tokens.reshape([n, length]).int();
        let padding = tokens.clone().equal_elem(self.padding as i64);
        let padding = padding.float().cast(DType::F32);
        let bias = padding.clone().mul_scalar(UNSEEN).reshape([n, 1, 1, length]);
        let places = self.pos_embed.val().narrow(1, 0, length);
        let mut x = self.token_embed.forward(tokens) + places;
        for block in &self.blocks {
            x = block.forward(x, Some(&bias));
        }
        let seen = (-padding + 1.0).reshape([n, length, 1]);
        let count = seen.clone().sum_dim(1).clamp_min(1.0);
        let mean = (self.norm.forward(x) * seen).sum_dim(1) / count;
        let mean = mean.reshape([n, WIDTH]);
        // Distances are taken between non-negative features, as in every network here.
        Activations { logits: self.head.forward(mean.clone()), features: relu(mean) }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
