//! Why a run cannot begin or continue.

use thiserror::Error;

use super::StoreError;
use crate::{
    data::{ForgetError, NormalisationError, TooLarge},
    evaluate::EvaluateError,
    models::{LedgerError, ModelFileError},
    train::{PlanError, TrainError},
};

/// Why a run cannot begin or continue.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The plan cannot be carried out: a number is out of range, or it does not fit the data.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The loop failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The data do not fit on the device.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// A batch needs a larger buffer than the device allows.
    #[error(
        "a batch of {batch} rows needs a buffer of {need} bytes, and the device lends at most {limit}: {}",
        remedy(*.batch, *.need, *.limit)
    )]
    Batch {
        /// Rows of the batch.
        batch: usize,
        /// Bytes that a tensor of it needs.
        need: u64,
        /// Largest buffer that the device allows, in bytes.
        limit: u64,
    },
    /// A checkpoint could not be written or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A checkpoint is damaged.
    #[error("checkpoint {name:?} is damaged: {source}")]
    Checkpoint {
        /// Name of the entry in the store.
        name: String,
        /// What is wrong with it.
        source: ModelFileError,
    },
    /// A checkpoint belongs to another run.
    #[error("checkpoint {name:?} belongs to another run: {clash}")]
    CheckpointMismatch {
        /// Name of the entry in the store.
        name: String,
        /// Which fields differ, with both values.
        clash: String,
    },
    /// The network's outputs cannot be used, or a membership attack could not be run.
    #[error(transparent)]
    Evaluate(EvaluateError),
    /// The forget request is missing.
    #[error("{method} needs a forget request: say what to forget with `forget`")]
    NoRequest {
        /// The method.
        method: String,
    },
    /// The forget request does not fit the data.
    #[error(transparent)]
    Forget(#[from] ForgetError),
    /// The ledger of the network is about other data.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The pixels cannot be normalised in this way.
    #[error("normalisation: {0}")]
    Normalisation(#[from] NormalisationError),
    /// The network does not fit the data.
    #[error("the network has {outputs} outputs, but the data set has {classes} classes")]
    Outputs {
        /// Columns of its logits.
        outputs: usize,
        /// Classes of the data.
        classes: usize,
    },
    /// The network knows nothing of the data that it is said to have been trained on.
    #[error(
        "the network is right on {:.1} % of its training rows, averaged over the {classes} classes: no \
         better than guessing. The likely causes: another data set, another order of classes, another \
         normalisation, another architecture, or a network that was never trained",
        100.0 * accuracy
    )]
    AtChance {
        /// Its accuracy (0..1) on the training rows, averaged over the classes.
        accuracy: f64,
        /// Number of classes.
        classes: usize,
    },
    /// The network would be right much more often if inputs or outputs were read in another way.
    #[error(
        "the network is right on {:.1} % of its training rows, averaged over the {classes} classes, \
         but on {:.1} % of a sample of them with {how}",
        100.0 * accuracy, 100.0 * better
    )]
    Misread {
        /// Its accuracy (0..1) on the training rows, averaged over the classes.
        accuracy: f64,
        /// Number of classes.
        classes: usize,
        /// Its accuracy (0..1) in the other reading, on a sample of the training rows.
        better: f64,
        /// The other reading.
        how: String,
    },
    /// The network's loss on the retain set is not a finite number even before the first step.
    #[error(
        "the network's loss on the retain set is not a finite number even before the first step"
    )]
    NonFiniteStart,
    /// The future of an earlier call was dropped before it was ready, so that the state is unknown.
    #[error(
        "a call of `next` was cancelled half-way, so the state of this run is unknown: start again, \
         or resume from its last checkpoint"
    )]
    Cancelled,
}

/// What to do, judging by the one tensor that did not fit; others may be larger.
fn remedy(batch: usize, need: u64, limit: u64) -> String {
    match (batch as u64).saturating_mul(limit) / need.max(1) {
        0 => "not even one row fits, so use the CPU".to_owned(),
        fits => format!("set batch_size to {fits} or less, or use the CPU"),
    }
}

impl From<EvaluateError> for SessionError {
    fn from(error: EvaluateError) -> Self {
        match error {
            EvaluateError::Train(error) => Self::Train(error),
            EvaluateError::TooLarge(error) => Self::TooLarge(error),
            error => Self::Evaluate(error),
        }
    }
}
