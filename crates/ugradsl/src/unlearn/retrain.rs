//! Training from scratch: the original on all data, the retrained network on the retain set.
//!
//! `min_theta mean_{D_r} l(z, y)` from a fresh initialisation with the original's recipe. Exact by
//! definition, and slow: the oracle of every comparison.

use super::TrainingConfig;
use crate::train::{FinalUpdate, GradientTransform, Objective, Plan, Sampling};

pub(super) fn plan(training: &TrainingConfig) -> Plan {
    Plan {
        sampling: Sampling::Retain,
        objective: Objective::descent(),
        epochs: training.epochs,
        min_steps: 0,
        batch_size: training.batch_size,
        augmentation: training.augmentation,
        learning_rate: training.learning_rate,
        schedule: training.schedule,
        optimizer: training.optimizer,
        clip_norm: training.clip_norm,
        gradient_transform: GradientTransform::None,
        final_update: FinalUpdate::None,
    }
}
