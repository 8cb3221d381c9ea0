//! The settings of an experiment, checked before anything is computed.

use std::{collections::VecDeque, sync::Arc};

use super::{Experiment, ExperimentConfig, ExperimentError, MemoryMeter};
use crate::{
    data::{Dataset, ForgetRequest, ResidentSet, Split},
    device::Device,
    models::{ModelFile, ModelSpec},
    run::{CheckpointTimer, SessionError},
    unlearn::{Method, MethodConfig},
};

/// A run that has not begun.
#[derive(Debug, Clone)]
pub(super) struct PlannedRun {
    pub(super) method: Method,
    pub(super) seed: u64,
    /// Index of the request.
    pub(super) request: usize,
    /// What it retains and forgets.
    pub(super) split: Arc<Split>,
}

/// The settings of an [`Experiment`].
///
/// ```
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::experiment::{Experiment, ExperimentConfig};
///
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let config = ExperimentConfig::default();
/// let mine = vec![("two of mine".to_owned(), ForgetRequest::Ids(vec![3, 5]))];
/// let experiment = Experiment::builder(config, digits, Device::cpu()).requests(mine).build()?;
/// assert_eq!(experiment.config().forget, ["two of mine"]);
/// assert_eq!(experiment.first_split().map(|split| split.forget.as_slice()), Some([3, 5].as_slice()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an experiment begins with `build`"]
pub struct ExperimentBuilder {
    config: ExperimentConfig,
    dataset: Dataset,
    device: Device,
    requests: Option<Vec<(String, ForgetRequest)>>,
    original: Option<ModelFile>,
    resume: bool,
    memory: Option<&'static dyn MemoryMeter>,
}

impl Experiment {
    /// The settings of an experiment that carries out `config` on `dataset`.
    pub fn builder(
        config: ExperimentConfig,
        dataset: Dataset,
        device: Device,
    ) -> ExperimentBuilder {
        let (requests, original, resume, memory) = (None, None, false, None);
        ExperimentBuilder { config, dataset, device, requests, original, resume, memory }
    }
}

impl ExperimentBuilder {
    /// Forgets these requests, each under its name, instead of those of the config's `forget`.
    pub fn requests(self, requests: Vec<(String, ForgetRequest)>) -> Self {
        Self { requests: Some(requests), ..self }
    }

    /// Begins with the network of `file`, the original of every seed, instead of training one. Its
    /// normalisation of images is used for all networks of the experiment.
    pub fn original(self, file: impl Into<Option<ModelFile>>) -> Self {
        Self { original: file.into(), ..self }
    }

    /// Uses what the store holds of the same experiment instead of computing it again.
    pub fn resume(self, resume: bool) -> Self {
        Self { resume, ..self }
    }

    /// Counts each run's memory, for [`Figure::PeakMemory`](crate::evaluate::Figure::PeakMemory);
    /// for a resumed run, from where it resumes.
    pub fn memory_meter(self, meter: &'static dyn MemoryMeter) -> Self {
        Self { memory: Some(meter), ..self }
    }

    /// Checks everything and plans the runs. Nothing has been computed yet.
    ///
    /// # Errors
    ///
    /// If the config cannot be carried out on this data, a request cannot be read, or the original
    /// is a network for other data or has forgotten something before.
    pub fn build(self) -> Result<Experiment, ExperimentError> {
        let Self { mut config, dataset, device, requests, original, resume, memory } = self;
        let requests = match requests {
            Some(requests) => requests,
            None => parsed(&config.forget, &dataset)?,
        };
        config.forget = requests.iter().map(|(name, _)| name.clone()).collect();
        let tasks = planned(&config, &requests, &dataset)?;
        let spec = match &original {
            Some(file) => spec_of(file, &dataset)?,
            None => ModelSpec::fitting(config.architecture, &dataset)?,
        };
        config.architecture = spec.architecture;
        config.check_plans(&dataset)?;
        let set = |samples| ResidentSet::new(samples, &spec.normalisation, &device);
        Ok(Experiment {
            train: set(&dataset.train),
            test: set(&dataset.test),
            data_digest: dataset.digest(),
            config,
            spec,
            pretrained: original,
            device,
            dataset,
            requests,
            tasks,
            running: None,
            reference: None,
            history: Vec::new(),
            warnings: Vec::new(),
            events: VecDeque::new(),
            records: Vec::new(),
            resume,
            checkpoints: CheckpointTimer::default(),
            read_every: None,
            memory,
        })
    }
}

/// The requests of a config with their names.
fn parsed(
    forget: &[String],
    dataset: &Dataset,
) -> Result<Vec<(String, ForgetRequest)>, ExperimentError> {
    let parse = |name: &String| match ForgetRequest::parse_for(name, dataset) {
        Ok(request) => Ok((name.clone(), request)),
        Err(source) => Err(ExperimentError::Forget { request: name.clone(), source }),
    };
    forget.iter().map(parse).collect()
}

/// The description of the network in `file`.
fn spec_of(file: &ModelFile, dataset: &Dataset) -> Result<ModelSpec, ExperimentError> {
    file.spec.check_data(dataset)?;
    if !file.ledger.is_empty() {
        return Err(ExperimentError::Forgetful { rows: file.ledger.rows().len() });
    }
    let name = "original".to_owned();
    file.check().map_err(|source| ExperimentError::Model { name, source })?;
    Ok(file.spec.clone())
}

/// All runs in their order: for each seed and request the original, the retrained network, the
/// methods.
fn planned(
    config: &ExperimentConfig,
    requests: &[(String, ForgetRequest)],
    dataset: &Dataset,
) -> Result<VecDeque<PlannedRun>, ExperimentError> {
    if requests.is_empty() {
        return Err(ExperimentError::Empty("forget request"));
    }
    if config.seeds.is_empty() {
        return Err(ExperimentError::Empty("seed"));
    }
    let methods = config.methods.iter().copied().filter(|method| method.unlearns());
    let references = [Method::Original, Method::Retrain].into_iter();
    let references = references.take(if config.retrain { 2 } else { 1 });
    let methods: Vec<Method> = references.chain(methods).collect();
    let mut tasks = VecDeque::new();
    for &seed in &config.seeds {
        for (request, (name, parsed)) in requests.iter().enumerate() {
            let fail = |source| ExperimentError::Forget { request: name.clone(), source };
            let split = Arc::new(parsed.split(dataset, seed).map_err(fail)?);
            let run = |&method: &Method| PlannedRun { method, seed, request, split: split.clone() };
            tasks.extend(methods.iter().map(run));
        }
    }
    Ok(tasks)
}

impl ExperimentConfig {
    /// Checks the numbers of all methods and of the guards and, where the data are texts, that no
    /// method that is asked for needs pixels.
    fn check_plans(&self, dataset: &Dataset) -> Result<(), SessionError> {
        let texts = dataset.train.texts().is_some();
        for settings in self.method.iter().chain([&MethodConfig::Retrain]) {
            let (method, plan) = (settings.method(), settings.plan(&self.training));
            plan.check()?;
            // The settings of a method that is not asked for do no harm.
            if texts && (self.methods.contains(&method) || !method.unlearns()) {
                plan.check_texts()?;
            }
        }
        Ok(self.guards.check()?)
    }
}
