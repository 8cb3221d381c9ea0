//! How pixels are presented to a network.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::image_set::ImageSet;
use super::samples::{RowKind, Samples};

/// Mean and standard deviation of each channel, for pixels scaled to 0 to 1.
///
/// A network sees `(pixel / 255 - mean) / std`.
///
/// ```
/// use ugradsl::data::Normalisation;
///
/// let imagenet: Normalisation = "0.485,0.456,0.406/0.229,0.224,0.225".parse()?;
/// assert!(imagenet.validate(3).is_ok());
/// assert!(imagenet.validate(1).is_err()); // one channel needs one mean
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Normalisation {
    /// Mean of each channel.
    pub mean: Vec<f32>,
    /// Standard deviation of each channel.
    pub std: Vec<f32>,
}

impl fmt::Display for Normalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[f32]| values.iter().map(f32::to_string).collect::<Vec<_>>().join(",");
        write!(f, "{}/{}", list(&self.mean), list(&self.std))
    }
}

impl FromStr for Normalisation {
    type Err = NormalisationError;

    /// Means and deviations as `0.485,0.456,0.406/0.229,0.224,0.225`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let list = |part: &str| -> Result<Vec<f32>, _> {
            part.split(',').map(|number| number.trim().parse()).collect()
        };
        let parsed = text
            .split_once('/')
            .and_then(|(mean, std)| Some(Self { mean: list(mean).ok()?, std: list(std).ok()? }));
        let parsed: Self = parsed.ok_or_else(|| NormalisationError::Text(text.to_owned()))?;
        parsed.validate(parsed.mean.len())?;
        Ok(parsed)
    }
}

/// Why a [`Normalisation`] cannot be applied.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum NormalisationError {
    /// Not means and deviations.
    #[error(
        "{0:?} is not a normalisation: write the channels' means and standard deviations as \
         0.5,0.5,0.5/0.2,0.2,0.2"
    )]
    Text(String),
    /// Not one mean and one deviation per channel.
    #[error(
        "{means} means and {stds} standard deviations are given for images of {channels} channels"
    )]
    Length {
        /// Number of means.
        means: usize,
        /// Number of standard deviations.
        stds: usize,
        /// Channels of the images.
        channels: usize,
    },
    /// A mean that is not a finite number.
    #[error("the mean of channel {channel} is {value}")]
    Mean {
        /// The channel.
        channel: usize,
        /// The value found.
        value: f32,
    },
    /// Tokens are not quantities, and features are standardised one by one.
    #[error("{0} are not normalised, but {1} is given")]
    NotImages(RowKind, Normalisation),
    /// A deviation that cannot be divided by.
    #[error("the standard deviation of channel {channel} is {value}, but it must be positive")]
    Std {
        /// The channel.
        channel: usize,
        /// The value found.
        value: f32,
    },
}

impl Normalisation {
    /// Leaves pixels between 0 and 1 as they are.
    pub fn identity(channels: usize) -> Self {
        Self { mean: vec![0.0; channels], std: vec![1.0; channels] }
    }

    /// The moments of the given images. Sums are exact integers and only the last step is in `f64`,
    /// so the result depends on neither the order of the rows nor the platform.
    pub fn measure(images: &ImageSet) -> Self {
        let [channels, height, width] = images.shape();
        let area = height * width;
        let mut sums = vec![(0_u64, 0_u64); channels];
        for (plane, pixels) in images.pixels().chunks_exact(area).enumerate() {
            let (sum, squares) = &mut sums[plane % channels];
            for &pixel in pixels {
                *sum += u64::from(pixel);
                *squares += u64::from(pixel) * u64::from(pixel);
            }
        }
        let count = (images.len() * area).max(1) as f64;
        let moments = sums.iter().map(|&(sum, squares)| {
            let mean = sum as f64 / count;
            let variance = (squares as f64 / count - mean * mean).max(0.0);
            ((mean / 255.0) as f32, (variance.sqrt() / 255.0) as f32)
        });
        let (mean, std) = moments.unzip();
        Self { mean, std }
    }

    /// Checks that there is one finite mean and one positive deviation per channel.
    ///
    /// # Errors
    /// When a value is missing or cannot be used; the error names the first such value.
    pub fn validate(&self, channels: usize) -> Result<(), NormalisationError> {
        let (means, stds) = (self.mean.len(), self.std.len());
        if means != channels || stds != channels {
            return Err(NormalisationError::Length { means, stds, channels });
        }
        for (channel, (&mean, &std)) in self.mean.iter().zip(&self.std).enumerate() {
            if !mean.is_finite() {
                return Err(NormalisationError::Mean { channel, value: mean });
            }
            if !(std.is_finite() && std > 0.0) {
                return Err(NormalisationError::Std { channel, value: std });
            }
        }
        Ok(())
    }

    /// As [`validate`](Self::validate), for the given rows: for features and texts it must be the
    /// [identity](Self::identity).
    ///
    /// # Errors
    /// As [`validate`](Self::validate), and if it would change tokens.
    pub fn validate_for(&self, samples: &Samples) -> Result<(), NormalisationError> {
        self.validate(samples.shape()[0])?;
        if samples.kind() != RowKind::Images && *self != Self::identity(1) {
            return Err(NormalisationError::NotImages(samples.kind(), self.clone()));
        }
        Ok(())
    }
}
