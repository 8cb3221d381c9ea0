//! The numbers of a method and of the original's training, as a recipe states them.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    smoothing::{AdaptiveRate, Distance, Smoothing, Space},
    train::{
        Augmentation, BatchNormMode, FinalUpdate, GradientTransform, Labels, LearningRate,
        Objective, OptimizerConfig, Plan, Sampling,
    },
};

/// How the original is trained, and hence the retrained network too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// Passes over the training set.
    pub epochs: usize,
    /// Rows of a batch.
    pub batch_size: usize,
    /// How images are varied, in training and in every method that trains.
    pub augmentation: Augmentation,
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
            augmentation: Augmentation::default(),
            learning_rate: 0.05,
            schedule: LearningRate::Cosine,
            optimizer: OptimizerConfig::default(),
            clip_norm: None,
        }
    }
}

/// A number, or the word for none: a recipe that gives a rate can be told otherwise, and a sweep can have both.
fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a number or \"adaptive\"")]
    enum Rate {
        Number(f64),
        Word(Word),
        Absent(()),
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Word {
        Adaptive,
    }
    Ok(match Rate::deserialize(deserializer)? {
        Rate::Number(rate) => Some(rate),
        Rate::Word(Word::Adaptive) | Rate::Absent(()) => None,
    })
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
    /// Smoothing rate of the forget set's labels, negative to unlearn; absent, or `"adaptive"`: self-adaptive.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "rate")]
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
    /// SalUn: share of the weights that may move, 0..1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saliency: Option<f64>,
    /// l1-sparse: weight of the l1 norm in the first epoch; falls to 0 over the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<f64>,
    /// Boundary shrink: how far the neighbours are, in units of pixels scaled to 0..1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epsilon: Option<f64>,
    /// SCRUB and bad teacher: what logits are divided by before they are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// SCRUB: weight of the distance to the original on the retain set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distillation: Option<f64>,
    /// SCRUB: epochs that begin by moving away from the original on the forget set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forget_passes: Option<usize>,
    /// Bad teacher: share of the retain set that takes part, 0..1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retain_share: Option<f64>,
    /// SSD: weights are dampened that are more than so many times as important for the forget set
    /// as for all data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// SSD: factor in the new weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
    /// Fisher: scale of the noise's variance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variance: Option<f64>,
    /// Influence: length of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Influence: retained samples that the inverse Hessian is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<usize>,
    /// Whether the guards watch over the run: pause and stop at the target, stay in the band.
    pub guards: bool,
}

impl MethodConfig {
    /// Fixed passes at a constant rate without guards: the shape of the published rivals.
    pub(super) fn baseline(epochs: usize, learning_rate: f64) -> Self {
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
            saliency: None,
            penalty: None,
            epsilon: None,
            temperature: None,
            distillation: None,
            forget_passes: None,
            retain_share: None,
            threshold: None,
            strength: None,
            variance: None,
            scale: None,
            samples: None,
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

    pub(super) fn plan(&self, sampling: Sampling, objective: Objective) -> Plan {
        Plan {
            sampling,
            objective: Objective { batch_norm: self.batch_norm, ..objective },
            epochs: self.epochs,
            min_steps: self.min_steps,
            batch_size: self.batch_size,
            augmentation: Augmentation::default(),
            learning_rate: self.learning_rate,
            schedule: self.schedule,
            optimizer: self.optimizer,
            clip_norm: self.clip_norm,
            gradient_transform: GradientTransform::None,
            final_update: FinalUpdate::None,
        }
    }

    /// One pass that only gathers what `final_update` needs, with BatchNorm's running statistics.
    pub(super) fn one_shot(&self, sampling: Sampling, final_update: FinalUpdate) -> Plan {
        let plan = self.plan(sampling, Objective::teach(Labels::Own));
        let objective = Objective { batch_norm: BatchNormMode::Frozen, ..plan.objective };
        Plan { objective, epochs: 1, min_steps: 0, final_update, ..plan }
    }
}
