//! What can be said on the command line.

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser, ValueParser},
};
use ugradsl::evaluate::{MIN_SHADOWS, Measure};

/// Make a trained classifier forget some of its training data, and measure how close the result is to
/// a network retrained without them.
#[derive(Debug, Parser)]
#[command(
    name = "ugradsl",
    version,
    about,
    after_help = "Exit codes: 0 done, 1 done but a gate failed, \
2 usage or config, 3 unreadable data or model, 4 no usable device, 101 internal error, 130 interrupted with the checkpoint written."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train a small network on real images, make it forget, compare with retraining: a few minutes.
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
    /// Write what a saved network says of every image: a table of logits.
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
    /// Show devices, limits and build, and put known questions to the device.
    Doctor(DoctorArgs),
    /// Print a completion script for a shell.
    Completions(CompletionsArgs),
}

/// Which data, and where it runs.
#[derive(Debug, Clone, Args)]
pub(crate) struct CommonArgs {
    /// Where to run: auto (a hardware GPU, else the CPU), cpu or gpu.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// A recipe in TOML; what it leaves out keeps its default.
    #[arg(long, value_name = "FILE")]
    pub(crate) recipe: Option<PathBuf>,
    /// A single setting over the recipe, e.g. training.epochs=6 or ugradsl-plus.p=0.9. Repeatable.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Folder with data sets (mnist, fashion-mnist, ...).
    #[arg(long, env = "UGRADSL_DATA", value_name = "FOLDER")]
    pub(crate) data_root: Option<PathBuf>,
    /// Print one JSON object on stdout instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which rows of which data set.
#[derive(Debug, Clone, Args)]
pub(crate) struct DataArgs {
    /// Data set: mnist-subset (built in), mnist, fashion-mnist, cifar10, cifar100, 20newsgroups, or a folder with
    /// idx or CIFAR files, pictures or texts (train/<class>/), tables (train.csv) or arrays (train.npz).
    #[arg(long, value_name = "NAME|FOLDER")]
    pub(crate) data: Option<String>,
    /// Only the first N training rows; where rows go by class, as in folders, N from all over them.
    #[arg(long, value_name = "N")]
    pub(crate) limit_train: Option<usize>,
    /// Only the first N test rows, likewise.
    #[arg(long, value_name = "N")]
    pub(crate) limit_test: Option<usize>,
}

/// One network, one seed, one data set.
#[derive(Debug, Clone, Args)]
pub(crate) struct SingleArgs {
    /// Seed of weights, shuffles and draws.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Forget this class (0 to 9).
    #[arg(long, conflicts_with = "random", value_name = "CLASS")]
    pub(crate) class: Option<u32>,
    /// Forget a random share of the training set, e.g. 10%.
    #[arg(long, value_name = "SHARE")]
    pub(crate) random: Option<String>,
    /// Seed of weights, shuffles and draws.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Folder for models and report.
    #[arg(long, default_value = "ugradsl-out", value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    /// Go on where an interrupted run stopped.
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// What is compared, over the recipe.
#[derive(Debug, Args)]
pub(crate) struct ChoiceArgs {
    /// Methods: ugradsl-plus, ugradsl, ft, ga, neggrad-plus, rl, salun, l1-sparse, scrub, bad-teacher, ssd,
    /// boundary-shrink, boundary-expanding, fisher, influence.
    #[arg(long, value_delimiter = ',', value_name = "A,B")]
    pub(crate) methods: Vec<String>,
    /// Seeds, e.g. 0,1,2.
    #[arg(long, value_delimiter = ',', value_name = "N,M")]
    pub(crate) seeds: Vec<u64>,
    /// What to forget: class:3, random:10%, ids:FILE or group:NAME. Repeatable: each is a comparison of its own.
    #[arg(long, value_name = "REQUEST")]
    pub(crate) forget: Vec<String>,
    /// Begin with this trained network instead of training one: a file of ours, other safetensors, or what
    /// `torch.save` wrote (then the recipe's `architecture` says what it is).
    #[arg(long, value_name = "FILE")]
    pub(crate) original: Option<PathBuf>,
    /// Retrain nothing: gaps are then to what the original's answers let expect of a retrained network.
    #[arg(long)]
    pub(crate) no_retrain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// Folder for models, records and report; without it only the table is printed.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Go on where an interrupted comparison stopped (needs --out); finished runs are not repeated.
    #[arg(long, requires = "out")]
    pub(crate) resume: bool,
    /// Form of the table on stdout.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    /// A setting and the values it takes, e.g. ugradsl-plus.alpha=-0.25,-0.5,-1 or forget=random:1%,random:10%.
    /// Repeatable: every combination is a cell. A recipe's own axes are its `[[sweep]]` tables.
    #[arg(long, value_name = "KEY=A,B")]
    pub(crate) over: Vec<String>,
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// Folder for the table, the heat maps, and a folder a cell; what is finished there is not computed again.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// Forms of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// An aligned table.
    Text,
    /// One line a run, comma-separated.
    Csv,
    /// The whole report.
    Json,
    /// A tabular environment with means and deviations.
    Latex,
    /// The whole report for reading.
    Markdown,
    /// A self-contained page with plots.
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// File for the trained network (safetensors).
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Network: mlp, lenet, convnet, small-cnn, resnet8, resnet20, resnet56, resnet18, vgg16-bn or vit;
    /// for texts text-transformer.
    #[arg(long, value_name = "NAME")]
    pub(crate) architecture: Option<String>,
    /// Go on where an interrupted run stopped.
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

/// A trained network, ours or from elsewhere.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// The trained network: a file of `ugradsl train`, other safetensors, or what `torch.save` wrote.
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Which network it is, if the file does not say; the names are those of `train --architecture`.
    #[arg(long, value_name = "NAME")]
    pub(crate) architecture: Option<String>,
    /// How its pixels (0 to 1) were normalised, if the file does not say and it was not as the data set's
    /// are by default: e.g. 0.485,0.456,0.406/0.229,0.224,0.225.
    #[arg(long, value_name = "MEANS/STDS")]
    pub(crate) normalisation: Option<String>,
    /// What stands before the names of its tensors, if the file holds several networks.
    #[arg(long, value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UnlearnArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// File for the network that has forgotten.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// What to forget: class:3, random:10%, ids:FILE or group:NAME.
    #[arg(long, value_name = "REQUEST")]
    pub(crate) forget: String,
    /// Method: ugradsl-plus, ugradsl, ft, ga, neggrad-plus, rl, salun, l1-sparse, scrub, bad-teacher, ssd,
    /// boundary-shrink, boundary-expanding, fisher or influence.
    #[arg(long, default_value = "ugradsl-plus", value_name = "NAME")]
    pub(crate) method: String,
    /// A network retrained without anything of what was forgotten so far, to measure the gap to: like the
    /// model, or a file of ours.
    #[arg(long, visible_alias = "against", value_name = "FILE")]
    pub(crate) retrained: Option<PathBuf>,
    /// Go on where an interrupted run stopped.
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// A network retrained without the forget set, to measure the gap to: like the model, or a file of ours.
    #[arg(long, visible_alias = "against", value_name = "FILE")]
    pub(crate) retrained: Option<PathBuf>,
    /// The original, before it forgot, to stand beside them: like the model, or a file of ours.
    #[arg(long, value_name = "FILE")]
    pub(crate) original: Option<PathBuf>,
    /// Show each network N forgotten samples again: how soon does it know the others?
    #[arg(long, value_name = "N")]
    pub(crate) relearn: Option<usize>,
    /// Steps of relearning at most.
    #[arg(long, default_value = "50", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) relearn_steps: u32,
    /// Train a new last layer on each network's features: do they still tell the forgotten samples?
    #[arg(long)]
    pub(crate) probe: bool,
    /// The paper's Label-LDP for a smoothing rate (below 0) and the weight of what was learnt over that of
    /// unlearning (above 1), e.g. -0.5,2.
    #[arg(long, value_name = "ALPHA,RATIO", allow_hyphen_values = true, value_parser = rate_and_ratio)]
    pub(crate) label_ldp: Option<(f64, f64)>,
    /// What was forgotten: class:3, random:10%, ids:FILE or group:NAME.
    #[arg(long, value_name = "REQUEST")]
    pub(crate) forget: String,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

fn rate_and_ratio(text: &str) -> Result<(f64, f64), String> {
    let number = |part: &str| part.trim().parse::<f64>().ok();
    let pair = text.split_once(',').and_then(|(rate, ratio)| number(rate).zip(number(ratio)));
    pair.ok_or_else(|| "write a smoothing rate and a ratio of weights, e.g. -0.5,2".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// What to forget: class:3, random:10%, ids:FILE or group:NAME. A random share is drawn once, by the first seed.
    #[arg(long, value_name = "REQUEST")]
    pub(crate) forget: String,
    /// Method: any that `ugradsl unlearn` takes.
    #[arg(long, default_value = "ugradsl-plus", value_name = "NAME")]
    pub(crate) method: String,
    /// Shadow pairs, 3 to 64: each trains and retrains a network, and makes it forget.
    #[arg(long, default_value = "5", value_name = "N", value_parser = clap::value_parser!(u64).range(MIN_SHADOWS as u64..=64))]
    pub(crate) shadows: u64,
    /// Seed of the first pair; the others follow.
    #[arg(long, default_value = "0", value_name = "N", value_parser = clap::value_parser!(u64).range(..=u64::from(u32::MAX)))]
    pub(crate) seed: u64,
    /// Folder for models and records.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Go on where an interrupted audit stopped (needs --out); finished runs are not repeated.
    #[arg(long, requires = "out")]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Which measure; all of them, a line each, if left out.
    #[arg(value_name = "MEASURE", value_parser = measure(), ignore_case = true)]
    pub(crate) measure: Option<Measure>,
    /// Print one JSON object on stdout.
    #[arg(long)]
    pub(crate) json: bool,
}

/// The names of the measures: shells complete them, and a slip of the pen gets the nearest one.
fn measure() -> ValueParser {
    let names = PossibleValuesParser::new(Measure::ALL.map(Measure::name));
    names.try_map(|name| name.parse::<Measure>()).into()
}

/// Half of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Half {
    /// The test images.
    Test,
    /// The training images.
    Train,
}

#[derive(Debug, Args)]
pub(crate) struct PredictArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// File for the table (CSV): row, label, and the logit of each class.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which rows.
    #[arg(long, value_enum, default_value = "test")]
    pub(crate) of: Half,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// A report.json.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    /// File to write to instead of stdout.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A report.json.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Run the whole experiment again, too, and compare.
    #[arg(long)]
    pub(crate) replay: bool,
    /// Folder with the models, if it is not the report's.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) models: Option<PathBuf>,
    /// Points by which figures may differ (0.01 for those of the order of 1); if left out 0 on the report's
    /// device and platform, else 1.
    #[arg(long, value_name = "POINTS")]
    pub(crate) tolerance: Option<f64>,
    /// Where to run, if not where the report says: auto, cpu or gpu.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Folder with data sets (mnist, fashion-mnist, ...).
    #[arg(long, env = "UGRADSL_DATA", value_name = "FOLDER")]
    pub(crate) data_root: Option<PathBuf>,
    /// Print one JSON object on stdout instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AdviseArgs {
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// What to forget: class:3, random:10%, ids:FILE or group:NAME.
    #[arg(long, value_name = "REQUEST")]
    pub(crate) forget: String,
    /// Steps of each method to time.
    #[arg(long, default_value = "20", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) steps: u32,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// List the data sets with a name, and where they are.
    List(ListArgs),
    /// Download a public data set; a download that broke off is gone on with.
    Fetch(FetchArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Folder with data sets (mnist, fashion-mnist, ...).
    #[arg(long, env = "UGRADSL_DATA", value_name = "FOLDER")]
    pub(crate) data_root: Option<PathBuf>,
    /// Print one JSON object on stdout.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
    /// Data set: mnist, fashion-mnist, cifar10 or cifar100.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// Another place with the same files: its URL, without a file's name.
    #[arg(long, value_name = "URL")]
    pub(crate) mirror: Option<String>,
    /// Folder with data sets, for --data-root; a folder for this one is made in it.
    #[arg(long, env = "UGRADSL_DATA", value_name = "FOLDER")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Where to run: auto, cpu or gpu; all that there are if left out.
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
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
