//! The loss of a batch: signed weights over the rows of one loss kernel.

use serde::{Deserialize, Serialize};

use super::{Distillation, Labels, PlanError};
use crate::smoothing::{Smoothing, SmoothingError};

/// How retained and forgotten rows share the statistics of BatchNorm layers.
///
/// Networks without BatchNorm always process both in one pass: the result is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchNormMode {
    /// Two passes in training mode, each with its own statistics (what NegGrad+ does).
    #[default]
    Separate,
    /// One pass over both: mixed statistics, fastest on a GPU.
    Concat,
    /// One pass with the running statistics of the original network, which stay as they are.
    Frozen,
}

/// `retain_weight * mean_{B_r} l(z, y) + forget_weight * mean_{B_f} l(z, t^(alpha))`
///
/// with the generalized-label-smoothing loss `l` of
/// [`gls_cross_entropy`](crate::loss::gls_cross_entropy). Training and fine-tuning are (1, 0),
/// gradient ascent is (0, -1), NegGrad+ and UGradSL are (p, -(1 - p)), UGradSL with a negative
/// rate. Forgotten rows may have other labels than their own, and a distillation may be added to
/// the cross-entropy.
///
/// ```
/// use ugradsl::smoothing::Smoothing;
/// use ugradsl::train::Objective;
///
/// let training = Objective::descent();
/// assert_eq!((training.retain_weight, training.forget_weight), (1.0, 0.0));
/// let ugradsl = Objective::balance(0.75, Smoothing::Constant(-0.5));
/// assert_eq!((ugradsl.retain_weight, ugradsl.forget_weight), (0.75, -0.25));
/// assert!(ugradsl.ascends());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Objective {
    /// Weight of the retained samples.
    pub retain_weight: f64,
    /// Signed weight of the forgotten samples; negative is ascent.
    pub forget_weight: f64,
    /// Smoothing rate of the forgotten samples' targets.
    pub smoothing: Smoothing,
    /// How the two sets share BatchNorm statistics, in networks with BatchNorm.
    pub batch_norm: BatchNormMode,
    /// Labels that the forgotten samples are trained on.
    pub labels: Labels,
    /// Outputs of another network as targets.
    pub distillation: Option<Distillation>,
}

impl Objective {
    /// Plain cross-entropy on the retain set.
    pub fn descent() -> Self {
        Self::balance(1.0, Smoothing::Constant(0.0))
    }

    /// `p * descent - (1 - p) * ascent`, Eq. 8 of the paper.
    pub fn balance(p: f64, smoothing: Smoothing) -> Self {
        Self {
            retain_weight: p,
            forget_weight: p - 1.0,
            smoothing,
            batch_norm: BatchNormMode::default(),
            labels: Labels::Own,
            distillation: None,
        }
    }

    /// Descent on both sets, the forgotten samples with `labels`.
    pub fn teach(labels: Labels) -> Self {
        Self { forget_weight: 1.0, labels, ..Self::descent() }
    }

    /// Cross-entropy on the retain set with weight `retain_weight`, none on the forget set, and
    /// `distillation` on both.
    pub fn distil(retain_weight: f64, distillation: Distillation) -> Self {
        let distillation = Some(distillation);
        Self { retain_weight, forget_weight: 0.0, distillation, ..Self::descent() }
    }

    /// Whether the objective ascends on the forgotten samples.
    pub fn ascends(&self) -> bool {
        self.forget_weight < 0.0 || self.distillation.is_some_and(|other| other.forget_weight < 0.0)
    }

    /// Whether forgotten rows have self-adaptive smoothing rates.
    pub(super) fn is_adaptive(&self) -> bool {
        self.forget_weight != 0.0 && matches!(self.smoothing, Smoothing::Adaptive(_))
    }

    /// The weights by which each set's part of the objective is divided to get its mean loss: those
    /// of the cross-entropy, or those of the distillation where the former are 0.
    pub(super) fn scales(&self) -> (f64, f64) {
        let or = |weight: f64, other: fn(&Distillation) -> f64| {
            if weight == 0.0 { self.distillation.as_ref().map_or(0.0, other) } else { weight }
        };
        (or(self.retain_weight, |d| d.retain_weight), or(self.forget_weight, |d| d.forget_weight))
    }

    pub(super) fn check(&self) -> Result<(), PlanError> {
        if !(0.0..=1.0).contains(&self.retain_weight) {
            let (name, value) = ("p", self.retain_weight);
            return Err(PlanError::Range { name, value, range: "0 to 1" });
        }
        if !(-1.0..=1.0).contains(&self.forget_weight) {
            let (name, value) = ("forget_weight", self.forget_weight);
            return Err(PlanError::Range { name, value, range: "-1 to 1" });
        }
        self.labels.check()?;
        if let Some(distillation) = &self.distillation {
            distillation.check()?;
        }
        self.smoothing.check().map_err(|error| match error {
            SmoothingError::Rate(value) => {
                PlanError::Range { name: "alpha", value, range: "-1000 to 1" }
            }
            SmoothingError::Beta(value) => {
                PlanError::Range { name: "beta", value, range: "above 0" }
            }
            SmoothingError::Quantile(value) => {
                PlanError::Range { name: "quantile", value, range: "0 to 1" }
            }
        })
    }
}
