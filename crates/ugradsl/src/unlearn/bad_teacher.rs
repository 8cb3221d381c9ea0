//! Bad teacher: imitate an untrained network on the forget set, and the original on the retain set:
//!
//! ```text
//! min_theta  T^2 mean_B KL(p_t,T || p_T),   t = untrained network on D_f, original on D_r
//! ```
//!
//! over the forget set and a part of the retain set, shuffled together (Chundawat et al., *Can bad
//! teaching induce forgetting?*, AAAI 2023). Defaults as published: T = 1, one epoch, 30 % of the
//! retain set, Adam (here without decay) at 1e-4.
//!
//! Differences from the reference implementation: the divergence is summed over the classes (there
//! it is averaged, which divides the gradient by K).

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::train::{
    BatchNormMode, Distillation, Objective, OptimizerConfig, Plan, Sampling, Teacher,
};

iterative! {
    /// Settings of [`Method::BadTeacher`](super::Method::BadTeacher).
    pub struct BadTeacher {
        /// Divisor of the logits before they are compared.
        temperature: f64 = 1.0,
        /// Share of the retain set that takes part, 0..1.
        retain_share: f64 = 0.3,
        ..Descent {
            optimizer: OptimizerConfig::Adamw { weight_decay: 0.0 },
            batch_norm: BatchNormMode::Concat,
            ..Descent::baseline(1, 1e-4)
        }
    }
}

impl MethodSettings for BadTeacher {
    const NAME: &'static str = "bad-teacher";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        let distillation = Distillation {
            temperature: self.temperature,
            retain_weight: 1.0,
            forget_weight: 1.0,
            forget_teacher: Teacher::Untrained,
        };
        let sampling = Sampling::Together { retain_share: self.retain_share };
        self.descent(training).plan(sampling, Objective::distil(0.0, distillation))
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
