//! The paper's Label-LDP, and what can be measured on a network: the log-odds of the true label.
//!
//! Theorem 3 of Di et al. (arXiv 2406.07698) is about labels under the surrogate objective, not
//! about weights. A forgotten sample enters `gamma_1 l(y) - gamma_2 l(t^(alpha))`, where `gamma_1`
//! weighs what was learnt and `gamma_2` the unlearning; the effective weights of the true label and
//! of any other are then in the ratio `q = (K / alpha)(1 - gamma_1 / gamma_2) + 1 - K`, and an
//! adversary who sees the outcome of a draw by these weights learns the label with
//! `epsilon = |log q|`.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Probabilities;

/// Smaller probabilities are raised to this before a logarithm is taken.
const FLOOR: f64 = 1e-30;

/// Why epsilon is not defined.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum LabelLdpError {
    /// Without negative smoothing nothing hides the label.
    #[error("alpha = {0} gives no Label-LDP: it must be below 0 (at 0 epsilon is infinite)")]
    Alpha(f64),
    /// What was learnt must outweigh the unlearning.
    #[error("the weights' ratio gamma_1 / gamma_2 = {0} is out of range: it must be above 1")]
    Ratio(f64),
    /// A single class has no other to be confused with.
    #[error("Label-LDP needs at least 2 classes, not {0}")]
    Classes(usize),
    /// Beyond the boundary the ratio of the weights is not positive.
    #[error(
        "alpha = {alpha} is too negative for {classes} classes and a weights' ratio of {ratio}: \
         the theorem needs alpha above {least:.4}"
    )]
    Boundary {
        /// The rate given.
        alpha: f64,
        /// Number of classes K.
        classes: usize,
        /// gamma_1 / gamma_2.
        ratio: f64,
        /// K / (K - 1) (1 - gamma_1 / gamma_2).
        least: f64,
    },
}

/// `epsilon = |log((K / alpha)(1 - ratio) + 1 - K)|` in nats, for the smoothing rate `alpha` < 0
/// and `ratio = gamma_1 / gamma_2` > 1. Defined for alpha > K / (K - 1) (1 - ratio),
/// 0 at alpha = 1 - ratio.
///
/// # Errors
/// [`LabelLdpError`] where it is not defined.
///
/// # Example
///
/// ```
/// use ugradsl::evaluate::label_ldp;
///
/// assert!(label_ldp(-0.2, 10, 1.2)?.abs() < 1e-9); // alpha = 1 - ratio hides the label entirely
/// assert!(label_ldp(0.1, 10, 1.2).is_err()); // without negative smoothing nothing does
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn label_ldp(alpha: f64, classes: usize, ratio: f64) -> Result<f64, LabelLdpError> {
    if classes < 2 {
        return Err(LabelLdpError::Classes(classes));
    }
    if !(alpha.is_finite() && alpha < 0.0) {
        return Err(LabelLdpError::Alpha(alpha));
    }
    if !(ratio.is_finite() && ratio > 1.0) {
        return Err(LabelLdpError::Ratio(ratio));
    }
    let k = classes as f64;
    let q = k / alpha * (1.0 - ratio) + 1.0 - k;
    if q <= 0.0 {
        let least = k / (k - 1.0) * (1.0 - ratio);
        return Err(LabelLdpError::Boundary { alpha, classes, ratio, least });
    }
    Ok(q.ln().abs())
}

/// How strongly a network's predictions point at the true label: |log p_y - log mean_{k != y} p_k|
/// over rows, in nats. 0 where the label is as likely as the average other one; the measured
/// counterpart of [`label_ldp`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LabelOdds {
    /// Half of the rows have less.
    pub median: f64,
    /// 95 of 100 rows have less.
    pub p95: f64,
    /// The largest.
    pub most: f64,
}

/// Quantiles (linear between ranks, as in numpy) of the log-odds of the true label. Probabilities
/// are raised to at least 1e-30. `None` without rows or with a single class.
pub fn label_odds(set: &Probabilities) -> Option<LabelOdds> {
    if set.is_empty() || set.classes() < 2 {
        return None;
    }
    let others = (set.classes() - 1) as f64;
    let odds = set.rows().map(|(row, label)| log_odds(row, label, others).abs());
    let mut odds: Vec<f64> = odds.collect();
    odds.sort_unstable_by(f64::total_cmp);
    let quantile = |q: f64| {
        let place = q * (odds.len() - 1) as f64;
        let (low, high) = (odds[place.floor() as usize], odds[place.ceil() as usize]);
        low + (high - low) * place.fract()
    };
    Some(LabelOdds { median: quantile(0.5), p95: quantile(0.95), most: quantile(1.0) })
}

/// log p_y - log((sum_{k != y} p_k) / `share`), of probabilities raised to at least 1e-30.
pub(super) fn log_odds(row: &[f32], label: u32, share: f64) -> f64 {
    let others = row.iter().enumerate().filter(|(class, _)| *class != label as usize);
    let others: f64 = others.map(|(_, p)| f64::from(*p)).sum();
    f64::from(row[label as usize]).max(FLOOR).ln() - (others / share).max(FLOOR).ln()
}

#[cfg(test)]
mod tests;
