//! The arguments of the command line, one file per group of commands.

mod common;
mod compare;
mod data;
mod read;
mod report;
mod train;
mod unlearn;

use clap::{Parser, Subcommand};

pub(crate) use self::{
    common::{CommonArgs, DataArgs, ModelArgs, OnnxArgs, SingleArgs},
    compare::{AuditArgs, ChoiceArgs, CompareArgs, SweepArgs},
    data::{CompletionsArgs, DataCommand, DoctorArgs, FetchArgs, ListArgs, ShowArgs},
    read::ReadArgs,
    report::{ExplainArgs, Format, ReportArgs, VerifyArgs},
    train::{DemoArgs, TrainArgs},
    unlearn::{AdviseArgs, EvaluateArgs, Part, PredictArgs, RecordArgs, UnlearnArgs},
};

/// Make a trained classifier forget some of its training data, and measure how close the result is
/// to a network retrained without them.
#[derive(Debug, Parser)]
#[command(
    name = "ugradsl",
    version,
    about,
    after_help = "Settings, later over earlier: defaults, the command's own presets, the recipe, \
then flags, --set and the values of a sweep's axes. A key that two of the last three set is \
refused.\n\n\
Exit codes: 0 done, 1 done but a gate failed or a request to forget is not fulfilled, 2 usage \
or config, 3 unreadable data or model, 4 no usable device, 101 internal error, 130 interrupted with the checkpoint written."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train a small network on real images, make it forget, and compare it with retraining; takes
    /// a few minutes.
    Demo(DemoArgs),
    /// Compare unlearning methods over seeds against retraining from scratch.
    Compare(CompareArgs),
    /// Run a comparison for every combination of some settings: a table and heat maps.
    Sweep(SweepArgs),
    /// Train a network and save it.
    Train(TrainArgs),
    /// Make a saved network forget.
    Unlearn(UnlearnArgs),
    /// Measure a saved network, optionally against a retrained one.
    Evaluate(EvaluateArgs),
    /// Attack unlearned networks example by example with shadow networks (U-LiRA).
    Audit(AuditArgs),
    /// Say what a measure means, how to read it and where it misleads.
    Explain(ExplainArgs),
    /// Write a saved network's logits for every row as a table.
    Predict(PredictArgs),
    /// Render a report.json as text, Markdown, HTML, CSV or LaTeX.
    Report(ReportArgs),
    /// Check a report.json: its digest, the files that it names, and its figures, measured again.
    Verify(VerifyArgs),
    /// Estimate what unlearning and retraining would cost here, and say which to choose.
    Advise(AdviseArgs),
    /// List public data sets, or download one.
    #[command(subcommand)]
    Data(DataCommand),
    /// Show devices, limits and build, and check the device against known answers.
    Doctor(DoctorArgs),
    /// Print a completion script for a shell.
    Completions(CompletionsArgs),
}
