//! The parts of a record.

use serde::{Deserialize, Serialize};

use super::wire::{figure, maybe};

/// The outcomes that a record knows, as they are written.
pub const VERDICTS: [&str; 5] = ["reached", "partly", "not-forgotten", "harmed", "nothing-to-do"];

/// Who asked, in the words of whoever filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct Asked {
    /// The person or office that asked.
    pub by: Option<String>,
    /// The number of the case.
    pub number: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it was asked.
    pub date: Option<String>,
}

/// What a row is, so that a page can call it by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Pictures.
    Pictures,
    /// Texts.
    Texts,
    /// Rows of a table, or of a kind that is not known.
    #[default]
    Rows,
}

/// The data that the network was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct DataFacts {
    /// Its name.
    pub name: String,
    /// What its rows are.
    #[serde(default)]
    pub kind: Kind,
    /// Rows that the network was trained on, the forgotten ones among them.
    pub training_rows: usize,
    /// Rows that it is tested on.
    pub test_rows: usize,
    /// The classes, each with its training rows.
    pub classes: Vec<(String, usize)>,
    /// SHA-256 of the data.
    pub digest: String,
    /// What was guessed when the data were read.
    pub notes: Vec<String>,
}

/// A row to forget.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct RowFacts {
    /// Its number in the training part.
    pub row: u32,
    /// Its name, such as that of its file.
    pub name: Option<String>,
    /// Its class.
    pub class: String,
    /// SHA-256 of its content.
    pub digest: String,
    /// The row that it is an exact copy of.
    pub copy_of: Option<String>,
}

/// Exact copies of forgotten rows that stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct Copies {
    /// In the training part.
    pub retained: usize,
    /// In the test part.
    pub test: usize,
}

/// How the network was changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct Done {
    /// The method.
    pub method: String,
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// Steps taken.
    pub steps: usize,
    /// Wall time.
    #[serde(with = "figure")]
    pub seconds: f64,
    /// The device.
    pub device: String,
    /// The program and its version: `ugradsl 0.1.0`.
    pub program: String,
    /// When, in seconds since 1970 (UTC).
    pub unix_time: Option<u64>,
}

/// What became of the request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct Outcome {
    /// One of [`VERDICTS`]. Anything else counts as not fulfilled.
    pub verdict: String,
    /// The finding in the words of the program.
    pub words: String,
    /// Accuracy in per cent that is expected on the rows of a network that never saw them.
    #[serde(with = "maybe")]
    pub expected: Option<f64>,
    /// How many points the expectation may be off, where it is an estimate.
    #[serde(with = "maybe")]
    pub uncertainty: Option<f64>,
}

impl Outcome {
    /// Whether the request is fulfilled.
    pub fn is_fulfilled(&self) -> bool {
        matches!(self.verdict.as_str(), "reached" | "nothing-to-do")
    }
}

/// What was measured on a network, in per cent. A figure that is not known is not a number (NaN);
/// in JSON it is `null`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct Figures {
    /// Accuracy on the rows to forget.
    #[serde(with = "figure")]
    pub forgotten: f64,
    /// Share of the rows to forget that a membership attack takes for rows of the training: 100
    /// less the MIA of reports, which counts the others.
    #[serde(with = "figure")]
    pub attack: f64,
    /// Accuracy on the training rows that stay.
    #[serde(with = "figure")]
    pub retained: f64,
    /// Accuracy on the test rows.
    #[serde(with = "figure")]
    pub test: f64,
}

/// The files of the network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::exhaustive_structs, reason = "the caller fills in every field")]
pub struct ModelFacts {
    /// The file with the changed network.
    pub file: String,
    /// SHA-256 of the weights before.
    pub weights_before: String,
    /// SHA-256 of the weights after.
    pub weights_after: String,
    /// Which entry of the file's ledger this request is, from 1.
    pub ledger_entry: usize,
    /// Requests in the ledger.
    pub requests_so_far: usize,
    /// Rows of all requests together.
    pub rows_so_far: usize,
}
