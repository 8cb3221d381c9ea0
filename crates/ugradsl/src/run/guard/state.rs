//! What the guards have decided so far.

use serde::{Deserialize, Serialize};

use crate::{
    run::{Alarm, StoppedBy},
    train::{ForgetPass, StepControl},
};

/// What follows from a check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::run) enum Decision {
    /// A good state, worth returning to.
    Continue,
    /// A good state; from here on forget rows pass BatchNorm in inference mode.
    FollowInference,
    /// A good state, and the run is over.
    Stop(StoppedBy),
    /// The retained loss has risen too far, though not by much: steps on retained rows alone may
    /// bring it back.
    Heal {
        /// The retained loss, in nats.
        loss: f64,
        /// The largest that is accepted, in nats.
        limit: f64,
        /// Whether this check begins such steps.
        begins: bool,
    },
    /// Go back to the last good state; the run is over if `last`.
    RollBack {
        /// What was wrong.
        alarm: Alarm,
        /// Whether the guards had already gone back as often as they may.
        last: bool,
    },
}

/// Over this many steps, every check must find that training mode and inference disagree before the
/// guards act: BatchNorm's running statistics lag behind the weights by about as many.
const MISMATCH_STEPS: usize = 20;

/// A run ends after this many checks in a row that find it no closer to what is expected.
const MOST_CHECKS_NO_CLOSER: usize = 12;
/// By how much (0..1) the distance must shrink to count as closer.
const CLOSER: f64 = 0.002;

/// While the retained loss is brought back, each check must find it below this multiple of what the
/// check before found.
const MUST_FALL_TO: f64 = 0.95;

/// Bounds of the factor on the weight of ascent.
const GAINS: (f64, f64) = (1.0 / 16.0, 64.0);

/// What the guards have decided so far, and all that later decisions depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::run) struct GuardState {
    pub(in crate::run) rollbacks: usize,
    pub(in crate::run) learning_rate_scale: f64,
    /// Checks in a row, up to the last good state, that found the run at its target.
    pub(super) checks_at_target: usize,
    /// Whether the last check found the forget set at its target: only the retain set has to
    /// recover.
    pub(super) at_target: bool,
    /// Steps for which checks in a row have found the forget set forgotten in training mode and
    /// not at inference. BatchNorm's batch statistics can make a forget batch look forgotten
    /// while the network still recognises it at inference, and the brake then stops ascent too
    /// early.
    pub(super) mismatch_steps: usize,
    /// The retained loss at the last check, while steps on retained rows alone bring it back.
    pub(super) healing: Option<f32>,
    /// Whether forget rows pass BatchNorm in inference mode.
    pub(super) follows_inference: bool,
    /// Factor on the weight of ascent.
    pub(super) ascent_gain: f64,
    /// Accuracy on the forget set at the last check.
    pub(super) last_accuracy: Option<f32>,
    /// The smallest distance to what is expected that a check has found, and checks since then.
    pub(super) nearest: Option<f32>,
    pub(super) checks_since_nearest: usize,
    /// Steps to which the plan may be extended.
    pub(in crate::run) most_steps: usize,
    /// How many quantiles were tried because rates were almost zero; one more after the warning
    /// that none is left.
    pub(in crate::run) rates_raised: usize,
}

impl Default for GuardState {
    fn default() -> Self {
        Self {
            rollbacks: 0,
            learning_rate_scale: 1.0,
            checks_at_target: 0,
            at_target: false,
            mismatch_steps: 0,
            healing: None,
            follows_inference: false,
            ascent_gain: 1.0,
            last_accuracy: None,
            nearest: None,
            checks_since_nearest: 0,
            most_steps: 0,
            rates_raised: 0,
        }
    }
}

impl GuardState {
    /// That of a run before its first check, which may be extended to `most_steps`.
    pub(in crate::run) fn within(most_steps: usize) -> Self {
        Self { most_steps, ..Self::default() }
    }

    /// Whether its numbers can be those of a run. A checkpoint may say anything.
    pub(in crate::run) fn is_sound(&self) -> bool {
        let (low, high) = GAINS;
        self.learning_rate_scale.is_finite() && (low..=high).contains(&self.ascent_gain)
    }

    /// Whether the last check found the forget set at its target.
    pub(in crate::run) fn has_forgotten(&self) -> bool {
        self.at_target
    }

    /// Whether steps on retained rows alone are bringing the retained loss back.
    pub(super) fn is_healing(&self) -> bool {
        self.healing.is_some()
    }

    /// How the trainer takes its next steps.
    pub(in crate::run) fn control(&self) -> StepControl {
        let retained_alone = self.at_target || self.healing.is_some();
        let forget_pass = match (retained_alone, self.follows_inference) {
            (true, _) => ForgetPass::Skip,
            (false, true) => ForgetPass::Inference,
            (false, false) => ForgetPass::Train,
        };
        let (learning_rate_scale, ascent_gain) = (self.learning_rate_scale, self.ascent_gain);
        StepControl { learning_rate_scale, forget_pass, ascent_gain }
    }

    /// Raises the weight of ascent while the forget set's accuracy, still `left` above its target,
    /// hardly moves. Lowers it once the accuracy moves by more than is left, and while accuracy
    /// `lost` on retained rows exceeds what is left. `before` is the forget set's accuracy before
    /// the first step.
    pub(super) fn adjust_gain(
        &mut self,
        (before, accuracy): (f64, f64),
        (left, lost): (f64, f64),
        tolerance: f64,
    ) {
        let moved = self.last_accuracy.map_or(before, f64::from) - accuracy;
        let factor = match (left > tolerance && moved < left / 4.0, moved > left) {
            _ if lost > left.max(tolerance) => 0.5,
            (true, _) => 2.0,
            (false, true) => 0.5,
            (false, false) => 1.0,
        };
        self.ascent_gain = (self.ascent_gain * factor).clamp(GAINS.0, GAINS.1);
        self.last_accuracy = Some(accuracy as f32);
    }

    /// Counts a check that found the network at distance `gap` from what is expected; returns
    /// whether it has got no closer for a long time.
    pub(super) fn gets_no_closer(&mut self, gap: f64) -> bool {
        if self.nearest.is_none_or(|nearest| gap < f64::from(nearest) - CLOSER) {
            self.nearest = Some(gap as f32);
            self.checks_since_nearest = 0;
        } else {
            self.checks_since_nearest = self.checks_since_nearest.saturating_add(1);
        }
        self.checks_since_nearest >= MOST_CHECKS_NO_CLOSER
    }

    /// Whether steps on retained rows alone may bring down a retained `loss` that is above its
    /// `limit`: only if it is not far above and, where such steps were taken already, is falling.
    pub(super) fn can_heal(&mut self, loss: f64, limit: f64, band: f64) -> bool {
        let falling = self.healing.is_none_or(|before| loss < MUST_FALL_TO * f64::from(before));
        let heals = loss < limit + band && falling;
        self.healing = heals.then_some(loss as f32);
        heals
    }

    pub(in crate::run) fn roll_back(&mut self, slow_down: f64) {
        // Ascent in inference mode may have been too strong. If it is needed again, it begins with
        // smaller steps.
        *self = Self {
            rollbacks: self.rollbacks.saturating_add(1),
            learning_rate_scale: self.learning_rate_scale * slow_down,
            most_steps: self.most_steps,
            rates_raised: self.rates_raised,
            ..Self::default()
        };
    }

    /// Counts a check, `steps` after the last one. Returns whether the modes have differed for long
    /// enough.
    pub(super) fn modes_differ(&mut self, differ: bool, steps: usize) -> bool {
        self.mismatch_steps = if differ { self.mismatch_steps.saturating_add(steps) } else { 0 };
        let enough = self.mismatch_steps >= MISMATCH_STEPS;
        if enough {
            self.mismatch_steps = 0;
        }
        enough
    }
}
