//! The loop itself, one step at a time.

use std::collections::BTreeMap;

use burn::tensor::{DType, ExecutionError, Int, Tensor, TensorData, activation::softmax};
use thiserror::Error;

use super::{BatchNormMode, Optimizer, Plan, Schedule};
use crate::{
    data::{ResidentSet, Split},
    loss::gls_cross_entropy,
    models::{Classifier, StateError, read_state, set_batch_norm_training, write_state},
    smoothing::{AdaptiveRate, Smoothing, distance_quantile},
};

/// Share of the past in the running accuracy on forgotten batches.
const MEMORY: f64 = 0.5;

/// Why the loop cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The device failed while values were read.
    #[error("the device failed: {0}")]
    Device(#[from] ExecutionError),
    /// A stored state does not belong to this run.
    #[error("the stored state does not fit: {0}")]
    State(#[from] StateError),
    /// Distances between samples are not finite, so no beta can be chosen.
    #[error("no beta can be chosen: the network's features are not finite numbers")]
    Features,
}

/// What a step did, as read back from the device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepRecord {
    /// Number of the step, from 0.
    pub step: usize,
    /// Mean loss of the retained rows, `None` where there were none.
    pub retain_loss: Option<f64>,
    /// Mean smoothed loss of the forgotten rows, `None` where the step did not use them.
    pub forget_loss: Option<f64>,
    /// Running accuracy on forgotten batches, 0..1, `None` where there were none.
    pub forget_accuracy: Option<f64>,
}

/// When a forgotten sample has been pushed far enough. Decided on the device, step by step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brake {
    /// Ascent pauses while the running accuracy (0..1) on forgotten batches is at or below this.
    pub accuracy: f64,
    /// Rows whose true class is less likely than this take no part in ascent.
    pub probability: f64,
}

/// A run of the loop in progress.
///
/// [`advance`](Self::advance) only enqueues work; values come back with [`read`](Self::read), which
/// waits for the device.
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
    /// Factor on the learning rate, lowered by the guards.
    pub(crate) rate_scale: f64,
    accuracy: Option<Tensor<1>>,
    records: Vec<(usize, Tensor<1>)>,
    rates: Vec<Tensor<1>>,
}

/// A point to return to. Holds its own copy of all that changes.
#[derive(Debug, Clone)]
pub struct TrainerState<M> {
    model: M,
    optimizer: Optimizer,
    step: usize,
    accuracy: Option<Tensor<1>>,
}

impl<M: Classifier> Trainer<M> {
    /// Prepares `plan` for a trainable `model` on the rows of `split`; `brake` says
    /// when a forgotten sample needs no more ascent.
    ///
    /// # Errors
    ///
    /// If the device fails or a beta is needed and cannot be found.
    pub async fn new(
        model: M,
        plan: Plan,
        data: ResidentSet,
        split: &Split,
        brake: Option<Brake>,
        seed: u64,
    ) -> Result<Self, TrainError> {
        let schedule =
            Schedule::new(plan.walk, plan.batch_size, &split.retain, &split.forget, seed);
        let frozen = plan.objective.batch_norm == BatchNormMode::Frozen;
        let mut trainer = Self {
            model: set_batch_norm_training(model, !frozen),
            optimizer: Optimizer::new(plan.optimizer, plan.clip_norm),
            schedule,
            beta: 0.0,
            plan,
            data,
            brake,
            step: 0,
            rate_scale: 1.0,
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

    /// Beta in use; 0 where the rate is constant.
    pub fn beta(&self) -> f32 {
        self.beta
    }

    /// Number of the next step.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Steps of an epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.schedule.steps_per_epoch()
    }

    /// Steps of the whole plan.
    pub fn total_steps(&self) -> usize {
        (self.plan.epochs * self.steps_per_epoch()).max(self.plan.min_steps)
    }

    /// The network, for inference.
    pub fn model(&self) -> M {
        self.model.valid()
    }

    /// Ends the run and hands the network over, for inference.
    pub fn into_model(self) -> M {
        set_batch_norm_training(self.model.valid(), true)
    }

    /// Enqueues one step. Nothing is read back.
    pub fn advance(&mut self) {
        let batch = self.schedule.batch(self.step);
        let (n_r, n_f) = (batch.retain.len(), batch.forget.len());
        let objective = self.plan.objective;
        let rows: Vec<u32> = batch.retain.iter().chain(&batch.forget).copied().collect();
        let (images, labels) = self.data.gather(&rows);
        let images = Tensor::from_inner(images);
        let apart = objective.batch_norm == BatchNormMode::Separate && self.model.has_batch_norm();
        let (features, logits) = if apart && n_r > 0 && n_f > 0 {
            let [retain, forget] = [(0, n_r), (n_r, n_f)]
                .map(|(start, n)| self.model.forward(images.clone().narrow(0, start, n)));
            (
                Tensor::cat(vec![retain.features, forget.features], 0),
                Tensor::cat(vec![retain.logits, forget.logits], 0),
            )
        } else {
            let activations = self.model.forward(images.clone());
            (activations.features, activations.logits)
        };
        let device = labels.device();
        let constant = |value: f64, n: usize| Tensor::<1>::full([n], value, (&device, DType::F32));

        let forget_rates = match objective.smoothing {
            _ if n_f == 0 => constant(0.0, 0),
            Smoothing::Constant(rate) => constant(rate, n_f),
            Smoothing::Adaptive(rate) => {
                let compared = rate.rows(&images, &features, &logits);
                let forgotten = compared.clone().narrow(0, n_r, n_f);
                let rates = rate.rates(forgotten, compared.narrow(0, 0, n_r), self.beta);
                self.rates.push(rates.clone());
                rates
            }
        };
        let mut forget_weights = constant(objective.forget_weight / n_f.max(1) as f64, n_f);
        let mut gate = constant(1.0, 1);
        if n_f > 0 {
            let hits = logits.clone().inner().narrow(0, n_r, n_f).argmax(1).reshape([n_f]);
            let hits = hits.cast(DType::I32).equal(labels.clone().narrow(0, n_r, n_f));
            let now = hits.float().cast(DType::F32).mean();
            let running = match self.accuracy.take() {
                Some(past) => past * MEMORY + now * (1.0 - MEMORY),
                None => now,
            };
            if let Some(brake) = self.brake.filter(|_| objective.ascends()) {
                gate = running.clone().greater_elem(brake.accuracy).float().cast(DType::F32);
                let likely =
                    probabilities(&logits, &labels, n_r, n_f).greater_elem(brake.probability);
                let pushed = likely.float().cast(DType::F32) * gate.clone().expand([n_f]);
                forget_weights = forget_weights * pushed;
            }
            self.accuracy = Some(running);
        }
        let retain_weights = constant(objective.retain_weight / n_r.max(1) as f64, n_r);
        let joined = |retain: Tensor<1>, forget: Tensor<1>| match (n_r, n_f) {
            (_, 0) => retain,
            (0, _) => forget,
            _ => Tensor::cat(vec![retain, forget], 0),
        };
        let losses = gls_cross_entropy(
            logits,
            labels,
            joined(constant(0.0, n_r), forget_rates),
            joined(retain_weights, forget_weights),
        );
        let part = |start, n| match n {
            0 => constant(0.0, 1),
            n => losses.clone().inner().narrow(0, start, n).sum(),
        };
        let accuracy = self.accuracy.clone().unwrap_or_else(|| constant(0.0, 1));
        let record = Tensor::cat(vec![part(0, n_r), part(n_r, n_f), accuracy, gate], 0);
        self.records.push((self.step, record));

        let factor = self.plan.schedule.factor(self.step, self.total_steps());
        let lr = self.plan.learning_rate * factor * self.rate_scale;
        let gradients = losses.sum().backward();
        self.model = self.optimizer.step(lr, self.model.clone(), gradients);
        self.step += 1;
    }

    /// Reads the records of all steps since the last read, in one transfer.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn read(&mut self) -> Result<Vec<StepRecord>, TrainError> {
        let (steps, tensors): (Vec<_>, Vec<_>) = self.records.drain(..).unzip();
        if tensors.is_empty() {
            return Ok(Vec::new());
        }
        let values = read_floats(Tensor::cat(tensors, 0)).await?;
        let objective = self.plan.objective;
        let mean = |sum: f32, weight: f64| (weight != 0.0).then(|| f64::from(sum) / weight);
        let (uses_retain, uses_forget) = match self.plan.walk {
            super::Walk::Retain => (true, false),
            super::Walk::Forget => (false, true),
            _ => (true, true),
        };
        let records = steps.into_iter().zip(values.chunks(4)).map(|(step, v)| StepRecord {
            step,
            retain_loss: mean(v[0], objective.retain_weight).filter(|_| uses_retain),
            forget_loss: mean(v[1], objective.forget_weight * f64::from(v[3]))
                .filter(|_| uses_forget),
            forget_accuracy: uses_forget.then(|| v[2].into()),
        });
        Ok(records.collect())
    }

    /// Reads the smoothing rates used since the last call.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn read_rates(&mut self) -> Result<Vec<f32>, TrainError> {
        let rates = std::mem::take(&mut self.rates);
        if rates.is_empty() { Ok(Vec::new()) } else { read_floats(Tensor::cat(rates, 0)).await }
    }

    /// Everything that later steps depend on.
    pub fn state(&self) -> TrainerState<M> {
        // A clone would share BatchNorm's running statistics; `valid` copies them.
        TrainerState {
            model: self.model.valid(),
            optimizer: self.optimizer.clone(),
            step: self.step,
            accuracy: self.accuracy.clone(),
        }
    }

    /// Goes back to `state`, forgetting what the optimiser had gathered since.
    pub fn restore(&mut self, state: &TrainerState<M>) {
        self.model = state.model.clone().train();
        self.optimizer = state.optimizer.clone();
        self.step = state.step;
        self.accuracy = state.accuracy.clone();
        self.records.clear();
        self.rates.clear();
    }

    /// Writes tensors made by [`TrainerState::tensors`] into this run, at `step`.
    ///
    /// # Errors
    ///
    /// If they belong to another network.
    pub fn load(
        &mut self,
        mut tensors: BTreeMap<String, TensorData>,
        step: usize,
    ) -> Result<(), TrainError> {
        let device = self.model.valid().devices().into_iter().next();
        let mut moments: Vec<(usize, usize, TensorData)> = Vec::new();
        let mut weights = BTreeMap::new();
        self.accuracy = None;
        while let Some((name, data)) = tensors.pop_first() {
            let Some(device) = &device else { break };
            if let Some(name) = name.strip_prefix(MODEL) {
                weights.insert(name.to_owned(), data);
            } else if name == ACCURACY {
                self.accuracy = Some(Tensor::from_data(data, device));
            } else if let Some((position, index)) = moment_name(&name) {
                moments.push((position, index, data));
            } else {
                return Err(StateError::Unexpected(name).into());
            }
        }
        self.model = write_state(self.model.clone(), weights)?;
        moments.sort_unstable_by_key(|(position, index, _)| (*position, *index));
        self.optimizer.moments.clear();
        for (position, _, data) in moments {
            let slots = self.optimizer.moments.len().max(position + 1);
            self.optimizer.moments.resize_with(slots, Vec::new);
            if let Some(device) = &device {
                self.optimizer.moments[position].push(Tensor::from_data(data, device));
            }
        }
        self.optimizer.steps = step;
        self.step = step;
        Ok(())
    }
}

/// Probability of the true class of `n` rows from `start`.
fn probabilities(logits: &Tensor<2>, labels: &Tensor<1, Int>, start: usize, n: usize) -> Tensor<1> {
    let p = softmax(logits.clone().inner().narrow(0, start, n), 1);
    p.gather(1, labels.clone().narrow(0, start, n).reshape([n, 1])).reshape([n])
}

const MODEL: &str = "model.";
const MOMENT: &str = "moment.";
const ACCURACY: &str = "forget-accuracy";

fn moment_name(name: &str) -> Option<(usize, usize)> {
    let (position, index) = name.strip_prefix(MOMENT)?.split_once('.')?;
    let position = position.parse().ok().filter(|&position: &usize| position < 1 << 16)?;
    Some((position, index.parse().ok()?))
}

impl<M: Classifier> TrainerState<M> {
    /// Number of the step that comes next.
    pub fn step(&self) -> usize {
        self.step
    }

    /// The network, for inference.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The state as named tensors on the host, for a checkpoint.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn tensors(&self) -> Result<BTreeMap<String, TensorData>, TrainError> {
        let weights = read_state(&self.model).await?;
        let mut tensors: BTreeMap<String, TensorData> =
            weights.into_iter().map(|(name, data)| (format!("{MODEL}{name}"), data)).collect();
        for (position, moments) in self.optimizer.moments.iter().enumerate() {
            for (index, moment) in moments.iter().enumerate() {
                let data = moment.clone().into_data_async().await?;
                tensors.insert(format!("{MOMENT}{position}.{index}"), data);
            }
        }
        if let Some(accuracy) = &self.accuracy {
            tensors.insert(ACCURACY.to_owned(), accuracy.clone().into_data_async().await?);
        }
        Ok(tensors)
    }
}

/// Reads a vector of floats.
pub(crate) async fn read_floats(tensor: Tensor<1>) -> Result<Vec<f32>, TrainError> {
    let data = tensor.into_data_async().await?;
    Ok(data.iter::<f32>().collect())
}
