//! UGradSL, the fast variant:
//!
//! ```text
//! min_theta  p mean_{B_r} l(z, y) - (1 - p) mean_{B_f} l(z, t^(alpha))
//! ```
//!
//! over the forget set, each batch with an equally large one of the retain set (Di et al., *Label
//! Smoothing Improves Machine Unlearning*, ICLR 2026, Eq. 8): as cheap as gradient ascent. The paper
//! leaves p, alpha and the number of epochs open; these were chosen on Fashion-MNIST and
//! the MNIST subset, with the guards on (`docs/method.md`).

use super::MethodConfig;
use crate::train::{LearningRate, Objective, Plan, Sampling};

pub(super) fn defaults() -> MethodConfig {
    MethodConfig {
        p: 0.975,
        alpha: None,
        clip_norm: Some(1.0),
        schedule: LearningRate::Cosine,
        guards: true,
        min_steps: 80,
        // Twice as many steps as with batches of 128, for the same time: what a step does to the
        // classes that stay is mended by the next ones.
        batch_size: 64,
        ..MethodConfig::baseline(5, 0.015)
    }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    config.plan(Sampling::ForgetWithRetain, Objective::balance(config.p, config.smoothing()))
}
