//! How originals are trained, as a recipe states it.

use serde::{Deserialize, Serialize};

use crate::{
    setters::setters,
    train::{Augmentation, LearningRate, OptimizerConfig},
};

/// How the original is trained, and hence the retrained network too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TrainingConfig {
    /// Epochs over the training set.
    pub epochs: usize,
    /// Rows per batch.
    pub batch_size: usize,
    /// How images are augmented, in training and in every method that trains.
    pub augmentation: Augmentation,
    /// Base learning rate.
    pub learning_rate: f64,
    /// Learning-rate schedule.
    pub schedule: LearningRate,
    /// Optimizer.
    pub optimizer: OptimizerConfig,
    /// Norm to which gradients are clipped; `None`: not clipped.
    pub clip_norm: Option<f64>,
}

setters!(TrainingConfig {
    with_epochs(epochs: usize),
    with_batch_size(batch_size: usize),
    with_augmentation(augmentation: Augmentation),
    with_learning_rate(learning_rate: f64),
    with_schedule(schedule: LearningRate),
    with_optimizer(optimizer: OptimizerConfig),
    with_clip_norm(clip_norm: Option<f64>),
});

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
