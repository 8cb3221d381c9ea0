//! The numbers of a method and of the original's training, as a recipe states them.

use serde::{Deserialize, Serialize};

use crate::{
    smoothing::{AdaptiveRate, Distance, Smoothing, Space},
    train::{BatchNormMode, LearningRate, Objective, OptimizerConfig, Plan, Walk},
};

/// How the original is trained, and hence the retrained network too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// Passes over the training set.
    pub epochs: usize,
    /// Rows of a batch.
    pub batch_size: usize,
    /// Base learning rate.
    pub learning_rate: f64,
    /// Its course.
    pub schedule: LearningRate,
    /// Which rule moves the weights.
    pub optimizer: OptimizerConfig,
    /// Largest norm of a gradient.
    pub clip_norm: Option<f64>,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            epochs: 12,
            batch_size: 128,
            learning_rate: 0.05,
            schedule: LearningRate::Cosine,
            optimizer: OptimizerConfig::default(),
            clip_norm: None,
        }
    }
}

/// The numbers of an unlearning method. Keys that a method has no use for are ignored by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodConfig {
    /// Most passes over the set that the method walks.
    pub epochs: usize,
    /// Steps at least, for sets so small that a pass is only a few.
    pub min_steps: usize,
    /// Rows of a batch, of each set.
    pub batch_size: usize,
    /// Base learning rate.
    pub learning_rate: f64,
    /// Its course.
    pub schedule: LearningRate,
    /// Which rule moves the weights.
    pub optimizer: OptimizerConfig,
    /// Largest norm of a gradient.
    pub clip_norm: Option<f64>,
    /// Balance p: weight of descent on the retain set; ascent on the forget set has 1 - p.
    pub p: f64,
    /// Smoothing rate of the forget set's labels, negative to unlearn; absent: self-adaptive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha: Option<f64>,
    /// Self-adaptive rate: distance below which a retained sample counts; absent: by `quantile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
    /// Self-adaptive rate: quantile of the first distances that becomes beta; absent: 0.5 when
    /// whole classes are forgotten, else 0.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantile: Option<f64>,
    /// Self-adaptive rate: how samples are compared.
    pub distance: Distance,
    /// Self-adaptive rate: what of them is compared.
    pub space: Space,
    /// How retained and forgotten rows share BatchNorm statistics.
    pub batch_norm: BatchNormMode,
    /// Whether the guards watch over the run: pause and stop at the target, stay in the band.
    pub guards: bool,
}

impl MethodConfig {
    /// Fixed passes at a constant rate without guards: the shape of the published rivals.
    pub(super) fn rival(epochs: usize, learning_rate: f64) -> Self {
        Self {
            epochs,
            min_steps: 0,
            batch_size: 128,
            learning_rate,
            schedule: LearningRate::Constant,
            optimizer: OptimizerConfig::default(),
            clip_norm: None,
            p: 1.0,
            alpha: Some(0.0),
            beta: None,
            quantile: None,
            distance: Distance::default(),
            space: Space::default(),
            batch_norm: BatchNormMode::default(),
            guards: false,
        }
    }

    pub(super) fn smoothing(&self) -> Smoothing {
        match self.alpha {
            Some(alpha) => Smoothing::Constant(alpha),
            None => Smoothing::Adaptive(AdaptiveRate {
                beta: self.beta,
                quantile: self.quantile,
                distance: self.distance,
                space: self.space,
            }),
        }
    }

    pub(super) fn plan(&self, walk: Walk, objective: Objective) -> Plan {
        Plan {
            walk,
            objective: Objective { batch_norm: self.batch_norm, ..objective },
            epochs: self.epochs,
            min_steps: self.min_steps,
            batch_size: self.batch_size,
            learning_rate: self.learning_rate,
            schedule: self.schedule,
            optimizer: self.optimizer,
            clip_norm: self.clip_norm,
        }
    }
}
