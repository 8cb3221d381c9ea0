//! A table of runs, advanced event by event; finished runs are kept and never computed again.

use std::collections::VecDeque;

use burn::module::Module;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Event, ExperimentConfig, Job, Run, SessionError, StoppedBy, Store, StoreError};
use crate::{
    data::{Dataset, ForgetError, ForgetRequest, ResidentSet, Split},
    device::Device,
    evaluate::{
        DivergenceError, EvaluateError, Measures, Predictions, Probabilities, average_gap,
        jensen_shannon, predict,
    },
    models::{ModelFile, ModelFileError, ModelSpec, Network, SpecError, read_state},
    train::{Plan, TrainError},
    unlearn::Method,
};

/// Name of the checkpoint of the run in progress.
const CHECKPOINT: &str = "checkpoint.safetensors";

/// Why an experiment cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExperimentError {
    /// A request cannot be carried out on this data.
    #[error("{request}: {source}")]
    Forget {
        /// The request as given.
        request: String,
        /// What is wrong with it.
        source: ForgetError,
    },
    /// The network cannot be built for this data.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A run failed.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A network could not be measured.
    #[error("{method}, seed {seed}: {source}")]
    Evaluate {
        /// How the network was made.
        method: Method,
        /// Seed of the run.
        seed: u64,
        /// What went wrong.
        source: EvaluateError,
    },
    /// Two networks could not be compared.
    #[error(transparent)]
    Divergence(#[from] DivergenceError),
    /// Something could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A kept model is damaged.
    #[error("{name}: {source}")]
    Model {
        /// Name of the piece in the store.
        name: String,
        /// What is wrong with it.
        source: ModelFileError,
    },
    /// A kept record is damaged.
    #[error("{name}: {source}")]
    Record {
        /// Name of the piece in the store.
        name: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// There is nothing to do.
    #[error("the experiment has no {0}")]
    Empty(&'static str),
}

impl From<TrainError> for ExperimentError {
    fn from(error: TrainError) -> Self {
        Self::Session(error.into())
    }
}

/// A point of a run's history, as the guards saw it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    /// Steps taken.
    pub step: usize,
    /// Mean loss on retained rows.
    pub retain_loss: Option<f64>,
    /// Accuracy on forgotten rows, 0..1.
    pub forget_accuracy: Option<f64>,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// How the network was made.
    pub method: Method,
    /// Seed of the run.
    pub seed: u64,
    /// What was forgotten.
    pub forget: String,
    /// What was measured.
    #[serde(flatten)]
    pub measures: Measures,
    /// Average gap to the retrained network, in points.
    pub gap: Option<f64>,
    /// Mean Jensen-Shannon divergence to the retrained network on the forget set, in nats.
    pub js_forget: Option<f64>,
    /// The same on the test set.
    pub js_test: Option<f64>,
    /// Wall time of the steps and of the guards, without evaluation.
    pub seconds: Option<f64>,
    /// That as a share of retraining's.
    pub retrain_share: Option<f64>,
    /// Why the run ended.
    pub stopped_by: Option<StoppedBy>,
    /// Steps taken.
    pub steps: usize,
    /// How often the guards went back.
    pub rollbacks: usize,
    /// What the guards and the user were told.
    pub warnings: Vec<String>,
    /// SHA-256 of the weights.
    pub weights: String,
    /// Name of the model file.
    pub model: String,
    /// Loss and forget accuracy over the steps.
    pub history: Vec<HistoryPoint>,
    /// Identifies the run: config, data, method, request and seed.
    pub digest: String,
}

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
    retrained: Option<(Predictions, RunRecord)>,
}

/// An experiment in progress.
pub struct Experiment {
    config: ExperimentConfig,
    spec: ModelSpec,
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
        let spec = ModelSpec {
            architecture: config.architecture,
            shape: dataset.train.shape(),
            classes: dataset.classes,
            normalisation: dataset.normalisation.clone(),
        };
        spec.check()?;
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
                for method in [Method::Original, Method::Retrain].into_iter().chain(methods) {
                    tasks.push_back(Task { method, seed, request });
                }
            }
        }
        for (method, numbers) in &config.method {
            method.plan(numbers, &config.training).check().map_err(SessionError::from)?;
        }
        Method::Retrain
            .plan(&Method::Retrain.defaults(), &config.training)
            .check()
            .map_err(SessionError::from)?;
        config.guards.check().map_err(SessionError::from)?;
        Ok(Self {
            train: ResidentSet::new(&dataset.train, &dataset.normalisation, &device),
            test: ResidentSet::new(&dataset.test, &dataset.normalisation, &device),
            data_digest: dataset.digest(),
            config,
            spec,
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
        })
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

    async fn begin(&mut self, task: Task, store: &mut dyn Store) -> Result<(), ExperimentError> {
        let (text, request) = &self.requests[task.request];
        let split = request
            .split(&self.dataset, task.seed)
            .map_err(|source| ExperimentError::Forget { request: text.clone(), source })?;
        if task.method == Method::Original {
            self.reference = None;
        }
        self.history.clear();
        self.warnings.clear();
        let known = self.records.iter().any(|record| record.digest == self.digest(&task, &split));
        if (self.resume || known)
            && let Some((mut record, network)) = self.kept(&task, &split, store)?
        {
            let predictions = self.predictions(&task, &network, &split).await?;
            // Measured anew: an original may have served another request, and decimal digits in a
            // file need not give back the very same number.
            record.forget.clone_from(&self.requests[task.request].0);
            record.measures = self.measure(&task, &predictions)?;
            [record.gap, record.js_forget, record.js_test] =
                self.distances(&record.measures, &predictions)?;
            self.settle(task, record, network, predictions);
            return Ok(());
        }
        let network = match &self.reference {
            Some(reference) if task.method.unlearns() => reference.original.clone().train(),
            _ => self.spec.init(task.seed, &self.device.autodiff())?,
        };
        let everything;
        let trained_on = if task.method == Method::Original {
            let all = (0..self.dataset.train.len() as u32).collect();
            everything = Split { retain: all, ..split.clone() };
            &everything
        } else {
            &split
        };
        let job = self.job(&task, &split).await?;
        let resume: Option<(&dyn Store, &str)> =
            if self.resume { Some((store, CHECKPOINT)) } else { None };
        let run = Run::new(job.clone(), network, &self.device, &self.train, trained_on, resume);
        let run = match run.await {
            // The config has changed since, or the checkpoint is another run's: begin anew, and say so.
            Err(error @ SessionError::Foreign { .. }) => {
                let message = format!("{error}; {} begins anew", task.method);
                self.warnings.push(message.clone());
                self.events.push_back(Event::Warning { message });
                let network = match &self.reference {
                    Some(reference) if task.method.unlearns() => reference.original.clone().train(),
                    _ => self.spec.init(task.seed, &self.device.autodiff())?,
                };
                Run::new(job, network, &self.device, &self.train, trained_on, None).await?
            }
            run => run?,
        };
        self.since_checkpoint = 0;
        self.running = Some((task, split, Box::new(run)));
        Ok(())
    }

    /// The plan of `task`, and whether the guards watch over it.
    fn plan(&self, task: &Task) -> (Plan, bool) {
        let numbers = self.config.method.get(&task.method).cloned();
        let numbers = numbers.unwrap_or_else(|| task.method.defaults());
        let guarded = task.method.unlearns() && numbers.guards;
        (task.method.plan(&numbers, &self.config.training), guarded)
    }

    /// Identifies a run by all that it depends on and by nothing else: an original serves every
    /// request, and a row survives a change of another method's numbers.
    fn digest(&self, task: &Task, split: &Split) -> String {
        let (plan, guarded) = self.plan(task);
        let mut hasher = Sha256::new();
        let mut add = |text: String| hasher.update(text + "\n");
        add(format!("{} {} {}", env!("CARGO_PKG_VERSION"), self.data_digest, task.seed));
        add(format!("{:?} {:?} {:?}", self.spec, self.config.training, self.device.info()));
        add(format!("{:?} {plan:?} {:?}", task.method, self.config.attack));
        if task.method != Method::Original {
            add(split.digest());
        }
        if guarded {
            add(format!("{:?}", self.config.guards));
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    async fn job(&self, task: &Task, split: &Split) -> Result<Job, ExperimentError> {
        let (plan, guarded) = self.plan(task);
        let target = match &self.reference {
            Some(reference) if guarded => {
                let on_test = predict(&reference.original, &self.test, &self.test.all_rows()).await;
                let on_test = on_test.map_err(|source| evaluate_error(task, source))?;
                Some(held_out_target(&on_test, &self.train.host_labels(&split.forget), split))
            }
            _ => None,
        };
        Ok(Job {
            method: task.method,
            plan,
            guards: guarded.then(|| self.config.guards.clone()),
            target,
            seed: task.seed,
            digest: self.digest(task, split),
        })
    }

    /// Stem of the files of a run.
    fn stem(&self, task: &Task) -> String {
        match self.requests.len() {
            // An original knows nothing of what will be forgotten: one serves all requests.
            _ if task.method == Method::Original => format!("original-seed{}", task.seed),
            1 => format!("{}-seed{}", task.method, task.seed),
            _ => format!("{}-seed{}-request{}", task.method, task.seed, task.request),
        }
    }

    /// A run that the store holds already, if it is this very one.
    fn kept(
        &self,
        task: &Task,
        split: &Split,
        store: &dyn Store,
    ) -> Result<Option<(RunRecord, Network)>, ExperimentError> {
        let name = format!("{}.json", self.stem(task));
        let Some(bytes) = store.read(&name)? else {
            return Ok(None);
        };
        let record: RunRecord = serde_json::from_slice(&bytes)
            .map_err(|source| ExperimentError::Record { name, source })?;
        if record.digest != self.digest(task, split) {
            return Ok(None);
        }
        let Some(bytes) = store.read(&record.model)? else {
            return Ok(None);
        };
        let damaged = |source| ExperimentError::Model { name: record.model.clone(), source };
        let file = ModelFile::from_bytes(&bytes).map_err(damaged)?;
        let network = file.load(&self.device).map_err(damaged)?;
        Ok((file.digest() == record.weights).then_some((record, network)))
    }

    /// Measures the run that is over and keeps it.
    async fn finish(&mut self, store: &mut dyn Store) -> Result<(), ExperimentError> {
        let Some((task, split, run)) = self.running.take() else {
            return Ok(());
        };
        let Some(outcome) = run.into_outcome() else {
            return Ok(());
        };
        let network = outcome.model.clone();
        let predictions = self.predictions(&task, &network, &split).await?;
        let measures = self.measure(&task, &predictions)?;
        let [gap, js_forget, js_test] = self.distances(&measures, &predictions)?;
        let retrained = self.retrained();
        let trains = task.method != Method::Original;
        let seconds = outcome.seconds;
        let share = retrained.and_then(|(_, row)| row.seconds).map(|full| seconds / full);
        let stem = self.stem(&task);
        let state = read_state(&network).await.map_err(TrainError::from)?;
        let file = ModelFile { spec: self.spec.clone(), seed: task.seed, state };
        let record = RunRecord {
            method: task.method,
            seed: task.seed,
            forget: self.requests[task.request].0.clone(),
            gap,
            measures,
            js_forget,
            js_test,
            seconds: Some(seconds),
            retrain_share: share.filter(|_| trains),
            stopped_by: Some(outcome.stopped_by),
            steps: outcome.steps,
            rollbacks: outcome.rollbacks,
            warnings: std::mem::take(&mut self.warnings),
            weights: file.digest(),
            model: format!("{stem}.safetensors"),
            history: std::mem::take(&mut self.history),
            digest: self.digest(&task, &split),
        };
        let name = record.model.clone();
        let bytes = file.to_bytes().map_err(|source| ExperimentError::Model { name, source })?;
        store.write(&record.model, &bytes)?;
        let name = format!("{stem}.json");
        let text = serde_json::to_vec_pretty(&record)
            .map_err(|source| ExperimentError::Record { name: name.clone(), source })?;
        store.write(&name, &text)?;
        store.remove(CHECKPOINT)?;
        self.settle(task, record, network, predictions);
        Ok(())
    }

    fn retrained(&self) -> Option<&(Predictions, RunRecord)> {
        self.reference.as_ref()?.retrained.as_ref()
    }

    fn measure(&self, task: &Task, predictions: &Predictions) -> Result<Measures, ExperimentError> {
        let measures = predictions.measure(self.config.attack, task.seed);
        measures.map_err(|source| evaluate_error(task, source))
    }

    /// Average gap, and divergence on the forget set and on the test set, to the retrained network;
    /// nothing while there is none.
    fn distances(
        &self,
        measures: &Measures,
        predictions: &Predictions,
    ) -> Result<[Option<f64>; 3], ExperimentError> {
        let Some((oracle, row)) = self.retrained() else {
            return Ok([None; 3]);
        };
        Ok([
            Some(average_gap(measures, &row.measures)),
            Some(jensen_shannon(&predictions.forget, &oracle.forget)?),
            Some(jensen_shannon(&predictions.test, &oracle.test)?),
        ])
    }

    async fn predictions(
        &self,
        task: &Task,
        network: &Network,
        split: &Split,
    ) -> Result<Predictions, ExperimentError> {
        let predictions = Predictions::of(network, &self.train, &self.test, split).await;
        predictions.map_err(|source| evaluate_error(task, source))
    }

    /// Files a finished run where the runs after it will look for it, and completes the rows that
    /// had to wait for the retrained network.
    fn settle(
        &mut self,
        task: Task,
        record: RunRecord,
        network: Network,
        predictions: Predictions,
    ) {
        self.events.push_back(Event::Evaluated {
            method: task.method,
            seed: task.seed,
            measures: record.measures,
        });
        let mut record = record;
        match (task.method, &mut self.reference) {
            (Method::Original, _) => {
                self.reference = Some(Reference {
                    original: network,
                    on_original: predictions,
                    retrained: None,
                });
            }
            (Method::Retrain, Some(reference)) => {
                record.gap = Some(0.0);
                (record.js_forget, record.js_test) = (Some(0.0), Some(0.0));
                record.retrain_share = Some(1.0);
                if let Some(original) = self.records.last_mut() {
                    original.gap = Some(average_gap(&original.measures, &record.measures));
                    let js = |a, b| jensen_shannon(a, b).ok();
                    original.js_forget = js(&reference.on_original.forget, &predictions.forget);
                    original.js_test = js(&reference.on_original.test, &predictions.test);
                }
                reference.retrained = Some((predictions, record.clone()));
            }
            _ => {}
        }
        self.records.push(record);
    }
}

fn evaluate_error(task: &Task, source: EvaluateError) -> ExperimentError {
    ExperimentError::Evaluate { method: task.method, seed: task.seed, source }
}

/// Accuracy (0..1) that a network which never saw the forget set can be expected to have on it: the
/// original's on test samples, class by class, and none for classes that are forgotten entirely.
pub fn held_out_target(on_test: &Probabilities, forgotten: &[u32], split: &Split) -> f64 {
    let classes = on_test.classes();
    let (mut hits, mut rows) = (vec![0.0; classes], vec![0.0; classes]);
    for (row, &label) in on_test.labels().iter().enumerate() {
        rows[label as usize] += 1.0;
        hits[label as usize] += f64::from(u8::from(on_test.predicted(row) == label));
    }
    let overall = hits.iter().sum::<f64>() / rows.iter().sum::<f64>().max(1.0);
    let expected = |label: u32| match rows[label as usize] {
        _ if split.left_out.contains(&label) => 0.0,
        0.0 => overall,
        n => hits[label as usize] / n,
    };
    forgotten.iter().map(|&label| expected(label)).sum::<f64>() / forgotten.len().max(1) as f64
}
