//! SalUn, saliency unlearning: [`rl`](super::rl), but only the weights that matter for the forget
//! set may move:
//!
//! ```text
//! theta = theta_o + m * (theta_RL - theta_o),  m = 1 where |d/dtheta sum_{D_f} l(z, y)| at theta_o
//!                                                  is in the top share of all weights, else 0
//! ```
//!
//! (Fan et al., *SalUn*, ICLR 2024). Weights outside the mask keep every bit: neither weight decay
//! nor momentum reaches them; BatchNorm's running statistics are not weights and follow the data.
//! Defaults: half of the weights and learning rate 0.013 as in the reference's README, and half of
//! its 10 epochs.
//!
//! Differences from the reference implementation: those of [`rl`](super::rl); the time to find the
//! mask counts towards the method's time (there it does not).

use super::{
    TrainingConfig,
    rl::random_labels,
    settings::{Descent, MethodSettings, iterative},
};
use crate::train::{BatchNormMode, GradientTransform, Plan};

iterative! {
    /// Settings of [`Method::SalUn`](super::Method::SalUn).
    pub struct SalUn {
        /// Share of the weights that may move, 0..1.
        saliency: f64 = 0.5,
        ..Descent { batch_norm: BatchNormMode::Concat, ..Descent::baseline(5, 0.013) }
    }
}

impl MethodSettings for SalUn {
    const NAME: &'static str = "salun";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        let gradient_transform = GradientTransform::Saliency { share: self.saliency };
        Plan { gradient_transform, ..random_labels(self.descent(training)) }
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
