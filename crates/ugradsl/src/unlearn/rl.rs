//! RL, random labels: descend on the retain set, and on the forget set with labels drawn uniformly
//! among the `K - 1` *other* classes, anew in each epoch:
//!
//! ```text
//! min_theta  mean_B l(z, y'),   y' = y on D_r,   y' ~ U({1..K} without y) on D_f
//! ```
//!
//! over both sets shuffled into one another (Golatkar et al., 2020; Graves et al., *Amnesiac machine
//! learning*, 2021). Defaults: the reference code has 10 epochs at 1e-3 to 1e-2; half as many here, since
//! the originals are trained for a tenth of theirs.
//!
//! Differs from the reference implementation in: the true class is never drawn (there it may be, once in K
//! times); on CIFAR-10 it takes all of the forget set first in each epoch, on CIFAR-100 it shuffles as here.

use super::settings::{Descent, MethodSettings, iterative};
use crate::train::{BatchNormMode, Labels, Objective, Plan, Sampling};

iterative! {
    /// Settings of [`Method::Rl`](super::Method::Rl).
    pub struct Rl {
        // A batch holds few forgotten rows, too few for statistics of their own.
        ..Descent { batch_norm: BatchNormMode::Concat, ..Descent::baseline(5, 0.01) }
    }
}

/// The steps that random labels ask for.
pub(super) fn random_labels(descent: Descent) -> Plan {
    descent.plan(Sampling::Together { retain_share: 1.0 }, Objective::teach(Labels::Random))
}

impl MethodSettings for Rl {
    const NAME: &'static str = "rl";

    fn plan(&self) -> Plan {
        random_labels(self.descent())
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
