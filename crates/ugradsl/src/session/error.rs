//! Why a model file cannot be trained, made to forget, or measured.

use burn::tensor::ExecutionError;
use thiserror::Error;

use crate::{
    data::ForgetError,
    evaluate::{EvaluateError, ProbabilitiesError},
    models::{LedgerError, ModelFileError, NotRetrained, OtherData, SpecError},
    run::SessionError,
    train::TrainError,
    unlearn::Method,
};

/// Why a model file cannot be trained, made to forget, or measured.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The network cannot be built for this data.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The file's weights do not fit its description.
    #[error(transparent)]
    Model(#[from] ModelFileError),
    /// The file's ledger is damaged or about other data.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The data are not those that the network was trained on.
    #[error(transparent)]
    OtherData(#[from] OtherData),
    /// The request cannot be carried out on this data.
    #[error(transparent)]
    Forget(#[from] ForgetError),
    /// The run failed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A network could not be measured.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The method trains a network from scratch, but a trained one has to forget.
    #[error("{0} does not start from a trained network, so it cannot make one forget")]
    NotUnlearning(Method),
    /// The network given as the retrained one has seen the rows to forget.
    #[error(transparent)]
    NotRetrained(#[from] NotRetrained),
    /// Training diverged: the outputs ceased to be finite numbers. The last network before that is
    /// not returned.
    #[error(
        "training diverged, so there is no network to save: set a lower training.learning_rate, and look \
         for very large values in the data"
    )]
    Diverged,
    /// The result was asked for before the end of the run.
    #[error("the run is not over: its result is available once `next` has returned `None`")]
    NotOver,
}

impl From<ExecutionError> for ModelError {
    fn from(error: ExecutionError) -> Self {
        Self::Session(TrainError::from(error).into())
    }
}

impl From<ProbabilitiesError> for ModelError {
    fn from(error: ProbabilitiesError) -> Self {
        Self::Evaluate(error.into())
    }
}
