//! The commands that run many networks: `compare`, `sweep` and `audit`.

use std::path::PathBuf;

use clap::Args;
use ugradsl::{evaluate::MIN_SHADOWS, unlearn::Method};

use super::{
    common::{CommonArgs, DataArgs, OnnxArgs, forget, method, seed},
    report::Format,
};

/// What to compare; overrides the recipe.
#[derive(Debug, Args)]
pub(crate) struct ChoiceArgs {
    /// Methods to compare. The original and the retrained network are always included.
    #[arg(long, value_delimiter = ',', value_name = "A,B", value_parser = method())]
    pub(crate) methods: Vec<Method>,
    /// Seeds, e.g. 0,1,2.
    #[arg(long, value_delimiter = ',', value_name = "N,M", value_parser = seed())]
    pub(crate) seeds: Vec<u64>,
    /// What to forget. Repeatable: each request is a comparison of its own.
    #[arg(long, value_name = "REQUEST", value_parser = forget())]
    pub(crate) forget: Vec<String>,
    /// Start from this trained network instead of training one: a ugradsl model file, any
    /// classifier exported to ONNX, another safetensors file, or one from `torch.save`. For the
    /// last two the recipe's `architecture` says which network it is.
    #[arg(long, value_name = "FILE")]
    pub(crate) original: Option<PathBuf>,
    /// Skip retraining. Gaps are then measured against an estimate of the retrained network,
    /// derived from the original's predictions.
    #[arg(long)]
    pub(crate) no_retrain: bool,
    #[command(flatten)]
    pub(crate) onnx: OnnxArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// Folder for models, records and report; without it only the table is printed.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Continue where an interrupted comparison stopped (needs --out); finished runs are not
    /// repeated.
    #[arg(long, requires = "out")]
    pub(crate) resume: bool,
    /// Format of the table on stdout.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    /// A setting and the values it takes, e.g. ugradsl-plus.alpha=-0.25,-0.5,-1 or
    /// forget=random:1%,random:10%. Repeatable: every combination is a cell. Replaces a recipe's
    /// axis (`[[sweep]]`) of the same key; a key that another flag also sets is refused.
    #[arg(long, value_name = "KEY=A,B")]
    pub(crate) over: Vec<String>,
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// Folder for the table, the heat maps, and one folder per cell; finished runs in it are not
    /// repeated.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// What to forget. A random share is drawn once, with the first seed.
    #[arg(long, value_name = "REQUEST", value_parser = forget())]
    pub(crate) forget: String,
    /// Unlearning method.
    #[arg(
        long,
        default_value = Method::UGradSlPlus.name(),
        value_name = "NAME",
        value_parser = method(),
    )]
    pub(crate) method: Method,
    /// Audit networks like the one in this file instead of `architecture`: of its architecture or
    /// ONNX graph, trained as the file says. Its weights are not used.
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Shadow pairs, 3 to 64; each takes a training, a retraining and an unlearning run.
    #[arg(
        long,
        default_value = "5",
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(MIN_SHADOWS as u64..=64),
    )]
    pub(crate) shadows: u64,
    /// Seed of the first pair; each further pair has the next seed.
    #[arg(
        long,
        default_value = "0",
        value_name = "N",
        value_parser = clap::value_parser!(u64).range(..=u64::from(u32::MAX)),
    )]
    pub(crate) seed: u64,
    /// Folder for models and records.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Continue where an interrupted audit stopped (needs --out); finished runs are not repeated.
    #[arg(long, requires = "out")]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(flatten)]
    pub(crate) onnx: OnnxArgs,
}
