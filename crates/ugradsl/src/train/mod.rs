//! The one optimisation loop of the project.
//!
//! Plain training, retraining from scratch and every unlearning method run through [`Trainer`]. What
//! differs between them is small and named: a [`Schedule`] says which samples come next, an
//! [`Objective`] turns them into a loss, a [`Filter`] has its way with the gradients, [`Optimizer`]
//! (with its clipping) moves the weights, and a [`Finish`] comes last. Loop and methods meet in a
//! [`Plan`].

mod augmentation;
mod distillation;
mod filter;
mod finish;
mod labels;
mod objective;
mod optimizer;
mod plan;
mod schedule;
mod shadow;
mod trainer;
mod weights;

pub use augmentation::Augmentation;
pub use distillation::{Distillation, Teacher};
pub use filter::Filter;
pub use finish::Finish;
pub use labels::Labels;
pub use objective::{BatchNormMode, Objective};
pub use optimizer::{Optimizer, OptimizerConfig};
pub use plan::{LearningRate, Plan, PlanError};
pub use schedule::{Batch, Pass, Schedule, Walk};
pub(crate) use trainer::read_floats;
pub use trainer::{Brake, StepRecord, TrainError, Trainer, TrainerState};

#[cfg(test)]
pub(crate) use finish::normal;
