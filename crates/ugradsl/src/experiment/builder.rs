//! The settings of an experiment, checked before anything is computed.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use super::{Expectation, Experiment, ExperimentConfig, ExperimentError, MemoryMeter};
use crate::{
    data::{Copies, Dataset, ForgetRequest, ResidentSet, Split},
    device::Device,
    models::{DataRecord, ModelFile, ModelSpec, NetworkSpec, SpecError},
    run::{CheckpointTimer, SessionError},
    train::Plan,
    unlearn::{Contender, Method, MethodConfig},
};

/// A run that has not begun.
#[derive(Debug, Clone)]
pub(super) struct PlannedRun {
    pub(super) method: Contender,
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
pub struct ExperimentBuilder<S: NetworkSpec = ModelSpec> {
    network: Network<S>,
    plans: Vec<(String, Plan)>,
    config: ExperimentConfig,
    dataset: Dataset,
    device: Device,
    requests: Option<Vec<(String, ForgetRequest)>>,
    original: Option<ModelFile<S>>,
    resume: bool,
    memory: Option<&'static dyn MemoryMeter>,
}

/// Derives the description of the network from the config and the data.
type Network<S> = Box<dyn FnOnce(&ExperimentConfig, &Dataset) -> Result<S, SpecError> + Send>;

impl Experiment {
    /// The settings of an experiment that carries out `config` on `dataset`.
    pub fn builder(
        config: ExperimentConfig,
        dataset: Dataset,
        device: Device,
    ) -> ExperimentBuilder {
        let fitting = |config: &ExperimentConfig, dataset: &Dataset| {
            ModelSpec::fitting(config.architecture.built_in()?, dataset)
        };
        ExperimentBuilder::new(Box::new(fitting), config, dataset, device)
    }
}

impl<S: NetworkSpec> Experiment<S> {
    /// The same with a custom network: `network` replaces the config's `architecture`, which then
    /// holds its name.
    pub fn builder_for(
        network: S,
        config: ExperimentConfig,
        dataset: Dataset,
        device: Device,
    ) -> ExperimentBuilder<S> {
        ExperimentBuilder::new(Box::new(|_, _| Ok(network)), config, dataset, device)
    }
}

impl<S: NetworkSpec> ExperimentBuilder<S> {
    fn new(
        network: Network<S>,
        config: ExperimentConfig,
        dataset: Dataset,
        device: Device,
    ) -> Self {
        let (plans, requests, original, resume, memory) = (Vec::new(), None, None, false, None);
        Self { network, plans, config, dataset, device, requests, original, resume, memory }
    }

    /// Also compares a custom plan, after the methods of the config and under the guards. The
    /// report contains the plan.
    pub fn plan(mut self, name: impl Into<String>, plan: Plan) -> Self {
        self.plans.push((name.into(), plan));
        self
    }

    /// Forgets these requests, each under its name, instead of those of the config's `forget`.
    pub fn requests(self, requests: Vec<(String, ForgetRequest)>) -> Self {
        Self { requests: Some(requests), ..self }
    }

    /// Begins with the network of `file`, the original of every seed, instead of training one. Its
    /// normalisation of images is used for all networks of the experiment.
    pub fn original(self, file: impl Into<Option<ModelFile<S>>>) -> Self {
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
    pub fn build(self) -> Result<Experiment<S>, ExperimentError> {
        let Self { ref device, resume, memory, .. } = self;
        let device = device.clone();
        let Checked { config, dataset, requests, plans, tasks, spec, original } = self.checked()?;
        let set = |samples| ResidentSet::try_new(samples, spec.normalisation(), &device);
        let copies = copies(&requests, &tasks, &dataset);
        Ok(Experiment {
            train: set(&dataset.train).map_err(SessionError::from)?,
            test: set(&dataset.test).map_err(SessionError::from)?,
            data_digest: dataset.digest(),
            data_record: DataRecord::of(&dataset),
            copies,
            config,
            spec,
            pretrained: original,
            device,
            dataset,
            requests,
            plans,
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

    /// Only checks everything, as [`build`](Self::build) does: nothing is put on the device.
    ///
    /// # Errors
    ///
    /// As `build`, except that data too large for the device are not detected.
    pub fn check(self) -> Result<(), ExperimentError> {
        self.checked().map(drop)
    }

    fn checked(self) -> Result<Checked<S>, ExperimentError> {
        let Self { network, plans, mut config, dataset, requests, original, .. } = self;
        config.method = config.method.following(&config.training);
        let dataset = dataset.with_validation(config.validation)?;
        config.expect.iter().try_for_each(|gate| check_gate(gate, &config))?;
        let requests = match requests {
            Some(requests) => requests,
            None => parsed(&config.forget, &dataset)?,
        };
        config.forget = requests.iter().map(|(name, _)| name.clone()).collect();
        let plans = own_plans(plans, &dataset)?;
        let tasks = planned(&config, &plans, &requests, &dataset)?;
        let spec = match &original {
            Some(file) => spec_of(file, &dataset, &requests)?,
            None => network(&config, &dataset)?,
        };
        spec.check()?;
        spec.check_data(&dataset)?;
        config.architecture = spec.network_name();
        config.check_plans(&dataset)?;
        Ok(Checked { config, dataset, requests, plans, tasks, spec, original })
    }
}

/// A checked experiment, without contradictions.
struct Checked<S: NetworkSpec> {
    config: ExperimentConfig,
    dataset: Dataset,
    requests: Vec<(String, ForgetRequest)>,
    plans: BTreeMap<String, Plan>,
    tasks: VecDeque<PlannedRun>,
    spec: S,
    original: Option<ModelFile<S>>,
}

/// Retained copies of forgotten rows, by request, for the first seed.
fn copies(
    requests: &[(String, ForgetRequest)],
    tasks: &VecDeque<PlannedRun>,
    dataset: &Dataset,
) -> Vec<(String, Copies)> {
    let split_of = |at: usize| tasks.iter().find(|task| task.request == at).map(|task| &task.split);
    let requests = requests.iter().enumerate();
    requests
        .filter_map(|(at, (name, _))| Some((name.clone(), Copies::of(dataset, split_of(at)?))))
        .collect()
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
fn spec_of<S: NetworkSpec>(
    file: &ModelFile<S>,
    dataset: &Dataset,
    requests: &[(String, ForgetRequest)],
) -> Result<S, ExperimentError> {
    file.spec.check_data(dataset)?;
    if !file.ledger.is_empty() {
        return Err(ExperimentError::Forgetful { rows: file.ledger.forgotten_rows() });
    }
    requests.iter().try_for_each(|(_, request)| file.check_data(dataset, request))?;
    let name = "original".to_owned();
    file.check().map_err(|source| ExperimentError::Model { name, source })?;
    Ok(file.spec.clone())
}

/// Refuses a gate on a method that does not run, and one that bounds nothing.
fn check_gate(gate: &Expectation, config: &ExperimentConfig) -> Result<(), ExperimentError> {
    let refused = |problem| Err(ExperimentError::Gate { method: gate.method, problem });
    let bounds = [
        gate.mean_gap,
        gate.worst_gap,
        gate.worst_accuracy_gap,
        gate.retrain_share,
        gate.share_of_original_gap,
        gate.training_accuracy,
    ];
    if bounds.into_iter().flatten().any(|bound| !bound.is_finite() || bound < 0.0) {
        return refused("has a bound that is negative or not a number");
    }
    if gate.training_accuracy.is_some() && gate.method != Method::Original {
        return refused(
            "bounds `training_accuracy`, which is the original's: the others are not to know all rows",
        );
    }
    let runs = |method: Method| match method {
        Method::Original => true,
        Method::Retrain => config.retrain,
        method => config.methods.contains(&method),
    };
    if !runs(gate.method) || !gate.better_than.iter().all(|method| runs(*method)) {
        return refused("is about a method that does not run: leave it out, or set `expect = []`");
    }
    if gate.better_than.contains(&gate.method) {
        return refused("wants it to be better than itself");
    }
    if gate.retrain_share.is_some() && (!config.retrain || gate.method == Method::Original) {
        return refused("bounds a share of retraining, which is not measured");
    }
    let Expectation { method, .. } = gate;
    if *gate == Expectation::of(*method) {
        return refused("has no bound");
    }
    Ok(())
}

/// Refuses a value that is there twice.
fn once<T: ToString>(
    what: &'static str,
    values: impl Iterator<Item = T>,
) -> Result<(), ExperimentError> {
    let mut seen = BTreeSet::new();
    for value in values.map(|value| value.to_string()) {
        if !seen.insert(value.clone()) {
            return Err(ExperimentError::Twice { what, value });
        }
    }
    Ok(())
}

/// The custom plans by their names, which must differ.
fn own_plans(
    plans: Vec<(String, Plan)>,
    dataset: &Dataset,
) -> Result<BTreeMap<String, Plan>, ExperimentError> {
    let mut named = BTreeMap::new();
    for (name, plan) in plans {
        let name = Contender::plan(name)?.to_string();
        plan.check().map_err(SessionError::from)?;
        plan.check_rows(dataset.train.kind()).map_err(SessionError::from)?;
        if named.insert(name.clone(), plan).is_some() {
            return Err(ExperimentError::SamePlan(name));
        }
    }
    Ok(named)
}

/// All runs in their order: for each seed and request the original, the retrained network, the
/// methods, and the custom plans.
fn planned(
    config: &ExperimentConfig,
    plans: &BTreeMap<String, Plan>,
    requests: &[(String, ForgetRequest)],
    dataset: &Dataset,
) -> Result<VecDeque<PlannedRun>, ExperimentError> {
    if requests.is_empty() {
        return Err(ExperimentError::Empty("forget request"));
    }
    if config.seeds.is_empty() {
        return Err(ExperimentError::Empty("seed"));
    }
    once("seed", config.seeds.iter())?;
    once("method", config.methods.iter())?;
    once("forget request", requests.iter().map(|(name, _)| name))?;
    let same = |at: usize| requests[..at].iter().any(|(_, other)| *other == requests[at].1);
    if let Some(at) = (0..requests.len()).find(|at| same(*at)) {
        let (what, value) = ("forget request", requests[at].0.clone());
        return Err(ExperimentError::Twice { what, value });
    }
    let methods = config.methods.iter().copied().filter(|method| method.unlearns());
    let references = [Method::Original, Method::Retrain].into_iter();
    let references = references.take(if config.retrain { 2 } else { 1 });
    let methods = references.chain(methods).map(Contender::from);
    let plans = plans.keys().cloned().map(Contender::Plan);
    let methods: Vec<Contender> = methods.chain(plans).collect();
    let mut tasks = VecDeque::new();
    for &seed in &config.seeds {
        let mut taken = BTreeSet::new();
        for (request, (name, parsed)) in requests.iter().enumerate() {
            let fail = |source| ExperimentError::Forget { request: name.clone(), source };
            let split = Arc::new(parsed.split(dataset, seed).map_err(fail)?);
            if !taken.insert(split.digest()) {
                return Err(ExperimentError::SameRows(name.clone()));
            }
            let run = |method| PlannedRun { method, seed, request, split: split.clone() };
            tasks.extend(methods.iter().cloned().map(run));
        }
    }
    Ok(tasks)
}

impl ExperimentConfig {
    /// Checks the numbers of all methods and of the guards and, where the data are texts, that no
    /// method that is asked for needs pixels.
    fn check_plans(&self, dataset: &Dataset) -> Result<(), ExperimentError> {
        let kind = dataset.train.kind();
        for settings in self.method.iter().chain([&MethodConfig::Retrain]) {
            let (method, plan) = (settings.method(), settings.plan(&self.training));
            let table = match method.unlearns() {
                true => format!("method.{method}"),
                false => "training".to_owned(),
            };
            let named = |source| ExperimentError::Plan { table: table.clone(), source };
            plan.check().map_err(named)?;
            // A method that is not asked for may have settings that need pixels.
            if self.methods.contains(&method) || !method.unlearns() {
                plan.check_rows(kind).map_err(named)?;
            }
        }
        Ok(self.guards.check().map_err(SessionError::from)?)
    }
}
