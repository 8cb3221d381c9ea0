//! A class behind the others that exists only while a run lasts (boundary expanding).
//!
//! The last layer of every [`Classifier`](crate::models::Classifier) is linear in the features, so
//! the additional row of it stands beside the network and no layer is rebuilt; when the run is over
//! there is nothing to cut off.

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
