//! Fisher forgetting: add noise to the weights that matter little for the retain set:
//!
//! ```text
//! w <- w + N(0, variance min(1 / (F + 1e-8), 1e3)),   F = E_{x ~ D_r, y ~ p(.|x)} (d/dw l(z, y))^2
//! ```
//!
//! with the diagonal Fisher information F of the network's own distribution (Golatkar et al.,
//! *Eternal sunshine of the spotless net*, CVPR 2020). F is estimated without bias from batches:
//! labels are drawn from the network, so the gradients of single rows have mean 0 and n times the
//! square of a batch's gradient is F on average.
//!
//! Differences from the reference implementation: labels are drawn instead of summed over, which
//! takes one backward pass per batch instead of K; there are no special cases (there the noise of
//! matrices is averaged over a dimension, that of the last layer and of BatchNorm is ten times as
//! large, and the forgotten class's row is drawn anew).

use super::TrainingConfig;
use super::settings::{MethodSettings, one_shot, one_shot_plan};
use crate::train::{FinalUpdate, Plan, Sampling};

one_shot! {
    /// Settings of [`Method::Fisher`](super::Method::Fisher).
    pub struct Fisher {
        /// Scale of the noise's variance.
        variance: f64 = 1e-6,
    }
}

impl MethodSettings for Fisher {
    const NAME: &'static str = "fisher";

    fn plan(&self, _: &TrainingConfig) -> Plan {
        let noise = FinalUpdate::Noise { variance: self.variance };
        one_shot_plan(self.batch_size, Sampling::Retain, noise)
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
