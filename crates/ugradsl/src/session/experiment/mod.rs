//! A table of runs, advanced event by event; finished runs are kept and never computed again.

mod adopt;
mod conclude;
mod error;
mod expected;
mod given;
mod held_out;
mod identity;
mod inspect;
mod record;

use std::{collections::VecDeque, num::NonZeroUsize};

use burn::module::Module;

pub use adopt::Unfit;
pub use error::ExperimentError;
pub use held_out::HeldOut;
pub use identity::is_reference;
pub use inspect::Live;
pub use record::{HistoryPoint, RunRecord};

use super::{Event, ExperimentConfig, MemoryMeter, Run, SessionError, Store};
use crate::{
    data::{Dataset, ForgetRequest, ResidentSet, Split},
    device::Device,
    evaluate::{EvaluateError, Measures, Predictions},
    models::{ModelFile, ModelSpec, Network},
    unlearn::Method,
};

/// Name of the checkpoint of the run in progress.
const CHECKPOINT: &str = "checkpoint.safetensors";

/// One run to come.
#[derive(Debug, Clone)]
struct Task {
    method: Method,
    seed: u64,
    request: usize,
}

/// What the runs of a seed and request share.
struct Reference {
    original: Network,
    on_original: Predictions,
    /// Where no network is retrained.
    expected: Option<Measures>,
    retrained: Option<(Predictions, RunRecord)>,
}

/// An experiment in progress.
pub struct Experiment {
    config: ExperimentConfig,
    spec: ModelSpec,
    /// The original, if it need not be trained.
    given: Option<ModelFile>,
    device: Device,
    data_digest: String,
    train: ResidentSet,
    test: ResidentSet,
    dataset: Dataset,
    requests: Vec<(String, ForgetRequest)>,
    tasks: VecDeque<Task>,
    running: Option<(Task, Split, Box<Run<Network>>)>,
    reference: Option<Reference>,
    history: Vec<HistoryPoint>,
    warnings: Vec<String>,
    events: VecDeque<Event>,
    records: Vec<RunRecord>,
    resume: bool,
    since_checkpoint: usize,
    read_every: Option<NonZeroUsize>,
    memory: Option<&'static dyn MemoryMeter>,
}

impl Experiment {
    /// Prepares `config` on `dataset`; `requests` are its parsed `forget` entries. With `resume`,
    /// what a store holds of the same experiment is used instead of being computed again.
    ///
    /// # Errors
    ///
    /// If the config cannot be carried out on this data; nothing has been computed then.
    pub fn new(
        config: ExperimentConfig,
        dataset: Dataset,
        requests: Vec<ForgetRequest>,
        device: Device,
        resume: bool,
    ) -> Result<Self, ExperimentError> {
        let spec = ModelSpec::fitting(config.architecture, &dataset)?;
        if requests.is_empty() {
            return Err(ExperimentError::Empty("forget request"));
        }
        if config.seeds.is_empty() {
            return Err(ExperimentError::Empty("seed"));
        }
        let requests: Vec<_> = config.forget.iter().cloned().zip(requests).collect();
        let mut tasks = VecDeque::new();
        for &seed in &config.seeds {
            for (request, (text, parsed)) in requests.iter().enumerate() {
                let forget_error =
                    |source| ExperimentError::Forget { request: text.clone(), source };
                parsed.split(&dataset, seed).map_err(forget_error)?;
                let methods = config.methods.iter().copied().filter(|method| method.unlearns());
                let references = [Method::Original, Method::Retrain].into_iter();
                let references = references.take(if config.retrain { 2 } else { 1 });
                for method in references.chain(methods) {
                    tasks.push_back(Task { method, seed, request });
                }
            }
        }
        let texts = dataset.train.texts().is_some();
        let retrain = (&Method::Retrain, &Method::Retrain.defaults());
        for (method, numbers) in config.method.iter().chain([retrain]) {
            let plan = method.plan(numbers, &config.training);
            plan.check().map_err(SessionError::from)?;
            // The numbers of a method that is not asked for do no harm.
            if texts && (config.methods.contains(method) || !method.unlearns()) {
                plan.check_texts().map_err(SessionError::from)?;
            }
        }
        config.guards.check().map_err(SessionError::from)?;
        Ok(Self {
            train: ResidentSet::new(&dataset.train, &dataset.normalisation, &device),
            test: ResidentSet::new(&dataset.test, &dataset.normalisation, &device),
            data_digest: dataset.digest(),
            config,
            spec,
            given: None,
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
            since_checkpoint: 0,
            read_every: None,
            memory: None,
        })
    }

    /// Has each run's need of memory counted, for [`RunRecord::peak_memory`]; of a resumed run, what it needs from there on.
    pub fn with_memory_meter(self, meter: &'static dyn MemoryMeter) -> Self {
        Self { memory: Some(meter), ..self }
    }

    /// The resolved config.
    pub fn config(&self) -> &ExperimentConfig {
        &self.config
    }

    /// Where it runs.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// SHA-256 of the data.
    pub fn data_digest(&self) -> &str {
        &self.data_digest
    }

    /// Rows finished so far.
    pub fn records(&self) -> &[RunRecord] {
        &self.records
    }

    /// Runs still to come, the one in progress included.
    pub fn remaining(&self) -> usize {
        self.tasks.len() + usize::from(self.running.is_some())
    }

    /// Goes on until something happened, and says what; `None` when all runs are done. Models,
    /// records and checkpoints go to `store`.
    ///
    /// # Errors
    ///
    /// [`ExperimentError`]; what was finished before is in the store.
    pub async fn next(&mut self, store: &mut dyn Store) -> Result<Option<Event>, ExperimentError> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            if let Some((_, _, run)) = &mut self.running {
                match run.next().await? {
                    Some(event) => {
                        self.note(&event, store).await?;
                        return Ok(Some(event));
                    }
                    None => self.finish(store).await?,
                }
            } else if let Some(task) = self.tasks.pop_front() {
                self.begin(task, store).await?;
            } else {
                return Ok(None);
            }
        }
    }

    /// Keeps the run in progress, so that it can be resumed from here.
    ///
    /// # Errors
    ///
    /// If the state cannot be read or written.
    pub async fn checkpoint(&mut self, store: &mut dyn Store) -> Result<(), ExperimentError> {
        if let Some((_, _, run)) = &mut self.running {
            let event = run.checkpoint(store, CHECKPOINT).await?;
            self.events.push_back(event);
            self.since_checkpoint = 0;
        }
        Ok(())
    }

    /// Takes from an event what the record of the run will need.
    async fn note(&mut self, event: &Event, store: &mut dyn Store) -> Result<(), ExperimentError> {
        match event {
            Event::Step { step, retain_loss, forget_accuracy, .. } => {
                let (retain_loss, forget_accuracy) = (*retain_loss, *forget_accuracy);
                self.history.push(HistoryPoint { step: *step, retain_loss, forget_accuracy });
                self.since_checkpoint += 1;
                // Reads of about a second's work each: losing ten of them is bearable.
                if self.since_checkpoint >= 10 {
                    self.checkpoint(store).await?;
                }
            }
            // Steps that leave the forgotten rows out know nothing of them; the look after them does.
            Event::Probe { step, forget_accuracy, .. } => {
                if let Some(point) = self.history.last_mut().filter(|point| point.step == *step) {
                    point.forget_accuracy.get_or_insert(*forget_accuracy);
                }
            }
            Event::RolledBack { step, to_step, alarm, rate_scale } => {
                self.history.retain(|point| point.step <= *to_step);
                self.warnings.push(format!(
                    "rolled back from step {step} to {to_step} ({alarm:?}), learning rate x {rate_scale}"
                ));
            }
            Event::Warning { message } => self.warnings.push(message.clone()),
            _ => {}
        }
        Ok(())
    }

    /// Fails where a network would be trained in the place of the one that the config names.
    fn check_original(&self) -> Result<(), ExperimentError> {
        match &self.config.original {
            Some(original) if self.given.is_none() => {
                Err(ExperimentError::NoOriginal(original.file.clone()))
            }
            _ => Ok(()),
        }
    }

    async fn begin(&mut self, task: Task, store: &mut dyn Store) -> Result<(), ExperimentError> {
        self.check_original()?;
        let split = self.split_of(&task)?;
        if task.method == Method::Original {
            self.reference = None;
        }
        self.history.clear();
        self.warnings.clear();
        let known = self.records.iter().any(|record| record.digest == self.digest(&task, &split));
        if (self.resume || known)
            && let Some((record, network)) = self.kept(&task, &split, store)?
        {
            return self.take_over(task, &split, record, network).await;
        }
        if task.method == Method::Original && self.given.is_some() {
            return self.take_given(task, &split, store).await;
        }
        if let Some(memory) = self.memory {
            memory.reset();
        }
        let everything;
        let trained_on = if task.method == Method::Original {
            everything = Split::everything(&self.dataset);
            &everything
        } else {
            &split
        };
        let job = self.job(&task, &split).await?;
        let resume: Option<(&dyn Store, &str)> =
            if self.resume { Some((store, CHECKPOINT)) } else { None };
        let network = self.starting_point(&task)?;
        let run = Run::new(job.clone(), network, &self.device, &self.train, trained_on, resume);
        let run = match run.await {
            // The config has changed since, or the checkpoint is another run's: begin anew, and say so.
            Err(error @ SessionError::Foreign { .. }) => {
                let message = format!("{error}; {} begins anew", task.method);
                self.warnings.push(message.clone());
                self.events.push_back(Event::Warning { message });
                let network = self.starting_point(&task)?;
                Run::new(job, network, &self.device, &self.train, trained_on, None).await?
            }
            run => run?,
        };
        let mut run = run;
        run.set_read_every(self.read_every);
        self.since_checkpoint = 0;
        self.running = Some((task, split, Box::new(run)));
        Ok(())
    }

    /// The network that a run begins with: the original, or a fresh one.
    fn starting_point(&self, task: &Task) -> Result<Network, ExperimentError> {
        match &self.reference {
            Some(reference) if task.method.unlearns() => Ok(reference.original.clone().train()),
            _ => Ok(self.spec.init(task.seed, &self.device.autodiff())?),
        }
    }
}

fn evaluate_error(task: &Task, source: EvaluateError) -> ExperimentError {
    ExperimentError::Evaluate { method: task.method, seed: task.seed, source }
}
