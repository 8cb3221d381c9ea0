//! Guards: gradient ascent has no floor, so checking it is part of the method.
//!
//! Every few steps a fixed sample of the retain set and of the forget set is evaluated. When the
//! retained loss leaves its band, steps use retained rows only until it has fallen; when it does
//! not fall, is far outside or is not a number, the run goes back to its last good state, with a
//! lower learning rate. The run ends early when one check, or several in a row, find the forget set
//! at its target and the retain set as good as it was.

mod config;
mod effect;
mod state;

use burn::tensor::{DType, Tensor, TensorData};

pub use config::GuardConfig;
pub(super) use state::{Decision, GuardState};

use std::sync::Arc;

use super::{Alarm, HeldOut, StoppedBy, estimate::Estimate};
use crate::{
    data::{ResidentSet, Split},
    evaluate::EvaluateError,
    loss::gls_cross_entropy,
    models::Classifier,
    random::Derived,
    train::{Brake, Sampling, Schedule, TrainError, read_floats},
};

/// What a guard check found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Check {
    pub(super) retain_loss: f64,
    pub(super) retain_accuracy: f64,
    pub(super) forget_accuracy: f64,
    /// Accuracy on held-out rows, where there are any.
    pub(super) held_out_accuracy: Option<f64>,
    /// Whether the forget set looks forgotten in training mode. Determined only where
    /// [`Guard::compares_modes`] is true.
    pub(super) forgotten_in_training: bool,
}

/// How far (0..1) the forget accuracy may be below its target at the end.
const OVERSHOOT: f64 = 0.03;
/// Maximum number of held-out rows per check.
const HELD_OUT_ROWS: usize = 256;
/// How far (0..1) the accuracy on held-out rows may stay below the original's.
const HELD_OUT_TOLERANCE: f64 = 0.02;

/// The guards of one run.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) config: GuardConfig,
    retain: Vec<u32>,
    forget: Vec<u32>,
    /// The check of the untouched original. Its retained accuracy, which a run has to recover, is
    /// taken without the classes that are forgotten entirely: the retrained network cannot predict
    /// them either.
    pub(super) baseline: Check,
    held_out: Option<HeldOut>,
    /// A better estimate of the target than that of `held_out`, if there is one.
    estimate: Option<Arc<Estimate>>,
}

impl Guard {
    /// Draws the samples and evaluates the original on them.
    pub(super) async fn new<M: Classifier>(
        config: GuardConfig,
        model: &M,
        data: &ResidentSet,
        split: &Split,
        held_out: Option<HeldOut>,
        seed: u64,
    ) -> Result<Self, EvaluateError> {
        let sample = |rows: &[u32], wanted| {
            Schedule::new(Sampling::Retain, wanted, rows, &[], Derived::GuardSample.seed(seed))
                .batch(0)
                .retain
        };
        // A few rows are enough to see an accuracy of zero; estimating any other takes many.
        let whole_classes = held_out.as_ref().is_some_and(HeldOut::of_whole_classes);
        let wanted = if whole_classes { config.rows.div_ceil(4) } else { config.rows };
        let (retain, forget) = (sample(&split.retain, config.rows), sample(&split.forget, wanted));
        let mut baseline = check(model, data, &retain, &forget, &split.left_out).await?;
        baseline.held_out_accuracy = on_held_out(held_out.as_ref(), model, &split.left_out).await?;
        baseline.retain_accuracy =
            retained_target(&baseline, split.retain.len(), split.forget.len());
        Ok(Self { config, retain, forget, baseline, held_out, estimate: None })
    }

    /// Uses `estimate` for what is expected on the forget set.
    pub(super) fn set_estimate(&mut self, estimate: Arc<Estimate>) {
        self.estimate = Some(estimate);
    }

    /// The estimate, if there is one.
    pub(super) fn estimate(&self) -> Option<&Arc<Estimate>> {
        self.estimate.as_ref()
    }

    /// The accuracy (0..1) that is expected on the forget set.
    pub(super) fn target(&self) -> Option<f64> {
        let estimated = self.estimate.as_ref().map(|estimate| f64::from(estimate.accuracy));
        estimated.or_else(|| self.held_out.as_ref().map(|held_out| held_out.forget))
    }

    /// The brake on ascent: row by row, if there is an estimate for each row.
    pub(super) fn brake(&self) -> Option<Brake> {
        let (target, probability) = (self.target()?, self.config.floor);
        Some(match &self.estimate {
            Some(estimate) => Brake::rows(probability, estimate.rows.clone()),
            None => Brake::new(target + self.config.tolerance / 2.0, probability),
        })
    }

    /// Evaluates `model` on the samples.
    pub(super) async fn check<M: Classifier>(
        &self,
        model: &M,
        data: &ResidentSet,
    ) -> Result<Check, EvaluateError> {
        let check = check(model, data, &self.retain, &self.forget, &[]).await?;
        let held_out_accuracy = on_held_out(self.held_out.as_ref(), model, &[]).await?;
        Ok(Check { held_out_accuracy, ..check })
    }

    /// How much retained accuracy may be lost: the tolerance, or half of the distance to the
    /// `held_out` accuracy where that is less. Never less than half of the tolerance, as the sample
    /// is small.
    fn allowance(&self, held_out: Option<f64>) -> f64 {
        let tolerance = self.config.tolerance;
        let half = |held_out| (self.baseline.retain_accuracy - held_out) / 2.0;
        held_out.map_or(tolerance, half).clamp(tolerance / 2.0, tolerance)
    }

    /// Whether the next decision depends on what the forget set looks like in training mode. It
    /// does not while the guards keep BatchNorm frozen, as they may for all but whole classes.
    pub(super) fn compares_modes(&self, check: &Check, state: &GuardState) -> bool {
        let whole_classes = self.held_out.as_ref().is_some_and(HeldOut::of_whole_classes);
        let trains = whole_classes || !self.config.freeze_batch_norm;
        trains && !state.follows_inference && !self.forgotten(check)
    }

    /// Whether the forget set is at its target.
    fn forgotten(&self, check: &Check) -> bool {
        let target = self.target().map(|target| target + self.config.tolerance);
        target.is_some_and(|target| check.forget_accuracy <= target)
    }

    /// Whether clearly fewer forget rows are recognised than expected. Steps on retained rows alone
    /// bring them back.
    fn overshot(&self, check: &Check) -> bool {
        let half_a_row = 0.5 / self.forget.len().max(1) as f64;
        let least = self.target().map(|target| target - OVERSHOOT - half_a_row);
        self.estimate.is_some() && least.is_some_and(|least| check.forget_accuracy < least)
    }

    /// Whether accuracy on retained and on held-out rows is as high as it has to be.
    fn recovered(&self, check: &Check) -> bool {
        let retain = self.held_out.as_ref().and_then(|held_out| held_out.retain);
        check.retain_accuracy >= self.baseline.retain_accuracy - self.allowance(retain)
            && self.held_out_lost(check) <= HELD_OUT_TOLERANCE
    }

    /// Accuracy (0..1) lost on held-out rows. A network that knows its training rows by heart can
    /// lose it without losing accuracy on retained rows.
    fn held_out_lost(&self, check: &Check) -> f64 {
        let both = self.baseline.held_out_accuracy.zip(check.held_out_accuracy);
        both.map_or(0.0, |(before, now)| before - now)
    }

    /// How far the network seems to be from the retrained one, 0..1: the mean distance of the
    /// accuracies that a check finds to those that are expected. `None` without a target.
    pub(super) fn gap(&self, check: &Check) -> Option<f64> {
        let forget = (check.forget_accuracy - self.target()?).abs();
        let retain = (self.baseline.retain_accuracy - check.retain_accuracy).abs();
        Some((forget + retain + self.held_out_lost(check).abs()) / 3.0)
    }

    fn alarm(&self, check: &Check) -> Option<Alarm> {
        let (loss, limit) = (check.retain_loss, self.baseline.retain_loss + self.config.band);
        if !loss.is_finite() {
            return Some(Alarm::NonFinite);
        }
        (loss > limit).then_some(Alarm::RetainLoss { loss, limit })
    }

    /// Decides what follows from a check, and updates `state`. Nothing else is read or changed.
    pub(super) fn decide(&self, check: Check, state: &mut GuardState) -> Decision {
        if let Some(alarm) = self.alarm(&check) {
            let begins = !state.is_healing();
            if let Alarm::RetainLoss { loss, limit } = alarm
                && state.can_heal(loss, limit, self.config.band)
            {
                return Decision::Heal { loss, limit, begins };
            }
            state.roll_back(self.config.slow_down);
            return Decision::RollBack { alarm, last: state.rollbacks > self.config.rollbacks };
        }
        state.healing = None;
        state.at_target = self.forgotten(&check);
        if state.at_target && !self.overshot(&check) && self.recovered(&check) {
            state.mismatch_steps = 0;
            state.checks_at_target = state.checks_at_target.saturating_add(1);
            let over = state.checks_at_target >= self.config.patience.unwrap_or(1);
            return if over { Decision::Stop(StoppedBy::Target) } else { Decision::Continue };
        }
        state.checks_at_target = 0;
        if let Some(estimate) = &self.estimate {
            if self.gap(&check).is_some_and(|gap| state.gets_no_closer(gap)) {
                return Decision::Stop(StoppedBy::NoCloser);
            }
            let left = check.forget_accuracy - f64::from(estimate.accuracy);
            let lost = self.baseline.retain_accuracy - check.retain_accuracy;
            let forget = (self.baseline.forget_accuracy, check.forget_accuracy);
            state.adjust_gain(forget, (left, lost), self.config.tolerance);
        }
        if state.modes_differ(check.forgotten_in_training, self.config.every) {
            state.follows_inference = true;
            return Decision::FollowInference;
        }
        Decision::Continue
    }
}

/// Retained accuracy that is expected of the retrained network; `retain` and `forget` are numbers
/// of rows. Where more rows are forgotten than retained, the original has hardly learned the
/// retained ones. The retrained network learns them as well as the original learned its whole
/// training set.
fn retained_target(baseline: &Check, retain: usize, forget: usize) -> f64 {
    let (kept, gone) = (retain as f64, forget as f64);
    if forget <= retain {
        return baseline.retain_accuracy;
    }
    let all = kept * baseline.retain_accuracy + gone * baseline.forget_accuracy;
    baseline.retain_accuracy.max(all / (kept + gone))
}

async fn on_held_out<M: Classifier>(
    held_out: Option<&HeldOut>,
    model: &M,
    excluded: &[u32],
) -> Result<Option<f64>, EvaluateError> {
    match held_out.and_then(|held_out| held_out.original.as_ref()) {
        Some(original) => original.on_held_out(model, HELD_OUT_ROWS, excluded).await,
        None => Ok(None),
    }
}

/// `logits`, lowered so that none of the `excluded` classes is chosen.
fn mask_classes(logits: Tensor<2>, excluded: &[u32]) -> Tensor<2> {
    let [_, classes] = logits.dims();
    if excluded.is_empty() {
        return logits;
    }
    let lowered = |class| if excluded.contains(&class) { f32::MIN } else { 0.0 };
    let lowered: Vec<f32> = (0..classes as u32).map(lowered).collect();
    let device = logits.device();
    logits + Tensor::from_data(TensorData::new(lowered, [1, classes]), &device)
}

/// Loss and accuracy on both samples. Rows of the retain set are never assigned to an `excluded`
/// class.
async fn check<M: Classifier>(
    model: &M,
    data: &ResidentSet,
    retain: &[u32],
    forget: &[u32],
    excluded: &[u32],
) -> Result<Check, TrainError> {
    let mut values = Vec::new();
    for (rows, excluded) in [(retain, excluded), (forget, &[])] {
        let (images, labels) = data.gather(rows);
        let logits = model.forward(images).logits;
        let n = rows.len();
        let hits = mask_classes(logits.clone(), excluded)
            .argmax(1)
            .reshape([n])
            .cast(DType::I32)
            .equal(labels.clone());
        let device = labels.device();
        let zeros = Tensor::<1>::zeros([n], (&device, DType::F32));
        let ones = Tensor::<1>::ones([n], (&device, DType::F32));
        values.push(gls_cross_entropy(logits, labels, zeros, ones).mean());
        values.push(hits.float().cast(DType::F32).mean());
    }
    let values = read_floats(Tensor::cat(values, 0)).await?;
    Ok(Check {
        retain_loss: values[0].into(),
        retain_accuracy: values[1].into(),
        forget_accuracy: values[3].into(),
        held_out_accuracy: None,
        forgotten_in_training: false,
    })
}

#[cfg(test)]
mod tests;
