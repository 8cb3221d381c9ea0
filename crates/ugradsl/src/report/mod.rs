//! The record of an experiment: everything needed to read, repeat and doubt it.
//!
//! One [`Report`] value; JSON and CSV are for programs, Markdown, LaTeX and a self-contained HTML
//! page for readers. All show the same numbers, and their columns derive from
//! [`Figure`](crate::evaluate::Figure).

mod checksum;
#[cfg(feature = "html")]
mod csv;
mod fields;
mod gates;
#[cfg(feature = "html")]
mod html;
mod latex;
mod markdown;
#[cfg(feature = "html")]
mod plots;
mod rows;
mod spread;
mod spreads;
mod summary;
mod sweep;
mod table;
mod verify;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use gates::{Gate, check_gates};
pub use spread::Spread;
pub use spreads::Spreads;
pub use summary::{Summary, summarise};
pub use sweep::{SweepCell, SweepReport};
pub use verify::{Difference, TOLERANCE, Verification, compare_replay, verify};

use crate::{
    device::DeviceInfo,
    experiment::{Experiment, ExperimentConfig, ExperimentError, RunRecord},
    models::NetworkSpec,
    train::Plan,
};

/// Version of the JSON form; raised when a field changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// Why a report cannot be rendered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A value has no JSON form, or a text is not a report.
    #[error("not the JSON of a report: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON of another kind.
    #[error("not a report: it has no `schema_version`, or no `runs`")]
    NotAReport,
    /// The report is of another version.
    #[error("schema_version is {found}, this program reads {SCHEMA_VERSION}")]
    Schema {
        /// What the report says.
        found: String,
    },
    /// A network that the report names could not be measured.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// The page's template could not be filled.
    #[cfg(feature = "html")]
    #[error("the page could not be written: {0}")]
    Template(#[from] askama::Error),
    /// The lines of a CSV file could not be written.
    #[cfg(feature = "html")]
    #[error("the CSV could not be written: {0}")]
    Csv(#[from] ::csv::Error),
    /// A plot could not be drawn.
    #[cfg(feature = "html")]
    #[error("a plot could not be drawn: {0}")]
    Plot(String),
}

/// Where and with what an experiment ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Environment {
    /// Version of this crate.
    pub version: String,
    /// The device.
    pub device: DeviceInfo,
    /// Operating system and processor architecture.
    pub platform: String,
    /// SHA-256 of the data: shapes, labels and pixels.
    pub data: String,
}

/// What one has to know of the data to read the figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DataFacts {
    /// What the classes are called; empty where they are called by their numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// What was guessed or changed when the data were read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Exact copies of forgotten rows that stay, by request: nothing can be forgotten that is
    /// still taught, and nothing is tested on rows that were seen.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub copies: BTreeMap<String, String>,
}

impl DataFacts {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn of<S: NetworkSpec>(experiment: &Experiment<S>) -> Self {
        let dataset = experiment.dataset();
        let classes = match dataset.class_names.are_numbers() {
            true => Vec::new(),
            false => dataset.class_names.all().to_vec(),
        };
        let copies = experiment.copies().iter().filter(|(_, copies)| !copies.is_empty());
        Self {
            classes,
            notes: dataset.notes.clone(),
            copies: copies.map(|(name, copies)| (name.clone(), copies.to_string())).collect(),
        }
    }
}

/// An experiment and what came out of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// [`SCHEMA_VERSION`]
    pub schema_version: u32,
    /// The config with everything filled in: running it again gives these numbers.
    pub config: ExperimentConfig,
    /// Plans of one's own that took part, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub plans: BTreeMap<String, Plan>,
    /// Where it ran.
    pub environment: Environment,
    /// What one has to know of the data.
    #[serde(default, skip_serializing_if = "DataFacts::is_empty")]
    pub data: DataFacts,
    /// One row per run, percentages as 0..100, absent values as null.
    pub runs: Vec<RunRecord>,
    /// One row per method: means and deviations over its runs.
    pub summary: Vec<Summary>,
    /// The gates of the recipe and whether they hold.
    pub gates: Vec<Gate>,
    /// What the figures do not show.
    #[serde(default)]
    pub not_proven: String,
    /// SHA-256 over all of the above as [`to_json`](Self::to_json) writes it, which fills it in;
    /// the last field.
    #[serde(default)]
    pub digest: String,
}

impl Report {
    /// The report of what `experiment` has finished so far.
    pub fn new<S: NetworkSpec>(experiment: &Experiment<S>) -> Self {
        let (config, runs) = (experiment.config().clone(), experiment.records().to_vec());
        let summary = summarise(&runs);
        Self {
            schema_version: SCHEMA_VERSION,
            gates: check_gates(&config.expect, &runs, &summary),
            environment: Environment {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                device: experiment.device().info().clone(),
                platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
                data: experiment.data_digest().to_owned(),
            },
            data: DataFacts::of(experiment),
            not_proven: rows::not_proven(config.retrain),
            config,
            plans: experiment.plans().clone(),
            runs,
            summary,
            digest: String::new(),
        }
    }

    /// What gaps are measured against where no network was retrained, one sentence per request and
    /// seed; empty where one was.
    pub fn expected(&self) -> Vec<String> {
        rows::expected(self)
    }

    /// Methods that end further from the retrained network than the untouched original, one
    /// sentence each.
    pub fn worse_than_original(&self) -> Vec<String> {
        rows::worse(self)
    }

    /// Whether every gate holds.
    pub fn passed(&self) -> bool {
        self.gates.iter().all(|gate| gate.holds)
    }
}
