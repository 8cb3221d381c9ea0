//! SSD, selective synaptic dampening: shrink the weights that matter much more for the forget set than for
//! all data, in one stroke without training:
//!
//! ```text
//! w <- min(1, strength I_D / I_f) w   where I_f > threshold I_D,
//! I_S = mean over batches of S of (d/dw mean_B l(z, y))^2
//! ```
//!
//! (Foster et al., *Fast machine unlearning without retraining through selective synaptic dampening*, AAAI
//! 2024). strength (their lambda) is 1 as published. threshold (their alpha) is 5: at the published 10 an MLP on the
//! MNIST subset forgets nothing.
//!
//! Differs from the reference implementation in: `I_D` averages over batches of the forget set and batches of the
//! retain set (there the batches of all data are mixed), which saves a second look at the forget set.

use super::MethodConfig;
use crate::train::{FinalUpdate, Plan, Sampling};

const THRESHOLD: f64 = 5.0;
const STRENGTH: f64 = 1.0;

pub(super) fn defaults() -> MethodConfig {
    MethodConfig {
        threshold: Some(THRESHOLD),
        strength: Some(STRENGTH),
        ..MethodConfig::baseline(1, 0.01)
    }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    let final_update = FinalUpdate::Dampen {
        threshold: config.threshold.unwrap_or(THRESHOLD),
        strength: config.strength.unwrap_or(STRENGTH),
    };
    config.one_shot(Sampling::ForgetThenRetain { forget_epochs: 1, singles: 0 }, final_update)
}
