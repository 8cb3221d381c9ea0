//! What a front end can read during an experiment: its data, and the network as it is now.

use std::{collections::BTreeMap, num::NonZeroUsize};

use super::Experiment;
use crate::{
    data::{Dataset, ResidentSet, Split},
    evaluate::TestBench,
    models::{ModelSpec, NetworkSpec},
    train::Plan,
    unlearn::{Contender, Method},
};

/// The run in progress.
#[derive(Debug)]
#[non_exhaustive]
pub struct Live<'a, S: NetworkSpec = ModelSpec> {
    /// Which method.
    pub method: Contender,
    /// Its seed.
    pub seed: u64,
    /// The rows that it forgets, retains and tests.
    pub split: &'a Split,
    /// The network as it is now, for inference.
    pub network: S::Network,
}

impl<S: NetworkSpec> Experiment<S> {
    /// The data on the host.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The training images on the device.
    pub fn train_set(&self) -> &ResidentSet {
        &self.train
    }

    /// The test images on the device.
    pub fn test_set(&self) -> &ResidentSet {
        &self.test
    }

    /// The split of the next run that has not begun.
    pub fn first_split(&self) -> Option<&Split> {
        self.tasks.front().map(|task| task.split.as_ref())
    }

    /// Keeps only the runs that retrain a network. They need no other run, so another thread can
    /// compute them meanwhile: what they write into their store can be put into the store of the
    /// whole experiment, which then uses it.
    pub fn only_retrain(&mut self) {
        self.tasks.retain(|task| task.method == Method::Retrain);
    }

    /// Both sets on the device, with `split`.
    pub fn bench(&self, split: Split) -> TestBench {
        let (train, test) = (self.train.clone(), self.test.clone());
        TestBench { device: self.device.clone(), train, test, split }
    }

    /// The description of the networks.
    pub fn spec(&self) -> &S {
        &self.spec
    }

    /// The [custom plans](super::ExperimentBuilder::plan) by their names.
    pub fn plans(&self) -> &BTreeMap<String, Plan> {
        &self.plans
    }

    /// The run in progress, if there is one.
    pub fn live(&self) -> Option<Live<'_, S>> {
        let (task, run) = self.running.as_ref()?;
        Some(Live {
            method: task.method.clone(),
            seed: task.seed,
            split: &task.split,
            network: run.model(),
        })
    }

    /// Sets the largest number of steps between two [`Event::Step`](crate::run::Event::Step) from
    /// now on, for single steps and slow motion. `None` reads as often as the guards check, and
    /// every ten steps without guards. Changes no result.
    pub fn set_read_every(&mut self, steps: Option<NonZeroUsize>) {
        self.read_every = steps;
        if let Some((_, run)) = &mut self.running {
            run.set_read_every(steps);
        }
    }
}
