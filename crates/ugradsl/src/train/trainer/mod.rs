//! The loop itself.

mod batch;
mod prepare;
mod state;
mod step;

use std::collections::BTreeMap;

use burn::nn::Linear;
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

pub use state::TrainerState;

use super::{
    BatchNormMode, Epoch, Optimizer, Plan, Sampling, Schedule, TrainError, final_update::Counts,
    gradient_transform::Mask, labels::Relabelling, read_floats,
};
use crate::{
    data::{ResidentSet, Split},
    models::{Classifier, set_batch_norm_training},
    smoothing::{AdaptiveRate, Smoothing, distance_quantile},
};

/// What a step did, as read back from the device.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StepRecord {
    /// Number of the step, from 0.
    pub step: usize,
    /// Mean loss of the retained rows in nats, `None` where there were none.
    pub retain_loss: Option<f64>,
    /// Mean smoothed loss in nats of the forgotten rows that took part, `None` where none did.
    pub forget_loss: Option<f64>,
    /// Running accuracy on forgotten batches, 0..1, `None` where there were none.
    pub forget_accuracy: Option<f64>,
}

/// When ascent on a forgotten sample stops; decided on the device in each step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Brake {
    /// Ascent pauses while the running accuracy (0..1) on forgotten batches is at or below this.
    pub accuracy: f64,
    /// Rows whose true class is less likely than this take no part in ascent.
    pub probability: f64,
    /// Thresholds of single rows, by their numbers; the larger of this and `probability` applies.
    pub rows: BTreeMap<u32, f32>,
}

impl Brake {
    /// A brake for all rows alike.
    pub fn new(accuracy: f64, probability: f64) -> Self {
        Self { accuracy, probability, rows: BTreeMap::new() }
    }

    /// A brake for single rows, whatever the accuracy on whole batches.
    pub fn rows(probability: f64, rows: BTreeMap<u32, f32>) -> Self {
        Self { accuracy: -1.0, probability, rows }
    }

    /// The probability at which ascent on `row` stops.
    fn of(&self, row: u32) -> f32 {
        let least = self.probability as f32;
        self.rows.get(&row).map_or(least, |own| own.max(least))
    }
}

/// How the forget rows take part in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForgetPass {
    /// In training mode.
    #[default]
    Train,
    /// With BatchNorm in inference mode.
    Inference,
    /// Not at all, if the objective ascends and the step has retained rows; as `Train` otherwise.
    Skip,
}

/// What the caller decides from step to step; the default is a plain step.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StepControl {
    /// Factor on the learning rate.
    pub learning_rate_scale: f64,
    /// How the forget rows take part.
    pub forget_pass: ForgetPass,
    /// Factor on the weight of the forget rows, if the objective ascends on them.
    pub ascent_gain: f64,
}

impl Default for StepControl {
    fn default() -> Self {
        Self { learning_rate_scale: 1.0, forget_pass: ForgetPass::Train, ascent_gain: 1.0 }
    }
}

/// A run of the loop in progress.
///
/// [`advance`](Self::advance) only enqueues work; values come back with [`read`](Self::read), which
/// waits for the device.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::burn::module::Module;
/// use ugradsl::data::{self, ForgetRequest, ResidentSet};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::smoothing::Smoothing;
/// use ugradsl::train::{LearningRate, Objective, Plan, Sampling, StepControl, Trainer};
///
/// let objective = Objective::balance(0.9, Smoothing::Constant(-0.5));
/// let plan = Plan::new(Sampling::RetainWithForget, objective)
///     .with_epochs(2)
///     .with_schedule(LearningRate::Cosine)
///     .with_clip_norm(Some(1.0));
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?.train();
/// let split = ForgetRequest::Class(3).split(&digits, 0)?;
/// let set = ResidentSet::new(&digits.train, &digits.normalisation, &device);
/// let mut trainer = block_on(Trainer::new(network, plan, set, &split, None, 0))?;
/// while trainer.step() < trainer.total_steps() {
///     trainer.advance(StepControl::default());
/// }
/// let records = block_on(trainer.read())?;
/// assert_eq!(records.len(), 2); // one batch per epoch: fewer than 128 rows are retained
/// assert!(records[0].retain_loss.is_some_and(|loss| loss > 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Trainer<M> {
    model: M,
    optimizer: Optimizer,
    schedule: Schedule,
    plan: Plan,
    data: ResidentSet,
    beta: f32,
    brake: Option<Brake>,
    step: usize,
    /// Running accuracy on forget batches, `[1]`.
    accuracy: Option<Tensor<1>>,
    /// The last layer's row for the class that exists only during the run.
    shadow: Option<Linear>,
    /// Sums over the steps, for the final update.
    accumulated: Vec<Tensor<1>>,
    // From here to `counts`: derived from original, data and seed, so not part of the state.
    relabelling: Option<Relabelling>,
    original: Option<M>,
    untrained: Option<M>,
    mask: Option<Mask>,
    counts: Counts,
    records: Vec<Record>,
    rates: Vec<Tensor<1>>,
}

/// What a step left on the device to be read.
#[derive(Debug)]
struct Record {
    step: usize,
    rows: [usize; 2],
    /// Loss of the retained rows, loss of the forgotten rows, running accuracy, share of
    /// the forgotten rows that took part.
    values: Tensor<1>,
}

impl<M: Classifier> Trainer<M> {
    /// Prepares `plan` for a trainable `model` on the rows of `split`. `brake` says when ascent on
    /// a forgotten sample stops; with `None` it never does. `seed` is that of shuffles, labels and
    /// noise.
    ///
    /// # Errors
    ///
    /// If the device fails, or beta cannot be determined for a self-adaptive rate.
    pub async fn new(
        model: M,
        plan: Plan,
        data: ResidentSet,
        split: &Split,
        brake: Option<Brake>,
        seed: u64,
    ) -> Result<Self, TrainError> {
        let schedule =
            Schedule::new(plan.sampling, plan.batch_size, &split.retain, &split.forget, seed)
                .merging_single(model.has_batch_norm());
        let frozen = plan.objective.batch_norm == BatchNormMode::Frozen;
        let [retained, forgotten] = [split.retain.len(), split.forget.len()];
        let counts = Counts {
            retained,
            forgotten,
            batches: [forgotten, retained].map(|rows| schedule.batches(rows)),
            singles: schedule.singles(),
            seed,
        };
        let mut trainer = Self {
            model: set_batch_norm_training(model, !frozen),
            optimizer: Optimizer::new(plan.optimizer, plan.clip_norm),
            schedule,
            beta: 0.0,
            shadow: None,
            accumulated: Vec::new(),
            relabelling: None,
            original: None,
            untrained: None,
            mask: None,
            counts,
            plan,
            data,
            brake,
            step: 0,
            accuracy: None,
            records: Vec::new(),
            rates: Vec::new(),
        };
        if let Smoothing::Adaptive(rate) = trainer.plan.objective.smoothing {
            let default = if split.whole_class() { 0.5 } else { 0.1 };
            trainer.beta = match rate.beta {
                Some(beta) => beta as f32,
                None => trainer.quantile(rate, rate.quantile.unwrap_or(default)).await?,
            };
        }
        trainer.prepare(&split.forget, seed).await?;
        Ok(trainer)
    }

    /// The `q`-quantile of the distances in the first batch.
    async fn quantile(&mut self, rate: AdaptiveRate, q: f64) -> Result<f32, TrainError> {
        let batch = self.schedule.batch(0);
        let model = self.model.valid();
        let mut rows = Vec::new();
        let mut width = 0;
        for set in [&batch.forget, &batch.retain] {
            let (images, _) = self.data.gather(set);
            let activations = model.forward(images.clone());
            let values = rate.rows(&images, &activations.features, &activations.logits);
            width = values.dims()[1];
            rows.push(read_floats(values.flatten(0, 1)).await?);
        }
        distance_quantile(&rows[0], &rows[1], width, rate.distance, q).ok_or(TrainError::Features)
    }

    /// Distance below which a retained row counts as a neighbour; 0 where the rate is constant.
    pub fn beta(&self) -> f32 {
        self.beta
    }

    /// Raises beta to the `q`-quantile of the distances in the first batch, by the current
    /// network, unless the plan sets beta or the quantile; returns whether beta has risen.
    pub(crate) async fn raise_quantile(&mut self, q: f64) -> Result<bool, TrainError> {
        let Smoothing::Adaptive(rate) = self.plan.objective.smoothing else { return Ok(false) };
        if rate.beta.is_some() || rate.quantile.is_some() {
            return Ok(false);
        }
        let beta = self.quantile(rate, q).await?;
        let rises = beta > self.beta;
        self.beta = self.beta.max(beta);
        Ok(rises)
    }

    /// Sets beta to that of a run that is resumed.
    pub(crate) fn set_beta(&mut self, beta: f32) {
        self.beta = beta;
    }

    /// Index of the next step, from 0; equally the number of steps taken.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Steps of the first epoch, nearly always of every epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.schedule.steps_per_epoch()
    }

    /// The epoch that step `step` belongs to.
    pub fn epoch(&self, step: usize) -> Epoch {
        self.schedule.epoch(step)
    }

    /// Number of steps of the whole plan.
    pub fn total_steps(&self) -> usize {
        self.schedule.steps(self.plan.epochs).max(self.plan.min_steps)
    }

    /// Sets the number of steps, which is at least that of the plan's epochs. From here on the
    /// learning rate follows a schedule of that many steps.
    pub(crate) fn set_total_steps(&mut self, steps: usize) {
        self.plan.min_steps = steps;
    }

    /// The network, for inference.
    pub fn model(&self) -> M {
        self.model.valid()
    }

    /// Ends the run and returns the network, for inference.
    pub fn into_model(self) -> M {
        set_batch_norm_training(self.model.valid(), true)
    }

    /// Whether the forget rows look forgotten in training mode, so that the brake keeps them from
    /// ascent. False where they never pass BatchNorm on their own.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub(crate) async fn looks_forgotten_in_training(&self) -> Result<bool, TrainError> {
        let Some((accuracy, brake)) = self.accuracy.clone().zip(self.brake.as_ref()) else {
            return Ok(false);
        };
        if !self.separate_passes() || !self.plan.objective.ascends() {
            return Ok(false);
        }
        let running = read_floats(accuracy).await?;
        Ok(running.iter().all(|&running| f64::from(running) <= brake.accuracy))
    }

    /// Replaces the brake.
    pub(crate) fn set_brake(&mut self, brake: Option<Brake>) {
        self.brake = brake;
    }

    /// Resets the running accuracy on forget batches: what was counted in training mode says
    /// nothing about inference.
    pub(crate) fn reset_running_accuracy(&mut self) {
        self.accuracy = None;
    }

    /// Reads the records of all steps since the last read, in one transfer.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn read(&mut self) -> Result<Vec<StepRecord>, TrainError> {
        let records = std::mem::take(&mut self.records);
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let values = records.iter().map(|record| record.values.clone()).collect();
        let values = read_floats(Tensor::cat(values, 0)).await?;
        let (retain, forget) = self.plan.objective.scales();
        let together = matches!(self.plan.sampling, Sampling::Together { .. });
        let mean = |sum: f32, weight: f64| (weight != 0.0).then(|| f64::from(sum) / weight);
        let records = records.into_iter().zip(values.chunks(4)).map(|(record, v)| {
            let [n_r, n_f] = record.rows;
            // In a batch that both sets share, a set weighs as much as its share of the rows.
            let share = |n: usize| if together { n as f64 / (n_r + n_f) as f64 } else { 1.0 };
            StepRecord {
                step: record.step,
                retain_loss: mean(v[0], retain * share(n_r)).filter(|_| n_r > 0),
                forget_loss: mean(v[1], forget * f64::from(v[3]) * share(n_f)).filter(|_| n_f > 0),
                forget_accuracy: (n_f > 0).then(|| v[2].into()),
            }
        });
        Ok(records.collect())
    }

    /// Waits until the device has done all steps so far. What [`read`](Self::read) returns stays
    /// the same.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn wait(&self) -> Result<(), TrainError> {
        if let Some(record) = self.records.last() {
            read_floats(record.values.clone()).await?;
        }
        Ok(())
    }

    /// The smoothing rates that are not read yet, for a checkpoint.
    pub(crate) async fn unread_rates(&self) -> Result<Option<TensorData>, TrainError> {
        match self.rates.is_empty() {
            true => Ok(None),
            false => Ok(Some(Tensor::cat(self.rates.clone(), 0).into_data_async().await?)),
        }
    }

    /// Takes the rates of a checkpoint.
    pub(crate) fn set_unread_rates(&mut self, rates: Option<TensorData>) -> Result<(), TrainError> {
        let Some(rates) = rates else { return Ok(()) };
        state::check_shape("rates", &rates, rates.num_elements())?;
        let device = self.model.valid().devices().into_iter().next();
        self.rates = device.iter().map(|device| Tensor::from_data(rates.clone(), device)).collect();
        Ok(())
    }

    /// Reads the smoothing rates used since the last call, one per forgotten row and step, each
    /// between -1 and 0.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn read_rates(&mut self) -> Result<Vec<f32>, TrainError> {
        let rates = std::mem::take(&mut self.rates);
        if rates.is_empty() { Ok(Vec::new()) } else { read_floats(Tensor::cat(rates, 0)).await }
    }
}

#[cfg(test)]
mod tests;
