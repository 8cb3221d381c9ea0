//! SSD, selective synaptic dampening: shrink the weights that matter much more for the forget set
//! than for all data, in one shot, without training:
//!
//! ```text
//! w <- min(1, strength I_D / I_f) w   where I_f > threshold I_D,
//! I_S = mean over batches of S of (d/dw mean_B l(z, y))^2
//! ```
//!
//! (Foster et al., *Fast machine unlearning without retraining through selective synaptic
//! dampening*, AAAI 2024). `strength` (their lambda) is 1 as published. `threshold` (their alpha)
//! is 5: at the published 10 an MLP on the MNIST subset forgets nothing.
//!
//! Differences from the reference implementation: `I_D` averages over batches of the forget set and
//! batches of the retain set (there the batches of all data are mixed), which saves a second pass
//! over the forget set.

use super::TrainingConfig;
use super::settings::{MethodSettings, one_shot, one_shot_plan};
use crate::train::{FinalUpdate, Plan, Sampling};

one_shot! {
    /// Settings of [`Method::Ssd`](super::Method::Ssd).
    pub struct Ssd {
        /// A weight is dampened if it is more than this many times as important for the forget set
        /// as for all data.
        threshold: f64 = 5.0,
        /// Factor in the dampened weight.
        strength: f64 = 1.0,
    }
}

impl MethodSettings for Ssd {
    const NAME: &'static str = "ssd";

    fn plan(&self, _: &TrainingConfig) -> Plan {
        let sampling = Sampling::ForgetThenRetain { forget_epochs: 1, singles: 0 };
        let final_update =
            FinalUpdate::Dampen { threshold: self.threshold, strength: self.strength };
        one_shot_plan(self.batch_size, sampling, final_update)
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
