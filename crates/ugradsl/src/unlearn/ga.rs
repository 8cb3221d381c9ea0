//! GA, gradient ascent: `max_theta mean_{D_f} l(z, y)` starting from the original (Thudi et al.,
//! 2022). Defaults after the field's reference code: 5 epochs, with the learning rate 1e-3 that its
//! maintainers advise for random forget sets. Stalls on memorised samples, then diverges.

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::{
    smoothing::Smoothing,
    train::{Objective, Plan, Sampling},
};

iterative! {
    /// Settings of [`Method::Ga`](super::Method::Ga).
    pub struct Ga {
        ..Descent::baseline(5, 1e-3)
    }
}

impl MethodSettings for Ga {
    const NAME: &'static str = "ga";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        self.descent(training)
            .plan(Sampling::Forget, Objective::balance(0.0, Smoothing::Constant(0.0)))
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
