//! BS, boundary shrink: teach forgotten samples the class across the nearest decision boundary:
//!
//! ```text
//! min_theta mean_{D_f} l(z, y'), y' = argmax h_o(clamp(x + epsilon sign(d/dx l(h_o(x), y)), 0, 1))
//! ```
//!
//! with the original `h_o` in inference mode (Chen et al., *Boundary unlearning*, CVPR 2023). `y'`
//! may be `y`: a sample far from every boundary keeps its label. epsilon is 0.1 as published.
//!
//! Differences from the reference implementation: the neighbour's pixels are not rounded to 1/255;
//! the labels are found once (there in each epoch, with the same result).

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::train::{Labels, Objective, Plan, Sampling};

iterative! {
    /// Settings of [`Method::BoundaryShrink`](super::Method::BoundaryShrink).
    pub struct BoundaryShrink {
        /// How far away the neighbours are, for pixels scaled to 0..1.
        epsilon: f64 = 0.1,
        ..Descent::baseline(5, 1e-3)
    }
}

impl MethodSettings for BoundaryShrink {
    const NAME: &'static str = "boundary-shrink";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        let labels = Labels::Neighbour { epsilon: self.epsilon };
        self.descent(training).plan(Sampling::Forget, Objective::teach(labels))
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
