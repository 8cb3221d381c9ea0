//! An additional class, after the others, that exists only during a run (boundary expanding).
//!
//! The last layer of every [`Classifier`](crate::models::Classifier) is linear in the features, so
//! its additional row is kept outside the network: no layer is rebuilt, and nothing has to be cut
//! off after the run.

use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use crate::{models::initialise, random::Derived};

/// Fresh weights for `features` inputs, drawn as those of any linear layer.
pub(super) fn fresh(features: usize, seed: u64, device: &Device) -> Linear {
    initialise(LinearConfig::new(features, 1).init(device), Derived::ShadowClass.seed(seed))
}

/// `logits` `[n, K]` with the shadow class as column K.
pub(super) fn append(row: Option<&Linear>, features: Tensor<2>, logits: Tensor<2>) -> Tensor<2> {
    match row {
        Some(row) => Tensor::cat(vec![logits, row.forward(features)], 1),
        None => logits,
    }
}
