//! A table of runs, advanced event by event. Finished runs are stored and not computed again.

mod builder;
mod config;
mod error;
mod expected;
mod grid;
mod identity;
mod keys;
mod live;
mod measure;
mod memory_meter;
mod pretrained;
mod recipe;
mod recipe_error;
mod record;
mod reuse;
mod setting;

use std::{
    collections::{BTreeMap, VecDeque},
    num::NonZeroUsize,
};

use burn::module::Module;
use web_time::Instant;

pub use builder::ExperimentBuilder;
pub use config::{Expectation, ExperimentConfig, OriginalConfig};
pub use error::ExperimentError;
pub use grid::{Axis, Cell, Grid, GridError, split_sweep};
pub use identity::{is_original, is_reference};
pub use live::Live;
pub use memory_meter::MemoryMeter;
pub use recipe::{resolve, resolve_settings, to_toml, top_level_keys};
pub use recipe_error::RecipeError;
pub use record::{HistoryPoint, RunRecord};
pub use reuse::Mismatch;
pub use setting::{Setting, keys_overlap};

use self::{builder::PlannedRun, identity::Stored};
use crate::{
    data::{Copies, Dataset, ForgetRequest, ResidentSet, Split},
    device::Device,
    evaluate::{EvaluateError, Measures, Predictions},
    models::{DataRecord, ModelFile, ModelSpec, NetworkSpec},
    run::{CheckpointTimer, Event, Run, SessionError, Store},
    train::Plan,
    unlearn::Method,
};

/// Name of the checkpoint of the run in progress.
const CHECKPOINT: &str = "checkpoint.safetensors";

/// What the runs of a seed and request share.
struct Reference<S: NetworkSpec> {
    original: S::Network,
    on_original: Predictions,
    /// The estimate of the retrained network, where none is retrained.
    expected: Option<Measures>,
    retrained: Option<(Predictions, RunRecord)>,
}

/// An experiment in progress. `S` describes its networks: built-in or
/// [custom](Self::builder_for) ones.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data;
/// use ugradsl::device::Device;
/// use ugradsl::evaluate::Figure;
/// use ugradsl::experiment::{Experiment, resolve};
/// use ugradsl::report::Report;
/// use ugradsl::run::MemoryStore;
///
/// let recipe = r#"
///     architecture = "mlp"
///     forget = ["class:3"]
///     methods = ["ft"]
///
///     [training]
///     epochs = 1
/// "#;
/// let config = resolve(Some(recipe), &["ft.epochs=1".to_owned()])?;
/// let digits = data::open(&config.data, &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let mut experiment = Experiment::builder(config, digits, Device::cpu()).build()?;
/// assert_eq!(experiment.remaining(), 3); // the original, the retrained network, fine-tuning
///
/// let mut store = MemoryStore::default(); // a `FolderStore` keeps models, records and checkpoints
/// while let Some(event) = block_on(experiment.next(&mut store))? {
///     println!("{event:?}");
/// }
/// let gaps: Vec<_> = experiment.records().iter().map(|run| run.figure(Figure::Gap)).collect();
/// assert_eq!(gaps[1], Some(0.0)); // of the retrained network to itself
/// assert!(Report::new(&experiment).passed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Experiment<S: NetworkSpec = ModelSpec> {
    config: ExperimentConfig,
    spec: S,
    /// The original, if it need not be trained.
    pretrained: Option<ModelFile<S>>,
    device: Device,
    data_digest: String,
    data_record: DataRecord,
    copies: Vec<(String, Copies)>,
    train: ResidentSet,
    test: ResidentSet,
    dataset: Dataset,
    requests: Vec<(String, ForgetRequest)>,
    plans: BTreeMap<String, Plan>,
    tasks: VecDeque<PlannedRun>,
    running: Option<(PlannedRun, Box<Run<S::Network>>)>,
    reference: Option<Reference<S>>,
    history: Vec<HistoryPoint>,
    warnings: Vec<String>,
    events: VecDeque<Event>,
    records: Vec<RunRecord>,
    resume: bool,
    checkpoints: CheckpointTimer,
    read_every: Option<NonZeroUsize>,
    memory: Option<&'static dyn MemoryMeter>,
}

impl<S: NetworkSpec> Experiment<S> {
    /// The resolved config.
    pub fn config(&self) -> &ExperimentConfig {
        &self.config
    }

    /// The device that computes.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// SHA-256 of the data.
    pub fn data_digest(&self) -> &str {
        &self.data_digest
    }

    /// Exact copies of forgotten rows that stay, for each request, with the first seed.
    pub fn copies(&self) -> &[(String, Copies)] {
        &self.copies
    }

    /// Records of the runs finished so far.
    pub fn records(&self) -> &[RunRecord] {
        &self.records
    }

    /// Number of runs that are not finished, including the one in progress.
    pub fn remaining(&self) -> usize {
        self.tasks.len() + usize::from(self.running.is_some())
    }

    /// Continues to the next event and returns it; `None` when all runs are done. Models,
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
            if let Some((_, run)) = &mut self.running {
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

    /// Writes the run in progress into `store`, so that it can be resumed from here.
    ///
    /// # Errors
    ///
    /// If the state cannot be read or written.
    pub async fn checkpoint(&mut self, store: &mut dyn Store) -> Result<(), ExperimentError> {
        if let Some((_, run)) = &mut self.running {
            let start = Instant::now();
            let event = run.checkpoint(store, CHECKPOINT).await?;
            self.events.push_back(event);
            self.checkpoints.restart(start);
        }
        Ok(())
    }

    /// Keeps what the record of the run will need of an event.
    async fn note(&mut self, event: &Event, store: &mut dyn Store) -> Result<(), ExperimentError> {
        match event {
            Event::Step { step, retain_loss, forget_accuracy, .. } => {
                let (retain_loss, forget_accuracy) = (*retain_loss, *forget_accuracy);
                self.history.push(HistoryPoint { step: *step, retain_loss, forget_accuracy });
            }
            // Steps without forget rows have no accuracy on them; the check after them has.
            Event::GuardCheck { step, forget_accuracy, .. } => {
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
        if self.checkpoints.is_due() {
            self.checkpoint(store).await?;
        }
        Ok(())
    }

    /// Fails where a network would be trained in place of the one that the config names.
    fn check_original(&self) -> Result<(), ExperimentError> {
        match &self.config.original {
            Some(original) if self.pretrained.is_none() => {
                Err(ExperimentError::NoOriginal(original.file.clone()))
            }
            _ => Ok(()),
        }
    }

    async fn begin(
        &mut self,
        task: PlannedRun,
        store: &mut dyn Store,
    ) -> Result<(), ExperimentError> {
        self.check_original()?;
        if task.method == Method::Original {
            self.reference = None;
        }
        self.history.clear();
        self.warnings.clear();
        if let Some((record, network)) = self.take_stored(&task, store)? {
            return self.file_existing(task, record, network).await;
        }
        if task.method == Method::Original && self.pretrained.is_some() {
            return self.take_pretrained(task, store).await;
        }
        if let Some(memory) = self.memory {
            memory.reset();
        }
        let mut run = self.new_run(&task, store).await?;
        run.set_read_every(self.read_every);
        self.checkpoints = CheckpointTimer::default();
        self.running = Some((task, Box::new(run)));
        Ok(())
    }

    /// The result of `task`, if the store has it. If what it has cannot be used, an event says why.
    fn take_stored(
        &mut self,
        task: &PlannedRun,
        store: &dyn Store,
    ) -> Result<Option<(RunRecord, S::Network)>, ExperimentError> {
        let known = self.records.iter().any(|record| record.digest == self.digest(task));
        if !self.resume && !known {
            return Ok(None);
        }
        Ok(match self.stored_run(task, store)? {
            Stored::This(found) => {
                let (mut record, network, warning) = *found;
                if let Some(message) = warning {
                    record.warnings.push(message.clone());
                    let message = format!("{}: {message}", task.method);
                    self.events.push_back(Event::Warning { message });
                }
                Some((record, network))
            }
            Stored::Other(message) => {
                let message = format!("{message}; {} is computed again", task.method);
                self.events.push_back(Event::Warning { message });
                None
            }
            Stored::Nothing => None,
        })
    }

    /// The run of `task`, resumed where its checkpoint allows it.
    async fn new_run(
        &mut self,
        task: &PlannedRun,
        store: &dyn Store,
    ) -> Result<Run<S::Network>, ExperimentError> {
        let everything;
        let trained_on = if task.method == Method::Original {
            everything = Split::everything(&self.dataset);
            &everything
        } else {
            &task.split
        };
        let spec = self.run_spec(task).await?;
        let resume = self.resume.then_some((store, CHECKPOINT));
        let network = self.starting_point(task)?;
        let run = Run::new(spec.clone(), network, &self.device, &self.train, trained_on, resume);
        match run.await {
            // The config has changed, or the checkpoint is another run's or damaged: begin again,
            // and say so.
            Err(
                error @ (SessionError::CheckpointMismatch { .. } | SessionError::Checkpoint { .. }),
            ) => {
                let message = format!("{error}; {} begins again", task.method);
                self.warnings.push(message.clone());
                self.events.push_back(Event::Warning { message });
                let network = self.starting_point(task)?;
                Ok(Run::new(spec, network, &self.device, &self.train, trained_on, None).await?)
            }
            run => Ok(run?),
        }
    }

    /// The network that a run begins with: the original, or a fresh one.
    fn starting_point(&self, task: &PlannedRun) -> Result<S::Network, ExperimentError> {
        match &self.reference {
            Some(reference) if task.method.unlearns() => Ok(reference.original.clone().train()),
            _ => Ok(self.spec.init(task.seed, &self.device)?.train()),
        }
    }
}

fn evaluate_error(task: &PlannedRun, source: EvaluateError) -> ExperimentError {
    ExperimentError::Evaluate { method: task.method.clone(), seed: task.seed, source }
}
