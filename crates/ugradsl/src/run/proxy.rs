//! Trains a proxy before the first step of a run, a few steps at a time like everything else.

use super::{READ_EVERY, SessionError, pace::Pace};
use crate::{
    data::{ResidentSet, Split},
    models::{Classifier, State, initialise},
    random::Derived,
    train::{Plan, StepControl, TrainError, Trainer},
};

/// Minimum number of epochs of a proxy, unless the original had fewer: after one it tells little.
const LEAST_EPOCHS: usize = 2;

/// Epochs that a proxy is trained for: a `share` of the original's `epochs`.
pub(super) fn epochs(share: f64, epochs: usize) -> usize {
    ((share * epochs as f64).round() as usize).max(LEAST_EPOCHS).min(epochs)
}

/// A proxy in training.
pub(super) struct Proxy<M> {
    trainer: Trainer<M>,
    /// Steps that it may be trained for if it knows too little.
    most_steps: usize,
    /// Rows of a batch.
    batch: usize,
    pace: Pace,
    /// The rows that are forgotten.
    pub(super) forget: Vec<u32>,
}

impl<M: Classifier> Proxy<M> {
    /// A fresh network like `model`, to be trained on the retain set by `plan`. If it knows too
    /// little then, its training may be extended to `most_epochs`.
    pub(super) async fn new(
        model: &M,
        (plan, most_epochs): (Plan, usize),
        data: &ResidentSet,
        split: &Split,
        seed: u64,
    ) -> Result<Self, SessionError> {
        let seed = Derived::Proxy.seed(seed);
        let fresh = initialise(model.valid(), seed).train();
        let batch = plan.batch_size.min(split.retain.len());
        let trainer = Trainer::new(fresh, plan, data.clone(), split, None, seed).await?;
        let most_steps = trainer.steps_per_epoch().saturating_mul(most_epochs);
        let (pace, forget) = (Pace::default(), split.forget.clone());
        Ok(Self { trainer, most_steps, batch, pace, forget })
    }

    /// Doubles its training, as far as `most_steps` allows; returns the steps added, if any.
    pub(super) fn extend(&mut self) -> Option<usize> {
        let steps = self.trainer.total_steps();
        let more = self.most_steps.saturating_sub(steps).min(steps);
        self.trainer.set_total_steps(steps + more);
        (more > 0).then_some(more)
    }

    /// For how many rows `steps` steps compute gradients.
    pub(super) fn rows_of(&self, steps: usize) -> usize {
        steps.saturating_mul(self.batch)
    }

    /// Takes a few steps; returns whether it is trained.
    pub(super) async fn advance(&mut self) -> Result<bool, SessionError> {
        let left = self.trainer.total_steps() - self.trainer.step();
        let mut burst = self.pace.begin(left.min(READ_EVERY));
        while burst.continues() {
            self.trainer.advance(StepControl::default());
        }
        self.trainer.read().await?;
        self.pace.end(&burst);
        Ok(self.trainer.step() >= self.trainer.total_steps())
    }

    /// The proxy as it is now, for inference.
    pub(super) fn model(&self) -> M {
        self.trainer.model()
    }

    /// Its step, the number of its steps, and the tensors of its state, for a checkpoint.
    pub(super) async fn state(&self) -> Result<((usize, usize), State), SessionError> {
        let steps = (self.trainer.step(), self.trainer.total_steps());
        Ok((steps, self.trainer.state().tensors().await?))
    }

    /// Continues from such a state.
    pub(super) fn load(
        &mut self,
        tensors: State,
        (step, total): (usize, usize),
    ) -> Result<(), TrainError> {
        let planned = self.trainer.total_steps();
        self.trainer.set_total_steps(total.clamp(planned, self.most_steps.max(planned)));
        self.trainer.load(tensors, step.min(self.trainer.total_steps()))
    }
}
