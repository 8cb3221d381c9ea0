//! The commands that start from scratch: `demo` and `train`.

use std::path::PathBuf;

use clap::Args;
use ugradsl::models::Architecture;

use super::common::{CommonArgs, OnnxArgs, SingleArgs, architecture, seed};

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
    /// File for the trained network: safetensors, or ONNX for a network from an ONNX file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which network to train.
    #[arg(long, value_name = "NAME", value_parser = architecture())]
    pub(crate) architecture: Option<Architecture>,
    /// A network in an ONNX file: it is trained further, from the weights in the file.
    #[arg(long, value_name = "FILE.onnx", conflicts_with = "architecture")]
    pub(crate) model: Option<PathBuf>,
    /// Begin with fresh weights instead of those in the file.
    #[arg(long, requires = "model")]
    pub(crate) from_scratch: bool,
    /// How the pixels (0 to 1) are normalised before they enter the network of the file, e.g.
    /// 0.485,0.456,0.406/0.229,0.224,0.225; by default as is usual for the data set.
    #[arg(long, value_name = "MEANS/STDS", requires = "model")]
    pub(crate) normalisation: Option<String>,
    #[command(flatten)]
    pub(crate) onnx: OnnxArgs,
    /// Continue where an interrupted run stopped.
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}
