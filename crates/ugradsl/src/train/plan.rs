//! What a run of the loop consists of, as plain values.

use serde::{Deserialize, Serialize};

use super::{
    Augmentation, BatchNormMode, FinalUpdate, GradientTransform, Labels, Objective,
    OptimizerConfig, PlanError, Sampling,
};
use crate::{
    data::RowKind,
    setters::setters,
    smoothing::{Smoothing, Space},
};

/// How the learning rate changes over a run.
///
/// ```
/// use ugradsl::train::LearningRate;
///
/// assert_eq!(LearningRate::Constant.factor(50, 100), 1.0);
/// assert_eq!(LearningRate::Cosine.factor(0, 100), 1.0);
/// assert!((LearningRate::Cosine.factor(50, 100) - 0.5).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearningRate {
    /// The same throughout.
    Constant,
    /// Half a cosine from the full rate down to zero.
    Cosine,
}

impl LearningRate {
    /// Factor on the base rate at `step` of `steps`.
    pub fn factor(self, step: usize, steps: usize) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Cosine => {
                let progress = step as f64 / steps.max(1) as f64;
                0.5 * (1.0 + (std::f64::consts::PI * progress.min(1.0)).cos())
            }
        }
    }
}

/// What one run of the training loop does.
///
/// UGradSL+ with a constant rate:
///
/// ```
/// use ugradsl::smoothing::Smoothing;
/// use ugradsl::train::{LearningRate, Objective, Plan, Sampling};
///
/// let objective = Objective::balance(0.9, Smoothing::Constant(-0.5));
/// let plan = Plan::new(Sampling::RetainWithForget, objective)
///     .with_epochs(2)
///     .with_schedule(LearningRate::Cosine)
///     .with_clip_norm(Some(1.0));
/// assert!(plan.check().is_ok());
/// let never = plan.with_epochs(0);
/// assert_eq!(never.check().unwrap_err().to_string(), "epochs = 0 is out of range: it must be 1 to 100000");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// Which rows come in which order.
    pub sampling: Sampling,
    /// The loss of a batch.
    pub objective: Objective,
    /// Epochs over the set that is sampled.
    pub epochs: usize,
    /// Smallest number of steps, for sets so small that an epoch has only a few.
    pub min_steps: usize,
    /// Batch size, for each set.
    pub batch_size: usize,
    /// How images are varied.
    pub augmentation: Augmentation,
    /// Base learning rate.
    pub learning_rate: f64,
    /// Learning-rate schedule.
    pub schedule: LearningRate,
    /// Optimizer.
    pub optimizer: OptimizerConfig,
    /// Largest norm of the whole gradient; a longer one is scaled down to it.
    pub clip_norm: Option<f64>,
    /// What is done to gradients before they are clipped.
    pub gradient_transform: GradientTransform,
    /// What comes after the last step.
    pub final_update: FinalUpdate,
}

setters!(Plan {
    with_sampling(sampling: Sampling),
    with_objective(objective: Objective),
    with_epochs(epochs: usize),
    with_min_steps(min_steps: usize),
    with_batch_size(batch_size: usize),
    with_augmentation(augmentation: Augmentation),
    with_learning_rate(learning_rate: f64),
    with_schedule(schedule: LearningRate),
    with_optimizer(optimizer: OptimizerConfig),
    with_clip_norm(clip_norm: Option<f64>),
    with_gradient_transform(gradient_transform: GradientTransform),
    with_final_update(final_update: FinalUpdate),
});

impl Plan {
    /// A plan of one epoch in batches of 128 at a constant rate of 0.01, by the default optimizer,
    /// with no augmentation, no clipping, no gradient transform and no final update.
    pub fn new(sampling: Sampling, objective: Objective) -> Self {
        Self {
            sampling,
            objective,
            epochs: 1,
            min_steps: 0,
            batch_size: 128,
            augmentation: Augmentation::default(),
            learning_rate: 0.01,
            schedule: LearningRate::Constant,
            optimizer: OptimizerConfig::default(),
            clip_norm: None,
            gradient_transform: GradientTransform::None,
            final_update: FinalUpdate::None,
        }
    }

    /// Checks every number.
    ///
    /// # Errors
    ///
    /// [`PlanError`] for the first that is out of range or does not fit the others.
    pub fn check(&self) -> Result<(), PlanError> {
        let require = |name, value: f64, ok: bool, range| {
            if ok { Ok(()) } else { Err(PlanError::Range { name, value, range }) }
        };
        let positive = |x: f64| x.is_finite() && x > 0.0;
        let share = |x: f64| (0.0..=1.0).contains(&x);
        require("epochs", self.epochs as f64, (1..=100_000).contains(&self.epochs), "1 to 100000")?;
        let steps = self.min_steps;
        require("min_steps", steps as f64, steps <= 1_000_000, "at most 1000000")?;
        let batch = self.batch_size;
        require("batch_size", batch as f64, (1..=65_536).contains(&batch), "1 to 65536")?;
        let rate = self.learning_rate;
        require("learning_rate", rate, positive(rate) && rate <= 100.0, "above 0, at most 100")?;
        if let Some(norm) = self.clip_norm {
            require("clip_norm", norm, positive(norm), "above 0")?;
        }
        let decay = match self.optimizer {
            OptimizerConfig::Sgd { momentum, weight_decay } => {
                require("momentum", momentum, (0.0..1.0).contains(&momentum), "0 to below 1")?;
                weight_decay
            }
            OptimizerConfig::Adamw { weight_decay } => weight_decay,
        };
        require("weight_decay", decay, share(decay), "0 to 1")?;
        self.augmentation.check()?;
        self.sampling.check()?;
        self.gradient_transform.check()?;
        self.final_update.check(self.sampling)?;
        if self.final_update.accumulates() {
            let why = "1 for a method with a final update, whose sums are those of one epoch";
            require("epochs", self.epochs as f64, self.epochs == 1, why)?;
            require("min_steps", steps as f64, steps == 0, "0 for a method with a final update")?;
        }
        self.objective.check()?;
        let sampling = || format!("{:?}", self.sampling);
        let alone = matches!(self.sampling, Sampling::Forget | Sampling::ForgetThenRetain { .. });
        if alone && self.objective.is_adaptive() {
            return Err(PlanError::NothingToCompare { sampling: sampling() });
        }
        let one_set = alone || self.sampling == Sampling::Retain;
        if one_set && self.objective.batch_norm == BatchNormMode::Concat {
            return Err(PlanError::NothingToJoin { sampling: sampling() });
        }
        Ok(())
    }

    /// Checks that the sets which the plan goes over have rows.
    ///
    /// # Errors
    ///
    /// [`PlanError::Empty`] for the first that has none.
    pub fn check_sets(&self, retained: usize, forgotten: usize) -> Result<(), PlanError> {
        let empty = match self.sampling {
            Sampling::Together { .. } => [retained + forgotten == 0, false],
            Sampling::Retain => [retained == 0, false],
            Sampling::Forget => [false, forgotten == 0],
            _ => [retained == 0, forgotten == 0],
        };
        let set = match empty {
            [true, _] => "retain",
            [_, true] => "forget",
            _ => return Ok(()),
        };
        Err(PlanError::Empty { set, sampling: format!("{:?}", self.sampling) })
    }

    /// Checks that the plan can train a network with BatchNorm, which has nothing to measure on one
    /// row.
    ///
    /// # Errors
    ///
    /// [`PlanError::BatchOfOne`] for batches of one row.
    pub fn check_batch_norm(&self) -> Result<(), PlanError> {
        let trains = self.objective.batch_norm != BatchNormMode::Frozen;
        if trains && self.batch_size == 1 { Err(PlanError::BatchOfOne) } else { Ok(()) }
    }

    /// Checks that the plan can be carried out on rows of this kind: some of its settings need
    /// pixels, or at least numbers.
    ///
    /// # Errors
    ///
    /// [`PlanError::Pixels`] for the first setting that needs pixels where there are none.
    pub fn check_rows(&self, kind: RowKind) -> Result<(), PlanError> {
        if kind == RowKind::Images {
            return Ok(());
        }
        let Objective { smoothing, labels, .. } = self.objective;
        let compares_inputs =
            matches!(smoothing, Smoothing::Adaptive(rate) if rate.space == Space::Inputs);
        let texts = kind == RowKind::Texts;
        for (what, needed) in [
            ("augmentation", self.augmentation != Augmentation::default()),
            (
                "boundary shrink's step across a decision boundary",
                matches!(labels, Labels::Neighbour { .. }),
            ),
            ("space = \"inputs\"", texts && compares_inputs),
        ] {
            if needed {
                return Err(PlanError::Pixels(what, kind));
            }
        }
        Ok(())
    }
}
