//! Arrays as libraries hand them out: NumPy (`.npy`, `.npz`), CIFAR for Python, MATLAB (`.mat`),
//! sparse matrices of SciPy.
//!
//! Every reader finds the arrays by their names and leaves the rest to one place (`assemble`):
//! labels become classes, values become pixels or features. What is guessed on the way is said in
//! [`Arrays::notes`]; what has two readings is refused.

mod array;
mod assemble;
mod cifar;
mod columns;
mod error;
mod features;
mod format;
mod labels;
mod mat;
mod names;
mod npy;
mod numpy;
mod pickle;
mod pixels;
mod read;
mod sparse;
mod stats;
mod values;
mod what_is;

use serde::{Deserialize, Serialize};

pub use cifar::from_cifar_python;
pub use error::ArraysError;
pub use format::{CIFAR_10, CIFAR_100, MATLAB, NUMPY};
pub use mat::{MatError, from_mat};
pub use npy::NpyError;
pub use numpy::from_numpy;
pub use pickle::PickleError;
pub use sparse::SparseError;
pub use what_is::{Kind, what_is, what_is_at};

pub use super::listed::Listed;
pub use super::values::Values;
pub use crate::data::read_config::{Layout, ValueKind};

/// Whether bytes are a `.npy` file.
pub(super) fn is_npy(bytes: &[u8]) -> bool {
    bytes.starts_with(npy::MAGIC)
}

/// The elements of a `.npy` file of one dimension, as texts.
pub(super) fn elements(mut bytes: &[u8]) -> Result<Vec<String>, ArraysError> {
    let place = "the array".to_owned();
    let array =
        npy::parse(&place, &mut bytes).map_err(|reason| ArraysError::Npy { place, reason })?;
    columns::elements(&array)
}

/// Labelled rows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The rows.
    pub values: Values,
    /// The class of each row, an index into [`Arrays::classes`].
    pub labels: Vec<u32>,
    /// A name for each row, if there was such an array. No two are the same.
    pub ids: Option<Vec<String>>,
    /// Whom each row belongs to, if there was such an array.
    pub groups: Option<Vec<Option<String>>>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Arrays {
    /// The training part.
    pub train: Part,
    /// The test part; without one, the caller splits.
    pub test: Option<Part>,
    /// The validation part.
    pub validation: Option<Part>,
    /// The names of the classes, in the order of their numbers.
    pub classes: Vec<String>,
    /// How values and labels were read, to read others in the same way.
    pub reading: ArrayReading,
    /// What was guessed, one line each.
    pub notes: Vec<String>,
}

/// What the user says where the arrays leave it open.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct ArrayOptions {
    /// Where the channels are.
    pub layout: Option<Layout>,
    /// Whether `[n, d]` holds pictures or features.
    pub meaning: Option<ValueKind>,
}

/// How arrays were read. Others that are read with it are treated in the same way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ArrayReading {
    /// How values are read.
    pub values: ValueReading,
    /// The label of each class as the arrays have it, as text.
    pub labels: Vec<String>,
    /// The name of each class.
    pub classes: Vec<String>,
}

/// How values are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueReading {
    /// As pixels.
    Pixels {
        /// Channels, height, width.
        shape: [usize; 3],
        /// Where the channels are, if a row is one list of numbers or has them in two places.
        layout: Option<Layout>,
        /// What the largest value is.
        scale: Scale,
    },
    /// As features.
    Features {
        /// The number of columns in the array.
        columns: usize,
        /// The columns that are not constant in the training part, from 0.
        kept: Vec<usize>,
        /// The mean of each kept column in the training part.
        mean: Vec<f64>,
        /// The standard deviation of each kept column in the training part.
        deviation: Vec<f64>,
    },
}

/// The range of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// From 0 to 1.
    Unit,
    /// Whole numbers from 0 to 255.
    Byte,
    /// Whole numbers from 0 to 65535.
    Sixteen,
}

#[cfg(test)]
mod tests;
