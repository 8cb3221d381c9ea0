//! The state that later steps depend on: in memory, to return to it, and as named tensors, for a
//! checkpoint.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};

use super::Trainer;
use crate::{
    models::{Classifier, StateError, read_state, set_batch_norm_training, write_state},
    train::{BatchNormMode, Optimizer, TrainError, weights::flat_tensors},
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

/// Numbers of values in the tensors of a trainer.
struct Sizes {
    /// One number per float tensor of the network, then of the row of the extra class.
    all: Vec<usize>,
    /// The number for all trained tensors of the network together.
    trained: usize,
}

impl Sizes {
    fn of<M: Classifier>(model: &M, shadow: Option<&Linear>) -> Self {
        let mut tensors = flat_tensors(model);
        let trained = tensors.iter().filter(|(trained, _)| *trained);
        let trained = trained.map(|(_, values)| values.dims()[0]).sum();
        tensors.extend(shadow.iter().flat_map(|shadow| flat_tensors(*shadow)));
        Self { all: tensors.iter().map(|(_, values)| values.dims()[0]).collect(), trained }
    }
}

/// Checks that a tensor is a vector of this length.
pub(super) fn check_shape(name: &str, data: &TensorData, length: usize) -> Result<(), StateError> {
    let found = data.shape().to_vec();
    if found != [length] {
        let needed = vec![length];
        return Err(StateError::Shape { name: name.to_owned(), found, needed });
    }
    Ok(())
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
    /// Everything that steps change and later steps depend on.
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

    /// Goes back to `state`: weights, moments of the optimizer, and all else that steps change and
    /// later steps depend on. Records and rates that have not been read are dropped.
    pub fn restore(&mut self, state: &TrainerState<M>) {
        self.set_model(state.model.clone());
        self.optimizer = state.optimizer.clone();
        self.step = state.step;
        self.accuracy = state.accuracy.clone();
        self.shadow = state.shadow.clone().map(Linear::train);
        self.accumulated = state.accumulated.clone();
        self.records.clear();
        self.rates.clear();
    }

    /// Continues with `model`, a network for inference, as the one that is trained.
    fn set_model(&mut self, model: M) {
        let frozen = self.plan.objective.batch_norm == BatchNormMode::Frozen;
        self.model = set_batch_norm_training(model.train(), !frozen);
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
        let sizes = Sizes::of(&self.model, self.shadow.as_ref());
        self.accuracy = None;
        self.records.clear();
        self.rates.clear();
        while let Some((name, data)) = tensors.pop_first() {
            let Some(device) = &device else { break };
            if let Some(name) = name.strip_prefix(MODEL) {
                weights.insert(name.to_owned(), data);
            } else if let Some(name) = name.strip_prefix(SHADOW) {
                row.insert(name.to_owned(), data);
            } else if let Some(Ok(at)) = name.strip_prefix(ACCUMULATED).map(str::parse) {
                check_shape(&format!("{ACCUMULATED}{at}"), &data, sizes.trained)?;
                accumulated.push((at, data));
            } else if name == ACCURACY {
                check_shape(&name, &data, 1)?;
                self.accuracy = Some(Tensor::from_data(data, device));
            } else if let Some((position, index)) = moment_name(&name) {
                let Some(&size) = sizes.all.get(position) else {
                    return Err(StateError::Unexpected(name).into());
                };
                check_shape(&name, &data, size)?;
                moments.push((position, index, data));
            } else {
                return Err(StateError::Unexpected(name).into());
            }
        }
        // On a copy for inference, because the trained network may have an update of BatchNorm's
        // statistics pending, which would overwrite those that are loaded.
        self.set_model(write_state(self.model.valid(), weights)?);
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
        if let Some(device) = &device {
            self.load_moments(moments, device);
        }
        self.optimizer.steps = step;
        self.step = step;
        Ok(())
    }

    /// Takes the optimizer's moments: position of the parameter, index of the moment, values.
    fn load_moments(&mut self, mut moments: Vec<(usize, usize, TensorData)>, device: &Device) {
        moments.sort_unstable_by_key(|(position, index, _)| (*position, *index));
        self.optimizer.moments.clear();
        for (position, _, data) in moments {
            let slots = self.optimizer.moments.len().max(position + 1);
            self.optimizer.moments.resize_with(slots, Vec::new);
            self.optimizer.moments[position].push(Tensor::from_data(data, device));
        }
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
