//! How the smoothing rate of a forgotten sample is chosen.

use burn::tensor::{Int, Tensor, activation::softmax};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Distance, neighbour_count};

/// What of two samples is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    /// Penultimate, post-ReLU features.
    #[default]
    Features,
    /// Softmax outputs. Nearly one-hot on a converged network: expect rates near zero when a whole
    /// class is forgotten.
    Softmax,
    /// The normalised inputs.
    Inputs,
}

/// The self-adaptive rate `alpha_j = -#{i : d(x_i, x_j) < beta} / |B_r|`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AdaptiveRate {
    /// Distance below which a retained sample is a neighbour. `None`: a quantile of the distances
    /// of the first batches, then fixed.
    pub beta: Option<f64>,
    /// That quantile, which is also the mean of |alpha| at the start. `None`: 0.5 when whole
    /// classes are forgotten, else 0.1.
    pub quantile: Option<f64>,
    /// How distances are measured.
    pub distance: Distance,
    /// What is compared.
    pub space: Space,
}

/// Smoothing rate of the forgotten samples. Negative rates unlearn, positive ones re-learn.
///
/// ```
/// use ugradsl::smoothing::{AdaptiveRate, Smoothing};
///
/// assert!(Smoothing::Constant(-0.5).check().is_ok());
/// assert!(Smoothing::Constant(1.5).check().is_err());
/// assert!(Smoothing::Adaptive(AdaptiveRate::default()).check().is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Smoothing {
    /// The same rate for every sample; 0 is plain gradient ascent.
    Constant(f64),
    /// A rate for each sample, read off its neighbourhood.
    Adaptive(AdaptiveRate),
}

/// Why a rate makes no sense.
#[derive(Debug, Error, Clone, PartialEq)]
#[non_exhaustive]
pub enum SmoothingError {
    /// The constant is above 1 or not a number.
    #[error("smoothing rate {0} is out of range: it must be -1000 to 1, and negative to unlearn")]
    Rate(f64),
    /// Beta is not a positive number.
    #[error("beta {0} is out of range: it must be above 0")]
    Beta(f64),
    /// The quantile is not a share.
    #[error("quantile {0} is out of range: it must be between 0 and 1")]
    Quantile(f64),
}

impl Smoothing {
    /// Checks every number.
    ///
    /// # Errors
    ///
    /// [`SmoothingError`] for the first that is out of range.
    pub fn check(&self) -> Result<(), SmoothingError> {
        match *self {
            Self::Constant(rate) if !(-1000.0..=1.0).contains(&rate) => {
                Err(SmoothingError::Rate(rate))
            }
            Self::Adaptive(AdaptiveRate { beta: Some(beta), .. })
                if !(beta.is_finite() && beta > 0.0) =>
            {
                Err(SmoothingError::Beta(beta))
            }
            Self::Adaptive(AdaptiveRate { quantile: Some(q), .. }) if !(0.0..=1.0).contains(&q) => {
                Err(SmoothingError::Quantile(q))
            }
            _ => Ok(()),
        }
    }
}

impl AdaptiveRate {
    /// What is compared, as rows `[n, d]`, cut off from differentiation.
    pub(crate) fn rows(
        &self,
        images: &Tensor<4>,
        features: &Tensor<2>,
        logits: &Tensor<2>,
    ) -> Tensor<2> {
        match self.space {
            Space::Features => features.clone().inner(),
            Space::Softmax => softmax(logits.clone().inner(), 1),
            Space::Inputs => images.clone().inner().flatten(1, 3),
        }
    }

    /// Rates `[f]` of `forgotten` rows `[f, d]` among `retained` rows `[r, d]`, in `[-1, 0]`.
    ///
    /// ```
    /// use ugradsl::burn::tensor::Tensor;
    /// use ugradsl::{device::Device, smoothing::AdaptiveRate};
    ///
    /// let device = Device::cpu();
    /// let forgotten = Tensor::<2>::from_data([[1.0, 0.0]], device.burn());
    /// let retained = Tensor::<2>::from_data([[2.0, 0.0], [0.0, 1.0]], device.burn());
    /// let rates = AdaptiveRate::default().rates(forgotten, retained, 0.5);
    /// assert_eq!(rates.into_data().to_vec::<f32>().unwrap(), [-0.5]); // one neighbour of two
    /// ```
    pub fn rates(&self, forgotten: Tensor<2>, retained: Tensor<2>, beta: f32) -> Tensor<1> {
        let [n, _] = retained.dims();
        let counts: Tensor<1, Int> = neighbour_count(forgotten, retained, beta, self.distance);
        counts.float() / -(n.max(1) as f32)
    }
}

/// Distribution of the rates of an epoch: a method whose rates are all zero is not UGradSL any
/// more.
///
/// ```
/// use ugradsl::smoothing::RateHistogram;
///
/// let rates = RateHistogram::new(&[-1.0, -0.5, 0.0]).expect("there are rates");
/// assert_eq!(rates.mean, -0.5);
/// assert_eq!(rates.bins, [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
/// assert_eq!(rates.zeros, 1);
/// ```
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(rename = "Rates"))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateHistogram {
    /// Mean rate.
    pub mean: f64,
    /// Rates per tenth of `[-1, 0]`, the most negative first.
    pub bins: [usize; 10],
    /// Rates that are exactly zero.
    pub zeros: usize,
}

impl RateHistogram {
    /// Counts `rates`; `None` if there are none.
    pub fn new(rates: &[f32]) -> Option<Self> {
        if rates.is_empty() {
            return None;
        }
        let mut bins = [0; 10];
        for &rate in rates {
            bins[(((rate + 1.0) * 10.0) as usize).min(9)] += 1;
        }
        let mean = rates.iter().map(|&rate| f64::from(rate)).sum::<f64>() / rates.len() as f64;
        Some(Self { mean, bins, zeros: rates.iter().filter(|&&rate| rate == 0.0).count() })
    }
}
