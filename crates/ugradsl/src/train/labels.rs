//! The labels that forgotten rows are trained on instead of their own.

use std::collections::HashMap;

use burn::tensor::{DType, Int, Tensor, TensorData};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::{PlanError, TrainError, read_floats};
use crate::{
    data::ResidentSet,
    loss::gls_cross_entropy,
    models::Classifier,
    random::{self, Stream},
};

/// Labels of the forgotten rows in the loss.
///
/// ```
/// use ugradsl::train::{Labels, Objective};
///
/// let teach = Objective::teach(Labels::Random); // random labels: descent on both sets
/// assert!(!teach.ascends());
/// assert_eq!(teach.labels, Labels::Random);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Labels {
    /// Those of the data.
    #[default]
    Own,
    /// Drawn uniformly among the other classes, anew in each epoch.
    Random,
    /// The class that the network, as it was before the first step, predicts for the row's FGSM
    /// neighbour `x' = clamp(x + epsilon sign(dl/dx), 0, 1)`.
    Neighbour {
        /// How far, in units of pixels scaled to 0..1.
        epsilon: f64,
    },
    /// An additional class after the others, which exists only during the run.
    Shadow,
}

impl Labels {
    pub(super) fn check(self) -> Result<(), PlanError> {
        match self {
            Self::Neighbour { epsilon: value } if !(value > 0.0 && value <= 1.0) => {
                Err(PlanError::Range { name: "epsilon", value, range: "above 0, at most 1" })
            }
            _ => Ok(()),
        }
    }
}

/// Finds the labels of forgotten rows. Depends on the seed and the original only, so that a resumed
/// run has the same.
#[derive(Debug, Clone)]
pub(super) struct Relabelling {
    labels: Labels,
    /// Rows of the forget set with their own labels.
    forget: Vec<(u32, u32)>,
    classes: usize,
    seed: u64,
    /// New labels by row: for the whole run, or for one epoch.
    current: HashMap<u32, u32>,
    epoch: Option<usize>,
}

impl Relabelling {
    /// Prepares `labels` for the `forget` rows of `data` and a network of `classes` outputs.
    pub(super) fn new(
        labels: Labels,
        data: &ResidentSet,
        forget: &[u32],
        classes: usize,
        seed: u64,
    ) -> Self {
        let own = data.host_labels(forget);
        let forget: Vec<(u32, u32)> = forget.iter().copied().zip(own).collect();
        let current = forget.iter().copied().collect();
        Self { labels, forget, classes, seed, current, epoch: None }
    }

    /// Finds the class of each row's neighbour for `model`, which is trainable and uses BatchNorm's
    /// running statistics, `batch_size` rows at a time.
    pub(super) async fn find_neighbours<M: Classifier>(
        &mut self,
        model: &M,
        data: &ResidentSet,
        epsilon: f64,
        batch_size: usize,
    ) -> Result<(), TrainError> {
        let rows: Vec<u32> = self.forget.iter().map(|(row, _)| *row).collect();
        let valid = model.valid();
        for rows in rows.chunks(batch_size.max(1)) {
            let n = rows.len();
            let (images, labels) = data.gather(rows);
            let device = labels.device();
            let ones = Tensor::<1>::ones([n], (&device, DType::F32));
            let zeros = Tensor::<1>::zeros([n], (&device, DType::F32));
            let inputs = Tensor::from_inner(images.clone()).require_grad();
            let logits = model.forward(inputs.clone()).logits;
            let gradients = gls_cross_entropy(logits, labels, zeros, ones).sum().backward();
            let slope = inputs.grad(&gradients).ok_or(TrainError::NoInputGradient)?;
            let neighbours = data.nudge(images, slope, epsilon);
            let logits = valid.forward(neighbours).logits;
            let classes = read_floats(logits.argmax(1).reshape([n]).float()).await?;
            self.current.extend(rows.iter().copied().zip(classes.iter().map(|&c| c as u32)));
        }
        Ok(())
    }

    /// The labels of `rows` of the forget set in epoch `epoch`.
    pub(super) fn labels_for(&mut self, rows: &[u32], epoch: usize) -> Vec<u32> {
        match self.labels {
            Labels::Own | Labels::Neighbour { .. } => {}
            Labels::Shadow => return vec![self.classes as u32; rows.len()],
            Labels::Random if self.epoch == Some(epoch) => {}
            Labels::Random => self.draw(epoch),
        }
        // All rows come from the forget set: any other would be a bug in the schedule.
        rows.iter().map(|row| self.current[row]).collect()
    }

    fn draw(&mut self, epoch: usize) {
        let mut rng = random::rng_at(self.seed, Stream::Relabel, epoch);
        let others = self.classes as u32 - 1;
        let drawn = self.forget.iter().map(|&(row, own)| {
            let label = if others == 0 { own } else { rng.random_range(0..others) };
            (row, label + u32::from(others > 0 && label >= own))
        });
        self.current = drawn.collect();
        self.epoch = Some(epoch);
    }
}

/// `labels`, those of a whole batch, with the last of them replaced by `last` from the host.
pub(super) fn replace_last(labels: &Tensor<1, Int>, last: &[u32]) -> Tensor<1, Int> {
    let [n] = labels.dims();
    let last: Vec<i32> = last.iter().map(|&label| label as i32).collect();
    let first = n - last.len();
    let (len, device) = (last.len(), labels.device());
    let last = Tensor::from_data(TensorData::new(last, [len]), (&device, DType::I32));
    match first {
        0 => last,
        _ => Tensor::cat(vec![labels.clone().narrow(0, 0, first), last], 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::{ImageSet, Normalisation},
        device::Device,
    };

    #[test]
    fn random_labels_are_other_classes_drawn_evenly_anew_in_each_epoch() {
        let (n, classes) = (3000_u32, 10);
        let labels: Vec<u32> = (0..n).map(|i| i % classes).collect();
        let set = ImageSet::new([1, 1, 1], vec![0; n as usize], labels.clone()).unwrap();
        let data = ResidentSet::new(&set.into(), &Normalisation::identity(1), &Device::cpu());
        let rows = data.all_rows();
        let new = |seed| Relabelling::new(Labels::Random, &data, &rows, classes as usize, seed);
        let drawn = new(4).labels_for(&rows, 0);
        let mut table = [[0_u32; 10]; 10];
        for (own, label) in labels.iter().zip(&drawn) {
            table[*own as usize][*label as usize] += 1;
        }
        for (own, counts) in table.iter().enumerate() {
            assert_eq!(counts[own], 0, "class {own} was taught itself");
            // 300 rows over 9 classes: 33 each, standard deviation 5.4.
            let even = |(other, n): (usize, &u32)| other == own || (10..=60).contains(n);
            assert!(counts.iter().enumerate().all(even), "{own}: {counts:?}");
        }
        let mut again = new(4);
        let second = again.labels_for(&rows, 1);
        assert!(second != drawn && again.labels_for(&rows, 0) == drawn);
        assert_ne!(new(5).labels_for(&rows, 0), drawn);
        // A subset of the rows gets the same labels as it does among all rows.
        assert_eq!(new(4).labels_for(&rows[70..80], 0), drawn[70..80]);
        let mut own = Relabelling::new(Labels::Own, &data, &rows, 10, 4);
        assert_eq!(own.labels_for(&rows, 0), labels);
    }
}
