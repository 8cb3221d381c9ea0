//! What can be wrong with a table.

use std::fmt;

use thiserror::Error;

use crate::data::image_set::ImageSetError;

/// Why a table is not a data set. Rows are counted from 0, as in forget requests; the line of names
/// does not count.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file breaks off or its compressed stream is damaged.
    #[error("reading failed: {reason}")]
    Read {
        /// What the decoder or the system says.
        reason: csv::Error,
    },
    /// Not one cell per column.
    #[error("row {row} has {found} cells, but there are {expected} columns")]
    Ragged {
        /// The row.
        row: usize,
        /// Cells of this row.
        found: u64,
        /// Cells of the first line.
        expected: u64,
    },
    /// No column has the labels.
    #[error(
        "the first line must name the columns, one of them `label`, but it begins with {first}: \
         put a line of names on top"
    )]
    NoLabel {
        /// How the first line begins.
        first: String,
    },
    /// Nothing but labels.
    #[error("there is no column of values besides `label`")]
    NoValues,
    /// Two columns with the same name.
    #[error("several columns are called `{name}`")]
    Twice {
        /// The name.
        name: &'static str,
    },
    /// Rows have no other number than their position.
    #[error(
        "column {at} is called `id`, but rows are numbered by their position, from 0: remove it, \
         or rows could be forgotten by the wrong number"
    )]
    Id {
        /// Number of the column.
        at: usize,
    },
    /// A column without a name, such as a saved index.
    #[error("column {at} has no name (a saved index? pandas leaves it out with index=False)")]
    Unnamed {
        /// Number of the column.
        at: usize,
    },
    /// A cell that is not a label.
    #[error("row {row}: `{text}` is not a label: labels are whole numbers from 0 to 65535")]
    Label {
        /// The row.
        row: usize,
        /// The text found, cut after 40 bytes.
        text: String,
    },
    /// A group that is not text.
    #[error("row {row}: the group is not UTF-8 text")]
    Group {
        /// The row.
        row: usize,
    },
    /// A value that is not a number.
    #[error("row {row}, column `{column}`: `{text}` is not a number")]
    Number {
        /// The row.
        row: usize,
        /// Name of the column.
        column: String,
        /// The text found, cut after 40 bytes.
        text: String,
    },
    /// Training and test rows have different columns.
    #[error(
        "value {} of a row is {} in the training table, but {} in the test table",
        at + 1, named(train), named(test)
    )]
    Columns {
        /// Number of the value, from 0.
        at: usize,
        /// Its name in the training table.
        train: Option<String>,
        /// Its name in the test table.
        test: Option<String>,
    },
    /// Values that fit neither way of reading them.
    #[error(
        "the values are neither all whole numbers from 0 to 255 ({}) nor all between 0 and 1 ({}): \
         scale them to one of the two",
        .0.0, .0.1
    )]
    Values(Box<(Misfit, Misfit)>),
    /// The rows do not make a set.
    #[error(transparent)]
    ImageSet(ImageSetError),
}

/// The first value that does not fit a way of reading them.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    /// `training` or `test`.
    pub part: &'static str,
    /// The row.
    pub row: usize,
    /// Name of the column.
    pub column: String,
    /// The value.
    pub value: f64,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, row, column, value } = self;
        write!(f, "{value} in row {row} of the {part} table, column `{column}`")
    }
}

fn named(column: &Option<String>) -> String {
    column.as_ref().map_or("missing".to_owned(), |name| format!("`{name}`"))
}

impl TableError {
    /// An error at a row, as counted by the caller: blank lines mislead the reader's own count.
    pub(super) fn at(row: usize) -> impl FnOnce(csv::Error) -> Self {
        move |reason| match *reason.kind() {
            csv::ErrorKind::UnequalLengths { expected_len: expected, len: found, .. } => {
                Self::Ragged { row, found, expected }
            }
            _ => Self::Read { reason },
        }
    }
}
