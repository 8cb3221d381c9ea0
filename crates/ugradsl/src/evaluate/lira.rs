//! U-LiRA: can an attacker who can repeat the whole procedure tell the unlearned networks from
//! retrained ones?
//!
//! For each forgotten example the attacker knows the confidence of networks that were trained with
//! it and then made to forget it, and of networks that never saw it, and asks which of the two a
//! given network resembles more: a likelihood ratio per example (Kurmanji et al. 2023; Hayes et
//! al., *Inexact Unlearning Needs More Careful Evaluations to Avoid a False Sense of Privacy*,
//! 2024). This is the strongest attack on outputs here, and the most expensive: every shadow is a
//! pair of networks trained from scratch.

use thiserror::Error;

use super::{Probabilities, Roc, RocError, label_privacy::log_odds};

/// Fewest shadows: one is attacked, and a deviation needs two more.
pub const MIN_SHADOWS: usize = 3;
/// Smallest variance of a side: networks that agree to the last bit have none.
const LEAST_VARIANCE: f64 = 1e-12;

/// Why the attack cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LiraError {
    /// Too few shadows to estimate a deviation.
    #[error("{found} shadow pairs are too few: at least {MIN_SHADOWS} are needed")]
    Shadows {
        /// Pairs given.
        found: usize,
    },
    /// Shadows with scores of different numbers of examples.
    #[error("shadow {shadow} has scores of {found} examples, but the first has {expected}")]
    Examples {
        /// Which shadow, from 0.
        shadow: usize,
        /// Scores of one of its networks.
        found: usize,
        /// Scores of the first shadow's unlearned network.
        expected: usize,
    },
    /// No curve can be drawn.
    #[error(transparent)]
    Roc(#[from] RocError),
}

/// The scores of a pair of networks on the forgotten examples: [`log_odds_of_truth`], in the same
/// order for all pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct ShadowPair {
    /// Trained with the examples, then made to forget them.
    pub unlearned: Vec<f64>,
    /// Trained without them.
    pub retrained: Vec<f64>,
}

/// `log p_y - log(1 - p_y)` of each row, in nats, with `1 - p_y` summed over the other classes.
/// Over networks it is nearly normal, unlike the confidences. Both probabilities are raised to at
/// least 1e-30.
pub fn log_odds_of_truth(set: &Probabilities) -> Vec<f64> {
    set.rows().map(|(row, label)| log_odds(row, label, 1.0)).collect()
}

/// Attacks each pair with the statistics of the other pairs. The result is the curve of "this
/// network has unlearned the example" (member) against "it never saw it" (non-member), over all
/// examples and pairs.
///
/// The score of a network with log-odds x is `log N(x; mu_u, s_u) - log N(x; mu_r, s_r)`: the means
/// are those of the example over the other pairs, the variances the means of the examples' sample
/// variances, as Carlini et al. (2022) advise for few shadows.
///
/// # Errors
/// [`LiraError`] for fewer than [`MIN_SHADOWS`] pairs, for pairs with different numbers of
/// examples, and if there are no examples.
///
/// # Example
///
/// ```
/// use ugradsl::evaluate::{ShadowPair, u_lira};
///
/// // Log-odds of two examples in three pairs of networks that are far apart.
/// let pair = |shift: f64| ShadowPair {
///     unlearned: vec![5.0 + shift, 6.0 - shift],
///     retrained: vec![-5.0 - shift, -6.0 + shift],
/// };
/// let roc = u_lira(&[pair(0.0), pair(0.1), pair(0.2)])?;
/// assert_eq!(roc.auc(), 1.0); // each network is told from the other kind
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn u_lira(shadows: &[ShadowPair]) -> Result<Roc, LiraError> {
    if shadows.len() < MIN_SHADOWS {
        return Err(LiraError::Shadows { found: shadows.len() });
    }
    let expected = shadows[0].unlearned.len();
    for (shadow, pair) in shadows.iter().enumerate() {
        for found in [pair.unlearned.len(), pair.retrained.len()] {
            if found != expected {
                return Err(LiraError::Examples { shadow, found, expected });
            }
        }
    }
    let (mut members, mut non_members) = (Vec::new(), Vec::new());
    for (target, attacked) in shadows.iter().enumerate() {
        let others = || shadows.iter().enumerate().filter(|(at, _)| *at != target);
        let unlearned = Side::new(expected, || others().map(|(_, pair)| &pair.unlearned));
        let retrained = Side::new(expected, || others().map(|(_, pair)| &pair.retrained));
        let ratio = |(example, x): (usize, &f64)| {
            unlearned.log_likelihood(example, *x) - retrained.log_likelihood(example, *x)
        };
        members.extend(attacked.unlearned.iter().enumerate().map(ratio));
        non_members.extend(attacked.retrained.iter().enumerate().map(ratio));
    }
    Ok(Roc::new(&members, &non_members)?)
}

/// The scores of one kind of network: their mean for each example, and one variance.
struct Side {
    means: Vec<f64>,
    variance: f64,
}

impl Side {
    fn new<'a, I: Iterator<Item = &'a Vec<f64>>>(
        examples: usize,
        networks: impl Fn() -> I,
    ) -> Self {
        let count = networks().count() as f64;
        let mean = |example: usize| networks().map(|scores| scores[example]).sum::<f64>() / count;
        let means: Vec<f64> = (0..examples).map(mean).collect();
        let squares: f64 = networks()
            .flat_map(|scores| scores.iter().zip(&means))
            .map(|(score, mean)| (score - mean).powi(2))
            .sum();
        let variance = squares / (count - 1.0) / examples.max(1) as f64;
        Self { means, variance: variance.max(LEAST_VARIANCE) }
    }

    /// The log-likelihood of `x`, up to a constant.
    fn log_likelihood(&self, example: usize, x: f64) -> f64 {
        -0.5 * (self.variance.ln() + (x - self.means[example]).powi(2) / self.variance)
    }
}

#[cfg(test)]
mod tests;
