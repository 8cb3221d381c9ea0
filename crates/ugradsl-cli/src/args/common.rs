//! Arguments that several commands share: device, data, network, and the parsers of names.

use std::{ffi::OsStr, path::PathBuf, str::FromStr};

use clap::{
    Arg, Args, Command, Error,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser, ValueParser},
};
use ugradsl::{
    data::{self, ForgetRequest},
    device::DeviceChoice,
    evaluate::Measure,
    models::Architecture,
    unlearn::Method,
};

use super::read::ReadArgs;

/// Where to run, the recipe, and single settings that override it.
#[derive(Debug, Clone, Args)]
pub(crate) struct CommonArgs {
    /// Where to run. `auto` is a hardware GPU if there is one, else the CPU.
    #[arg(long, value_name = "DEVICE", value_parser = device())]
    pub(crate) device: Option<DeviceChoice>,
    /// A recipe in TOML; settings that it leaves out keep their defaults.
    #[arg(long, value_name = "FILE")]
    pub(crate) recipe: Option<PathBuf>,
    /// A single setting that overrides the recipe, e.g. training.epochs=6 or ugradsl-plus.p=0.9.
    /// Repeatable. A key that another flag also sets is refused.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Folder with data sets, one folder per data set.
    #[arg(long, env = "UGRADSL_DATA", hide_env_values = true, value_name = "FOLDER")]
    pub(crate) data_root: Option<PathBuf>,
    /// Print one JSON object on stdout instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which rows of which data set.
#[derive(Debug, Clone, Args)]
pub(crate) struct DataArgs {
    /// The name of a data set, or a folder of your own; docs/guide/data.md lists what it may hold.
    #[arg(long, value_name = "NAME|FOLDER", value_parser = data_set())]
    pub(crate) data: Option<String>,
    /// Use only the first N training rows; where rows are sorted by class, as in folders, N rows
    /// spread evenly over the whole set.
    #[arg(long, value_name = "N")]
    pub(crate) limit_train: Option<usize>,
    /// Use only N test rows, chosen in the same way.
    #[arg(long, value_name = "N")]
    pub(crate) limit_test: Option<usize>,
    /// Share of the test rows that guards see and that nothing is measured on; 0.5 unless given.
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(crate) validation: Option<f64>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// One network, one seed, one data set.
#[derive(Debug, Clone, Args)]
pub(crate) struct SingleArgs {
    /// Seed for initial weights, shuffling and random draws.
    #[arg(long, value_name = "N", value_parser = seed())]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// A trained network, written by ugradsl or by another program.
#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    /// The trained network: a file from `ugradsl train`, any classifier exported to ONNX, another
    /// safetensors file, or one from `torch.save`.
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Which network it is, if the file does not say.
    #[arg(long, value_name = "NAME", value_parser = architecture())]
    pub(crate) architecture: Option<Architecture>,
    /// How its pixels (0 to 1) were normalised, if the file does not say and it differs from the
    /// data set's default, e.g. 0.485,0.456,0.406/0.229,0.224,0.225.
    #[arg(long, value_name = "MEANS/STDS")]
    pub(crate) normalisation: Option<String>,
    /// Prefix of its tensors' names, if the file holds several networks.
    #[arg(long, value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Go on even if the data are not those that the network was trained on.
    #[arg(long)]
    pub(crate) allow_other_data: bool,
    #[command(flatten)]
    pub(crate) onnx: OnnxArgs,
}

impl ModelArgs {
    /// The network in `model`, of which only the kind matters: not what it was trained on.
    pub(crate) fn of_kind(model: PathBuf, onnx: OnnxArgs) -> Self {
        let (architecture, normalisation, prefix) = (None, None, None);
        Self { model, architecture, normalisation, prefix, allow_other_data: true, onnx }
    }
}

/// What only a network in an ONNX file leaves open.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Networks in ONNX files")]
pub(crate) struct OnnxArgs {
    /// Leave tensors as they are whose names fit this pattern (`*` for any text, `?` for one
    /// character). Repeatable.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) freeze: Vec<String>,
    /// The same network before it was trained, exported to ONNX: what is trained from scratch
    /// begins with its weights. Without it they are drawn.
    #[arg(long, value_name = "FILE.onnx")]
    pub(crate) fresh: Option<PathBuf>,
    /// A text file that names the outputs, one name per line, if they are more than the classes of
    /// the data or in another order.
    #[arg(long, value_name = "FILE")]
    pub(crate) classes: Option<PathBuf>,
}

/// The largest seed that a recipe can hold.
const LARGEST_SEED: u64 = i64::MAX as u64;

pub(super) fn seed() -> impl TypedValueParser<Value = u64> {
    clap::value_parser!(u64).range(..=LARGEST_SEED)
}

pub(super) fn device() -> ValueParser {
    Named::<DeviceChoice>::parser(DeviceChoice::ALL.map(DeviceChoice::name))
}

pub(super) fn architecture() -> ValueParser {
    Named::<Architecture>::parser(Architecture::ALL.map(Architecture::name))
}

/// Methods that start from a trained network.
pub(super) fn method() -> ValueParser {
    let methods = Method::ALL.into_iter().filter(|method| method.unlearns());
    Named::<Method>::parser(methods.map(Method::name))
}

pub(super) fn measure() -> ValueParser {
    Named::<Measure>::parser(Measure::ALL.map(Measure::name))
}

/// Offers the names of data sets; any other text may be a folder.
pub(super) fn data_set() -> ValueParser {
    offered(data::names().iter().copied().map(PossibleValue::new), |text| Ok(text.to_owned()))
}

/// Offers the kinds of request; the text after the colon is checked as far as possible without
/// the data.
pub(super) fn forget() -> ValueParser {
    let offers = ForgetRequest::KINDS.iter().map(|kind| {
        PossibleValue::new(kind.prefix).help(format!("{}, as in {}", kind.meaning, kind.example))
    });
    offered(offers, |text| match ForgetRequest::check_form(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    })
}

/// Parses one of a list of names. Shells complete them, help lists them, and an error suggests the
/// nearest one.
#[derive(Clone)]
struct Named<T> {
    names: PossibleValuesParser,
    kind: std::marker::PhantomData<fn() -> T>,
}

impl<T> Named<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    fn parser(names: impl IntoIterator<Item = &'static str>) -> ValueParser {
        let names = PossibleValuesParser::new(names);
        ValueParser::new(Self { names, kind: std::marker::PhantomData })
    }
}

impl<T> TypedValueParser for Named<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        // Names in a list may have spaces around them.
        let trimmed = value.to_str().map_or(value, |text| OsStr::new(text.trim()));
        let name = self.names.parse_ref(command, arg, trimmed)?;
        name.parse().map_err(|error| invalid(command, arg, &name, &error))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        self.names.possible_values()
    }
}

/// Accepts any text that passes `check`, and offers some for completion.
#[derive(Clone)]
struct Offered {
    offers: Vec<PossibleValue>,
    check: fn(&str) -> Result<String, String>,
}

pub(super) fn offered(
    offers: impl IntoIterator<Item = PossibleValue>,
    check: fn(&str) -> Result<String, String>,
) -> ValueParser {
    ValueParser::new(Offered { offers: offers.into_iter().collect(), check })
}

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        let text = value.to_str().ok_or_else(|| {
            let problem = "it is not valid UTF-8";
            invalid(command, arg, &value.to_string_lossy(), &problem)
        })?;
        (self.check)(text).map_err(|error| invalid(command, arg, text, &error))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.offers.iter().cloned()))
    }
}

fn invalid(
    command: &Command,
    arg: Option<&Arg>,
    value: &str,
    problem: &dyn std::fmt::Display,
) -> Error {
    let arg = arg.map_or_else(|| "...".to_owned(), ToString::to_string);
    let message = format!("invalid value '{value}' for '{arg}': {problem}\n");
    Error::raw(clap::error::ErrorKind::ValueValidation, message).with_cmd(command)
}
