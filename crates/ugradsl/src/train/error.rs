//! Why a plan makes no sense, and why the loop cannot go on.

use burn::tensor::{ExecutionError, Tensor};
use thiserror::Error;

use crate::{data::RowKind, models::StateError};

/// Why a plan makes no sense.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum PlanError {
    /// A number lies outside its range.
    #[error("{name} = {value} is out of range: it must be {range}")]
    Range {
        /// Key in a recipe.
        name: &'static str,
        /// The value given.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// Something needs pixels, and the rows are features or texts.
    #[error("{0} needs pixels, but the data are {1}")]
    Pixels(&'static str, RowKind),
    /// BatchNorm is trained on batches of one row.
    #[error(
        "batch_size = 1: a network with BatchNorm cannot be trained on batches of one row, because \
         BatchNorm has nothing to measure on it; use at least 2"
    )]
    BatchOfOne,
    /// The final update needs sums that the sampling cannot give.
    #[error("{final_update} cannot follow the sampling {sampling}")]
    Sampling {
        /// The final update.
        final_update: String,
        /// The sampling before it.
        sampling: String,
    },
}

/// Why the loop cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The device failed while values were read.
    #[error("the device failed: {0}")]
    Device(#[from] ExecutionError),
    /// A stored state does not belong to this run.
    #[error("the stored state does not fit: {0}")]
    State(#[from] StateError),
    /// Distances between samples are not finite, so no beta can be chosen.
    #[error("no beta can be chosen: the network's features are not finite numbers")]
    Features,
}

/// Reads a vector of floats.
pub(crate) async fn read_floats(tensor: Tensor<1>) -> Result<Vec<f32>, TrainError> {
    let data = tensor.into_data_async().await?;
    Ok(data.iter::<f32>().collect())
}
