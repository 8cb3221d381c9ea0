//! IU, influence unlearning: one Newton-like step away from the forget set:
//!
//! ```text
//! theta <- theta + scale k,   k ~ H^-1 v,   v = 1/N sum_{D_f} g_i - n_f / (N n_r) sum_{D_r} g_i
//! ```
//!
//! with gradients g of single samples, N = n_f + n_r, and the inverse Hessian by the WoodFisher recursion (Singh &
//! Alistarh, 2020) over n retained samples, as the field runs it (Izzo et al., 2021; Jia et al., 2023): from k = v and
//! o = g_1, with each further g
//!
//! ```text
//! k <- k - <k, g> / (n + <o, g>) o,     o <- o - <o, g> / (n + <o, g>) o
//! ```
//!
//! As published, o never takes up a g but the first: it is only made shorter, and k differs from v only along
//! g_1. That is no inverse of the Hessian, but it is what the field's tables show as IU.
//!
//! scale is 30: the published ones are found for each set (1 to 20), and 10 forgets a quarter of a class of the MNIST
//! subset.
//!
//! Differs from the reference implementation in: n is the number of samples (there always 1000).

use super::settings::{MethodSettings, one_shot, one_stroke};
use crate::train::{FinalUpdate, Plan, Sampling};

one_shot! {
    /// Settings of [`Method::Influence`](super::Method::Influence).
    pub struct Influence {
        /// Length of the step.
        scale: f64 = 30.0,
        /// Retained samples that the inverse Hessian is made of.
        samples: usize = 1000,
    }
}

impl MethodSettings for Influence {
    const NAME: &'static str = "influence";

    fn plan(&self) -> Plan {
        let sampling = Sampling::ForgetThenRetain { forget_epochs: 1, singles: self.samples };
        one_stroke(self.batch_size, sampling, FinalUpdate::Influence { scale: self.scale })
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
