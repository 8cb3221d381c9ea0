//! One run of one method, advanced step by step; it yields events and can be stopped and resumed
//! between any two of them.

use std::{
    collections::{HashMap, VecDeque},
    num::NonZeroUsize,
};

use burn::tensor::TensorData;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use web_time::Instant;

use super::{
    Event, GuardConfig, HeldOut, StoppedBy, Store, StoreError,
    apart::Apart,
    guard::{Guard, Verdict},
};
use crate::{
    data::{ForgetError, NormalisationError, ResidentSet, Split},
    device::Device,
    evaluate::{EvaluateError, predict},
    models::{Classifier, ModelFileError, decode, encode},
    smoothing::RateHistogram,
    train::{Plan, PlanError, TrainError, Trainer, TrainerState},
};

/// Steps between two reads of the losses.
const READ_EVERY: usize = 10;
/// Metadata key of a checkpoint.
const PROGRESS_KEY: &str = "ugradsl.progress";

/// Why a run cannot begin or go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A number of the plan is out of range.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The loop failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// A checkpoint could not be kept or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A checkpoint is damaged.
    #[error("checkpoint {name:?} is damaged: {source}")]
    Checkpoint {
        /// Name of the piece in the store.
        name: String,
        /// What is wrong with it.
        source: ModelFileError,
    },
    /// A checkpoint belongs to another run.
    #[error("checkpoint {name:?} belongs to another run: {clash}")]
    Foreign {
        /// Name of the piece in the store.
        name: String,
        /// What differs.
        clash: String,
    },
    /// The network's outputs could not be read.
    #[error(transparent)]
    Evaluate(EvaluateError),
    /// Nobody said what is to be forgotten.
    #[error("{method} is to forget, but nothing was named: say what with `forget`")]
    NoRequest {
        /// The method.
        method: String,
    },
    /// What is to be forgotten cannot be found in the data.
    #[error(transparent)]
    Forget(#[from] ForgetError),
    /// The pixels cannot be presented in this way.
    #[error("normalisation: {0}")]
    Normalisation(#[from] NormalisationError),
    /// The network does not fit the data.
    #[error("the network has {outputs} outputs, but the data set has {classes} classes")]
    Outputs {
        /// Columns of its logits.
        outputs: usize,
        /// Classes of the data.
        classes: usize,
    },
    /// The very first look at the network already failed.
    #[error("the network's loss on the retain set is not a finite number, before any step")]
    Broken,
}

impl From<EvaluateError> for SessionError {
    fn from(error: EvaluateError) -> Self {
        match error {
            EvaluateError::Train(error) => Self::Train(error),
            error => Self::Evaluate(error),
        }
    }
}

/// What a run is made of.
#[derive(Debug, Clone)]
pub struct Job {
    /// Name of the method, for those who watch.
    pub method: String,
    /// Its plan.
    pub plan: Plan,
    /// The guards, where they watch.
    pub guards: Option<GuardConfig>,
    /// What the original achieves on samples that it was not trained on: the guards steer for that.
    pub held_out: Option<HeldOut>,
    /// Seed of shuffles and samples.
    pub seed: u64,
    /// Identifies all of the above and the data: a checkpoint of another job is refused.
    pub digest: String,
}

/// What a checkpoint says beside the tensors.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    digest: String,
    step: usize,
    rollbacks: usize,
    rate_scale: f64,
    looks_at_target: usize,
    #[serde(default)]
    heals: bool,
    #[serde(default)]
    infers: bool,
    #[serde(default)]
    apart: Apart,
    seconds: f64,
    /// A run that is over must not take further steps when it is resumed.
    stopped: Option<StoppedBy>,
}

/// What a run ended with.
#[derive(Debug, Clone)]
pub struct Outcome<M> {
    /// The network, for inference.
    pub model: M,
    /// Steps taken.
    pub steps: usize,
    /// Wall time of steps and guards.
    pub seconds: f64,
    /// Why it ended.
    pub stopped_by: StoppedBy,
    /// How often the guards went back.
    pub rollbacks: usize,
}

/// A run in progress.
pub struct Run<M: Classifier> {
    job: Job,
    trainer: Trainer<M>,
    data: ResidentSet,
    guard: Option<Guard>,
    /// Rows whose outputs show whether a run without guards has diverged.
    sample: Vec<u32>,
    good: TrainerState<M>,
    rollbacks: usize,
    /// Looks in a row, up to the last good state, that found the run at its target.
    looks_at_target: usize,
    /// How long looks have found the forget set known where training mode finds it forgotten.
    apart: Apart,
    seconds: f64,
    events: VecDeque<Event>,
    stopped: Option<StoppedBy>,
    read_every: Option<NonZeroUsize>,
}

impl<M: Classifier> Run<M> {
    /// Begins `job` on a trainable `model`, or resumes it from the checkpoint `name` of `store`.
    ///
    /// # Errors
    ///
    /// [`SessionError`] if the plan makes no sense, the device fails, or the checkpoint is not this
    /// job's.
    pub async fn new(
        job: Job,
        model: M,
        device: &Device,
        data: &ResidentSet,
        split: &Split,
        resume: Option<(&dyn Store, &str)>,
    ) -> Result<Self, SessionError> {
        job.plan.check()?;
        if data.is_text() {
            job.plan.check_texts()?;
        }
        let start = Instant::now();
        let guard = match &job.guards {
            Some(config) => {
                config.check()?;
                let (config, original) = (config.clone(), model.valid());
                let look = Guard::new(config, &original, data, split, job.held_out, job.seed);
                Some(look.await?)
            }
            None => None,
        };
        if guard.as_ref().is_some_and(|guard| !guard.baseline.retain_loss.is_finite()) {
            return Err(SessionError::Broken);
        }
        let target = guard.as_ref().and(job.held_out).map(|held_out| held_out.forget);
        let brake = target.zip(guard.as_ref()).map(|(accuracy, guard)| guard.brake(accuracy));
        let plan = job.plan.clone();
        let mut trainer = Trainer::new(model, plan, data.clone(), split, brake, job.seed).await?;
        let progress = match resume {
            Some((store, name)) => load_checkpoint(store, name, &job, &mut trainer)?,
            None => None,
        };
        trainer.heals = progress.as_ref().is_some_and(|progress| progress.heals);
        trainer.infers = progress.as_ref().is_some_and(|progress| progress.infers);
        let resumed_at = trainer.step();
        let beta = trainer.beta();
        let started = Event::Started {
            method: job.method.clone(),
            seed: job.seed,
            steps: trainer.total_steps(),
            steps_per_epoch: trainer.steps_per_epoch(),
            device: device.info().clone(),
            resumed_at,
            target,
            beta: (beta > 0.0).then_some(beta),
        };
        let setup = start.elapsed().as_secs_f64();
        let stopped = progress.as_ref().and_then(|progress| progress.stopped);
        let mut run = Self {
            good: trainer.state(),
            trainer,
            data: data.clone(),
            guard,
            sample: sample(split),
            rollbacks: progress.as_ref().map_or(0, |progress| progress.rollbacks),
            looks_at_target: progress.as_ref().map_or(0, |progress| progress.looks_at_target),
            apart: progress.as_ref().map(|progress| progress.apart).unwrap_or_default(),
            seconds: progress.map_or(setup, |progress| progress.seconds),
            events: [started].into(),
            stopped,
            read_every: None,
            job,
        };
        if let Some(stopped_by) = stopped {
            run.announce_end(stopped_by);
        }
        Ok(run)
    }

    fn announce_end(&mut self, stopped_by: StoppedBy) {
        self.events.push_back(Event::Finished {
            method: self.job.method.clone(),
            seed: self.job.seed,
            steps: self.trainer.step(),
            seconds: self.seconds,
            stopped_by,
        });
    }

    /// Goes on until something happened, and says what; `None` when the run is over.
    ///
    /// # Errors
    ///
    /// If the device fails; without guards a non-finite loss is not an error here, it shows in the
    /// events and in the result.
    pub async fn next(&mut self) -> Result<Option<Event>, SessionError> {
        while self.events.is_empty() && self.stopped.is_none() {
            let start = Instant::now();
            self.some_steps().await?;
            self.seconds += start.elapsed().as_secs_f64();
            if let Some(stopped_by) = self.stopped {
                self.announce_end(stopped_by);
            }
        }
        Ok(self.events.pop_front())
    }

    /// Steps at most between two reads of the losses from now on; `None`: as often as the guards look,
    /// or every ten. Reading more often costs time and changes no result.
    pub fn set_read_every(&mut self, steps: Option<NonZeroUsize>) {
        self.read_every = steps;
    }

    /// The network as it is now, for inference.
    pub fn model(&self) -> M {
        self.trainer.model()
    }

    /// Whether the run is over.
    pub fn is_over(&self) -> bool {
        self.stopped.is_some()
    }

    /// The result; `None` while the run is not over.
    pub fn into_outcome(self) -> Option<Outcome<M>> {
        let stopped_by = self.stopped?;
        Some(Outcome {
            steps: self.trainer.step(),
            model: self.trainer.into_model(),
            seconds: self.seconds,
            stopped_by,
            rollbacks: self.rollbacks,
        })
    }

    /// Keeps the last good state under `name`: a resumed run goes on from there.
    ///
    /// # Errors
    ///
    /// If it cannot be read from the device or written.
    pub async fn checkpoint(
        &mut self,
        store: &mut dyn Store,
        name: &str,
    ) -> Result<Event, SessionError> {
        let progress = Progress {
            digest: self.job.digest.clone(),
            step: self.good.step(),
            rollbacks: self.rollbacks,
            rate_scale: self.trainer.rate_scale,
            looks_at_target: self.looks_at_target,
            heals: self.trainer.heals,
            infers: self.trainer.infers,
            apart: self.apart,
            seconds: self.seconds,
            stopped: self.stopped,
        };
        let damaged = |source| SessionError::Checkpoint { name: name.to_owned(), source };
        let text = serde_json::to_string(&progress).map_err(|error| {
            damaged(ModelFileError::Metadata { key: PROGRESS_KEY, problem: error.to_string() })
        })?;
        let metadata = HashMap::from([(PROGRESS_KEY.to_owned(), text)]);
        let bytes = encode(&self.good.tensors().await?, metadata).map_err(damaged)?;
        store.write(name, &bytes)?;
        Ok(Event::Checkpointed { step: progress.step })
    }

    /// Takes steps up to the next point at which something is read, and reads it.
    async fn some_steps(&mut self) -> Result<(), SessionError> {
        let total = self.trainer.total_steps();
        let every = self.guard.as_ref().map_or(READ_EVERY, |guard| guard.config.every);
        let step = self.trainer.step();
        // A run that is resumed at its end has nothing left to take.
        let read = self.read_every.map_or(every, NonZeroUsize::get);
        let epoch = self.trainer.epoch(step);
        let epoch_end = epoch.first + epoch.steps;
        let until = [every, read].map(|of| next_multiple(step, of));
        let until = until.into_iter().fold(total.min(epoch_end), usize::min);
        while self.trainer.step() < until {
            self.trainer.advance();
        }
        self.report_steps().await?;
        let step = self.trainer.step();
        let look_due = step.is_multiple_of(every) || step == total;
        if look_due && !self.look().await? {
            return Ok(());
        }
        let epoch_over = step == epoch_end || step == total;
        if epoch_over {
            let rates = RateHistogram::new(&self.trainer.read_rates().await?);
            let degenerate = rates.as_ref().is_some_and(|rates| rates.mean > -1e-3);
            let epoch = self.trainer.epoch(step.saturating_sub(1)).number + 1;
            self.events.push_back(Event::Epoch { epoch, rates });
            if degenerate {
                let message = "the self-adaptive smoothing rates are all but zero: the method is \
                               no more than NegGrad+ here; give a larger quantile, or alpha";
                self.events.push_back(Event::Warning { message: message.to_owned() });
            }
        }
        // Not at every read: how often somebody watches must not change what is kept.
        if self.guard.is_none() && (look_due || epoch_over) {
            self.keep_if_finite().await?;
        }
        if step >= total && self.stopped.is_none() {
            self.stopped = Some(StoppedBy::Plan);
        }
        Ok(())
    }

    /// Without guards: keeps the state if the network still gives finite outputs, else ends the run
    /// with the state before, so that a method that destroys its network is a row of the table and
    /// not the end of the comparison.
    async fn keep_if_finite(&mut self) -> Result<(), SessionError> {
        match predict(&self.trainer.model(), &self.data, &self.sample).await {
            Ok(_) => self.good = self.trainer.state(),
            Err(EvaluateError::Probabilities(_)) => {
                let step = self.trainer.step();
                self.trainer.restore(&self.good);
                self.stopped = Some(StoppedBy::Diverged);
                let message = format!(
                    "the outputs were not finite after step {step}: diverged, back at step {}",
                    self.trainer.step()
                );
                self.events.push_back(Event::Warning { message });
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn report_steps(&mut self) -> Result<(), SessionError> {
        let records = self.trainer.read().await?;
        let Some(last) = records.last() else {
            return Ok(());
        };
        let mean = |values: Vec<f64>| {
            (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
        };
        self.events.push_back(Event::Step {
            step: last.step + 1,
            retain_loss: mean(records.iter().filter_map(|record| record.retain_loss).collect()),
            forget_loss: mean(records.iter().filter_map(|record| record.forget_loss).collect()),
            forget_accuracy: last.forget_accuracy,
        });
        Ok(())
    }

    /// Lets the guards look; whether the run goes on from where it is.
    async fn look(&mut self) -> Result<bool, SessionError> {
        let Some(guard) = &self.guard else {
            return Ok(true);
        };
        let step = self.trainer.step();
        let look = guard.look(&self.trainer.model(), &self.data).await?;
        self.events.push_back(Event::Probe {
            step,
            retain_loss: look.retain_loss,
            retain_accuracy: look.retain_accuracy,
            forget_accuracy: look.forget_accuracy,
        });
        match guard.judge(look) {
            Verdict::Good { reached } => {
                // Other forget sets have the statistics of what stays.
                let classes = self.job.held_out.is_some_and(|held_out| held_out.forget == 0.0);
                let apart =
                    classes && !reached && self.trainer.looks_forgotten_in_training().await?;
                if self.apart.look(apart, guard.config.every) {
                    self.trainer.follow_inference();
                    let message = format!(
                        "in training mode the forget set looks forgotten, at inference it is not: after step {step} its \
                         rows pass BatchNorm as at inference"
                    );
                    self.events.push_back(Event::Warning { message });
                }
                self.good = self.trainer.state();
                self.trainer.heals = reached;
                self.looks_at_target = 0;
            }
            Verdict::AtTarget => {
                self.good = self.trainer.state();
                self.trainer.heals = true;
                self.apart = Apart::default();
                self.looks_at_target += 1;
                if self.looks_at_target >= guard.config.patience.unwrap_or(1) {
                    self.stopped = Some(StoppedBy::Target);
                }
            }
            Verdict::Back(alarm) => {
                self.rollbacks += 1;
                (self.looks_at_target, self.apart) = (0, Apart::default());
                // Ascent at inference may have been too much for it. If need be it begins anew, with smaller steps.
                (self.trainer.heals, self.trainer.infers) = (false, false);
                self.trainer.restore(&self.good);
                self.trainer.rate_scale *= guard.config.slow_down;
                self.events.push_back(Event::RolledBack {
                    step,
                    to_step: self.trainer.step(),
                    alarm,
                    rate_scale: self.trainer.rate_scale,
                });
                if self.rollbacks > guard.config.rollbacks {
                    self.stopped = Some(StoppedBy::Guard);
                }
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A few rows of each kind.
fn sample(split: &Split) -> Vec<u32> {
    let some = |rows: &[u32]| rows[..rows.len().min(64)].to_vec();
    [some(&split.retain), some(&split.forget)].concat()
}

/// The smallest multiple of `of` above `step`.
fn next_multiple(step: usize, of: usize) -> usize {
    (step / of + 1) * of
}

/// Puts the checkpoint `name` into `trainer`, if there is one.
fn load_checkpoint<M: Classifier>(
    store: &dyn Store,
    name: &str,
    job: &Job,
    trainer: &mut Trainer<M>,
) -> Result<Option<Progress>, SessionError> {
    let Some(bytes) = store.read(name)? else {
        return Ok(None);
    };
    let damaged = |source| SessionError::Checkpoint { name: name.to_owned(), source };
    let foreign = |clash: String| SessionError::Foreign { name: name.to_owned(), clash };
    let (tensors, metadata): (std::collections::BTreeMap<String, TensorData>, _) =
        decode(&bytes).map_err(damaged)?;
    let invalid = |problem| damaged(ModelFileError::Metadata { key: PROGRESS_KEY, problem });
    let text = metadata.get(PROGRESS_KEY).ok_or_else(|| invalid("is missing".to_owned()))?;
    let progress: Progress = serde_json::from_str(text).map_err(|error| match error.is_data() {
        true => foreign(format!("another version has written it: {error}")),
        false => invalid(error.to_string()),
    })?;
    if progress.digest != job.digest {
        return Err(foreign("config, data or method differ".to_owned()));
    }
    if progress.step > trainer.total_steps() || !progress.rate_scale.is_finite() {
        return Err(foreign(format!("it is at step {}", progress.step)));
    }
    trainer.load(tensors, progress.step).map_err(|error| foreign(error.to_string()))?;
    trainer.rate_scale = progress.rate_scale;
    Ok(Some(progress))
}
