//! How originals are trained, as a recipe states it.

use serde::{Deserialize, Serialize};

use crate::{
    models::{ModelFile, ModelFileError},
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

impl TrainingConfig {
    /// How the network of `file` was trained, if the file says so.
    ///
    /// # Errors
    ///
    /// [`ModelFileError::Metadata`] if what it says is not a way to train.
    pub fn of<S>(file: &ModelFile<S>) -> Result<Option<Self>, ModelFileError> {
        let Some(note) = &file.training else { return Ok(None) };
        let config = serde_json::from_value(note.clone());
        config.map(Some).map_err(|error| ModelFileError::Metadata {
            key: "ugradsl.model",
            problem: format!("does not say how the network was trained: {error}"),
        })
    }

    /// `given`, or else how the network of `file` was trained, or else the default.
    pub(crate) fn or_of<S>(
        given: Option<&Self>,
        file: &ModelFile<S>,
    ) -> Result<Self, ModelFileError> {
        match given {
            Some(given) => Ok(given.clone()),
            None => Ok(Self::of(file)?.unwrap_or_default()),
        }
    }

    /// The same in the form that a model file holds.
    pub(crate) fn note(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }
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
