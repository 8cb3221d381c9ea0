//! The one stream of events: everything that a front end shows is derived from these values.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Finding;
use crate::{device::DeviceInfo, evaluate::Measures, smoothing::RateHistogram, unlearn::Contender};

/// Why a run ended.
///
/// ```
/// use ugradsl::run::StoppedBy;
///
/// assert_eq!(StoppedBy::Target.to_string(), "target");
/// assert_eq!(serde_json::to_string(&StoppedBy::Target)?, r#""target""#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StoppedBy {
    /// All steps of the plan were taken; if there is a target, the state nearest to it was kept.
    Plan,
    /// The forget set's accuracy reached its target and the retain set is as good as before.
    Target,
    /// The guards rolled back as often as they may; the state nearest to the target was kept.
    Guard,
    /// The run got no closer to its target for a long time; the state nearest to it was kept.
    NoCloser,
    /// The original already answered as a network that never saw the forget rows would: no step was
    /// taken.
    NothingToDo,
    /// Without guards, the network's outputs ceased to be finite numbers; the last state before
    /// that was kept.
    Diverged,
}

impl fmt::Display for StoppedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plan => "plan",
            Self::Target => "target",
            Self::Guard => "guard",
            Self::NoCloser => "no closer",
            Self::NothingToDo => "nothing to do",
            Self::Diverged => "diverged",
        })
    }
}

/// What made a guard step in.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Alarm {
    /// The loss on retained samples was not a finite number.
    NonFinite,
    /// The loss on retained samples rose above its band.
    RetainLoss {
        /// The loss found, in nats.
        loss: f64,
        /// The upper edge of the band, in nats.
        limit: f64,
    },
}

/// Something that happened.
///
/// ```
/// use ugradsl::run::Event;
///
/// let event = Event::GuardCheck {
///     step: 20,
///     retain_loss: 0.1,
///     retain_accuracy: 0.98,
///     forget_accuracy: 0.5,
/// };
/// // Front ends in other languages read the same stream as JSON.
/// let json = serde_json::to_value(&event)?;
/// assert_eq!(json["event"], "guard-check");
/// assert_eq!(json["step"], 20);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "SessionEvent"))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// A run of a method begins.
    Started {
        /// Name of the method or custom plan.
        method: String,
        /// Seed of the run.
        seed: u64,
        /// Steps of the plan; guards may end the run sooner.
        steps: usize,
        /// Steps of the first epoch, nearly always of every epoch.
        steps_per_epoch: usize,
        /// Where it runs.
        device: DeviceInfo,
        /// Steps already taken, 0 for a fresh run.
        resumed_at: usize,
        /// Accuracy on the forget set (0..1) that the guards take as the target. Absent without
        /// guards, and while a proxy is still in training; then [`Target`](Self::Target) follows.
        target: Option<f64>,
        /// Beta of the self-adaptive rate, where it is used.
        beta: Option<f32>,
    },
    /// Steps were taken; losses are means over those since the last such event.
    Step {
        /// Steps taken so far.
        step: usize,
        /// Mean loss on retained rows, in nats.
        retain_loss: Option<f64>,
        /// Mean smoothed loss on forgotten rows, in nats.
        forget_loss: Option<f64>,
        /// Running accuracy on forgotten batches, 0..1.
        forget_accuracy: Option<f64>,
    },
    /// Steps were taken, but their losses have not been read yet: a sign of life from a slow run.
    /// Step 0 means that a proxy is still in training.
    Working {
        /// Steps taken so far.
        step: usize,
    },
    /// An epoch is complete, or the plan has ended within one.
    Epoch {
        /// Epochs so far.
        epoch: usize,
        /// Smoothing rates used in it, where they are self-adaptive.
        rates: Option<RateHistogram>,
    },
    /// The plan was not enough, and the budget allows more.
    Extended {
        /// Steps that the run may take in all.
        steps: usize,
    },
    /// A proxy of the retrained network was trained, and tells what to aim at.
    Target {
        /// Accuracy on the forget set (0..1) that the guards take as the target.
        accuracy: f64,
        /// The original's accuracy on test rows of the same classes, 0..1.
        by_class: Option<f64>,
    },
    /// A fixed sample of both sets was evaluated by the guards.
    GuardCheck {
        /// Steps taken so far.
        step: usize,
        /// Mean loss on the retained sample, in nats.
        retain_loss: f64,
        /// Accuracy on the retained sample, 0..1.
        retain_accuracy: f64,
        /// Accuracy on the forgotten sample, 0..1.
        forget_accuracy: f64,
    },
    /// A guard stepped in: the run went back to an earlier state with a lower learning rate.
    RolledBack {
        /// Step at which the alarm went off.
        step: usize,
        /// Step to which the run went back.
        to_step: usize,
        /// What was wrong.
        alarm: Alarm,
        /// Factor on the learning rate from here on.
        rate_scale: f64,
    },
    /// Something that the person who started the run should know.
    Warning {
        /// In one sentence.
        message: String,
    },
    /// The state of the run is in the store.
    Checkpointed {
        /// Step at which a resumed run continues.
        step: usize,
    },
    /// A network was measured.
    Evaluated {
        /// How the network was made.
        #[cfg_attr(feature = "typescript", ts(type = "string"))]
        method: Contender,
        /// Seed of the run.
        seed: u64,
        /// What was measured.
        measures: Measures,
    },
    /// A run is over.
    Finished {
        /// Name of the method or custom plan.
        method: String,
        /// Seed of the run.
        seed: u64,
        /// Steps taken, those rolled back not counted.
        steps: usize,
        /// Wall time of the steps and of the guards in seconds, without evaluation.
        seconds: f64,
        /// Why it ended.
        stopped_by: StoppedBy,
        /// What became of the forget request; absent where nothing was unlearned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "typescript", ts(optional))]
        finding: Option<Finding>,
    },
}
