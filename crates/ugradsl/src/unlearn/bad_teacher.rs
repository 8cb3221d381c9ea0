//! Bad teacher: imitate a network that knows nothing on the forget set, and the original elsewhere:
//!
//! ```text
//! min_theta  T^2 mean_B KL(p_t,T || p_T),   t = untrained network on D_f, original on D_r
//! ```
//!
//! over the forget set and a part of the retain set, shuffled into one another (Chundawat et al., *Can bad
//! teaching induce forgetting?*, AAAI 2023). Defaults as published: T = 1, one epoch, 30 % of the retain set,
//! Adam (here without decay) at 1e-4.
//!
//! Differs from the reference implementation in: the divergence is summed over the classes (there averaged,
//! which divides the gradient by K).

use super::MethodConfig;
use crate::train::{
    BatchNormMode, Distillation, Objective, OptimizerConfig, Plan, Sampling, Teacher,
};

const TEMPERATURE: f64 = 1.0;
const RETAIN_SHARE: f64 = 0.3;

pub(super) fn defaults() -> MethodConfig {
    MethodConfig {
        temperature: Some(TEMPERATURE),
        retain_share: Some(RETAIN_SHARE),
        optimizer: OptimizerConfig::Adamw { weight_decay: 0.0 },
        batch_norm: BatchNormMode::Concat,
        ..MethodConfig::baseline(1, 1e-4)
    }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    let retain_share = config.retain_share.unwrap_or(RETAIN_SHARE);
    let distillation = Distillation {
        temperature: config.temperature.unwrap_or(TEMPERATURE),
        retain_weight: 1.0,
        forget_weight: 1.0,
        forget_teacher: Teacher::Untrained,
    };
    config.plan(Sampling::Together { retain_share }, Objective::distil(0.0, distillation))
}
