//! Mean and deviation of a figure over runs.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::evaluate::{Figure, Unit, mean_and_deviation};

/// Mean and sample standard deviation (n - 1) of a figure; `deviation` is null for a single run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Spread {
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation.
    pub deviation: Option<f64>,
    /// Smallest value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
}

/// `mean ± deviation` with as many digits as the format's precision says.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        write!(f, "{:.digits$}", self.mean)?;
        match self.deviation {
            Some(deviation) => write!(f, " ± {deviation:.digits$}"),
            None => Ok(()),
        }
    }
}

impl Spread {
    /// `figure` of a method for a table: mean and deviation; for memory the largest value, because
    /// that much has to be available.
    pub fn cell(figure: Figure, spread: Option<Self>) -> String {
        let (factor, digits) = (figure.unit().table_factor(), figure.digits());
        match spread {
            Some(spread) if figure.unit() == Unit::Bytes => figure.cell(Some(spread.most)),
            Some(Self { mean, deviation, .. }) => {
                let deviation = deviation.map(|deviation| factor * deviation);
                format!(
                    "{:.digits$}",
                    Self { mean: factor * mean, deviation, least: mean, most: mean }
                )
            }
            None => figure.cell(None),
        }
    }

    pub(super) fn from_values(values: impl Iterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.collect();
        if values.is_empty() {
            return None;
        }
        let (mean, deviation) = mean_and_deviation(&values);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Some(Self { mean, deviation, least, most })
    }
}
