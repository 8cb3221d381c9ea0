//! Guards: gradient ascent has no floor, so watching over it is part of the method.
//!
//! Every few steps a fixed sample of the retain set and of the forget set is evaluated. The run goes
//! back to its last good state, with a lower learning rate, when the retained loss leaves its band
//! or anything stops being finite; it ends early when, a few looks in a row, the forget set is at its
//! target and the retain set is as good as it was.

use burn::tensor::{DType, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::{Alarm, HeldOut};
use crate::{
    data::{ResidentSet, Split},
    loss::gls_cross_entropy,
    models::Classifier,
    train::{Brake, PlanError, Schedule, TrainError, Walk, read_floats},
    unlearn::Method,
};

/// When the guards look, and what they tolerate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuardConfig {
    /// Steps between two looks.
    pub every: usize,
    /// Rows of each set that are looked at; a quarter of them of a forget set of whole classes.
    pub rows: usize,
    /// How far the retained loss may rise above its value at the start, in nats.
    pub band: f64,
    /// How often a run may go back before it ends with its last good state.
    pub rollbacks: usize,
    /// Factor on the learning rate each time.
    pub slow_down: f64,
    /// How far above its target the forget accuracy may stay, and how far below the original's the
    /// retained one, 0..1. A membership attack lives on the distance between retained and held-out
    /// accuracy, so the latter is narrower where the original's distance is less than twice as large.
    pub tolerance: f64,
    /// Looks in a row that must find the run at its target before it ends. One may not be enough: the
    /// sample is small, and a network that has only just healed is further from the retrained one
    /// than it seems. Absent: the method's own, see [`Method::patience`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    /// Forgotten samples take no part in ascent once the probability of their true class is below
    /// this: pushing further would be over-forgetting.
    pub floor: f64,
}

impl Default for GuardConfig {
    fn default() -> Self {
        Self {
            every: 10,
            rows: 512,
            band: 0.25,
            rollbacks: 6,
            slow_down: 0.5,
            tolerance: 0.01,
            patience: None,
            floor: 0.01,
        }
    }
}

impl GuardConfig {
    /// The guards of a run of `method`.
    pub(super) fn of(&self, method: Method) -> Self {
        Self { patience: self.patience.or(Some(method.patience())), ..self.clone() }
    }

    /// Checks every number.
    ///
    /// # Errors
    ///
    /// [`PlanError::Range`] for the first that is out of range.
    pub fn check(&self) -> Result<(), PlanError> {
        let require = |name, value: f64, ok: bool, range| {
            if ok { Ok(()) } else { Err(PlanError::Range { name, value, range }) }
        };
        require("guards.every", self.every as f64, self.every >= 1, "at least 1")?;
        require("guards.rows", self.rows as f64, self.rows >= 1, "at least 1")?;
        require("guards.band", self.band, self.band > 0.0, "above 0")?;
        let slow = self.slow_down;
        require("guards.slow_down", slow, slow > 0.0 && slow < 1.0, "between 0 and 1")?;
        let tolerance = self.tolerance;
        require("guards.tolerance", tolerance, (0.0..1.0).contains(&tolerance), "0 to below 1")?;
        if let Some(looks) = self.patience {
            require("guards.patience", looks as f64, looks >= 1, "at least 1")?;
        }
        require("guards.floor", self.floor, (0.0..1.0).contains(&self.floor), "0 to below 1")
    }
}

/// What the guards saw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) retain_loss: f64,
    pub(super) retain_accuracy: f64,
    pub(super) forget_accuracy: f64,
}

/// What follows from a look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    /// A good state, worth returning to.
    Good {
        /// Whether the forget set is at its target, so that only the retain set has to heal.
        reached: bool,
    },
    /// A good state, and as far as this look can tell there is nothing left to do.
    AtTarget,
    /// Go back.
    Back(Alarm),
}

/// The guards of one run.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) config: GuardConfig,
    retain: Vec<u32>,
    forget: Vec<u32>,
    /// The untouched original. Its accuracy is the one that it would have on retained samples if it
    /// could not answer with a class that is forgotten entirely, as the retrained network cannot: that is
    /// how far a run has to heal.
    pub(super) baseline: Look,
    held_out: Option<HeldOut>,
}

impl Guard {
    /// Draws the samples and looks at the original.
    pub(super) async fn new<M: Classifier>(
        config: GuardConfig,
        model: &M,
        data: &ResidentSet,
        split: &Split,
        held_out: Option<HeldOut>,
        seed: u64,
    ) -> Result<Self, TrainError> {
        let sample = |rows: &[u32], wanted| {
            Schedule::new(Walk::Retain, wanted, rows, &[], seed ^ PROBE_SEED).batch(0).retain
        };
        // That nothing of a class is recognised shows in few rows; how much of a share is, in many.
        let nothing = held_out.is_some_and(|held_out| held_out.forget == 0.0);
        let wanted = if nothing { config.rows.div_ceil(4) } else { config.rows };
        let (retain, forget) = (sample(&split.retain, config.rows), sample(&split.forget, wanted));
        let baseline = look(model, data, &retain, &forget, &split.left_out).await?;
        Ok(Self { config, retain, forget, baseline, held_out })
    }

    /// The brake on ascent for a target accuracy.
    pub(super) fn brake(&self, target: f64) -> Brake {
        Brake { accuracy: target + self.config.tolerance / 2.0, probability: self.config.floor }
    }

    /// Looks at `model`.
    pub(super) async fn look<M: Classifier>(
        &self,
        model: &M,
        data: &ResidentSet,
    ) -> Result<Look, TrainError> {
        look(model, data, &self.retain, &self.forget, &[]).await
    }

    /// How much retained accuracy may be lost: the tolerance, or half of the distance to the `held_out`
    /// accuracy where that is less. Never less than half of the tolerance, as the sample is small.
    fn allowance(&self, held_out: Option<f64>) -> f64 {
        let tolerance = self.config.tolerance;
        let half = |held_out| (self.baseline.retain_accuracy - held_out) / 2.0;
        held_out.map_or(tolerance, half).clamp(tolerance / 2.0, tolerance)
    }

    /// Judges what was seen.
    pub(super) fn judge(&self, look: Look) -> Verdict {
        let limit = self.baseline.retain_loss + self.config.band;
        if !look.retain_loss.is_finite() {
            return Verdict::Back(Alarm::NonFinite);
        }
        if look.retain_loss > limit {
            return Verdict::Back(Alarm::RetainLoss { loss: look.retain_loss, limit });
        }
        let Some(HeldOut { forget, retain }) = self.held_out else {
            return Verdict::Good { reached: false };
        };
        let healed = self.baseline.retain_accuracy - self.allowance(retain);
        let reached = look.forget_accuracy <= forget + self.config.tolerance;
        if reached && look.retain_accuracy >= healed {
            Verdict::AtTarget
        } else {
            Verdict::Good { reached }
        }
    }
}

/// Keeps the guards' sample apart from the shuffles of the run.
const PROBE_SEED: u64 = 0x9d2c_5680_0f0f_0f0f;

/// `logits` that never choose one of the `barred` classes.
fn without(logits: Tensor<2>, barred: &[u32]) -> Tensor<2> {
    let [_, classes] = logits.dims();
    if barred.is_empty() {
        return logits;
    }
    let lowered = |class| if barred.contains(&class) { f32::MIN } else { 0.0 };
    let lowered: Vec<f32> = (0..classes as u32).map(lowered).collect();
    let device = logits.device();
    logits + Tensor::from_data(TensorData::new(lowered, [1, classes]), &device)
}

/// Loss and accuracy on both samples; those of the retain set cannot be taken for a `barred` class.
async fn look<M: Classifier>(
    model: &M,
    data: &ResidentSet,
    retain: &[u32],
    forget: &[u32],
    barred: &[u32],
) -> Result<Look, TrainError> {
    let mut values = Vec::new();
    for (rows, barred) in [(retain, barred), (forget, &[])] {
        let (images, labels) = data.gather(rows);
        let logits = model.forward(images).logits;
        let n = rows.len();
        let hits = without(logits.clone(), barred)
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
    Ok(Look {
        retain_loss: values[0].into(),
        retain_accuracy: values[1].into(),
        forget_accuracy: values[3].into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Device;

    #[test]
    fn a_run_has_healed_while_a_membership_attack_still_has_something_to_go_by() {
        let seen =
            |retain_accuracy| Look { retain_loss: 0.1, retain_accuracy, forget_accuracy: 0.0 };
        let guard = |retain| Guard {
            config: GuardConfig::default(),
            retain: Vec::new(),
            forget: Vec::new(),
            baseline: seen(0.99),
            held_out: Some(HeldOut { forget: 0.0, retain }),
        };
        // Held-out accuracy and the least retained accuracy at which a run may end.
        for (held_out, least) in [
            (None, 0.98),
            (Some(0.89), 0.98),
            (Some(0.97), 0.98),
            (Some(0.976), 0.983),
            (Some(0.99), 0.985),
            (Some(1.00), 0.985),
        ] {
            let guard = guard(held_out);
            let ends = |accuracy| guard.judge(seen(accuracy)) == Verdict::AtTarget;
            assert!(ends(least + 1e-6), "{held_out:?}: {least}");
            assert!(!ends(least - 1e-6), "{held_out:?}: {least}");
        }
    }

    #[test]
    fn a_barred_class_is_never_chosen_and_the_others_keep_their_order() {
        let device = Device::cpu();
        let rows = [[1.0, 9.0, 2.0], [-3e38, 5.0, -2.0], [4.0, 3.0, 8.0]];
        let logits = || Tensor::<2>::from_data(rows, device.burn());
        let chosen = |barred: &[u32]| {
            let best = without(logits(), barred).argmax(1).float().into_data();
            best.try_to_vec::<f32>().expect("floats")
        };
        assert_eq!(chosen(&[]), [1.0, 1.0, 2.0]);
        assert_eq!(chosen(&[1]), [2.0, 2.0, 2.0]);
        assert_eq!(chosen(&[1, 2]), [0.0, 0.0, 0.0]);
    }
}
