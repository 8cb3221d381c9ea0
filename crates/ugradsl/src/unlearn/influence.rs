//! IU, influence unlearning: one Newton-like step away from the forget set:
//!
//! ```text
//! theta <- theta + scale k,   k ~ H^-1 v,   v = 1/N sum_{D_f} g_i - n_f / (N n_r) sum_{D_r} g_i
//! ```
//!
//! with gradients g of single samples, N = n_f + n_r, and the inverse Hessian by the WoodFisher
//! recursion (Singh & Alistarh, 2020) over n retained samples, as the field runs it (Izzo et al.,
//! 2021; Jia et al., 2023): starting from k = v and o = g_1, for each further g
//!
//! ```text
//! k <- k - <k, g> / (n + <o, g>) o,     o <- o - <o, g> / (n + <o, g>) o
//! ```
//!
//! As published, o stays a multiple of g_1, which each further g only rescales, and k differs from
//! v only along g_1. This is not an inverse of the Hessian, but it is what the field's tables show
//! as IU.
//!
//! The default scale is 30: the published scales (1 to 20) are tuned for each set, and 10 forgets
//! only a quarter of a class of the MNIST subset.
//!
//! Differences from the reference implementation: n is the number of samples (there always 1000).

use super::TrainingConfig;
use super::settings::{MethodSettings, one_shot, one_shot_plan};
use crate::train::{FinalUpdate, Plan, Sampling};

one_shot! {
    /// Settings of [`Method::Influence`](super::Method::Influence).
    pub struct Influence {
        /// Length of the step.
        scale: f64 = 30.0,
        /// Retained samples from which the inverse Hessian is computed.
        samples: usize = 1000,
    }
}

impl MethodSettings for Influence {
    const NAME: &'static str = "influence";

    fn plan(&self, _: &TrainingConfig) -> Plan {
        let sampling = Sampling::ForgetThenRetain { forget_epochs: 1, singles: self.samples };
        one_shot_plan(self.batch_size, sampling, FinalUpdate::Influence { scale: self.scale })
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
