//! What is done to gradients before the optimizer uses them.

use burn::module::Module;
use burn::tensor::{Bool, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::{PlanError, weights::flat_tensors};

/// A transformation of the gradients of every step; clipping comes after it.
///
/// ```
/// use ugradsl::train::GradientTransform;
///
/// let half = GradientTransform::Saliency { share: 0.5 }; // SalUn's default
/// assert_eq!(serde_json::to_string(&half)?, r#"{"saliency":{"share":0.5}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GradientTransform {
    /// They stay as they are.
    #[default]
    None,
    /// Only the share of weights on which the loss of the forget set depends most may move; the
    /// others stay what they were to the last bit: no weight decay, no momentum.
    Saliency {
        /// How many may move, 0..1.
        share: f64,
    },
    /// Adds `gamma_e sign(w)`, the subgradient of `gamma_e |w|_1`, with `gamma_e` falling linearly
    /// from `gamma` in the first epoch towards 0 after the last.
    L1 {
        /// Weight of the penalty in the first epoch.
        gamma: f64,
    },
}

impl GradientTransform {
    pub(super) fn check(self) -> Result<(), PlanError> {
        match self {
            Self::Saliency { share: value } if !(value > 0.0 && value <= 1.0) => {
                Err(PlanError::Range { name: "saliency", value, range: "above 0, at most 1" })
            }
            Self::L1 { gamma: value } if !(0.0..=1.0).contains(&value) => {
                Err(PlanError::Range { name: "penalty", value, range: "0 to 1" })
            }
            _ => Ok(()),
        }
    }
}

/// The transformation as it acts in one step.
#[derive(Debug, Clone)]
pub(super) enum ActiveTransform {
    None,
    /// Strength of the l1 subgradient.
    L1(f64),
    Mask(Mask),
}

/// Which weights may move, per float tensor in the order of a visit; `None` for one that is not
/// trained.
#[derive(Debug, Clone)]
pub(super) struct Mask(pub(super) Vec<Option<Tensor<1, Bool>>>);

impl Mask {
    /// Lets the `share` of the weights of `model` with the largest `saliency` `[P]` move, ranked
    /// over all tensors together. Among equal ones, the first in a visit are chosen.
    pub(super) fn new<M: Module>(model: &M, saliency: &[f32], share: f64) -> Self {
        let keep = ((saliency.len() as f64 * share).round() as usize).min(saliency.len());
        let mut order: Vec<u32> = (0..saliency.len() as u32).collect();
        let larger_first = |a: &u32, b: &u32| {
            saliency[*b as usize].abs().total_cmp(&saliency[*a as usize].abs()).then(a.cmp(b))
        };
        if keep < order.len() {
            order.select_nth_unstable_by(keep, larger_first);
        }
        let mut moves = vec![false; saliency.len()];
        for &position in &order[..keep] {
            moves[position as usize] = true;
        }
        let mut rest = moves.as_slice();
        let masks = flat_tensors(model).into_iter().map(|(trained, tensor)| {
            let [elements] = tensor.dims();
            trained.then(|| {
                let (own, others) = rest.split_at(elements);
                rest = others;
                Tensor::from_data(TensorData::new(own.to_vec(), [elements]), &tensor.device())
            })
        });
        Self(masks.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::nn::LinearConfig;

    #[test]
    fn the_largest_gradients_of_all_tensors_together_may_move() {
        let device = crate::device::Device::cpu();
        let model = LinearConfig::new(2, 2).init(&device.autodiff());
        for (share, weight, bias) in [
            (0.5, [true, true, false, false], [true, false]),
            (1.0, [true; 4], [true; 2]),
            (0.2, [false, true, false, false], [false; 2]),
        ] {
            let mask = Mask::new(&model, &[3.0, -9.0, 0.5, 1.0, -2.0, 0.0], share);
            let read = |at: usize| -> Vec<bool> {
                mask.0[at].clone().unwrap().into_data().iter::<bool>().collect()
            };
            assert_eq!((read(0), read(1)), (weight.to_vec(), bias.to_vec()), "{share}");
        }
        // Of equal ones the first are chosen: a mask of all-zero gradients still has its share.
        let mask = Mask::new(&model, &[0.0; 6], 0.5);
        let moves = mask
            .0
            .iter()
            .flatten()
            .flat_map(|mask| mask.clone().into_data().iter::<bool>().collect::<Vec<_>>());
        assert_eq!(moves.collect::<Vec<_>>(), [true, true, true, false, false, false]);
    }
}
