//! The one optimisation loop of the project.
//!
//! Plain training, retraining from scratch and every unlearning method run through [`Trainer`].
//! What differs between them is small and named: a [`Schedule`] says which samples come next, an
//! [`Objective`] turns them into a loss, a [`GradientTransform`] changes the gradients,
//! [`Optimizer`] (with its clipping) moves the weights, and a [`FinalUpdate`] comes last. Loop and
//! methods meet in a [`Plan`].

mod augmentation;
mod distillation;
mod error;
mod final_update;
mod gradient_transform;
mod labels;
mod objective;
mod optimizer;
mod plan;
mod schedule;
mod shadow_class;
mod trainer;
mod weights;

pub use augmentation::Augmentation;
pub use distillation::{Distillation, Teacher};
pub(crate) use error::read_floats;
pub use error::{PlanError, TrainError};
pub use final_update::FinalUpdate;
pub use gradient_transform::GradientTransform;
pub use labels::Labels;
pub use objective::{BatchNormMode, Objective};
pub use optimizer::{Optimizer, OptimizerConfig};
pub use plan::{LearningRate, Plan};
pub use schedule::{Batch, Epoch, Sampling, Schedule};
pub use trainer::{Brake, ForgetPass, StepControl, StepRecord, Trainer, TrainerState};
