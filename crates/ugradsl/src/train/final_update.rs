//! What happens once, after the last step: some methods change the weights in a single update, from
//! what the steps have accumulated.

use burn::tensor::{DType, Int, Tensor, TensorData, activation::log_softmax};
use serde::{Deserialize, Serialize};

use super::{PlanError, Sampling, weights::change_weights};
use crate::{
    models::Classifier,
    random::{self, Stream},
};

/// What is done to the weights after the last step. All but [`None`](Self::None) need sums over the
/// data: the steps of their plans accumulate gradients and move nothing.
///
/// ```
/// use ugradsl::train::FinalUpdate;
///
/// assert!(!FinalUpdate::None.accumulates()); // the steps move the weights
/// assert!(FinalUpdate::Noise { variance: 1e-7 }.accumulates()); // the steps only accumulate gradients
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FinalUpdate {
    /// Nothing: the steps move the weights.
    #[default]
    None,
    /// `w *= min(1, strength I_D / I_f)` where `I_f > threshold I_D`; the importances `I` are means
    /// over batches of the squared gradient, on the forget set and on all data.
    Dampen {
        /// How many times as important a weight must be for the forget set as for all data.
        threshold: f64,
        /// Factor in the new weight.
        strength: f64,
    },
    /// `w += N(0, variance min(1 / (F + 1e-8), 1e3))` with the diagonal Fisher information F of the
    /// retain set.
    Noise {
        /// Scale of the variance.
        variance: f64,
    },
    /// `w += scale k`, an inverse-Hessian-vector product `k` by the WoodFisher recursion, see
    /// [`Method::Influence`](crate::unlearn::Method::Influence).
    Influence {
        /// Length of the step.
        scale: f64,
    },
}

/// Added to the Fisher information before it is inverted.
const EPSILON: f64 = 1e-8;
/// Largest inverse of the Fisher information.
const CEILING: f64 = 1e3;

/// The rows over which the loss of an accumulated gradient is a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BatchPart {
    Forget,
    Retain,
    /// One retained row after the passes over both sets.
    Single,
}

/// How many rows and batches an accumulating run sees, and its seed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    pub(super) retained: usize,
    pub(super) forgotten: usize,
    /// Batches of the forget set, and of the retain set.
    pub(super) batches: [usize; 2],
    pub(super) singles: usize,
    pub(super) seed: u64,
}

impl FinalUpdate {
    /// Whether the steps only accumulate gradients.
    pub fn accumulates(self) -> bool {
        self != Self::None
    }

    pub(super) fn check(self, sampling: Sampling) -> Result<(), PlanError> {
        let positive = |name, value: f64| {
            let ok = value.is_finite() && value > 0.0;
            if ok { Ok(()) } else { Err(PlanError::Range { name, value, range: "above 0" }) }
        };
        let fits = match self {
            Self::None => true,
            Self::Dampen { threshold, strength } => {
                positive("threshold", threshold)?;
                positive("strength", strength)?;
                matches!(sampling, Sampling::ForgetThenRetain { singles: 0, .. })
            }
            Self::Noise { variance } => {
                positive("variance", variance)?;
                sampling == Sampling::Retain
            }
            Self::Influence { scale } => {
                positive("scale", scale)?;
                if matches!(sampling, Sampling::ForgetThenRetain { singles: 0, .. }) {
                    let range = "1 to 1000000";
                    return Err(PlanError::Range { name: "samples", value: 0.0, range });
                }
                matches!(sampling, Sampling::ForgetThenRetain { singles: 1.., .. })
            }
        };
        if fits {
            Ok(())
        } else {
            Err(PlanError::Sampling {
                final_update: format!("{self:?}"),
                sampling: format!("{sampling:?}"),
            })
        }
    }

    /// Adds the gradient `[P]` of the mean loss over `rows` rows to `sums`.
    pub(super) fn accumulate(
        self,
        sums: &mut Vec<Tensor<1>>,
        part: BatchPart,
        rows: usize,
        gradient: Tensor<1>,
        counts: &Counts,
    ) {
        let mut add = |at: usize, term: Tensor<1>| {
            if sums.is_empty() {
                let slots = if matches!(self, Self::Dampen { .. }) { 2 } else { 1 };
                *sums = vec![term.zeros_like(); slots];
            }
            sums[at] = sums[at].clone() + term;
        };
        let rows = rows as f64;
        match (self, part) {
            (Self::None, _) => {}
            (Self::Dampen { .. }, BatchPart::Forget) => add(0, gradient.square()),
            (Self::Dampen { .. }, _) => add(1, gradient.square()),
            // Labels are drawn from the network, so the gradients of single rows have mean 0, and
            // the square of their mean over n rows is F / n on average.
            (Self::Noise { .. }, _) => add(0, gradient.square() * rows),
            (Self::Influence { .. }, BatchPart::Single) => {
                recursion(sums, gradient, counts.singles)
            }
            (Self::Influence { .. }, part) => {
                let all = (counts.retained + counts.forgotten) as f64;
                let share = match part {
                    BatchPart::Forget => 1.0 / all,
                    _ => -(counts.forgotten as f64) / (all * counts.retained as f64),
                };
                add(0, gradient * (rows * share));
            }
        }
    }

    /// Carries out the update. `rate_scale` shortens the step of influence functions.
    pub(super) fn apply<M: Classifier>(
        self,
        model: M,
        sums: &[Tensor<1>],
        counts: &Counts,
        rate_scale: f64,
    ) -> M {
        match (self, sums) {
            (Self::Dampen { threshold, strength }, [forget, retain]) => {
                let [n_f, n_r] = counts.batches.map(|n| n.max(1) as f64);
                let on_all = (forget.clone() + retain.clone()) / (n_f + n_r);
                let on_forget = forget.clone() / n_f;
                let chosen = on_forget.clone().greater(on_all.clone() * threshold);
                let factor = (on_all * strength / on_forget).clamp_max(1.0);
                change_weights(model, |weights, start| {
                    let [n] = weights.dims();
                    let dampened = weights.clone() * factor.clone().narrow(0, start, n);
                    weights.mask_where(chosen.clone().narrow(0, start, n), dampened)
                })
            }
            (Self::Noise { variance }, [sum]) => {
                let information = sum.clone() / counts.batches[1].max(1) as f64;
                let inverse = (information + EPSILON).recip().clamp_max(CEILING);
                let [n] = inverse.dims();
                let noise = TensorData::new(noise(n, counts.seed), [n]);
                let noise = Tensor::<1>::from_data(noise, (&inverse.device(), DType::F32));
                let noise = noise * (inverse * variance).sqrt();
                change_weights(model, |weights, start| {
                    let [n] = weights.dims();
                    weights + noise.clone().narrow(0, start, n)
                })
            }
            (Self::Influence { scale }, [k, ..]) => change_weights(model, |weights, start| {
                let [n] = weights.dims();
                weights + k.clone().narrow(0, start, n) * (scale * rate_scale)
            }),
            _ => model,
        }
    }
}

/// One step of the WoodFisher recursion with the gradient `g` of the next of `n` samples:
///
/// ```text
/// k -= <k, g> / (n + <o, g>) o
/// o -= <o, g> / (n + <o, g>) o
/// ```
///
/// `sums` is `[k, o]`; the first sample is `o` and changes nothing else.
fn recursion(sums: &mut Vec<Tensor<1>>, g: Tensor<1>, n: usize) {
    let [k, o] = match sums.as_slice() {
        [k, o] => [k.clone(), o.clone()],
        _ => return sums.push(g),
    };
    let shape = o.dims();
    let along = (o.clone() * g.clone()).sum();
    let scale = (along.clone() + n as f64).recip();
    let step = (k.clone() * g).sum() * scale.clone();
    *sums = vec![k - o.clone() * step.expand(shape), o.clone() - o * (along * scale).expand(shape)];
}

/// The noise of a run with this seed.
fn noise(n: usize, seed: u64) -> Vec<f32> {
    random::standard_normal(n, &mut random::rng(seed, Stream::Noise))
}

/// Labels `[n]` drawn from the network's own distribution: the class with the largest
/// `log p + noise`. The Gumbel noise comes from the host, so that it is the same for all devices.
pub(super) fn sampled_labels(logits: &Tensor<2>, seed: u64, step: usize) -> Tensor<1, Int> {
    let logits = logits.clone().inner();
    let [n, classes] = logits.dims();
    let mut rng = random::rng_at(seed, Stream::SampledLabels, step);
    let noise: Vec<f32> = (0..n * classes).map(|_| random::gumbel(&mut rng)).collect();
    let noise = TensorData::new(noise, [n, classes]);
    let noise = Tensor::<2>::from_data(noise, (&logits.device(), DType::F32));
    (log_softmax(logits, 1) + noise).argmax(1).reshape([n]).cast(DType::I32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Device;

    fn vector(values: [f32; 2]) -> Tensor<1> {
        Tensor::from_data(TensorData::from(values), Device::cpu().burn())
    }

    /// By hand: with n = 2, k = (1, 2), o = (1, 0) and g = (2, 1): <o, g> = 2, <k, g> = 4, so k
    /// loses 4 / 4 of o and o keeps 1 - 2 / 4 of itself.
    #[test]
    fn the_recursion_is_the_published_one() {
        let mut sums = vec![vector([1.0, 2.0])];
        recursion(&mut sums, vector([1.0, 0.0]), 2);
        recursion(&mut sums, vector([2.0, 1.0]), 2);
        let read = |at: usize| sums[at].clone().into_data().try_to_vec::<f32>().unwrap();
        assert_eq!((read(0), read(1)), (vec![0.0, 2.0], vec![0.5, 0.0]));
    }

    #[test]
    fn the_noise_is_standard_normal_and_the_same_for_a_seed() {
        let n = 100_001;
        let values = noise(n, 7);
        assert_eq!((values.len(), &values), (n, &noise(n, 7)));
        let moment = |power: i32| {
            values.iter().map(|&value| f64::from(value).powi(power)).sum::<f64>() / n as f64
        };
        // Standard errors are 0.003, 0.0045 and 0.03.
        assert!(moment(1).abs() < 0.015 && (moment(2) - 1.0).abs() < 0.02, "{}", moment(2));
        assert!((moment(4) - 3.0).abs() < 0.15, "{}", moment(4));
    }

    #[test]
    fn labels_are_drawn_as_often_as_the_network_says() {
        let n = 4000;
        let row = [0.2_f32.ln(), 0.5_f32.ln(), 0.3_f32.ln()].map(|logit| logit + 5.0);
        let device = Device::cpu();
        let logits = TensorData::new(row.repeat(n), [n, 3]);
        let logits = Tensor::<2>::from_data(logits, &device.autodiff());
        let draw = |step| -> Vec<i64> {
            sampled_labels(&logits, 5, step).into_data().convert::<i64>().try_to_vec().unwrap()
        };
        let labels = draw(0);
        assert!(labels == draw(0) && labels != draw(1));
        for (class, share) in [0.2, 0.5, 0.3].into_iter().enumerate() {
            let found = labels.iter().filter(|&&label| label == class as i64).count() as f64;
            // Five standard errors.
            assert!((found / n as f64 - share).abs() < 0.04, "{class}: {found}");
        }
    }
}
