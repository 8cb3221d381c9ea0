//! l1-sparse: fine-tuning that pushes weights to zero, hoping that the forget set lives in those:
//!
//! ```text
//! min_theta  mean_{D_r} l(z, y) + gamma_e |theta|_1,   gamma_e = gamma (1 - e / E) in epoch e of E
//! ```
//!
//! (Jia et al., *Model sparsity can simplify machine unlearning*, NeurIPS 2023), by the subgradient
//! `gamma_e sign(w)` over all weights. Defaults as published for CIFAR: gamma 1e-4, learning rate 0.01; with
//! half the 10 epochs.
//!
//! Differs from the reference implementation in: nothing but the number of epochs.

use super::{MethodConfig, ft};
use crate::train::{GradientTransform, Plan};

const PENALTY: f64 = 1e-4;

pub(super) fn defaults() -> MethodConfig {
    MethodConfig { penalty: Some(PENALTY), ..ft::defaults() }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    let gamma = config.penalty.unwrap_or(PENALTY);
    Plan { gradient_transform: GradientTransform::L1 { gamma }, ..ft::plan(config) }
}
