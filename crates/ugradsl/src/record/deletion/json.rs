//! The record as JSON.

use std::collections::BTreeSet;

use serde::Deserialize;
use thiserror::Error;

use super::{DeletionRecord, SCHEMA_VERSION, VERDICTS};

/// Why a text is not a record.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The text is not JSON, or lacks a field.
    #[error("not the JSON of a deletion record: {source}")]
    Json {
        /// What is wrong, with line and column.
        #[from]
        source: serde_json::Error,
    },
    /// The record is of another version.
    #[error("schema_version is {found}, this program reads {SCHEMA_VERSION}")]
    Schema {
        /// What the record says.
        found: u64,
    },
    /// The outcome is not one of those that there are.
    #[error("outcome.verdict is {found:?}, which is not one of {}", VERDICTS.join(", "))]
    Verdict {
        /// What the record says.
        found: String,
    },
    /// The counts of the classes and the rows are not of one request.
    #[error(
        "per_class counts {} rows, but rows lists {listed}: the record was changed by hand",
        .counted.map_or_else(|| "too many".to_owned(), |sum| sum.to_string())
    )]
    Counts {
        /// Sum over the classes; `None` if it is too large for a number.
        counted: Option<usize>,
        /// Rows that are listed.
        listed: usize,
    },
    /// A row is listed twice.
    #[error("rows lists these numbers more than once: {rows}")]
    Twice {
        /// Up to ten of them, and how many more there are.
        rows: String,
    },
    /// A private record names rows.
    #[error(
        "the record is private, but {count} of its rows have a name: it was not made by this program"
    )]
    Named {
        /// How many.
        count: usize,
    },
}

/// The one field that says how the others are to be read.
#[derive(Deserialize)]
struct Version {
    schema_version: u64,
}

impl DeletionRecord {
    /// The record as JSON, the same bytes for the same record. If it is private, names of rows are
    /// left out.
    pub fn to_json(&self) -> String {
        // A record has no maps and no numbers that JSON lacks: writing it cannot fail.
        let json = serde_json::to_string_pretty(&self.withheld()).unwrap_or_default();
        json + "\n"
    }

    /// A record from its JSON.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if it is of another version, or contradicts itself.
    pub fn from_json(text: &str) -> Result<Self, RecordError> {
        let Version { schema_version: found } = serde_json::from_str(text)?;
        if found != u64::from(SCHEMA_VERSION) {
            return Err(RecordError::Schema { found });
        }
        let record: Self = serde_json::from_str(text)?;
        record.check_outcome()?;
        record.check_rows()?;
        Ok(record)
    }

    fn check_outcome(&self) -> Result<(), RecordError> {
        let verdict = &self.outcome.verdict;
        match VERDICTS.contains(&verdict.as_str()) {
            true => Ok(()),
            false => Err(RecordError::Verdict { found: verdict.clone() }),
        }
    }

    fn check_rows(&self) -> Result<(), RecordError> {
        let listed = self.rows.len();
        let sum = |sum: usize, (_, rows): &(String, usize)| sum.checked_add(*rows);
        let counted = self.per_class.iter().try_fold(0, sum);
        if counted != Some(listed) {
            return Err(RecordError::Counts { counted, listed });
        }
        let mut seen = BTreeSet::new();
        let twice: BTreeSet<u32> =
            self.rows.iter().map(|row| row.row).filter(|row| !seen.insert(*row)).collect();
        if !twice.is_empty() {
            return Err(RecordError::Twice { rows: first_ten(&twice) });
        }
        let count = self.rows.iter().filter(|row| row.name.is_some()).count();
        if self.private && count > 0 {
            return Err(RecordError::Named { count });
        }
        Ok(())
    }
}

fn first_ten(rows: &BTreeSet<u32>) -> String {
    let first: Vec<String> = rows.iter().take(10).map(u32::to_string).collect();
    match rows.len().saturating_sub(10) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
