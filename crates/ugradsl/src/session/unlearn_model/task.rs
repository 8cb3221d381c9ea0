//! A deletion to be carried out.

use crate::{
    data::ForgetRequest,
    evaluate::AttackFeatures,
    models::ModelFile,
    run::GuardConfig,
    unlearn::{Method, MethodConfig, TrainingConfig},
};

/// Makes the network of a model file forget.
///
/// Rows that the file's ledger names are left out of the retain set, and the request is added to
/// the ledger of the resulting file.
///
/// ```
/// use std::sync::Arc;
///
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
/// use ugradsl::session::UnlearnModel;
///
/// let device = Device::cpu();
/// let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?);
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// // Stands in for a trained network: `ModelFile::from_bytes` reads one from a file.
/// let network = spec.init(0, &device)?;
/// let model = ModelFile::new(spec, 0, block_on(read_state(&network))?);
///
/// let task = UnlearnModel::new(model, ForgetRequest::Class(3)).with_chance_allowed(true);
/// let mut run = task.start(digits, device)?;
/// block_on(run.session().run())?; // or call `next` in a loop, to show the events
/// let unlearned = block_on(run.finish())?;
/// println!("{unlearned}"); // before, after, how far the network has drifted
///
/// // The file remembers the rows: the next request does not teach them again.
/// let ledger = &unlearned.model.ledger;
/// assert_eq!(ledger.rows().len(), unlearned.forgotten_rows);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct UnlearnModel {
    pub(super) model: ModelFile,
    pub(super) request: ForgetRequest,
    pub(super) name: String,
    pub(super) method: MethodConfig,
    pub(super) training: Option<TrainingConfig>,
    pub(super) guards: GuardConfig,
    pub(super) attack: AttackFeatures,
    pub(super) retrained: Option<ModelFile>,
    pub(super) seed: u64,
    pub(super) unix_time: Option<u64>,
    pub(super) chance_allowed: bool,
    pub(super) other_data_allowed: bool,
}

impl UnlearnModel {
    /// Makes the network of `model` forget what `request` names, by UGradSL+ with its guards and
    /// seed 0.
    pub fn new(model: ModelFile, request: ForgetRequest) -> Self {
        Self {
            model,
            name: request.to_string(),
            request,
            method: Method::UGradSlPlus.into(),
            training: None,
            guards: GuardConfig::default(),
            attack: AttackFeatures::default(),
            retrained: None,
            seed: 0,
            unix_time: None,
            chance_allowed: false,
            other_data_allowed: false,
        }
    }

    /// The name of the request in the ledger; by default its text form, such as `class:3`.
    pub fn with_request_name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The method with its default settings, or the settings of a method. [`Method::Retrain`]
    /// begins with a fresh network of the same kind, and also leaves out the rows that the ledger
    /// names.
    pub fn with_method(self, method: impl Into<MethodConfig>) -> Self {
        Self { method: method.into(), ..self }
    }

    /// How the original was trained. The network of [`Method::Retrain`] is trained in the same way,
    /// and so is the proxy that tells the guards what to aim at. By default this is what the model
    /// file states or, if it states nothing, the default training.
    pub fn with_training(self, training: TrainingConfig) -> Self {
        Self { training: Some(training), ..self }
    }

    /// What the guards tolerate.
    pub fn with_guards(self, guards: GuardConfig) -> Self {
        Self { guards, ..self }
    }

    /// Which membership attacks are run on the result.
    pub fn with_attack(self, attack: AttackFeatures) -> Self {
        Self { attack, ..self }
    }

    /// A network retrained without any of the rows of this request and of earlier ones, to which
    /// the gap is measured.
    pub fn with_retrained(self, retrained: Option<ModelFile>) -> Self {
        Self { retrained, ..self }
    }

    /// Seed of draws and shuffles.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The time of the request for the ledger, in seconds since 1970 (UTC).
    pub fn with_unix_time(self, unix_time: Option<u64>) -> Self {
        Self { unix_time, ..self }
    }

    /// Whether to accept a network that is no better than guessing on the training rows, or that
    /// would be much better if its inputs or outputs were read in another way. Both are refused by
    /// default: such a network was probably not trained on this data, or not read as it was then.
    pub fn with_chance_allowed(self, chance_allowed: bool) -> Self {
        Self { chance_allowed, ..self }
    }

    /// Whether to accept data that the network was not trained on. Such data are refused by
    /// default, because the run would forget, or teach, rows that the network never saw.
    pub fn with_other_data_allowed(self, other_data_allowed: bool) -> Self {
        Self { other_data_allowed, ..self }
    }
}
