//! The record of a request to forget: one page for whoever answers for the protection of data, and
//! the same as JSON, which can be signed and checked.

mod facts;
mod figures;
mod json;
mod not_proven;
mod page;
mod private;
mod story;
mod wire;

use serde::{Deserialize, Serialize};

pub use facts::{
    Asked, Copies, DataFacts, Done, Figures, Kind, ModelFacts, Outcome, RowFacts, VERDICTS,
};
pub use json::RecordError;
pub use not_proven::not_proven;

/// Version of the JSON form; raised when a field changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// What was asked, what was done, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct DeletionRecord {
    /// [`SCHEMA_VERSION`]
    pub schema_version: u32,
    /// Who asked for it. Free text.
    pub asked: Asked,
    /// The request as typed, such as `class:cat`.
    pub request: String,
    /// The data whose rows they are.
    pub data: DataFacts,
    /// The rows to forget.
    pub rows: Vec<RowFacts>,
    /// How many of them there are of each class.
    pub per_class: Vec<(String, usize)>,
    /// Exact copies of them that stay.
    pub copies: Copies,
    /// Whether names of rows are withheld. They are then neither shown nor written.
    pub private: bool,
    /// What was done.
    pub done: Done,
    /// What came of it.
    pub outcome: Outcome,
    /// The network before.
    pub before: Figures,
    /// The network after.
    pub after: Figures,
    /// A network that never saw the rows, retrained or estimated.
    pub read_against: Option<Figures>,
    /// Which of the two it is: `a network retrained without these rows`.
    pub read_against_is: String,
    /// What the figures do not show. [`not_proven()`] makes the usual list.
    pub not_proven: Vec<String>,
    /// The files of the network.
    pub model: ModelFacts,
    /// Commands that check the record.
    pub check: Vec<String>,
}

#[cfg(test)]
mod tests;
