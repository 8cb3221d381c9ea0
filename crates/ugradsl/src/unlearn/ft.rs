//! FT, fine-tuning: `min_theta mean_{D_r} l(z, y)` starting from the original, in the hope that it
//! forgets on its own (Warnecke et al., 2021). Defaults after Jia et al., *Model sparsity can
//! simplify machine unlearning* (2023): learning rate 0.01, 10 epochs; half as many epochs here,
//! since the originals are trained for a tenth as many.

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::train::{Objective, Plan, Sampling};

iterative! {
    /// Settings of [`Method::Ft`](super::Method::Ft).
    pub struct Ft {
        ..Descent::baseline(5, 0.01)
    }
}

impl MethodSettings for Ft {
    const NAME: &'static str = "ft";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        self.descent(training).plan(Sampling::Retain, Objective::descent())
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
