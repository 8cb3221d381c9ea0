//! NegGrad+: `min_theta p mean_{D_r} l(z, y) - (1 - p) mean_{D_f} l(z, y)` over the retain set
//! (Kurmanji et al., 2023): UGradSL+ without smoothing, hence its mandatory ablation. Default
//! weight 0.95 as in their small-scale experiments, learning rate 0.01, 5 epochs.

use super::MethodConfig;
use crate::train::{Objective, Plan, Sampling};

pub(super) fn defaults() -> MethodConfig {
    MethodConfig { p: 0.95, ..MethodConfig::baseline(5, 0.01) }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    config.plan(Sampling::RetainWithForget, Objective::balance(config.p, config.smoothing()))
}
