//! The commands about results: `report`, `verify` and `explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ugradsl::{device::DeviceChoice, evaluate::Measure};

use super::common::{device, measure};

/// Formats of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// An aligned table.
    Text,
    /// One line per run, comma-separated.
    Csv,
    /// The whole report.
    Json,
    /// A tabular environment with means and deviations.
    Latex,
    /// The whole report as readable text.
    Markdown,
    /// A self-contained page with plots.
    Html,
}

impl Format {
    /// The format that the ending of a file's name promises.
    pub(crate) fn of_name(path: &std::path::Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "tex" => Some(Self::Latex),
            "md" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// A report.json, or the record of a deletion (JSON).
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Format of the output; by default that of the ending of --out, else text.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// File to write to instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A report.json, or the record of a deletion (JSON), which is checked against its network's
    /// file.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Also run the whole experiment again, and compare.
    #[arg(long)]
    pub(crate) replay: bool,
    /// Folder with the models, if it is not the report's.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) models: Option<PathBuf>,
    /// Points by which figures may differ (0.01 for figures of the order of 1); by default 0 on
    /// the report's device and platform, elsewhere 1.
    #[arg(long, value_name = "POINTS")]
    pub(crate) tolerance: Option<f64>,
    /// Where to run; by default on the device that the report names.
    #[arg(long, value_name = "DEVICE", value_parser = device())]
    pub(crate) device: Option<DeviceChoice>,
    /// Folder with data sets, one folder per data set.
    #[arg(long, env = "UGRADSL_DATA", hide_env_values = true, value_name = "FOLDER")]
    pub(crate) data_root: Option<PathBuf>,
    /// Print one JSON object on stdout instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Which measure; by default all of them, one per line.
    #[arg(value_name = "MEASURE", value_parser = measure(), ignore_case = true)]
    pub(crate) measure: Option<Measure>,
    /// Print one JSON object on stdout.
    #[arg(long)]
    pub(crate) json: bool,
}
