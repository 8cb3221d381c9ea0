//! One step of the loop. Everything here only enqueues work for the device.

use burn::tensor::{DType, Int, Tensor, TensorData, activation::softmax};

use super::{
    ForgetPass, Record, StepControl, Trainer,
    batch::{Rows, StepBatch},
};
use crate::{
    loss::gls_cross_entropy,
    models::{Activations, Classifier, set_batch_norm_training},
    smoothing::Smoothing,
    train::{
        BatchNormMode, Distillation, FinalUpdate, GradientTransform, Sampling,
        final_update::{BatchPart, sampled_labels},
        gradient_transform::ActiveTransform,
        labels::replace_last,
        shadow_class,
        weights::gradient_vector,
    },
};

/// Weight of earlier batches in the running accuracy on forget batches.
const MEMORY: f64 = 0.5;

/// How far ascent may go in this step.
struct BrakeReading {
    /// `[n_f]`: 0 for rows that take no part in ascent. `None` where there is no brake.
    ascending: Option<Tensor<1>>,
}

impl BrakeReading {
    /// The weights `[n_f]` of the forget rows, without those that take no part.
    fn limit(&self, weights: Tensor<1>) -> Tensor<1> {
        match &self.ascending {
            Some(rows) => weights * rows.clone(),
            None => weights,
        }
    }
}

/// What the outputs are compared with.
struct Targets {
    /// `[n]`
    labels: Tensor<1, Int>,
    /// Smoothing rates `[n]`.
    rates: Tensor<1>,
}

impl<M: Classifier> Trainer<M> {
    /// Enqueues one step, and after the last one the final update. Nothing is read back.
    pub fn advance(&mut self, control: StepControl) {
        let batch = self.load_batch(control);
        let activations = self.forward(&batch, control);
        let targets = self.targets(&batch, &activations);
        let brake = self.read_brake(&batch, &activations.logits);
        let losses = self.losses(&batch, activations, targets, &brake);
        self.record(&batch, &losses, &brake);
        self.apply_gradients(&batch, losses, control);
    }

    fn load_batch(&mut self, control: StepControl) -> StepBatch {
        let mut batch = self.schedule.batch(self.step);
        let skippable = self.plan.objective.ascends() && !batch.retain.is_empty();
        if control.forget_pass == ForgetPass::Skip && skippable {
            // They are not to be ascended on, and they would take half of the step's time.
            batch.forget.clear();
        }
        let numbers: Vec<u32> = batch.retain.iter().chain(&batch.forget).copied().collect();
        let (inputs, labels) = self.data.gather(&numbers);
        let augmentation = self.plan.augmentation;
        let inputs = augmentation.apply(inputs, &self.data, self.counts.seed, self.step);
        StepBatch {
            epoch: self.schedule.epoch(self.step),
            rows: Rows { retain: batch.retain.len(), forget: batch.forget.len() },
            forget: batch.forget,
            inputs: Tensor::from_inner(inputs),
            labels,
            ascent_gain: if self.plan.objective.ascends() { control.ascent_gain } else { 1.0 },
        }
    }

    /// Whether retained and forget rows take separate passes.
    pub(super) fn separate_passes(&self) -> bool {
        self.plan.objective.batch_norm == BatchNormMode::Separate && self.model.has_batch_norm()
    }

    fn forward(&self, batch: &StepBatch, control: StepControl) -> Activations {
        let StepBatch { rows, inputs, .. } = batch;
        if !self.separate_passes() || rows.retain == 0 || rows.forget == 0 {
            return self.model.forward(inputs.clone());
        }
        let retain = self.model.forward(rows.retained(inputs));
        let forget = rows.forgotten(inputs);
        let forget = match control.forget_pass {
            ForgetPass::Inference => {
                set_batch_norm_training(self.model.clone(), false).forward(forget)
            }
            ForgetPass::Train | ForgetPass::Skip => self.model.forward(forget),
        };
        Activations {
            features: Tensor::cat(vec![retain.features, forget.features], 0),
            logits: Tensor::cat(vec![retain.logits, forget.logits], 0),
        }
    }

    /// Labels and smoothing rates of all rows.
    fn targets(&mut self, batch: &StepBatch, activations: &Activations) -> Targets {
        let rows = batch.rows;
        let forget_rates = match self.plan.objective.smoothing {
            _ if rows.forget == 0 => batch.constant(0.0, 0),
            Smoothing::Constant(rate) => batch.constant(rate, rows.forget),
            Smoothing::Adaptive(rate) => {
                let Activations { features, logits } = activations;
                let compared = rate.rows(&batch.inputs, features, logits);
                let rates =
                    rate.rates(rows.forgotten(&compared), rows.retained(&compared), self.beta);
                self.rates.push(rates.clone());
                rates
            }
        };
        let labels = match &mut self.relabelling {
            Some(relabelling) if rows.forget > 0 => replace_last(
                &batch.labels,
                &relabelling.labels_for(&batch.forget, batch.epoch.index),
            ),
            _ if matches!(self.plan.final_update, FinalUpdate::Noise { .. }) => {
                sampled_labels(&activations.logits, self.counts.seed, self.step)
            }
            _ => batch.labels.clone(),
        };
        Targets { labels, rates: rows.join(batch.constant(0.0, rows.retain), forget_rates) }
    }

    /// Updates the running accuracy on forget batches and finds the rows that still take part in
    /// ascent.
    fn read_brake(&mut self, batch: &StepBatch, logits: &Tensor<2>) -> BrakeReading {
        let rows = batch.rows;
        if rows.forget == 0 {
            return BrakeReading { ascending: None };
        }
        let labels = rows.forgotten_labels(&batch.labels);
        let logits = rows.forgotten(&logits.clone().inner());
        let hits = logits.clone().argmax(1).reshape([rows.forget]);
        let now = hits.cast(DType::I32).equal(labels.clone()).float().cast(DType::F32).mean();
        let running = match self.accuracy.take() {
            Some(past) => past * MEMORY + now * (1.0 - MEMORY),
            None => now,
        };
        self.accuracy = Some(running.clone());
        let Some(brake) = self.brake.as_ref().filter(|_| self.plan.objective.ascends()) else {
            return BrakeReading { ascending: None };
        };
        // 0 while ascent pauses for the whole batch.
        let gate = running.greater_elem(brake.accuracy).float().cast(DType::F32);
        let least: Vec<f32> = batch.forget.iter().map(|&row| brake.of(row)).collect();
        let least = TensorData::new(least, [rows.forget]);
        let least = Tensor::from_data(least, &logits.device());
        let likely = true_class_probability(logits, labels).greater(least);
        let ascending = likely.float().cast(DType::F32) * gate.expand([rows.forget]);
        BrakeReading { ascending: Some(ascending) }
    }

    /// The weighted loss `[n]` of each row.
    fn losses(
        &self,
        batch: &StepBatch,
        activations: Activations,
        targets: Targets,
        brake: &BrakeReading,
    ) -> Tensor<1> {
        let (rows, objective) = (batch.rows, self.plan.objective);
        let weights =
            self.weights(batch, [objective.retain_weight, objective.forget_weight], brake);
        let Activations { features, logits } = activations;
        let distilled = objective.distillation.map(|distillation| {
            let Distillation { retain_weight, forget_weight, forget_teacher, .. } = distillation;
            let weights = self.weights(batch, [retain_weight, forget_weight], brake);
            let teacher = self.teacher_logits(&batch.inputs, rows.retain, forget_teacher);
            distillation.rows(teacher, logits.clone()) * Tensor::from_inner(weights)
        });
        let logits = shadow_class::append(self.shadow.as_ref(), features, logits);
        let losses = gls_cross_entropy(logits, targets.labels, targets.rates, weights);
        match distilled {
            Some(distilled) => losses + distilled,
            None => losses,
        }
    }

    /// The weight `[n]` of each row: that of its set, divided by the number of rows in the mean.
    fn weights(&self, batch: &StepBatch, set_weights: [f64; 2], brake: &BrakeReading) -> Tensor<1> {
        let rows = batch.rows;
        let [per_retain, per_forget] = match self.plan.sampling {
            Sampling::Together { .. } => [rows.all(); 2],
            _ => [rows.retain.max(1), rows.forget.max(1)],
        }
        .map(|rows| rows as f64);
        let retain = batch.constant(set_weights[0] / per_retain, rows.retain);
        let forget = batch.constant(batch.ascent_gain * set_weights[1] / per_forget, rows.forget);
        rows.join(retain, brake.limit(forget))
    }

    /// Keeps on the device what [`read`](Self::read) returns later.
    fn record(&mut self, batch: &StepBatch, losses: &Tensor<1>, brake: &BrakeReading) {
        let rows = batch.rows;
        let sum = |start, n| match n {
            0 => batch.constant(0.0, 1),
            n => losses.clone().inner().narrow(0, start, n).sum(),
        };
        let (retain, forget) = (sum(0, rows.retain), sum(rows.retain, rows.forget));
        let accuracy = self.accuracy.clone().unwrap_or_else(|| batch.constant(0.0, 1));
        // Rows that take no part have no weight, so the mean is over the others.
        let share = match &brake.ascending {
            Some(ascending) => ascending.clone().mean(),
            None => batch.constant(1.0, 1),
        };
        let values = Tensor::cat(vec![retain, forget / batch.ascent_gain, accuracy, share], 0);
        self.records.push(Record { step: self.step, rows: [rows.retain, rows.forget], values });
    }

    /// Moves the weights, or accumulates what the final update needs and carries it out after the
    /// last step.
    fn apply_gradients(&mut self, batch: &StepBatch, losses: Tensor<1>, control: StepControl) {
        let gradients = losses.sum().backward();
        let scale = control.learning_rate_scale;
        if !self.plan.final_update.accumulates() {
            let factor = self.plan.schedule.factor(self.step, self.total_steps());
            let lr = self.plan.learning_rate * factor * scale;
            let transform = self.transform(batch.epoch.index);
            let all = (self.model.clone(), self.shadow.take());
            (self.model, self.shadow) =
                self.optimizer.transformed_step(lr, all, gradients, &transform);
            self.step += 1;
            return;
        }
        let part = self.part(batch);
        let gradient = gradient_vector(&self.model, gradients);
        let (sums, counts) = (&mut self.accumulated, &self.counts);
        self.plan.final_update.accumulate(sums, part, batch.rows.all(), gradient, counts);
        self.step += 1;
        if self.step == self.total_steps() {
            let sums = std::mem::take(&mut self.accumulated);
            let model = self.model.clone();
            self.model = self.plan.final_update.apply(model, &sums, &self.counts, scale);
        }
    }

    /// Which part of the data the batch belongs to, for the final update.
    fn part(&self, batch: &StepBatch) -> BatchPart {
        let at = self.step - batch.epoch.first_step;
        match batch.rows.forget {
            0 if at >= batch.epoch.steps - self.counts.singles => BatchPart::Single,
            0 => BatchPart::Retain,
            _ => BatchPart::Forget,
        }
    }

    /// The gradient transform of a step of epoch `index`.
    fn transform(&self, index: usize) -> ActiveTransform {
        match (self.plan.gradient_transform, &self.mask) {
            (GradientTransform::L1 { gamma }, _) => {
                let left = 1.0 - index as f64 / self.plan.epochs as f64;
                ActiveTransform::L1(gamma * left.max(0.0))
            }
            (GradientTransform::Saliency { .. }, Some(mask)) => ActiveTransform::Mask(mask.clone()),
            _ => ActiveTransform::None,
        }
    }
}

/// Probability `[n]` of the true class of each row.
fn true_class_probability(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    let [n, _] = logits.dims();
    softmax(logits, 1).gather(1, labels.reshape([n, 1])).reshape([n])
}
