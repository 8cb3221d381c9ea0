//! One run of one method, advanced step by step. It yields events, and can be stopped and resumed
//! between any two of them.

mod checkpoint;
mod error;
mod estimate;
mod event;
mod flight;
mod guard;
mod held_out;
mod identity;
mod origin;
mod pace;
mod proxy;
mod spec;
mod store;
mod target;
mod watch;

use std::{collections::VecDeque, num::NonZeroUsize, sync::Arc};

use web_time::Instant;

pub use checkpoint::CheckpointTimer;
pub use error::SessionError;
pub use event::{Alarm, Event, StoppedBy};
pub use guard::GuardConfig;
pub use held_out::HeldOut;
pub(crate) use identity::{Identity, RunIdentity, differences, identity_digest, listed};
pub use origin::{Origin, StartsFrom};
pub use spec::RunSpec;
pub use store::{FolderStore, MemoryStore, Store, StoreError, write_atomically};

pub(crate) use self::flight::Flight;
use self::{
    guard::{Guard, GuardState},
    pace::Pace,
    proxy::Proxy,
};
pub use crate::verdict::{Basis, Change, Evidence, Finding, Remark, Verdict};
use crate::{
    data::{ResidentSet, Split},
    device::Device,
    models::Classifier,
    smoothing::RateHistogram,
    train::{TrainError, Trainer, TrainerState},
};

/// Steps between two reads of the losses.
const READ_EVERY: usize = 10;

/// The result of a run.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome<M> {
    /// The network, for inference.
    pub model: M,
    /// Steps taken by the network that was kept.
    pub steps: usize,
    /// Wall time of steps and guards, in seconds.
    pub seconds: f64,
    /// Why it ended.
    pub stopped_by: StoppedBy,
    /// What became of the forget request; `None` where the run had no
    /// [`held_out`](RunSpec::held_out).
    pub finding: Option<Finding>,
    /// How often the guards went back to an earlier state.
    pub rollbacks: usize,
}

/// A run in progress.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data::{self, ResidentSet, Split};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::burn::module::Module;
/// use ugradsl::run::{Origin, Run, RunSpec, StartsFrom, StoppedBy};
/// use ugradsl::train::{Objective, Plan, Sampling};
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let model = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// let plan = Plan::new(Sampling::Retain, Objective::descent()).with_batch_size(20);
/// let mut origin = Origin::default();
/// origin.starts_from = StartsFrom::fresh(&model, 0);
/// let spec = RunSpec::new("training", plan).with_origin(origin);
///
/// let train = ResidentSet::new(&digits.train, &digits.normalisation, &device);
/// let network = model.init(0, &device)?.train();
/// let split = Split::everything(&digits);
/// let mut run = block_on(Run::new(spec, network, &device, &train, &split, None))?;
/// while let Some(event) = block_on(run.next())? {
///     println!("{event:?}");
/// }
/// let outcome = run.into_outcome().expect("the run is over");
/// assert_eq!((outcome.steps, outcome.stopped_by), (3, StoppedBy::Plan)); // 60 rows in batches of 20
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run<M: Classifier> {
    spec: RunSpec,
    identity: Identity,
    trainer: Trainer<M>,
    data: ResidentSet,
    guard: Option<Guard>,
    /// The proxy, while it is trained.
    proxy: Option<Proxy<M>>,
    guards: GuardState,
    /// Rows whose outputs show whether a run without guards has diverged.
    sample: Vec<u32>,
    /// The state that a rollback returns to.
    good: TrainerState<M>,
    /// The checked state nearest to what is expected, and its distance.
    best: Option<(f64, TrainerState<M>)>,
    /// Number of rows for which a step of ascent computes gradients.
    rows_of_a_step: usize,
    seconds: f64,
    events: VecDeque<Event>,
    stopped: Option<StoppedBy>,
    finding: Option<Finding>,
    /// Whether the end has been announced.
    ended: bool,
    read_every: Option<NonZeroUsize>,
    /// Size of the largest tensor that the device allows, in bytes.
    largest_tensor: Option<u64>,
    pace: Pace,
    flight: Flight,
}

impl<M: Classifier> Run<M> {
    /// Begins `spec` on a trainable `model`, or resumes it from the checkpoint `name` of `store`.
    ///
    /// # Errors
    ///
    /// [`SessionError`] if the plan makes no sense, the device fails, or the checkpoint is another
    /// run's.
    pub async fn new(
        spec: RunSpec,
        model: M,
        device: &Device,
        data: &ResidentSet,
        split: &Split,
        resume: Option<(&dyn Store, &str)>,
    ) -> Result<Self, SessionError> {
        spec.check(&model, data, split)?;
        let start = Instant::now();
        let guard = spec.guard(&model, data, split).await?;
        let proxy = spec.proxy(&model, data, split).await?;
        let brake = guard.as_ref().and_then(Guard::brake);
        let most_steps = spec.steps_of_budget(split);
        let plan = spec.guarded_plan(proxy.is_some().then_some(most_steps));
        let trainer = Trainer::new(model, plan, data.clone(), split, brake, spec.seed).await?;
        let identity = RunIdentity::new(&spec, device).leaves();
        let mut run = Self {
            identity,
            good: trainer.state(),
            best: None,
            rows_of_a_step: spec.rows_of_a_step(split),
            trainer,
            data: data.clone(),
            guard,
            proxy,
            guards: GuardState::within(most_steps),
            sample: sample(split),
            seconds: 0.0,
            events: VecDeque::new(),
            stopped: None,
            finding: None,
            ended: false,
            read_every: None,
            largest_tensor: device.info().largest_tensor(),
            pace: Pace::default(),
            flight: Flight::default(),
            spec,
        };
        let resumed = match resume {
            Some((store, name)) => run.load_checkpoint(store, name)?,
            None => false,
        };
        if !resumed {
            run.seconds = start.elapsed().as_secs_f64();
        }
        run.announce_start(device);
        run.warn_of_a_positive_rate();
        run.warn_of_cheap_retraining(split);
        run.stop_if_nothing_is_to_do();
        if let Some(stopped_by) = run.stopped {
            run.announce_end(stopped_by).await?;
        }
        Ok(run)
    }

    fn announce_start(&mut self, device: &Device) {
        let (beta, target) = (self.trainer.beta(), self.target());
        self.events.push_back(Event::Started {
            method: self.spec.method.clone(),
            seed: self.spec.seed,
            steps: self.trainer.total_steps(),
            steps_per_epoch: self.trainer.steps_per_epoch(),
            device: device.info().clone(),
            resumed_at: self.trainer.step(),
            target,
            beta: (beta > 0.0).then_some(beta),
        });
    }

    /// Evaluates the network that the run leaves, which does not count as the method's time, and
    /// emits the event that the run is over.
    async fn announce_end(&mut self, stopped_by: StoppedBy) -> Result<(), SessionError> {
        if let Some(evidence) = self.evidence().await? {
            let left_alone = stopped_by == StoppedBy::NothingToDo;
            self.finding = Some(match &self.spec.first_attempt {
                Some(first) => evidence.since(first).finding(false),
                None => evidence.finding(left_alone),
            });
        }
        self.ended = true;
        self.events.push_back(Event::Finished {
            method: self.spec.method.clone(),
            seed: self.spec.seed,
            steps: self.trainer.step(),
            seconds: self.seconds,
            stopped_by,
            finding: self.finding.clone(),
        });
        Ok(())
    }

    /// The evidence about the network as it is now, compared with the original.
    async fn evidence(&self) -> Result<Option<Evidence>, SessionError> {
        let Some(held_out) = &self.spec.held_out else { return Ok(None) };
        let Some(original) = &held_out.original else { return Ok(None) };
        let estimate = self.guard.as_ref().and_then(|guard| guard.estimate());
        let expected = estimate.map_or(held_out.forget, |estimate| estimate.accuracy.into());
        let expected = (expected, estimate.map(Arc::as_ref));
        let network = self.trainer.model();
        Ok(Some(original.evidence(&network, &self.data, expected).await?))
    }

    /// Ends a run before its first step if the original already answers as a network that never saw
    /// the forget rows would.
    fn stop_if_nothing_is_to_do(&mut self) {
        if self.trainer.step() > 0 || self.stopped.is_some() {
            return;
        }
        let estimate = self.guard.as_ref().and_then(|guard| guard.estimate());
        let original = self.spec.held_out.as_ref().and_then(|held_out| held_out.original.as_ref());
        if let (Some(estimate), Some(original)) = (estimate, original)
            && original.is_as_expected(estimate)
        {
            self.stopped = Some(StoppedBy::NothingToDo);
        }
    }

    /// Continues to the next event and returns it; `None` when the run is over.
    ///
    /// # Errors
    ///
    /// If the device fails, or if the future of an earlier call was dropped half-way
    /// ([`SessionError::Cancelled`]). Without guards a non-finite loss is not an error: it shows in
    /// the events and in the result.
    pub async fn next(&mut self) -> Result<Option<Event>, SessionError> {
        self.flight.begin()?;
        let event = self.next_event().await;
        self.flight.end();
        event.map_err(|error| self.naming_batch_size(error))
    }

    /// Where a buffer was too large, makes the error name the batch size, which the user can lower.
    pub(super) fn naming_batch_size(&self, error: SessionError) -> SessionError {
        match (error, self.largest_tensor) {
            (SessionError::Train(TrainError::Buffer { need }), Some(limit)) if need > limit => {
                SessionError::Batch { batch: self.spec.plan.batch_size, need, limit }
            }
            (error, _) => error,
        }
    }

    async fn next_event(&mut self) -> Result<Option<Event>, SessionError> {
        while self.events.is_empty() && self.stopped.is_none() {
            let start = Instant::now();
            self.take_steps().await?;
            self.seconds += start.elapsed().as_secs_f64();
            if let Some(stopped_by) = self.stopped {
                self.announce_end(stopped_by).await?;
            }
        }
        // If the evaluation of the final network failed, it is tried again.
        if let Some(stopped_by) = self.stopped.filter(|_| self.events.is_empty() && !self.ended) {
            self.announce_end(stopped_by).await?;
        }
        Ok(self.events.pop_front())
    }

    /// Sets the largest number of steps between two reads of the losses. `None` reads as often as
    /// the guards check, and every ten steps without guards. Reading more often costs time and
    /// changes no result.
    pub fn set_read_every(&mut self, steps: Option<NonZeroUsize>) {
        self.read_every = steps;
    }

    /// The network as it is now, for inference.
    pub fn model(&self) -> M {
        self.trainer.model()
    }

    /// Whether the last step is taken. [`next`](Self::next) may still have events to return.
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
            finding: self.finding,
            rollbacks: self.guards.rollbacks,
        })
    }

    /// Takes steps up to the next read, and reads. If steps are slow it takes fewer and reads
    /// nothing.
    async fn take_steps(&mut self) -> Result<(), SessionError> {
        if self.proxy.is_some() {
            return self.train_proxy().await;
        }
        let until = self.next_read();
        let control = self.guards.control();
        let mut burst = self.pace.begin(until - self.trainer.step());
        while burst.continues() {
            self.trainer.advance(control);
        }
        if self.trainer.step() < until {
            self.trainer.wait().await?;
            self.pace.end(&burst);
            self.events.push_back(Event::Working { step: self.trainer.step() });
            return Ok(());
        }
        self.report_steps().await?;
        self.pace.end(&burst);
        if self.check_is_due() && !self.check().await? {
            return Ok(());
        }
        self.close_epoch().await?;
        let over = self.trainer.step() >= self.trainer.total_steps();
        if over && self.stopped.is_none() && !self.extend() {
            self.stopped = Some(StoppedBy::Plan);
            self.take_best();
        }
        Ok(())
    }

    /// Whether only the final update moves the weights: before it there is nothing to check, and
    /// more steps would only sum up more.
    pub(super) fn is_one_shot(&self) -> bool {
        self.spec.plan.final_update.accumulates()
    }

    /// Steps between two checks.
    fn check_every(&self) -> usize {
        if self.is_one_shot() {
            return READ_EVERY;
        }
        self.guard.as_ref().map_or(READ_EVERY, |guard| guard.config.every)
    }

    /// The step after which something is read: the present one if a run is resumed at its end, as
    /// no step is left to take.
    fn next_read(&self) -> usize {
        let (step, every) = (self.trainer.step(), self.check_every());
        let read = self.read_every.map_or(every, NonZeroUsize::get);
        let epoch = self.trainer.epoch(step);
        let end = self.trainer.total_steps().min(epoch.first_step + epoch.steps);
        let reads = [every, read].map(|interval| next_multiple(step, interval));
        reads.into_iter().fold(end, usize::min)
    }

    fn check_is_due(&self) -> bool {
        let step = self.trainer.step();
        let between = step.is_multiple_of(self.check_every()) && !self.is_one_shot();
        between || step == self.trainer.total_steps()
    }

    /// Reports the end of an epoch, with the smoothing rates used in it. Without guards the state
    /// is saved at the end of an epoch and where a check would be due, not at every read: how often
    /// events are read must not change which state is saved.
    async fn close_epoch(&mut self) -> Result<(), SessionError> {
        let step = self.trainer.step();
        let epoch = self.trainer.epoch(step.saturating_sub(1));
        let over = step == epoch.first_step + epoch.steps || step == self.trainer.total_steps();
        if over {
            let rates = RateHistogram::new(&self.trainer.read_rates().await?);
            let vanished = rates.as_ref().is_some_and(|rates| rates.mean > -1e-3);
            self.events.push_back(Event::Epoch { epoch: epoch.index + 1, rates });
            if vanished && !self.guards.has_forgotten() {
                self.raise_rates().await?;
            }
        }
        if self.guard.is_none() && (over || self.check_is_due()) {
            self.save_if_finite().await?;
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
}

/// A few rows of each set.
fn sample(split: &Split) -> Vec<u32> {
    let some = |rows: &[u32]| rows[..rows.len().min(64)].to_vec();
    [some(&split.retain), some(&split.forget)].concat()
}

/// The smallest multiple of `interval` above `step`.
fn next_multiple(step: usize, interval: usize) -> usize {
    (step / interval + 1) * interval
}
