//! What it would cost to make a saved network forget, and which method to choose.

use std::sync::Arc;

use serde::Serialize;

use super::{Advice, Cost, Drift, ModelError, Session};
use crate::{
    data::{Dataset, ForgetRequest},
    device::{Device, DeviceInfo},
    models::{Forgotten, ModelFile, Network},
    run::GuardConfig,
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
/// use ugradsl::run::GuardConfig;
/// use ugradsl::session::AdviseModel;
/// use ugradsl::unlearn::{Method, TrainingConfig};
///
/// let device = Device::cpu();
/// let digits = Arc::new(data::open("mnist-subset", None)?.limit(Some(60), Some(30))?);
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// // Stands in for a trained network: `ModelFile::from_bytes` reads one from a file.
/// let network = spec.init(0, &device)?;
/// let model = ModelFile::new(spec, 0, block_on(read_state(&network))?);
///
/// let request = ForgetRequest::Class(3);
/// let advised = AdviseModel {
///     model,
///     request_name: request.to_string(),
///     request,
///     training: TrainingConfig::default(),
///     numbers: [Method::UGradSl.defaults(), Method::UGradSlPlus.defaults()],
///     guards: GuardConfig::default(),
///     seed: 0,
///     steps: 1,
/// };
/// let advised = block_on(advised.run(digits, device))?;
/// println!("{}, because {}", advised.advice.method, advised.advice.reason);
/// assert!(advised.costs.iter().all(|cost| cost.seconds > 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct AdviseModel {
    /// The network.
    pub model: ModelFile,
    /// What to forget.
    pub request: ForgetRequest,
    /// The request as results name it.
    pub request_name: String,
    /// How retraining would train.
    pub training: TrainingConfig,
    /// The settings of UGradSL and of UGradSL+.
    pub numbers: [MethodConfig; 2],
    /// What the guards tolerate.
    pub guards: GuardConfig,
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// Steps that are timed for each method.
    pub steps: usize,
}

/// The costs, and what follows from them.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Advised {
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// The request as given.
    pub forget: String,
    /// Training rows that the request would take away.
    pub forgotten_rows: usize,
    /// Where the steps were timed.
    pub device: DeviceInfo,
    /// UGradSL, UGradSL+, retraining.
    pub costs: [Cost; 3],
    /// How far the network would have drifted afterwards.
    pub drift: Drift,
    /// Which to choose.
    pub advice: Advice,
}

impl AdviseModel {
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
        self.model.ledger.check_data(&dataset.digest())?;
        let before = self.model.ledger.rows();
        let split = self.request.split_after(&before, &dataset, self.seed)?;
        let costs = [
            self.cost(Method::UGradSl, &dataset, &device).await?,
            self.cost(Method::UGradSlPlus, &dataset, &device).await?,
            self.cost(Method::Retrain, &dataset, &device).await?,
        ];
        // As the ledger would be afterwards.
        let mut ledger = self.model.ledger.clone();
        ledger.push(Forgotten::new(&self.request_name, split.forget.clone(), "", "", self.seed));
        let drift = Drift::of(&ledger, dataset.train.len());
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
        dataset: &Arc<Dataset>,
        device: &Device,
    ) -> Result<Cost, ModelError> {
        let network: Network = match method.unlearns() {
            true => self.model.load(device)?,
            false => self.model.spec.init(self.seed, device)?,
        };
        let numbers = match method {
            Method::UGradSl => self.numbers[0].clone(),
            Method::UGradSlPlus => self.numbers[1].clone(),
            _ => method.defaults(),
        };
        let mut session = Session::builder(network, dataset.clone(), device.clone())
            .normalisation(self.model.spec.normalisation.clone())
            .forget(self.request.clone())
            .after(self.model.ledger.rows())
            .method_with(method, numbers)
            .training(self.training.clone())
            .guards(self.guards.clone())
            .seed(self.seed)
            .build();
        Ok(Cost::of(method, &mut session, self.steps).await?)
    }
}
