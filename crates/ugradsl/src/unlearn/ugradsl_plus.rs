//! UGradSL+, the default method: the objective of [`ugradsl`](super::ugradsl) over the retain set,
//! each batch with an equally large one of the forget set. As costly as fine-tuning, closest to the
//! retrained network.

use super::MethodConfig;
use crate::train::{LearningRate, Objective, Plan, Sampling};

pub(super) fn defaults() -> MethodConfig {
    MethodConfig {
        p: 0.8,
        alpha: None,
        clip_norm: Some(1.0),
        schedule: LearningRate::Cosine,
        guards: true,
        ..MethodConfig::baseline(4, 0.01)
    }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    config.plan(Sampling::RetainWithForget, Objective::balance(config.p, config.smoothing()))
}
