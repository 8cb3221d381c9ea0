//! SalUn, saliency unlearning: [`rl`](super::rl), but only weights may move that matter for the forget set:
//!
//! ```text
//! theta = theta_o + m * (theta_RL - theta_o),   m = 1 where |d/dtheta sum_{D_f} l(z, y)| at theta_o is
//!                                                   in the top share of all weights, else 0
//! ```
//!
//! (Fan et al., *SalUn*, ICLR 2024). Weights outside the mask keep every bit: neither weight decay nor
//! momentum reaches them; BatchNorm's running statistics are no weights and follow the data. Defaults: half of the
//! weights and learning rate 0.013 as in the reference's README, with half its 10 epochs.
//!
//! Differs from the reference implementation in: what [`rl`](super::rl) says; the time to find the mask counts
//! as time of the method (there it does not).

use super::{MethodConfig, rl};
use crate::train::{GradientTransform, Plan};

const SALIENCY: f64 = 0.5;

pub(super) fn defaults() -> MethodConfig {
    MethodConfig { saliency: Some(SALIENCY), learning_rate: 0.013, ..rl::defaults() }
}

pub(super) fn plan(config: &MethodConfig) -> Plan {
    let share = config.saliency.unwrap_or(SALIENCY);
    Plan { gradient_transform: GradientTransform::Saliency { share }, ..rl::plan(config) }
}
