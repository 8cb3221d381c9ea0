//! The training of a proxy, before the first step of a run; step by step, as everything else.

use super::{READ_EVERY, SessionError, pace::Pace};
use crate::{
    data::{ResidentSet, Split},
    models::{Classifier, State, initialise},
    random::Derived,
    train::{Plan, StepControl, TrainError, Trainer},
};

/// Minimum number of epochs of a proxy: one tells little.
const LEAST_EPOCHS: usize = 2;

/// The epochs that a proxy is trained for, of the original's `epochs`.
pub(super) fn epochs(share: f64, epochs: usize) -> usize {
    ((share * epochs as f64).round() as usize).max(LEAST_EPOCHS).min(epochs)
}

/// A proxy in training.
pub(super) struct Proxy<M> {
    trainer: Trainer<M>,
    pace: Pace,
    /// The rows that are forgotten.
    pub(super) forget: Vec<u32>,
}

impl<M: Classifier> Proxy<M> {
    /// A fresh network like `model`, to be trained by `plan` on the retain set.
    pub(super) async fn new(
        model: &M,
        plan: Plan,
        data: &ResidentSet,
        split: &Split,
        seed: u64,
    ) -> Result<Self, SessionError> {
        let seed = Derived::Proxy.seed(seed);
        let fresh = initialise(model.valid(), seed).train();
        let trainer = Trainer::new(fresh, plan, data.clone(), split, None, seed).await?;
        Ok(Self { trainer, pace: Pace::default(), forget: split.forget.clone() })
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

    /// Its step and the tensors of its state, for a checkpoint.
    pub(super) async fn state(&self) -> Result<(usize, State), SessionError> {
        Ok((self.trainer.step(), self.trainer.state().tensors().await?))
    }

    /// Continues from such a state.
    pub(super) fn load(&mut self, tensors: State, step: usize) -> Result<(), TrainError> {
        self.trainer.load(tensors, step.min(self.trainer.total_steps()))
    }
}
