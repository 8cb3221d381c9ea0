//! One model: training it, making it forget, and measuring it.
//!
//! A [`Session`] makes a network in memory forget. It drives one [`Run`](crate::run::Run) and
//! reports its [`Event`](crate::run::Event)s. For networks in model files there are whole tasks:
//! [`TrainModel`], [`UnlearnModel`] (which reads and writes the ledger), [`AdviseModel`] and
//! [`predict_model`].

mod advice;
mod advise_model;
mod builder;
mod drift;
mod error;
mod misread;
mod predict_model;
#[allow(clippy::module_inception, reason = "the module is named after what it holds")]
mod session;
mod train_model;
mod unlearn_model;

pub use advice::{Advice, Cost};
pub use advise_model::{AdviseModel, Advised};
pub use builder::SessionBuilder;
pub use drift::{Drift, RETRAIN_LOSS, RETRAIN_SHARE};
pub use error::ModelError;
pub use predict_model::{Part, Predicted, predict_model};
pub use session::Session;
pub use train_model::{TrainModel, TrainRun, Trained};
pub use unlearn_model::{Difference, SoFar, UnlearnModel, UnlearnRun, Unlearned};
