//! RL, random labels: descend on the retain set, and on the forget set with labels drawn uniformly
//! among the `K - 1` *other* classes, anew in each epoch:
//!
//! ```text
//! min_theta  mean_B l(z, y'),   y' = y on D_r,   y' ~ U({1..K} without y) on D_f
//! ```
//!
//! over both sets shuffled together (Golatkar et al., 2020; Graves et al., *Amnesiac machine
//! learning*, 2021). Defaults: the reference code has 10 epochs at 1e-3 to 1e-2; half as many
//! epochs here, since the originals are trained for a tenth as many.
//!
//! Differences from the reference implementation: the true class is never drawn (there it is, once
//! in K times); the reference takes the whole forget set first in each epoch on CIFAR-10, and
//! shuffles as here on CIFAR-100.

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::train::{BatchNormMode, Labels, Objective, Plan, Sampling};

iterative! {
    /// Settings of [`Method::Rl`](super::Method::Rl).
    pub struct Rl {
        // A batch holds few forgotten rows, too few for statistics of their own.
        ..Descent { batch_norm: BatchNormMode::Concat, ..Descent::baseline(5, 0.01) }
    }
}

/// The plan that trains on random labels.
pub(super) fn random_labels(descent: Descent) -> Plan {
    descent.plan(Sampling::Together { retain_share: 1.0 }, Objective::teach(Labels::Random))
}

impl MethodSettings for Rl {
    const NAME: &'static str = "rl";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        random_labels(self.descent(training))
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
