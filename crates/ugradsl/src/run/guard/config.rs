//! The numbers of the guards.

use serde::{Deserialize, Serialize};

use crate::{setters::setters, train::PlanError, unlearn::Method};

/// Largest value of [`GuardConfig::least_steps`].
const MOST_LEAST: usize = 1_000_000;

/// When the guards check a run, and what they tolerate.
///
/// ```
/// use ugradsl::run::GuardConfig;
///
/// let mut guards = GuardConfig::default();
/// guards.every = 5; // check twice as often
/// assert!(guards.check().is_ok());
/// guards.slow_down = 1.0; // a rollback would change nothing
/// assert!(guards.check().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct GuardConfig {
    /// Steps between two checks.
    pub every: usize,
    /// Rows of each set that a check evaluates; a quarter as many of a forget set of whole
    /// classes.
    pub rows: usize,
    /// How far the retained loss may rise above its value at the start, in nats.
    pub band: f64,
    /// How often a run may go back before it ends with the state nearest to its target so far.
    pub rollbacks: usize,
    /// Factor on the learning rate at each rollback.
    pub slow_down: f64,
    /// How far above its target the forget accuracy may stay, and how far the retained accuracy
    /// may stay below the original's, 0..1. Where the original's retained accuracy is above
    /// its held-out accuracy by less than twice the tolerance, only half of that difference
    /// may be lost (but always half of the tolerance), because a membership attack depends on
    /// the difference.
    pub tolerance: f64,
    /// Checks in a row that must find the run at its target before it ends. One may not be enough:
    /// the sample is small, and a network that has only just recovered is further from the
    /// retrained one than it seems. Absent: the method's own, see [`Method::patience`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<usize>,
    /// Forgotten samples take no part in ascent once the probability of their true class is below
    /// this: pushing further would be over-forgetting.
    pub floor: f64,
    /// Epochs of the proxy that estimates the retrained network on the forget rows, as a share of
    /// the original's; at least two epochs, if the original had as many. With 0 there is no proxy,
    /// and the original's accuracy on test rows of the same classes is the target. Where whole
    /// classes are forgotten, a proxy is not needed.
    pub proxy: f64,
    /// The most that a run may cost, proxy included, as a share of retraining's cost; both are
    /// counted in gradients of rows. With a proxy, a cheaper plan is lengthened to this at
    /// once; without one, only where it misses its target. The plan's own steps and two epochs
    /// of the proxy are taken even if they cost more.
    pub budget: f64,
    /// Steps that a run may take whatever they cost: where little is retained, half of retraining
    /// is a handful of steps, in which no network forgets anything. A warning says so where
    /// retraining costs less.
    pub least_steps: usize,
    /// Whether networks with BatchNorm keep the original's running statistics while they ascend,
    /// unless whole classes are forgotten. A group of rows has batch statistics of its own: with
    /// these it looks forgotten when it is not, and the running statistics lag behind the weights.
    pub freeze_batch_norm: bool,
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
            proxy: 0.1,
            budget: 0.5,
            least_steps: 100,
            freeze_batch_norm: true,
        }
    }
}

setters!(GuardConfig {
    with_every(every: usize),
    with_rows(rows: usize),
    with_band(band: f64),
    with_rollbacks(rollbacks: usize),
    with_slow_down(slow_down: f64),
    with_tolerance(tolerance: f64),
    with_patience(patience: Option<usize>),
    with_floor(floor: f64),
    with_proxy(proxy: f64),
    with_budget(budget: f64),
    with_least_steps(least_steps: usize),
    with_freeze_batch_norm(freeze_batch_norm: bool),
});

impl GuardConfig {
    /// The guards of a run of `method`.
    pub(crate) fn for_method(&self, method: Method) -> Self {
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
        if let Some(checks) = self.patience {
            require("guards.patience", checks as f64, checks >= 1, "at least 1")?;
        }
        require("guards.floor", self.floor, (0.0..1.0).contains(&self.floor), "0 to below 1")?;
        require("guards.proxy", self.proxy, (0.0..=1.0).contains(&self.proxy), "0 to 1")?;
        require("guards.budget", self.budget, (0.0..=1.0).contains(&self.budget), "0 to 1")?;
        let least = self.least_steps;
        require("guards.least_steps", least as f64, least <= MOST_LEAST, "0 to 1000000")
    }
}
