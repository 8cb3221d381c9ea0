//! What an experiment consists of: a recipe's values, with defaults for what it leaves out.

use serde::{Deserialize, Serialize};

use crate::run::GuardConfig;
use crate::{
    data::{ReadConfig, TextConfig, VALIDATION},
    device::DeviceChoice,
    evaluate::AttackFeatures,
    models::{Architecture, NetworkName},
    unlearn::{Method, MethodConfigs, TrainingConfig},
};

/// A table of runs: requests x seeds x methods, each beside the original and the retrained network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ExperimentConfig {
    /// Display name.
    pub name: String,
    /// Name or folder of a data set.
    pub data: String,
    /// Largest number of [training rows](crate::data::Dataset::limit).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_train: Option<usize>,
    /// Largest number of [test rows](crate::data::Dataset::limit).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_test: Option<usize>,
    /// Share (0 to below 1) of the test rows that are reserved for the guards. Nothing is
    /// [measured on](crate::data::Dataset::with_validation) them.
    pub validation: f64,
    /// How the data are read, where the data themselves leave it open.
    #[serde(skip_serializing_if = "ReadConfig::is_default")]
    pub reading: ReadConfig,
    /// How texts are cut into tokens.
    #[serde(skip_serializing_if = "TextConfig::is_default")]
    pub text: TextConfig,
    /// The network. A recipe names a built-in one.
    pub architecture: NetworkName,
    /// What to forget: `class:3`, `random:10%`, `ids:FILE`, `group:NAME`; each is an experiment of
    /// its own.
    pub forget: Vec<String>,
    /// Seeds of initial weights, shuffles and draws.
    pub seeds: Vec<u64>,
    /// Methods to compare; the original and the retrained network are always there.
    pub methods: Vec<Method>,
    /// Where to run.
    pub device: DeviceChoice,
    /// Features that the membership attack is run on.
    pub attack: AttackFeatures,
    /// A trained network to begin with, for every seed; otherwise one is trained for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<OriginalConfig>,
    /// Whether a network is retrained to compare with. Without one, gaps are measured against an
    /// estimate of it, derived from the original's predictions: forgotten samples count as if they
    /// were test samples of the same classes, and samples of classes that are forgotten entirely
    /// count as wrong and as non-members by definition.
    #[serde(skip_serializing_if = "is_true")]
    pub retrain: bool,
    /// How the original is trained.
    pub training: TrainingConfig,
    /// When the guards check, and what they tolerate.
    pub guards: GuardConfig,
    /// The settings of each method.
    pub method: MethodConfigs,
    /// What the results must satisfy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<Expectation>,
}

impl Default for ExperimentConfig {
    fn default() -> Self {
        Self {
            name: "experiment".to_owned(),
            data: "mnist-subset".to_owned(),
            limit_train: None,
            limit_test: None,
            validation: VALIDATION,
            reading: ReadConfig::default(),
            text: TextConfig::default(),
            architecture: Architecture::LeNet.into(),
            forget: vec!["class:3".to_owned()],
            seeds: vec![0],
            methods: vec![Method::UGradSl, Method::UGradSlPlus],
            device: DeviceChoice::Auto,
            attack: AttackFeatures::All,
            original: None,
            retrain: true,
            training: TrainingConfig::default(),
            guards: GuardConfig::default(),
            method: MethodConfigs::default(),
            expect: Vec::new(),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_true(flag: &bool) -> bool {
    *flag
}

/// Where the original comes from, if it need not be trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OriginalConfig {
    /// A file written by this library, an ONNX file, other safetensors, or what `torch.save`
    /// wrote.
    pub file: String,
    /// Prefix of the names of its tensors, if the file holds several networks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// How its pixels were normalised (`means/deviations`), if the file does not say so and it
    /// differs from the data set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalisation: Option<String>,
    /// An ONNX file of the same network before it was trained: networks that are trained from
    /// scratch begin with its weights. Without one, weights are drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh: Option<String>,
    /// Patterns of the tensors of an ONNX network that are not trained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freeze: Vec<String>,
    /// A file with the names of an ONNX network's outputs, one per line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<String>,
}

/// A gate on the results of one method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Expectation {
    /// Which method.
    pub method: Method,
    /// Largest mean average gap over the runs, in points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean_gap: Option<f64>,
    /// Largest average gap of any run, in points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst_gap: Option<f64>,
    /// Largest |RA - RA*| and |TA - TA*| of any run, in points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst_accuracy_gap: Option<f64>,
    /// Largest mean share of retraining's time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrain_share: Option<f64>,
    /// Largest mean gap as a share of the untouched original's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_of_original_gap: Option<f64>,
    /// Smallest training accuracy (over retain set and forget set) of the original, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_accuracy: Option<f64>,
    /// Methods whose mean gap must be larger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub better_than: Vec<Method>,
}

impl Expectation {
    /// A gate on `method` without any bound.
    pub fn of(method: Method) -> Self {
        Self {
            method,
            mean_gap: None,
            worst_gap: None,
            worst_accuracy_gap: None,
            retrain_share: None,
            share_of_original_gap: None,
            training_accuracy: None,
            better_than: Vec::new(),
        }
    }
}
