//! UGradSL+, the default method: the objective of [`ugradsl`](super::ugradsl) over the retain set,
//! each batch with an equally large one of the forget set. As costly as fine-tuning, closest to the
//! retrained network.

use super::TrainingConfig;
use super::settings::{Descent, MethodSettings, smoothed};
use crate::train::{LearningRate, Objective, Plan, Sampling};

smoothed! {
    /// Settings of [`Method::UGradSlPlus`](super::Method::UGradSlPlus).
    pub struct UGradSlPlus {
        /// Balance p: weight of descent on the retain set; ascent on the forget set has 1 - p.
        p: f64 = 0.8,
        ..Descent {
            clip_norm: Some(1.0),
            schedule: LearningRate::Cosine,
            guards: true,
            ..Descent::baseline(4, 0.01)
        }
    }
}

impl MethodSettings for UGradSlPlus {
    const NAME: &'static str = "ugradsl-plus";
    // It has time for a second check; UGradSL would take a sixth longer.
    const PATIENCE: usize = 2;

    fn plan(&self, training: &TrainingConfig) -> Plan {
        let objective = Objective::balance(self.p, self.smoothing());
        self.descent(training).plan(Sampling::RetainWithForget, objective)
    }

    fn guards(&self) -> bool {
        self.guards
    }
}
