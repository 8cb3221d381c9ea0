//! What a run does, what it begins with, and what follows from that before its first step.

use super::{
    guard::{Guard, GuardConfig},
    held_out::{HeldOut, Original},
    origin::Origin,
    proxy::{self, Proxy},
};
use crate::{
    data::{ResidentSet, Split},
    models::Classifier,
    run::SessionError,
    setters::setters,
    train::{BatchNormMode, Plan, Schedule},
    verdict::Evidence,
};

/// How many times as long a proxy is trained where most forget rows are of classes that lose most
/// of their rows.
const RARE_CLASSES: f64 = 2.5;

/// What a run does, and what it begins with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RunSpec {
    /// Name of the method, as events state it.
    pub method: String,
    /// What the training loop does.
    pub plan: Plan,
    /// What the guards tolerate; `None` runs without guards.
    pub guards: Option<GuardConfig>,
    /// The original's accuracies on samples that it was not trained on, which the guards take as
    /// their target. Without them, guards only keep the retained loss in its band.
    pub held_out: Option<HeldOut>,
    /// What was found at the first attempt to forget the same rows; this attempt is judged by it.
    pub first_attempt: Option<Evidence>,
    /// How the original was trained, which is also how a proxy is trained. Without it there is no
    /// proxy, and the target is that of `held_out`.
    pub training: Option<Plan>,
    /// Seed of shuffles and samples.
    pub seed: u64,
    /// Weights and data that the run begins with, by digests. Together with method, plan,
    /// guards, training and seed they identify the run: the checkpoint of another run is refused.
    pub origin: Origin,
}

setters!(RunSpec {
    with_guards(guards: Option<GuardConfig>),
    with_held_out(held_out: Option<HeldOut>),
    with_first_attempt(first_attempt: Option<Evidence>),
    with_training(training: Option<Plan>),
    with_seed(seed: u64),
    with_origin(origin: Origin),
});

impl RunSpec {
    /// A run of `plan`, called `method`, without guards, with seed 0.
    pub fn new(method: impl Into<String>, plan: Plan) -> Self {
        let (guards, held_out, first_attempt, training, origin) = Default::default();
        let (method, seed) = (method.into(), 0);
        Self { method, plan, guards, held_out, first_attempt, training, seed, origin }
    }

    /// Checks the plan and the guards.
    pub(super) fn check<M: Classifier>(
        &self,
        model: &M,
        data: &ResidentSet,
        split: &Split,
    ) -> Result<(), SessionError> {
        self.plan.check()?;
        self.plan.check_sets(split.retain.len(), split.forget.len())?;
        if model.has_batch_norm() {
            self.plan.check_batch_norm()?;
        }
        self.plan.check_rows(data.kind())?;
        Ok(self.guards.as_ref().map_or(Ok(()), GuardConfig::check)?)
    }

    /// The proxy that tells what is expected on the forget set, if one is wanted.
    pub(super) async fn proxy<M: Classifier>(
        &self,
        model: &M,
        data: &ResidentSet,
        split: &Split,
    ) -> Result<Option<Proxy<M>>, SessionError> {
        let Some((epochs, training)) = self.proxy_epochs().zip(self.training.clone()) else {
            return Ok(None);
        };
        let budget = self.guards.as_ref().map_or(0.0, |guards| guards.budget);
        let most_epochs = (budget * training.epochs as f64) as usize;
        let plan = (training.with_epochs(epochs), most_epochs);
        Proxy::new(model, plan, data, split, self.seed).await.map(Some)
    }

    /// Epochs of the proxy; `None` where no guard asks for one, and where whole classes are
    /// forgotten, which the retrained network does not recognise.
    fn proxy_epochs(&self) -> Option<usize> {
        let (guards, training) = (self.guards.as_ref()?, self.training.as_ref()?);
        let held_out = self.held_out.as_ref().filter(|held_out| !held_out.of_whole_classes())?;
        let rare = held_out.original.as_ref().is_some_and(Original::mostly_rare);
        let share = guards.proxy * if rare { RARE_CLASSES } else { 1.0 };
        (share > 0.0).then(|| proxy::epochs(share.min(guards.budget), training.epochs))
    }

    /// Whether BatchNorm keeps the original's running statistics, although the plan would train it.
    pub(super) fn freezes_batch_norm(&self) -> bool {
        let (held_out, objective) = (self.held_out.as_ref(), &self.plan.objective);
        self.guards.as_ref().is_some_and(|guards| guards.freeze_batch_norm)
            && held_out.is_some_and(|held_out| !held_out.of_whole_classes())
            && objective.batch_norm == BatchNormMode::Separate
            && objective.ascends()
    }

    /// The plan under guards: with at least `least` steps, if given, and with BatchNorm frozen if
    /// the guards ask for it.
    pub(super) fn guarded_plan(&self, least: Option<usize>) -> Plan {
        let mut plan = self.plan.clone();
        plan.min_steps = plan.min_steps.max(least.unwrap_or(0));
        if self.freezes_batch_norm() {
            plan.objective.batch_norm = BatchNormMode::Frozen;
        }
        plan
    }

    /// Steps that the budget allows beside the proxy, if there is one, and at least
    /// [`GuardConfig::least_steps`]. 0 for a plan without ascent, without guards, or where the
    /// training is not known.
    pub(super) fn steps_of_budget(&self, split: &Split) -> usize {
        let (Some(guards), Some(training)) = (&self.guards, &self.training) else { return 0 };
        if !self.plan.objective.ascends() {
            return 0;
        }
        let proxy = self.proxy_epochs().unwrap_or(0) as f64;
        let epochs = (guards.budget * training.epochs as f64 - proxy).max(0.0);
        let rows = epochs * split.retain.len() as f64;
        ((rows / self.rows_of_a_step(split) as f64) as usize).max(guards.least_steps)
    }

    /// For how many rows a step of ascent computes gradients.
    pub(super) fn rows_of_a_step(&self, split: &Split) -> usize {
        let batch = self.plan.batch_size.min(split.retain.len());
        Schedule::rows_of_a_step(self.plan.sampling, batch, split.forget.len())
    }

    /// What `steps` steps cost, and what retraining costs, both in gradients of rows; `None` unless
    /// retraining is cheaper.
    pub(super) fn cheaper_retraining(&self, steps: usize, split: &Split) -> Option<(usize, usize)> {
        let training = self.training.as_ref().filter(|_| self.plan.objective.ascends())?;
        let retraining = training.epochs.saturating_mul(split.retain.len());
        let run = steps.saturating_mul(self.rows_of_a_step(split));
        (retraining < run).then_some((run, retraining))
    }

    /// The guards, which have evaluated the network as it is before the first step.
    pub(super) async fn guard<M: Classifier>(
        &self,
        model: &M,
        data: &ResidentSet,
        split: &Split,
    ) -> Result<Option<Guard>, SessionError> {
        let Some(config) = self.guards.clone() else { return Ok(None) };
        let original = model.valid();
        let guard = Guard::new(config, &original, data, split, self.held_out.clone(), self.seed);
        let guard = guard.await?;
        match guard.baseline.retain_loss.is_finite() {
            true => Ok(Some(guard)),
            false => Err(SessionError::NonFiniteStart),
        }
    }
}
