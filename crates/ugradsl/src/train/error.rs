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
    /// Retained and forgotten rows are to share a pass, and no step has both.
    #[error(
        "batch_norm = concat has no effect: it joins the retained and forgotten rows of a step, and no \
         step of the sampling {sampling} has both; leave it out"
    )]
    NothingToJoin {
        /// The sampling.
        sampling: String,
    },
    /// Self-adaptive rates compare forgotten rows with retained ones.
    #[error(
        "self-adaptive smoothing rates compare with retained rows of the same step, and the sampling \
         {sampling} has none: give alpha a number"
    )]
    NothingToCompare {
        /// The sampling.
        sampling: String,
    },
    /// A set that the sampling goes over has no rows.
    #[error("the {set} set is empty, and the sampling {sampling} goes over it")]
    Empty {
        /// `retain` or `forget`.
        set: &'static str,
        /// The sampling.
        sampling: String,
    },
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
    Device(ExecutionError),
    /// The device has no buffer for a tensor.
    #[error("the device cannot lend a buffer of {need} bytes")]
    Buffer {
        /// Bytes that the tensor needs.
        need: u64,
    },
    /// A stored state does not belong to this run.
    #[error("the stored state does not fit: {0}")]
    State(#[from] StateError),
    /// Distances between samples are not finite, so no beta can be chosen.
    #[error("no beta can be chosen: the network's features are not finite numbers")]
    Features,
    /// The network's answer does not depend on its input, or not in a way that has a gradient.
    #[error(
        "the network's answer has no gradient with respect to its input, which this method needs"
    )]
    NoInputGradient,
}

impl From<ExecutionError> for TrainError {
    fn from(error: ExecutionError) -> Self {
        match bytes_refused(&error.to_string()) {
            Some(need) => Self::Buffer { need },
            None => Self::Device(error),
        }
    }
}

/// The size of the buffer that could not be allocated, if that is why the device failed. burn
/// states it only in a text.
fn bytes_refused(failure: &str) -> Option<u64> {
    let (_, rest) = failure.split_once("can't allocate buffer of size: ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Reads a vector of floats.
pub(crate) async fn read_floats(tensor: Tensor<1>) -> Result<Vec<f32>, TrainError> {
    let data = tensor.into_data_async().await?;
    Ok(data.iter::<f32>().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_buffer_is_found_in_a_long_text() {
        let text = "skipped\nCaused by:\n  can't allocate buffer of size: 200704000\nNo backtrace";
        assert_eq!(bytes_refused(text), Some(200_704_000));
        assert_eq!(bytes_refused("device lost"), None);
    }
}
