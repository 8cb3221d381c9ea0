//! The state that later steps depend on: in memory, to return to it, and as named tensors, for a
//! checkpoint.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Tensor, TensorData};

use super::Trainer;
use crate::{
    models::{Classifier, StateError, read_state, write_state},
    train::{Optimizer, TrainError},
};

const MODEL: &str = "model.";
const MOMENT: &str = "moment.";
const ACCURACY: &str = "forget-accuracy";
const SHADOW: &str = "shadow.";
const ACCUMULATED: &str = "accumulated.";

fn moment_name(name: &str) -> Option<(usize, usize)> {
    let (position, index) = name.strip_prefix(MOMENT)?.split_once('.')?;
    let position = position.parse().ok().filter(|&position: &usize| position < 1 << 16)?;
    Some((position, index.parse().ok()?))
}

/// A point to return to, with a copy of all that changes.
#[derive(Debug, Clone)]
pub struct TrainerState<M> {
    model: M,
    optimizer: Optimizer,
    step: usize,
    accuracy: Option<Tensor<1>>,
    shadow: Option<Linear>,
    accumulated: Vec<Tensor<1>>,
}

impl<M: Classifier> Trainer<M> {
    /// Everything that later steps depend on.
    pub fn state(&self) -> TrainerState<M> {
        // A clone would share BatchNorm's running statistics; `valid` copies them.
        TrainerState {
            model: self.model.valid(),
            optimizer: self.optimizer.clone(),
            step: self.step,
            accuracy: self.accuracy.clone(),
            shadow: self.shadow.as_ref().map(Linear::valid),
            accumulated: self.accumulated.clone(),
        }
    }

    /// Goes back to `state`: weights, moments of the optimizer, and all else that later steps
    /// depend on.
    pub fn restore(&mut self, state: &TrainerState<M>) {
        self.model = state.model.clone().train();
        self.optimizer = state.optimizer.clone();
        self.step = state.step;
        self.accuracy = state.accuracy.clone();
        self.shadow = state.shadow.clone().map(Linear::train);
        self.accumulated = state.accumulated.clone();
        self.records.clear();
        self.rates.clear();
    }

    /// Writes tensors made by [`TrainerState::tensors`] into this run, at `step`.
    ///
    /// # Errors
    ///
    /// If they belong to another network.
    pub fn load(
        &mut self,
        mut tensors: BTreeMap<String, TensorData>,
        step: usize,
    ) -> Result<(), TrainError> {
        let device = self.model.valid().devices().into_iter().next();
        let mut moments: Vec<(usize, usize, TensorData)> = Vec::new();
        let mut accumulated: Vec<(usize, TensorData)> = Vec::new();
        let (mut weights, mut row) = (BTreeMap::new(), BTreeMap::new());
        self.accuracy = None;
        while let Some((name, data)) = tensors.pop_first() {
            let Some(device) = &device else { break };
            if let Some(name) = name.strip_prefix(MODEL) {
                weights.insert(name.to_owned(), data);
            } else if let Some(name) = name.strip_prefix(SHADOW) {
                row.insert(name.to_owned(), data);
            } else if let Some(Ok(at)) = name.strip_prefix(ACCUMULATED).map(str::parse) {
                accumulated.push((at, data));
            } else if name == ACCURACY {
                self.accuracy = Some(Tensor::from_data(data, device));
            } else if let Some((position, index)) = moment_name(&name) {
                moments.push((position, index, data));
            } else {
                return Err(StateError::Unexpected(name).into());
            }
        }
        self.model = write_state(self.model.clone(), weights)?;
        self.shadow = match (self.shadow.take(), row.keys().next().cloned()) {
            (Some(shadow), _) => Some(write_state(shadow, row)?),
            (None, None) => None,
            (None, Some(name)) => {
                return Err(StateError::Unexpected(format!("{SHADOW}{name}")).into());
            }
        };
        accumulated.sort_unstable_by_key(|(at, _)| *at);
        let tensors = accumulated.into_iter().zip(device.iter().cycle());
        self.accumulated =
            tensors.map(|((_, data), device)| Tensor::from_data(data, device)).collect();
        moments.sort_unstable_by_key(|(position, index, _)| (*position, *index));
        self.optimizer.moments.clear();
        for (position, _, data) in moments {
            let slots = self.optimizer.moments.len().max(position + 1);
            self.optimizer.moments.resize_with(slots, Vec::new);
            if let Some(device) = &device {
                self.optimizer.moments[position].push(Tensor::from_data(data, device));
            }
        }
        self.optimizer.steps = step;
        self.step = step;
        Ok(())
    }
}

impl<M: Classifier> TrainerState<M> {
    /// Index of the next step.
    pub fn step(&self) -> usize {
        self.step
    }

    /// The network, for inference.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The state as named tensors on the host, for a checkpoint.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub async fn tensors(&self) -> Result<BTreeMap<String, TensorData>, TrainError> {
        let weights = read_state(&self.model).await?;
        let mut tensors: BTreeMap<String, TensorData> =
            weights.into_iter().map(|(name, data)| (format!("{MODEL}{name}"), data)).collect();
        for (position, moments) in self.optimizer.moments.iter().enumerate() {
            for (index, moment) in moments.iter().enumerate() {
                let data = moment.clone().into_data_async().await?;
                tensors.insert(format!("{MOMENT}{position}.{index}"), data);
            }
        }
        if let Some(shadow) = &self.shadow {
            let row = read_state(shadow).await?;
            tensors.extend(row.into_iter().map(|(name, data)| (format!("{SHADOW}{name}"), data)));
        }
        for (at, sum) in self.accumulated.iter().enumerate() {
            let data = sum.clone().into_data_async().await?;
            tensors.insert(format!("{ACCUMULATED}{at}"), data);
        }
        if let Some(accuracy) = &self.accuracy {
            tensors.insert(ACCURACY.to_owned(), accuracy.clone().into_data_async().await?);
        }
        Ok(tensors)
    }
}
