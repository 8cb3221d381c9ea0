//! The rows of one step on the device.

use burn::tensor::{DType, Int, Tensor};

use crate::train::Epoch;

/// How many rows of each set a batch has; the retained ones come first in every tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) retain: usize,
    pub(super) forget: usize,
}

impl Rows {
    pub(super) fn all(self) -> usize {
        self.retain + self.forget
    }

    /// The retained rows of a tensor.
    pub(super) fn retained<const D: usize>(self, tensor: &Tensor<D>) -> Tensor<D> {
        tensor.clone().narrow(0, 0, self.retain)
    }

    /// The forgotten rows of a tensor.
    pub(super) fn forgotten<const D: usize>(self, tensor: &Tensor<D>) -> Tensor<D> {
        tensor.clone().narrow(0, self.retain, self.forget)
    }

    /// The labels of the forgotten rows.
    pub(super) fn forgotten_labels(self, labels: &Tensor<1, Int>) -> Tensor<1, Int> {
        labels.clone().narrow(0, self.retain, self.forget)
    }

    /// One value per row, from those of the two sets.
    pub(super) fn join(self, retain: Tensor<1>, forget: Tensor<1>) -> Tensor<1> {
        match self {
            Self { forget: 0, .. } => retain,
            Self { retain: 0, .. } => forget,
            _ => Tensor::cat(vec![retain, forget], 0),
        }
    }
}

/// What a step works on.
#[derive(Debug)]
pub(super) struct StepBatch {
    pub(super) epoch: Epoch,
    pub(super) rows: Rows,
    /// Row numbers of the forgotten rows in the training set.
    pub(super) forget: Vec<u32>,
    /// `[n, channels, height, width]`, augmented.
    pub(super) inputs: Tensor<4>,
    /// `[n]`
    pub(super) labels: Tensor<1, Int>,
    /// Factor on the weight of the forget rows.
    pub(super) ascent_gain: f64,
}

impl StepBatch {
    /// A tensor of `n` times `value`, on the device of the labels.
    pub(super) fn constant(&self, value: f64, n: usize) -> Tensor<1> {
        Tensor::full([n], value, (&self.labels.device(), DType::F32))
    }
}
