//! l1-sparse: fine-tuning that pushes weights to zero, in the hope that these hold the forget set:
//!
//! ```text
//! min_theta  mean_{D_r} l(z, y) + gamma_e |theta|_1,   gamma_e = gamma (1 - e / E) in epoch e of E
//! ```
//!
//! (Jia et al., *Model sparsity can simplify machine unlearning*, NeurIPS 2023), by the subgradient
//! `gamma_e sign(w)` over all weights. Defaults as published for CIFAR: gamma 1e-4, learning rate
//! 0.01; half of the published 10 epochs.
//!
//! Differences from the reference implementation: only the number of epochs.

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::train::{GradientTransform, Objective, Plan, Sampling};

iterative! {
    /// Settings of [`Method::L1Sparse`](super::Method::L1Sparse).
    pub struct L1Sparse {
        /// Weight gamma of the l1 norm in the first epoch; falls to 0 over the run.
        penalty: f64 = 1e-4,
        ..Descent::baseline(5, 0.01)
    }
}

impl MethodSettings for L1Sparse {
    const NAME: &'static str = "l1-sparse";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        let gradient_transform = GradientTransform::L1 { gamma: self.penalty };
        let descent = self.descent(training).plan(Sampling::Retain, Objective::descent());
        Plan { gradient_transform, ..descent }
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
