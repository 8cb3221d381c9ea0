//! The loop itself, one step at a time.

mod prepare;
mod state;

use burn::nn::Linear;
use burn::tensor::{DType, ExecutionError, Int, Tensor, activation::softmax};
use thiserror::Error;

pub use state::TrainerState;

use super::{
    BatchNormMode, Filter, Finish, Optimizer, Plan, Schedule, Walk,
    filter::{ActiveFilter, Mask},
    finish::{Amounts, Part, sampled_labels},
    labels::{Relabelling, replace_last},
    schedule::Pass,
    shadow,
    weights::gradient_vector,
};
use crate::{
    data::{ResidentSet, Split},
    loss::gls_cross_entropy,
    models::{Classifier, StateError, set_batch_norm_training},
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
    /// Whether steps leave the forgotten rows out: they are where they should be, and only what stays has to
    /// heal. Set by the guards from look to look.
    pub(crate) heals: bool,
    /// Whether forgotten rows pass BatchNorm as at inference. Set by the guards, where they look forgotten in
    /// training mode only.
    pub(crate) infers: bool,
    accuracy: Option<Tensor<1>>,
    /// The last layer's row of a class that exists only while the run lasts.
    shadow: Option<Linear>,
    /// Sums over the steps, for the finish.
    gathered: Vec<Tensor<1>>,
    // From here to `amounts`: follows from the original, the data and the seed; no state.
    relabelling: Option<Relabelling>,
    original: Option<M>,
    untrained: Option<M>,
    mask: Option<Mask>,
    amounts: Amounts,
    records: Vec<Record>,
    rates: Vec<Tensor<1>>,
}

/// What a step left on the device to be read: loss of the retained rows, of the forgotten ones, running
/// accuracy, gate.
#[derive(Debug)]
struct Record {
    step: usize,
    rows: [usize; 2],
    values: Tensor<1>,
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
        let [retained, forgotten] = [split.retain.len(), split.forget.len()];
        let amounts = Amounts {
            retained,
            forgotten,
            batches: [forgotten, retained].map(|rows| rows.div_ceil(plan.batch_size)),
            singles: schedule.singles(),
            seed,
        };
        let mut trainer = Self {
            model: set_batch_norm_training(model, !frozen),
            optimizer: Optimizer::new(plan.optimizer, plan.clip_norm),
            schedule,
            beta: 0.0,
            shadow: None,
            gathered: Vec::new(),
            relabelling: None,
            original: None,
            untrained: None,
            mask: None,
            amounts,
            plan,
            data,
            brake,
            step: 0,
            rate_scale: 1.0,
            heals: false,
            infers: false,
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

    /// Beta in use; 0 where the rate is constant.
    pub fn beta(&self) -> f32 {
        self.beta
    }

    /// Number of the next step.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Steps of the first epoch, nearly always of every epoch.
    pub fn steps_per_epoch(&self) -> usize {
        self.schedule.steps_per_epoch()
    }

    /// The epoch that step `step` belongs to.
    pub fn epoch(&self, step: usize) -> Pass {
        self.schedule.pass(step)
    }

    /// Steps of the whole plan.
    pub fn total_steps(&self) -> usize {
        self.schedule.steps(self.plan.epochs).max(self.plan.min_steps)
    }

    /// The network, for inference.
    pub fn model(&self) -> M {
        self.model.valid()
    }

    /// Ends the run and hands the network over, for inference.
    pub fn into_model(self) -> M {
        set_batch_norm_training(self.model.valid(), true)
    }

    /// Whether retained and forgotten rows take separate passes.
    fn apart(&self) -> bool {
        self.plan.objective.batch_norm == BatchNormMode::Separate && self.model.has_batch_norm()
    }

    /// Whether forgotten rows pass BatchNorm in training mode and look forgotten there: the brake keeps them from
    /// ascent then, whatever they are at inference.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub(crate) async fn looks_forgotten_in_training(&self) -> Result<bool, TrainError> {
        let Some((accuracy, brake)) = self.accuracy.clone().zip(self.brake) else {
            return Ok(false);
        };
        if self.infers || !self.apart() || !self.plan.objective.ascends() {
            return Ok(false);
        }
        let running = read_floats(accuracy).await?;
        Ok(running.iter().all(|&running| f64::from(running) <= brake.accuracy))
    }

    /// From here on forgotten rows pass BatchNorm as at inference.
    pub(crate) fn follow_inference(&mut self) {
        self.infers = true;
        // What was counted in training mode means nothing any more.
        self.accuracy = None;
    }

    /// Enqueues one step, after the last one also what comes last. Nothing is read back.
    pub fn advance(&mut self) {
        let mut batch = self.schedule.batch(self.step);
        if self.heals && self.plan.objective.ascends() && !batch.retain.is_empty() {
            // The brake would keep them from ascent, at the price of half of the step.
            batch.forget.clear();
        }
        let pass = self.schedule.pass(self.step);
        let (n_r, n_f) = (batch.retain.len(), batch.forget.len());
        let objective = self.plan.objective;
        let rows: Vec<u32> = batch.retain.iter().chain(&batch.forget).copied().collect();
        let (images, labels) = self.data.gather(&rows);
        let images = self.plan.augmentation.apply(images, &self.data, self.amounts.seed, self.step);
        let images = Tensor::from_inner(images);
        let (features, logits) = if self.apart() && n_r > 0 && n_f > 0 {
            let retain = self.model.forward(images.clone().narrow(0, 0, n_r));
            let forget = images.clone().narrow(0, n_r, n_f);
            let forget = match self.infers {
                true => set_batch_norm_training(self.model.clone(), false).forward(forget),
                false => self.model.forward(forget),
            };
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
        // Over how many rows the means go.
        let [per_retain, per_forget] = match self.plan.walk {
            Walk::Together { .. } => [n_r + n_f; 2],
            _ => [n_r.max(1), n_f.max(1)],
        }
        .map(|rows| rows as f64);
        let mut forget_weights = constant(objective.forget_weight / per_forget, n_f);
        let mut gate = constant(1.0, 1);
        let mut pushed = None;
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
                let rows = likely.float().cast(DType::F32) * gate.clone().expand([n_f]);
                forget_weights = forget_weights * rows.clone();
                pushed = Some(rows);
            }
            self.accuracy = Some(running);
        }
        let retain_weights = constant(objective.retain_weight / per_retain, n_r);
        let joined = |retain: Tensor<1>, forget: Tensor<1>| match (n_r, n_f) {
            (_, 0) => retain,
            (0, _) => forget,
            _ => Tensor::cat(vec![retain, forget], 0),
        };
        let distilled = objective.distillation.map(|distillation| {
            let forget = constant(distillation.forget_weight / per_forget, n_f);
            let forget = pushed.map_or(forget.clone(), |rows| forget * rows);
            let retain = constant(distillation.retain_weight / per_retain, n_r);
            let teacher = self.teach(&images, n_r, distillation.forget_teacher);
            let weights = Tensor::from_inner(joined(retain, forget));
            distillation.rows(teacher, logits.clone()) * weights
        });
        let labels = match &mut self.relabelling {
            Some(relabelling) if n_f > 0 => {
                replace_last(&labels, &relabelling.of(&batch.forget, pass.number))
            }
            _ if matches!(self.plan.finish, Finish::Noise { .. }) => {
                sampled_labels(&logits, self.amounts.seed, self.step)
            }
            _ => labels,
        };
        let losses = gls_cross_entropy(
            shadow::append(self.shadow.as_ref(), features, logits),
            labels,
            joined(constant(0.0, n_r), forget_rates),
            joined(retain_weights, forget_weights),
        );
        let losses = match distilled {
            Some(distilled) => losses + distilled,
            None => losses,
        };
        let part = |start, n| match n {
            0 => constant(0.0, 1),
            n => losses.clone().inner().narrow(0, start, n).sum(),
        };
        let accuracy = self.accuracy.clone().unwrap_or_else(|| constant(0.0, 1));
        let values = Tensor::cat(vec![part(0, n_r), part(n_r, n_f), accuracy, gate], 0);
        self.records.push(Record { step: self.step, rows: [n_r, n_f], values });

        let gradients = losses.sum().backward();
        if self.plan.finish.gathers() {
            let part = match n_f {
                0 if self.step - pass.first >= pass.steps - self.amounts.singles => Part::Single,
                0 => Part::Retain,
                _ => Part::Forget,
            };
            let gradient = gradient_vector(&self.model, gradients);
            let (sums, amounts) = (&mut self.gathered, &self.amounts);
            self.plan.finish.gather(sums, part, n_r + n_f, gradient, amounts);
        } else {
            let factor = self.plan.schedule.factor(self.step, self.total_steps());
            let lr = self.plan.learning_rate * factor * self.rate_scale;
            let filter = self.filter(pass.number);
            let all = (self.model.clone(), self.shadow.take());
            (self.model, self.shadow) = self.optimizer.filtered_step(lr, all, gradients, &filter);
        }
        self.step += 1;
        if self.plan.finish.gathers() && self.step == self.total_steps() {
            let (sums, scale) = (std::mem::take(&mut self.gathered), self.rate_scale);
            self.model = self.plan.finish.apply(self.model.clone(), &sums, &self.amounts, scale);
        }
    }

    /// The filter of a step in pass `number`.
    fn filter(&self, number: usize) -> ActiveFilter {
        match (self.plan.filter, &self.mask) {
            (Filter::L1 { gamma }, _) => {
                let left = 1.0 - number as f64 / self.plan.epochs as f64;
                ActiveFilter::L1(gamma * left.max(0.0))
            }
            (Filter::Saliency { .. }, Some(mask)) => ActiveFilter::Mask(mask.clone()),
            _ => ActiveFilter::None,
        }
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
        let together = matches!(self.plan.walk, Walk::Together { .. });
        let mean = |sum: f32, weight: f64| (weight != 0.0).then(|| f64::from(sum) / weight);
        let records = records.into_iter().zip(values.chunks(4)).map(|(record, v)| {
            let [n_r, n_f] = record.rows;
            // The weight of a set in a batch that both share is the share it has of its rows.
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

    /// Reads the smoothing rates used since the last call.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn read_rates(&mut self) -> Result<Vec<f32>, TrainError> {
        let rates = std::mem::take(&mut self.rates);
        if rates.is_empty() { Ok(Vec::new()) } else { read_floats(Tensor::cat(rates, 0)).await }
    }
}

/// Probability of the true class of `n` rows from `start`.
fn probabilities(logits: &Tensor<2>, labels: &Tensor<1, Int>, start: usize, n: usize) -> Tensor<1> {
    let p = softmax(logits.clone().inner().narrow(0, start, n), 1);
    p.gather(1, labels.clone().narrow(0, start, n).reshape([n, 1])).reshape([n])
}

/// Reads a vector of floats.
pub(crate) async fn read_floats(tensor: Tensor<1>) -> Result<Vec<f32>, TrainError> {
    let data = tensor.into_data_async().await?;
    Ok(data.iter::<f32>().collect())
}

#[cfg(test)]
mod tests;
