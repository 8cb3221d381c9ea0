//! FT, fine-tuning: `min_theta mean_{D_r} l(z, y)` starting from the original, hoping that it
//! forgets on its own (Warnecke et al., 2021). Defaults after Jia et al., *Model sparsity can
//! simplify machine unlearning* (2023): learning rate 0.01, 10 epochs; half as many here, since
//! the originals are trained for a tenth of theirs.

use super::MethodConfig;
use crate::train::{Objective, Plan, Sampling};

pub(super) fn defaults() -> MethodConfig {
    MethodConfig::baseline(5, 0.01)
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    config.plan(Sampling::Retain, Objective::descent())
}
