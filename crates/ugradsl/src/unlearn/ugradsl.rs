//! UGradSL, the fast variant:
//!
//! ```text
//! min_theta  p mean_{B_r} l(z, y) - (1 - p) mean_{B_f} l(z, t^(alpha))
//! ```
//!
//! over the forget set, each batch with an equally large one of the retain set (Di et al., *Label
//! Smoothing Improves Machine Unlearning*, ICLR 2026, Eq. 8): as cheap as gradient ascent. If the
//! forget set is smaller than a batch, it still comes with a full batch of retained rows: fewer
//! would not keep what the network knows, nor give BatchNorm enough to measure. The paper leaves p,
//! alpha and the number of epochs open; these were chosen on Fashion-MNIST and the MNIST subset,
//! with the guards on (`docs/method.md`).

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, smoothed};
use crate::train::{LearningRate, Objective, Plan, Sampling};

smoothed! {
    /// Settings of [`Method::UGradSl`](super::Method::UGradSl).
    pub struct UGradSl {
        /// Balance p: weight of descent on the retain set; ascent on the forget set has 1 - p.
        p: f64 = 0.975,
        ..Descent {
            clip_norm: Some(1.0),
            schedule: LearningRate::Cosine,
            guards: true,
            min_steps: 80,
            // Twice as many steps as with batches of 128, in the same time: damage that a step does
            // to retained classes is repaired by the next ones.
            batch_size: 64,
            ..Descent::baseline(5, 0.015)
        }
    }
}

impl MethodSettings for UGradSl {
    const NAME: &'static str = "ugradsl";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        let objective = Objective::balance(self.p, self.smoothing());
        self.descent(training).plan(Sampling::ForgetWithRetain, objective)
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
