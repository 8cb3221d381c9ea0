//! Why a model file is refused.

use safetensors::Dtype;
use thiserror::Error;

use super::super::{LedgerError, SpecError, StateError};
use crate::onnx::OnnxError;

/// Why a model file cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// An ONNX file that cannot be used.
    #[error(transparent)]
    Onnx(#[from] OnnxError),
    /// Not a safetensors file, or a damaged one.
    #[error("not a valid safetensors file: {0}")]
    Format(#[from] safetensors::SafeTensorError),
    /// The metadata that says what network this is, is missing or damaged.
    #[error("metadata {key:?} {problem}")]
    Metadata {
        /// Which entry.
        key: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// What it says to have forgotten contradicts itself.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A tensor is not stored as 32-bit floats.
    #[error("tensor {name:?} has type {dtype:?}, only F32 is read")]
    DType {
        /// Which tensor.
        name: String,
        /// Its type in the file.
        dtype: Dtype,
    },
    /// The described network cannot be built.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The weights do not fit the described network.
    #[error(transparent)]
    State(#[from] StateError),
}

/// Why a network cannot stand for one that never saw the rows to forget.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotRetrained {
    /// It is the network in question.
    #[error("the network given as retrained is the very one that it is to be compared with")]
    Same,
    /// Its file says that it was trained on some of them.
    #[error(
        "the network given as retrained was trained on {seen} of the {rows} rows to be forgotten, as its \
         file says: give one that was trained without them"
    )]
    Seen {
        /// Rows that it was trained on.
        seen: usize,
        /// Rows to forget.
        rows: usize,
    },
}
