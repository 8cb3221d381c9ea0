//! The relearn attack: was the knowledge gone, or only hidden?
//!
//! A few forgotten samples are shown to a network again. If it soon recognises the *others* too,
//! and sooner than the retrained network does under the same treatment, some knowledge of them had
//! stayed (relearn time, Golatkar et al., *Eternal Sunshine of the Spotless Net*, CVPR 2020; here
//! its curve).

use std::{fmt, num::NonZeroUsize};

use serde::Serialize;
use thiserror::Error;

use crate::run::{Event, Run, RunSpec, SessionError};
use crate::{
    data::{ResidentSet, Split},
    evaluate::{EvaluateError, TestBench, accuracy, predict},
    models::Classifier,
    random::{self, Stream},
    train::{Objective, Plan, Sampling},
};

/// Batch size: so few samples are shown that this is nearly always all of them.
const BATCH: usize = 64;
/// The learning rate of fine-tuning.
const LEARNING_RATE: f64 = 0.01;

/// Accuracy (0..1) on the samples that were not shown at which they count as known again.
pub const REGAINED: f64 = 0.5;

/// Why the attack cannot be run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RelearnError {
    /// Some forgotten samples must be shown and some kept back.
    #[error("cannot show {shown} of {forgotten} forgotten samples: show at least one, but not all")]
    Samples {
        /// Samples asked for.
        shown: usize,
        /// Rows of the forget set.
        forgotten: usize,
    },
    /// The loop failed.
    #[error(transparent)]
    Run(#[from] SessionError),
    /// The network could not be measured.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

/// Fine-tunes `network` for `steps` steps on `shown` samples of the forget set, drawn with `seed`.
/// Returns the accuracy (0..1) on the other forgotten samples after 0, 1, ... `steps` steps.
///
/// # Errors
///
/// [`RelearnError`]
///
/// # Example
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::evaluate::TestBench;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::audit::relearn;
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?;
/// let split = ForgetRequest::Random(0.2).split(&digits, 0)?;
/// let bench = TestBench::new(&digits, &digits.normalisation, &device, split)?;
///
/// let curve = block_on(relearn(network, &bench, 4, 3, 0))?; // 4 of the 12 forgotten rows, 3 steps
/// assert_eq!(curve.len(), 4); // before the first step, and after each
/// assert!(curve.iter().all(|accuracy| (0.0..=1.0).contains(accuracy)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn relearn<M: Classifier>(
    network: M,
    bench: &TestBench,
    shown: usize,
    steps: usize,
    seed: u64,
) -> Result<Vec<f64>, RelearnError> {
    let TestBench { device, train, split, .. } = bench;
    let forgotten = split.forget.len();
    if shown == 0 || shown >= forgotten {
        return Err(RelearnError::Samples { shown, forgotten });
    }
    let mut rng = random::rng(seed, Stream::Relearn);
    let (rows, others) = random::draw(split.forget.clone(), shown, &mut rng);
    let steps_per_epoch = shown.div_ceil(BATCH);
    let plan = Plan::new(Sampling::Retain, Objective::descent())
        .with_epochs(steps.div_ceil(steps_per_epoch).max(1))
        .with_batch_size(BATCH)
        .with_learning_rate(LEARNING_RATE);
    let spec = RunSpec::new("relearn", plan).with_seed(seed);
    let shown = Split { retain: rows, ..Split::default() };
    let mut curve = vec![share(&network, train, &others).await?];
    let mut run = Run::new(spec, network.train(), device, train, &shown, None).await?;
    run.set_read_every(Some(NonZeroUsize::MIN));
    while curve.len() <= steps {
        match run.next().await? {
            Some(Event::Step { .. }) => curve.push(share(&run.model(), train, &others).await?),
            Some(_) => {}
            None => break,
        }
    }
    Ok(curve)
}

/// Relearn time: how soon the forgotten samples are known again.
///
/// ```
/// use ugradsl::audit::RelearnTime;
///
/// // Accuracy on the samples that were not shown, after 0, 1, 2 and 3 steps.
/// let time = RelearnTime::new(vec![0.0, 0.25, 0.5, 1.0], 10, 0.5);
/// assert_eq!(time.steps, Some(2));
/// ```
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RelearnTime {
    /// Samples that were shown.
    pub shown: usize,
    /// The accuracy (0..1) that counts as knowing the others again.
    pub level: f64,
    /// First step after which it is reached; `None` if it never is.
    pub steps: Option<usize>,
    /// The same in passes over the samples shown.
    pub epochs: Option<f64>,
    /// Accuracy (0..1) on the others after 0, 1, ... steps, as [`relearn`] gives it.
    pub curve: Vec<f64>,
}

impl RelearnTime {
    /// Reads the time off the `curve` of [`relearn`] with `shown` samples.
    pub fn new(curve: Vec<f64>, shown: usize, level: f64) -> Self {
        let steps = curve.iter().position(|accuracy| *accuracy >= level);
        let steps_per_epoch = shown.div_ceil(BATCH).max(1);
        let epochs = steps.map(|steps| steps as f64 / steps_per_epoch as f64);
        Self { shown, level, steps, epochs, curve }
    }
}

impl RelearnError {
    /// Whether other numbers would avoid the error.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Samples { .. })
    }
}

impl fmt::Display for RelearnTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = 100.0 * self.level;
        match self.steps {
            Some(steps) => {
                let epochs = self.epochs.unwrap_or_default();
                write!(
                    f,
                    "{level:.0} % of the forgotten samples are known again after {steps} steps ({epochs:.1} epochs)"
                )
            }
            None => {
                let most = self.curve.len().saturating_sub(1);
                write!(
                    f,
                    "{level:.0} % of the forgotten samples are not known again after {most} steps"
                )
            }
        }
    }
}

async fn share<M: Classifier>(
    network: &M,
    train: &ResidentSet,
    rows: &[u32],
) -> Result<f64, EvaluateError> {
    let predictions = predict(network, train, rows).await?;
    Ok(accuracy(&predictions).unwrap_or(f64::NAN) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_that_of_the_first_step_at_the_level() {
        let curve = vec![0.0, 0.1, 0.5, 0.4, 0.9];
        let time = RelearnTime::new(curve.clone(), 10, 0.5);
        assert_eq!((time.steps, time.epochs), (Some(2), Some(2.0)));
        // 65 samples are two batches of 64.
        assert_eq!(RelearnTime::new(curve.clone(), 65, 0.9).epochs, Some(2.0));
        assert_eq!(RelearnTime::new(curve.clone(), 10, 0.95).steps, None);
        assert_eq!(RelearnTime::new(curve, 10, 0.0).steps, Some(0));
    }
}
