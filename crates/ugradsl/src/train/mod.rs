//! The one optimisation loop of the project.
//!
//! Plain training, retraining from scratch and every unlearning method run through [`Trainer`]. What
//! differs between them is small and named: a [`Schedule`] says which samples come next, an
//! [`Objective`] turns them into a loss, [`Optimizer`] (with its clipping) moves the weights. Loop
//! and methods meet in a [`Plan`].

mod objective;
mod optimizer;
mod plan;
mod schedule;
mod trainer;

pub use objective::{BatchNormMode, Objective};
pub use optimizer::{Optimizer, OptimizerConfig};
pub use plan::{LearningRate, Plan, PlanError};
pub use schedule::{Batch, Schedule, Walk};
pub(crate) use trainer::read_floats;
pub use trainer::{Brake, StepRecord, TrainError, Trainer, TrainerState};
