//! The commands that start from a trained network: `unlearn`, `evaluate`, `predict` and `advise`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ugradsl::unlearn::Method;

use super::common::{ModelArgs, SingleArgs, forget, method};

#[derive(Debug, Args)]
pub(crate) struct UnlearnArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// File for the unlearned network.
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    pub(crate) out: Option<PathBuf>,
    /// What to forget.
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
    /// A network retrained without any of the rows forgotten so far, to measure the gap to: a
    /// ugradsl model file, or one that the same flags describe as --model.
    #[arg(long, visible_alias = "against", value_name = "FILE", conflicts_with = "dry_run")]
    pub(crate) retrained: Option<PathBuf>,
    /// Go on even if the network is no better than guessing on the training rows.
    #[arg(long)]
    pub(crate) allow_chance: bool,
    /// Show which rows would be forgotten, and stop.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Also forget all training rows that are exact copies of one of them.
    #[arg(long)]
    pub(crate) with_copies: bool,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// Continue where an interrupted run stopped.
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

/// The record of a deletion.
#[derive(Debug, Args)]
#[command(next_help_heading = "Record of the deletion")]
pub(crate) struct RecordArgs {
    /// Write a record of the deletion, as .html, .md or .json. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Vec<PathBuf>,
    /// Who asked for it.
    #[arg(long, value_name = "TEXT", requires = "report", value_parser = some_text)]
    pub(crate) asked_by: Option<String>,
    /// The number of the request.
    #[arg(long, value_name = "TEXT", requires = "report", value_parser = some_text)]
    pub(crate) request_number: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT", requires = "report", value_parser = some_text)]
    pub(crate) reason: Option<String>,
    /// When it was asked for, as 2026-05-31.
    #[arg(long, value_name = "DATE", requires = "report", value_parser = date)]
    pub(crate) asked_on: Option<String>,
    /// Pictures or texts of the forgotten rows in the record's page.
    #[arg(long, requires = "report", conflicts_with = "private")]
    pub(crate) with_pictures: bool,
    /// Digests of the rows instead of their names.
    #[arg(long, requires = "report")]
    pub(crate) private: bool,
}

fn some_text(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("give a text, or leave it out".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// A day of the calendar, year first, as no two countries read it in two ways.
fn date(text: &str) -> Result<String, String> {
    let text = text.trim();
    let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return not_a_date() };
    let number = |part: &str, digits: usize| {
        let all_digits = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| all_digits)
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return not_a_date();
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        1..=12 => 31,
        _ => 0,
    };
    if (1..=days).contains(&day) { Ok(text.to_owned()) } else { not_a_date() }
}

fn not_a_date() -> Result<String, String> {
    Err("write a day as year-month-day, e.g. 2026-05-31".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// A network retrained without the forget set, to measure the gap to: a ugradsl model file, or
    /// one that the same flags describe as --model.
    #[arg(long, visible_alias = "against", value_name = "FILE")]
    pub(crate) retrained: Option<PathBuf>,
    /// The original network, before it forgot, to compare by --relearn and --probe: a ugradsl
    /// model file, or one that the same flags describe as --model.
    #[arg(long, value_name = "FILE")]
    pub(crate) original: Option<PathBuf>,
    /// Train each network on N forgotten samples again: how soon does it know the others?
    #[arg(long, value_name = "N")]
    pub(crate) relearn: Option<usize>,
    /// Largest number of relearning steps.
    #[arg(
        long,
        default_value = "50",
        requires = "relearn",
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=10_000),
    )]
    pub(crate) relearn_steps: u32,
    /// Train a new last layer on each network's features: can it classify the forgotten samples?
    #[arg(long)]
    pub(crate) probe: bool,
    /// Compute the paper's Label-LDP for a smoothing rate (below 0) and the ratio of the learning
    /// weight to the unlearning weight (above 1), e.g. -0.5,2.
    #[arg(
        long,
        value_name = "ALPHA,RATIO",
        allow_hyphen_values = true,
        value_parser = rate_and_ratio,
    )]
    pub(crate) label_ldp: Option<(f64, f64)>,
    /// What was forgotten.
    #[arg(long, value_name = "REQUEST", value_parser = forget())]
    pub(crate) forget: String,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

fn rate_and_ratio(text: &str) -> Result<(f64, f64), String> {
    let number = |part: &str| part.trim().parse::<f64>().ok();
    let pair = text.split_once(',').and_then(|(rate, ratio)| number(rate).zip(number(ratio)));
    pair.ok_or_else(|| "write a smoothing rate and a ratio of weights, e.g. -0.5,2".to_owned())
}

/// The test or the training part of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The test rows.
    Test,
    /// The training rows.
    Train,
}

#[derive(Debug, Args)]
// It answers for all rows, and draws nothing.
#[command(mut_arg("seed", |arg| arg.hide(true)), mut_arg("validation", |arg| arg.hide(true)))]
pub(crate) struct PredictArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// File for the table (CSV): row, label, and the logit of each class.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which rows.
    #[arg(long, value_enum, default_value = "test")]
    pub(crate) of: Part,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AdviseArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// What to forget.
    #[arg(long, value_name = "REQUEST", value_parser = forget())]
    pub(crate) forget: String,
    /// Steps to time per method.
    #[arg(
        long,
        default_value = "20",
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=10_000),
    )]
    pub(crate) steps: u32,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}
