//! BE, boundary expanding: teach forgotten samples a class of their own, then cut that class off:
//!
//! ```text
//! min_{theta, w, b}  mean_{D_f} l([z, w . features + b], K)        classes 0..K, the last one new
//! ```
//!
//! (Chen et al., *Boundary unlearning*, CVPR 2023). The new row is initialised like a fresh linear
//! layer and removed at the end of the run; the network has K outputs before, after and whenever it
//! is measured.
//!
//! Differences from the reference implementation: there the new output stays, so the argmax may not
//! be a class at all.

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::train::{Labels, Objective, Plan, Sampling};

iterative! {
    /// Settings of [`Method::BoundaryExpanding`](super::Method::BoundaryExpanding).
    pub struct BoundaryExpanding {
        ..Descent::baseline(5, 1e-3)
    }
}

impl MethodSettings for BoundaryExpanding {
    const NAME: &'static str = "boundary-expanding";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        self.descent(training).plan(Sampling::Forget, Objective::teach(Labels::Shadow))
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
