//! Why an experiment cannot continue.

use thiserror::Error;

use crate::{
    data::{DatasetError, ForgetError},
    evaluate::{DivergenceError, EvaluateError},
    models::{ModelFileError, OtherData, SpecError},
    run::{SessionError, StoreError},
    train::{PlanError, TrainError},
    unlearn::{Contender, Method, PlanNameError},
};

/// Why an experiment cannot continue.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExperimentError {
    /// A request cannot be carried out on this data.
    #[error("{request}: {source}")]
    Forget {
        /// The request as given.
        request: String,
        /// What is wrong with it.
        source: ForgetError,
    },
    /// The config does not suit the data.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The network cannot be built for this data.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The settings of a method, or of training, make no sense.
    #[error("[{table}]: {source}")]
    Plan {
        /// Where a recipe has them.
        table: String,
        /// What is wrong with them.
        source: PlanError,
    },
    /// A run failed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A network could not be measured.
    #[error("{method}, seed {seed}: {source}")]
    Evaluate {
        /// How the network was made.
        method: Contender,
        /// Seed of the run.
        seed: u64,
        /// What went wrong.
        source: EvaluateError,
    },
    /// Two networks could not be compared.
    #[error(transparent)]
    Divergence(#[from] DivergenceError),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored model is damaged.
    #[error("{name}: {source}")]
    Model {
        /// Name of the entry in the store.
        name: String,
        /// What is wrong with it.
        source: ModelFileError,
    },
    /// A stored record is damaged.
    #[error("{name}: {source}")]
    Record {
        /// Name of the entry in the store.
        name: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The original was trained on other data.
    #[error("the original: {0}")]
    OtherData(#[from] OtherData),
    /// The original has forgotten rows before.
    #[error(
        "the original has forgotten {rows} rows before, and a comparison begins with a network that knows all rows: \
         give the network from before it forgot, or let this one forget more by `ugradsl unlearn`"
    )]
    Forgetful {
        /// How many.
        rows: usize,
    },
    /// The config names an original, but none was passed to the builder.
    #[error("the config begins with the network of {0}, which was not passed to the builder")]
    NoOriginal(String),
    /// A custom plan cannot have this name.
    #[error(transparent)]
    PlanName(#[from] PlanNameError),
    /// Two custom plans have the same name.
    #[error("there are two plans named {0:?}")]
    SamePlan(String),
    /// Two runs would be the same, which would look as if there were no spread.
    #[error("{what} {value} is there twice: each run counts once")]
    Twice {
        /// A seed, a method or a forget request.
        what: &'static str,
        /// Which.
        value: String,
    },
    /// Two requests that take the same rows, which would count twice.
    #[error("the forget request {0:?} takes the same rows as another: leave one of them out")]
    SameRows(String),
    /// A gate that could never be checked, or that bounds nothing.
    #[error("the gate on {method} {problem}")]
    Gate {
        /// Whose results it is about.
        method: Method,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// There is nothing to do.
    #[error("the experiment has no {0}")]
    Empty(&'static str),
}

impl From<TrainError> for ExperimentError {
    fn from(error: TrainError) -> Self {
        Self::Session(error.into())
    }
}
