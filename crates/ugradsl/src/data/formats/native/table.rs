//! Tables as people have them: CSV, TSV, semicolons, JSON lines.
//!
//! A column is a feature only if nothing speaks against it: ids, people, times and weights would be
//! learnt by heart, so they are refused until somebody says what they are. What is guessed is said
//! in a note; what is ambiguous is refused with all readings.
//!
//! The training table decides how both tables are read. The decision is a [`TableReading`], by
//! which later tables are read in the same way.

mod apply;
mod cells;
mod cut;
mod decode;
mod error;
mod features;
mod fit;
mod format;
mod grid;
mod heading;
mod json_lines;
mod labels;
mod listed;
mod missing;
mod number;
mod pixels;
mod quotes;
mod reading;
mod roles;
mod separator;
mod suspects;
mod values;

use std::path::Path;

pub use self::error::{Part, Problem, TableError, TableFileError};
pub use self::format::FORMAT;
pub use self::listed::Listed;
pub use self::reading::{FeatureReading, How, TableReading, ValuesReading};
use super::arrays::{Kind, what_is};
pub use super::values::Values;
pub use crate::data::read_config::{Missing, ValueKind};

/// What columns are for, as far as headings do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableOptions {
    /// The column of labels; without headings `first`, `last` or a number from 0.
    pub label: Option<String>,
    /// The column that names rows.
    pub id: Option<String>,
    /// The column that says whom a row belongs to.
    pub group: Option<String>,
    /// Columns that are not learnt from.
    pub ignore: Vec<String>,
    /// Columns that are learnt from although they do not look like it.
    pub features: Vec<String>,
    /// The column of texts, if texts are what is learnt from.
    pub text: Option<String>,
    /// How columns of numbers are read, if not by their look.
    pub kind: Option<ValueKind>,
    /// What to do with missing values; without it they are refused.
    pub missing: Option<Missing>,
}

/// The rows of one table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TablePart {
    /// What is learnt from.
    pub values: Values,
    /// The class of each row.
    pub labels: Vec<u32>,
    /// The name of each row, each different.
    pub ids: Option<Vec<String>>,
    /// Whom each row belongs to, if anybody.
    pub groups: Option<Vec<Option<String>>>,
    /// Columns as they are written, to choose rows by.
    pub columns: Vec<(String, Vec<String>)>,
}

/// The tables of a data set.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Tables {
    /// The rows to train on.
    pub train: TablePart,
    /// The rows to test on.
    pub test: Option<TablePart>,
    /// The label of each class.
    pub classes: Vec<String>,
    /// How the tables were read.
    pub reading: TableReading,
    /// What was guessed or left out, a line each.
    pub notes: Vec<String>,
    /// Whether rows of the training table were left out, so that others have other numbers.
    pub renumbered: bool,
}

/// Tables from the bytes of files. With a `reading`, they are read exactly by it.
///
/// # Errors
/// When a table is damaged, or it is not clear how to read it; the error says what to do.
pub fn parse(
    train: &[u8],
    test: Option<&[u8]>,
    options: &TableOptions,
    reading: Option<&TableReading>,
) -> Result<Tables, TableError> {
    let mut notes = Vec::new();
    let mut load =
        |part, bytes| stage(part, &mut notes, |notes| fit::load(bytes, options, reading, notes));
    let train = load(Part::Training, train)?;
    let test = test.map(|test| load(Part::Test, test)).transpose()?;
    let rows = train.rows();
    let fitted = stage(Part::Training, &mut notes, |notes| match reading {
        Some(reading) => {
            roles::check_names(&train, test.as_ref(), options)?;
            Ok((apply::with_options(reading, options)?, train))
        }
        None => fit::fit(train, test.as_ref(), options, notes),
    });
    let (exact, train) = fitted?;
    let mut part = |part, grid| stage(part, &mut notes, |notes| apply::apply(grid, &exact, notes));
    let train = part(Part::Training, train)?;
    let test = test.map(|test| part(Part::Test, test)).transpose()?;
    let reading = reading.cloned().unwrap_or(exact);
    let renumbered = train.labels.len() < rows;
    Ok(Tables { train, test, classes: reading.classes.clone(), reading, notes, renumbered })
}

/// Runs a step on one table; its notes and errors name the table.
fn stage<T>(
    part: Part,
    notes: &mut Vec<String>,
    step: impl FnOnce(&mut Vec<String>) -> Result<T, Problem>,
) -> Result<T, TableError> {
    let mut new = Vec::new();
    let result = step(&mut new).map_err(|problem| TableError { part, problem });
    for note in new.iter().map(|note| format!("{part} table: {note}")) {
        // What is decided by the training table is found again when it is read.
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    result
}

/// Tables from files. With a `reading`, they are read exactly by it.
///
/// # Errors
/// When a file cannot be read, or for the reasons of [`parse`]; the error names the file.
pub fn read(
    train: &Path,
    test: Option<&Path>,
    options: &TableOptions,
    reading: Option<&TableReading>,
) -> Result<Tables, TableFileError> {
    let bytes = |path: &Path| {
        let failed = |reason| TableFileError::Read { path: path.to_owned(), reason };
        std::fs::read(path).map_err(failed)
    };
    let train_bytes = bytes(train)?;
    let test_bytes = test.map(bytes).transpose()?;
    parse(&train_bytes, test_bytes.as_deref(), options, reading).map_err(|error| {
        let TableError { part, problem } = error;
        let (path, bytes) = match (part, test, &test_bytes) {
            (Part::Test, Some(test), Some(bytes)) => (test.to_owned(), bytes),
            _ => (train.to_owned(), &train_bytes),
        };
        match what_is(bytes) {
            // A table may be packed.
            None | Some(Kind::Gzip(_)) => TableFileError::Table { path, part, problem },
            Some(kind) => TableFileError::Other { path, kind, problem: Box::new(problem) },
        }
    })
}

#[cfg(test)]
mod tests;
