//! What can be wrong with a table.

use std::fmt;

use thiserror::Error;

use crate::data::image_set::ImageSetError;

/// Why a table is not a data set. Rows count from 0, as they do in forget requests; the line of names is
/// none.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file breaks off or its compressed stream is damaged.
    #[error("reading failed: {reason}")]
    Read {
        /// What the decoder or the system says.
        reason: csv::Error,
    },
    /// Not one cell a column.
    #[error("row {row} has {found} cells, but there are {expected} columns")]
    Ragged {
        /// The row.
        row: usize,
        /// Cells of this row.
        found: u64,
        /// Cells of the first line.
        expected: u64,
    },
    /// No column says what the rows are.
    #[error(
        "the first line must name the columns, one of them `label`, but it begins with {first}: put a line \
         of names on top"
    )]
    NoLabel {
        /// How the first line begins.
        first: String,
    },
    /// Nothing but labels.
    #[error("there is no column of values beside `label`")]
    NoValues,
    /// Two columns for the same.
    #[error("there are several columns `{name}`")]
    Twice {
        /// The name.
        name: &'static str,
    },
    /// Rows have no other number than their position.
    #[error(
        "column {at} is called `id`, but rows go by their position, from 0: take it out, lest rows be \
         forgotten by the wrong number"
    )]
    Id {
        /// Number of the column.
        at: usize,
    },
    /// A column without a name, as an index that was saved along.
    #[error(
        "column {at} has no name (an index that was saved along? pandas leaves it out with index=False)"
    )]
    Unnamed {
        /// Number of the column.
        at: usize,
    },
    /// A label that is none.
    #[error("row {row}: `{text}` is no label, which is a whole number from 0 to 65535")]
    Label {
        /// The row.
        row: usize,
        /// What stands there, cut after 40 bytes.
        text: String,
    },
    /// A group that is not text.
    #[error("row {row}: the group is not UTF-8 text")]
    Group {
        /// The row.
        row: usize,
    },
    /// A value that is no number.
    #[error("row {row}, column `{column}`: `{text}` is no number")]
    Number {
        /// The row.
        row: usize,
        /// Name of the column.
        column: String,
        /// What stands there, cut after 40 bytes.
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
    /// Values that nobody said how to read.
    #[error(
        "the values are neither all whole numbers from 0 to 255 ({}) nor all between 0 and 1 ({}): scale \
         them to one of the two",
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
    /// What went wrong at a row. Rows are counted here: the reader's own lines go astray with blank ones.
    pub(super) fn at(row: usize) -> impl FnOnce(csv::Error) -> Self {
        move |reason| match *reason.kind() {
            csv::ErrorKind::UnequalLengths { expected_len: expected, len: found, .. } => {
                Self::Ragged { row, found, expected }
            }
            _ => Self::Read { reason },
        }
    }
}
