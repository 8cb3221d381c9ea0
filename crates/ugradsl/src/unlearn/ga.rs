//! GA, gradient ascent: `max_theta mean_{D_f} l(z, y)` starting from the original (Thudi et al.,
//! 2022). Defaults after the field's reference code: 5 epochs, with the learning rate 1e-3 that its
//! maintainers advise for random shares. Stalls on memorised samples, then diverges.

use super::MethodConfig;
use crate::train::{Objective, Plan, Sampling};

pub(super) fn defaults() -> MethodConfig {
    MethodConfig { p: 0.0, ..MethodConfig::baseline(5, 1e-3) }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    config.plan(Sampling::Forget, Objective::balance(0.0, config.smoothing()))
}
