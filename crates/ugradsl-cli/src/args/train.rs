//! The commands that start from scratch: `demo` and `train`.

use std::path::PathBuf;

use clap::Args;
use ugradsl::models::Architecture;

use super::common::{CommonArgs, SingleArgs, architecture, seed};

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Forget this class (0 to 9).
    #[arg(long, conflicts_with = "random", value_name = "CLASS")]
    pub(crate) class: Option<u32>,
    /// Forget a random share of the training set, e.g. 10%.
    #[arg(long, value_name = "SHARE")]
    pub(crate) random: Option<String>,
    /// Seed for initial weights, shuffling and random draws.
    #[arg(long, value_name = "N", value_parser = seed())]
    pub(crate) seed: Option<u64>,
    /// Folder for models and report.
    #[arg(long, default_value = "ugradsl-out", value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Continue where an interrupted run stopped.
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// File for the trained network (safetensors).
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which network to train.
    #[arg(long, value_name = "NAME", value_parser = architecture())]
    pub(crate) architecture: Option<Architecture>,
    /// Continue where an interrupted run stopped.
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}
