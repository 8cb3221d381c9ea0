//! BS, boundary shrink: teach forgotten samples the class across the nearest decision boundary:
//!
//! ```text
//! min_theta  mean_{D_f} l(z, y'),   y' = argmax h_o(clamp(x + epsilon sign(d/dx l(h_o(x), y)), 0, 1))
//! ```
//!
//! with the original `h_o` in inference mode (Chen et al., *Boundary unlearning*, CVPR 2023). `y'` may be `y`: a
//! sample far from every boundary is left alone. epsilon is 0.1 as published.
//!
//! Differs from the reference implementation in: the neighbour's pixels are not rounded to 1/255; the
//! labels are found once (there anew in each epoch, with the same result).

use super::MethodConfig;
use crate::train::{Labels, Objective, Plan, Sampling};

const EPSILON: f64 = 0.1;

pub(super) fn defaults() -> MethodConfig {
    MethodConfig { epsilon: Some(EPSILON), ..MethodConfig::baseline(5, 1e-3) }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    let epsilon = config.epsilon.unwrap_or(EPSILON);
    config.plan(Sampling::Forget, Objective::teach(Labels::Neighbour { epsilon }))
}
