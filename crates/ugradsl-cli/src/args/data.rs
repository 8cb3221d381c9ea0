//! The commands about this machine and its data: `data`, `doctor` and `completions`.

use std::path::PathBuf;

use clap::{
    Args, Subcommand,
    builder::{PossibleValue, ValueParser},
};
use ugradsl::device::DeviceChoice;

use super::common::{data_set, device, forget, offered, seed};
use super::read::ReadArgs;
use crate::fetch::SETS;

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// List the data sets that have a name, and where they are.
    List(ListArgs),
    /// Show what a data set holds, how it was read, and what a request would take from it.
    Show(Box<ShowArgs>),
    /// Download a public data set. The same command resumes a download that was interrupted.
    Fetch(FetchArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Folder with data sets, one folder per data set.
    #[arg(long, env = "UGRADSL_DATA", hide_env_values = true, value_name = "FOLDER")]
    pub(crate) data_root: Option<PathBuf>,
    /// Print one JSON object on stdout.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The name of a data set, or a folder or file of your own.
    #[arg(value_name = "NAME|FOLDER|FILE", value_parser = data_set())]
    pub(crate) of: String,
    /// A request, to see which rows it takes.
    #[arg(long, value_name = "REQUEST", value_parser = forget())]
    pub(crate) forget: Option<String>,
    /// Also look for rows that stay and are almost the same as one that the request takes:
    /// pictures whose pixels differ by at most this share of their contrast, texts of which
    /// that share of the words differs, features that differ by that many standard deviations
    /// on average.
    #[arg(
        long,
        value_name = "SHARE",
        requires = "forget",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "10%",
        value_parser = share,
    )]
    pub(crate) near_copies: Option<f64>,
    /// A page with pictures of the rows that the request takes, or of the first rows.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Seed of a random share.
    #[arg(long, value_name = "N", default_value = "0", value_parser = seed())]
    pub(crate) seed: u64,
    /// Use only the first N training rows, as --limit-train elsewhere.
    #[arg(long, value_name = "N")]
    pub(crate) limit_train: Option<usize>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Folder with data sets, one folder per data set.
    #[arg(long, env = "UGRADSL_DATA", hide_env_values = true, value_name = "FOLDER")]
    pub(crate) data_root: Option<PathBuf>,
    /// Print one JSON object on stdout.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A share as `2%` or `0.02`.
fn share(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    let share = share.ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "give a share from 0 to 1, as 0.02 or 2%".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
    /// Which data set.
    #[arg(value_name = "NAME", value_parser = public_set())]
    pub(crate) name: String,
    /// URL of another place with the same files, without a file name.
    #[arg(long, value_name = "URL", value_parser = url)]
    pub(crate) mirror: Option<String>,
    /// Folder with data sets, as for --data-root; a folder for this one is created in it.
    #[arg(long, env = "UGRADSL_DATA", hide_env_values = true, value_name = "FOLDER")]
    pub(crate) to: Option<PathBuf>,
}

fn url(text: &str) -> Result<String, String> {
    match ["http://", "https://"].iter().any(|start| text.starts_with(start)) {
        true => Ok(text.to_owned()),
        false => Err("give a URL that begins with https:// or http://".to_owned()),
    }
}

/// Offers the sets that can be fetched; the command itself rejects other names, with the reason.
fn public_set() -> ValueParser {
    let offers = SETS.iter().map(|set| PossibleValue::new(set.name).help(set.about));
    offered(offers, |text| Ok(text.to_owned()))
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Device to check; by default the CPU and a GPU.
    #[arg(long, value_name = "DEVICE", value_parser = device())]
    pub(crate) device: Option<DeviceChoice>,
    /// Print one JSON object on stdout.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
