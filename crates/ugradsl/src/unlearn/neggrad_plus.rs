//! NegGrad+: `min_theta p mean_{D_r} l(z, y) - (1 - p) mean_{D_f} l(z, y)` over the retain set
//! (Kurmanji et al., 2023): UGradSL+ without smoothing, hence its mandatory ablation. Default
//! weight 0.95 as in their small-scale experiments, learning rate 0.01, 5 epochs.

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, iterative};
use crate::{
    smoothing::Smoothing,
    train::{Objective, Plan, Sampling},
};

iterative! {
    /// Settings of [`Method::NegGradPlus`](super::Method::NegGradPlus).
    pub struct NegGradPlus {
        /// Balance p: weight of descent on the retain set; ascent on the forget set has 1 - p.
        p: f64 = 0.95,
        ..Descent::baseline(5, 0.01)
    }
}

impl MethodSettings for NegGradPlus {
    const NAME: &'static str = "neggrad-plus";

    fn plan(&self, training: &TrainingConfig) -> Plan {
        let objective = Objective::balance(self.p, Smoothing::Constant(0.0));
        self.descent(training).plan(Sampling::RetainWithForget, objective)
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
