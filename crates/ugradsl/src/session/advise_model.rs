//! What it would cost to make a saved network forget, and which method to choose.

use std::sync::Arc;

use serde::Serialize;

use super::{Advice, Cost, Drift, ModelError, Session};
use crate::{
    data::{Dataset, ForgetRequest},
    device::{Device, DeviceInfo},
    models::{Forgotten, Ledger, ModelFile, Network},
    run::GuardConfig,
    setters::setters,
    unlearn::{Method, MethodConfig, TrainingConfig},
};

/// Tries UGradSL, UGradSL+ and retraining for a few steps each, and advises one of them.
///
/// ```
/// use std::sync::Arc;
///
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
/// use ugradsl::session::AdviseModel;
///
/// let device = Device::cpu();
/// let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?);
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// // Stands in for a trained network: `ModelFile::from_bytes` reads one from a file.
/// let network = spec.init(0, &device)?;
/// let model = ModelFile::new(spec, 0, block_on(read_state(&network))?);
///
/// let task = AdviseModel::new(model, ForgetRequest::Class(3)).with_steps(1);
/// let advised = block_on(task.run(digits, device))?;
/// println!("{}, because {}", advised.advice.method, advised.advice.reason);
/// assert!(advised.costs.iter().all(|cost| cost.seconds > 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AdviseModel {
    /// The network.
    pub model: ModelFile,
    /// What to forget.
    pub request: ForgetRequest,
    /// The request, as results name it.
    pub request_name: String,
    /// How retraining would train. `None`: as the model file says or, if it does not, by default.
    pub training: Option<TrainingConfig>,
    /// Settings of UGradSL and of UGradSL+, where they are not the defaults.
    pub methods: Vec<MethodConfig>,
    /// What the guards tolerate.
    pub guards: GuardConfig,
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// Steps that are timed for each method.
    pub steps: usize,
    /// Whether to accept data that the network was not trained on.
    pub other_data_allowed: bool,
}

/// The costs, and what follows from them.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Advised {
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// The request as given.
    pub forget: String,
    /// Training rows that would be forgotten.
    pub forgotten_rows: usize,
    /// Where the steps were timed.
    pub device: DeviceInfo,
    /// UGradSL, UGradSL+, retraining.
    pub costs: [Cost; 3],
    /// How far the network would have drifted afterwards.
    pub drift: Drift,
    /// The method to choose, and why.
    pub advice: Advice,
}

setters!(AdviseModel {
    with_request_name(request_name: String),
    with_training(training: Option<TrainingConfig>),
    with_methods(methods: Vec<MethodConfig>),
    with_guards(guards: GuardConfig),
    with_seed(seed: u64),
    with_steps(steps: usize),
    with_other_data_allowed(other_data_allowed: bool),
});

impl AdviseModel {
    /// Asks what it would cost to make the network of `model` forget what `request` names. By
    /// default 20 steps of each method are timed, with default settings and seed 0.
    pub fn new(model: ModelFile, request: ForgetRequest) -> Self {
        let (training, guards) = Default::default();
        Self {
            model,
            request_name: request.to_string(),
            request,
            training,
            methods: Vec::new(),
            guards,
            seed: 0,
            steps: 20,
            other_data_allowed: false,
        }
    }

    /// Takes a few steps of each method and extrapolates.
    ///
    /// # Errors
    ///
    /// If the file does not fit the data, its ledger is about other data, or a run fails.
    pub async fn run(
        self,
        dataset: impl Into<Arc<Dataset>>,
        device: Device,
    ) -> Result<Advised, ModelError> {
        let dataset = dataset.into();
        self.model.spec.check_data(&dataset)?;
        match self.other_data_allowed {
            true => self.model.check_classes(&dataset)?,
            false => self.model.check_data(&dataset, &self.request)?,
        }
        let here = self.model.ledger.beside(&dataset)?;
        let (before, attempted) = (here.fulfilled_rows(), here.rows());
        let split = self.request.split_beside(&before, &attempted, &dataset, self.seed)?;
        let costs = [
            self.cost(Method::UGradSl, &here, &dataset, &device).await?,
            self.cost(Method::UGradSlPlus, &here, &dataset, &device).await?,
            self.cost(Method::Retrain, &here, &dataset, &device).await?,
        ];
        // As the ledger would be afterwards.
        let mut ledger = self.model.ledger.clone();
        let entry = Forgotten::new(&self.request_name, split.forget.clone(), "", "", self.seed);
        ledger.push(entry.with_contents(&dataset));
        let drift = Drift::beside(&ledger, &dataset);
        let advice = Advice::choose(&costs[0], &costs[1], &costs[2], &drift);
        Ok(Advised {
            seed: self.seed,
            forget: self.request_name,
            forgotten_rows: split.forget.len(),
            device: device.info().clone(),
            costs,
            drift,
            advice,
        })
    }

    async fn cost(
        &self,
        method: Method,
        ledger: &Ledger,
        dataset: &Arc<Dataset>,
        device: &Device,
    ) -> Result<Cost, ModelError> {
        let network: Network = match method.unlearns() {
            true => self.model.load(device)?,
            false => self.model.spec.init(self.seed, device)?,
        };
        let settings = self.methods.iter().find(|settings| settings.method() == method);
        let settings = settings.cloned().unwrap_or_else(|| method.into());
        let mut session = Session::builder(network, dataset.clone(), device.clone())
            .normalisation(self.model.spec.normalisation.clone())
            .forget(self.request.clone())
            .after(ledger)
            .method(settings)
            .training(TrainingConfig::or_of(self.training.as_ref(), &self.model)?)
            .guards(self.guards.clone())
            .seed(self.seed)
            .build();
        Ok(Cost::of(method, &mut session, self.steps).await?)
    }
}
