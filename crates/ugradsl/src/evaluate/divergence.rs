//! How far the predictions of two networks differ, row by row.
//!
//! Accuracies can agree by chance while the predictions do not. The divergence from the retrained
//! network's predictions shows the difference.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Predictions, Probabilities, probabilities::predicted};

/// Smaller probabilities are raised to this before a logarithm is taken.
const FLOOR: f64 = 1e-30;

/// Why two sets of predictions cannot be compared.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DivergenceError {
    /// The shapes differ.
    #[error(
        "predictions of {left_rows} rows by {left_classes} classes and of {right_rows} by \
         {right_classes} cannot be compared"
    )]
    Shape {
        /// Rows of the first.
        left_rows: usize,
        /// Classes of the first.
        left_classes: usize,
        /// Rows of the second.
        right_rows: usize,
        /// Classes of the second.
        right_classes: usize,
    },
    /// The mean of nothing.
    #[error("there are no predictions to compare")]
    Empty,
}

/// Mean Jensen-Shannon divergence in nats: 1/n sum_i [KL(p_i, m_i) + KL(q_i, m_i)] / 2,
/// m = (p + q) / 2.
///
/// Symmetric, from 0 (equal) to ln 2 (disjoint), and clamped to this range against rounding. The
/// probabilities need no lower bound: where p > 0, m >= p / 2.
///
/// # Errors
/// When the shapes differ or there are no rows.
///
/// # Example
///
/// ```
/// use ugradsl::evaluate::{Probabilities, jensen_shannon};
///
/// let p = Probabilities::from_probabilities(2, vec![1.0, 0.0], vec![0])?;
/// let q = Probabilities::from_probabilities(2, vec![0.0, 1.0], vec![0])?;
/// assert_eq!(jensen_shannon(&p, &p)?, 0.0);
/// assert!((jensen_shannon(&p, &q)? - std::f64::consts::LN_2).abs() < 1e-12); // disjoint
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn jensen_shannon(p: &Probabilities, q: &Probabilities) -> Result<f64, DivergenceError> {
    let term = |p: f64, m: f64| if p > 0.0 { p * (p / m).ln() } else { 0.0 };
    let mean = mean_over_rows(p, q, |p, q| {
        let m = (p + q) / 2.0;
        (term(p, m) + term(q, m)) / 2.0
    })?;
    Ok(mean.clamp(0.0, std::f64::consts::LN_2))
}

/// Mean Kullback-Leibler divergence in nats: 1/n sum_i sum_k p_ik log(p_ik / q_ik), 0 log 0 = 0.
///
/// From 0 (equal) to 69.1: q is raised to at least 1e-30, so that one impossible class does not
/// make the mean infinite. Not symmetric: `p` is the reference, usually the retrained network.
/// Clamped at 0 against rounding.
///
/// # Errors
/// When the shapes differ or there are no rows.
pub fn kullback_leibler(p: &Probabilities, q: &Probabilities) -> Result<f64, DivergenceError> {
    let term = |p: f64, q: f64| if p > 0.0 { p * (p / q.max(FLOOR)).ln() } else { 0.0 };
    Ok(mean_over_rows(p, q, term)?.max(0.0))
}

/// Share of the rows for which both predict the same class, in per cent (0 to 100).
///
/// # Errors
/// When the shapes differ or there are no rows.
pub fn agreement(p: &Probabilities, q: &Probabilities) -> Result<f64, DivergenceError> {
    check_shapes(p, q)?;
    let pairs = p.rows().zip(q.rows());
    let same = pairs.filter(|((p, _), (q, _))| predicted(p) == predicted(q));
    Ok(100.0 * same.count() as f64 / p.len() as f64)
}

/// How similar the predictions of two networks are, besides the Jensen-Shannon divergence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Similarity {
    /// KL(retrained, this network) on the forget set, in nats.
    pub kl_forget: f64,
    /// The same on the test set.
    pub kl_test: f64,
    /// KL(this network, retrained) on the forget set, in nats.
    pub kl_reverse_forget: f64,
    /// The same on the test set.
    pub kl_reverse_test: f64,
    /// Share of the forget set for which both predict the same class, in per cent.
    pub agreement_forget: f64,
    /// The same on the test set.
    pub agreement_test: f64,
}

impl Similarity {
    /// Compares `network` with the `retrained` one.
    ///
    /// # Errors
    /// When the two have predictions for different rows.
    pub fn between(
        network: &Predictions,
        retrained: &Predictions,
    ) -> Result<Self, DivergenceError> {
        let (forget, test) =
            ((&network.forget, &retrained.forget), (&network.test, &retrained.test));
        Ok(Self {
            kl_forget: kullback_leibler(forget.1, forget.0)?,
            kl_test: kullback_leibler(test.1, test.0)?,
            kl_reverse_forget: kullback_leibler(forget.0, forget.1)?,
            kl_reverse_test: kullback_leibler(test.0, test.1)?,
            agreement_forget: agreement(forget.0, forget.1)?,
            agreement_test: agreement(test.0, test.1)?,
        })
    }
}

fn check_shapes(p: &Probabilities, q: &Probabilities) -> Result<(), DivergenceError> {
    if (p.len(), p.classes()) != (q.len(), q.classes()) {
        return Err(DivergenceError::Shape {
            left_rows: p.len(),
            left_classes: p.classes(),
            right_rows: q.len(),
            right_classes: q.classes(),
        });
    }
    if p.is_empty() {
        return Err(DivergenceError::Empty);
    }
    Ok(())
}

fn mean_over_rows(
    p: &Probabilities,
    q: &Probabilities,
    term: impl Fn(f64, f64) -> f64,
) -> Result<f64, DivergenceError> {
    check_shapes(p, q)?;
    let mut sum = 0.0;
    for ((p, _), (q, _)) in p.rows().zip(q.rows()) {
        let pairs = p.iter().zip(q);
        sum += pairs.map(|(p, q)| term(f64::from(*p), f64::from(*q))).sum::<f64>();
    }
    Ok(sum / p.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(classes: usize, values: &[f32]) -> Probabilities {
        let labels = vec![0; values.len() / classes];
        Probabilities::from_probabilities(classes, values.to_vec(), labels).unwrap()
    }

    #[test]
    fn known_answers() {
        let (p, q) = (set(2, &[0.5, 0.5, 1.0, 0.0]), set(2, &[0.75, 0.25, 0.0, 1.0]));
        let (js, kl) = (jensen_shannon(&p, &q).unwrap(), kullback_leibler(&p, &q).unwrap());
        // scipy.spatial.distance.jensenshannon([.5, .5], [.75, .25]) ** 2, and ln 2 for the second
        // row
        let first = 0.5 * (0.5 * (0.5f64 / 0.625).ln() + 0.5 * (0.5f64 / 0.375).ln())
            + 0.5 * (0.75 * (0.75f64 / 0.625).ln() + 0.25 * (0.25f64 / 0.375).ln());
        assert!((first - 0.033_822_076).abs() < 1e-9, "{first}");
        assert!((js - (first + 2f64.ln()) / 2.0).abs() < 1e-12, "{js}");
        // scipy.special.rel_entr([.5, .5], [.75, .25]).sum(), and -log(1e-30) for the second row
        assert!((kl - (0.143_841_036 + 69.077_552_790) / 2.0).abs() < 1e-8, "{kl}");
        assert_eq!(jensen_shannon(&p, &p), Ok(0.0));
        assert_eq!(kullback_leibler(&q, &q), Ok(0.0));
        assert_eq!((agreement(&p, &q), agreement(&p, &p)), (Ok(50.0), Ok(100.0)));
    }

    #[derive(Deserialize)]
    struct Golden {
        classes: usize,
        p: Vec<f32>,
        q: Vec<f32>,
        js: f64,
        kl: f64,
        kl_reverse: f64,
        agreement: f64,
    }

    /// Written by scripts/golden_measures.py with numpy.
    const GOLDEN: &str = include_str!("../../tests/golden/divergence.json");

    #[test]
    fn both_directions_agree_with_numpy() {
        let golden: Golden = serde_json::from_str(GOLDEN).unwrap();
        let (p, q) = (set(golden.classes, &golden.p), set(golden.classes, &golden.q));
        for (name, ours, theirs) in [
            ("js", jensen_shannon(&p, &q), golden.js),
            ("kl", kullback_leibler(&p, &q), golden.kl),
            ("kl reverse", kullback_leibler(&q, &p), golden.kl_reverse),
            ("agreement", agreement(&p, &q), golden.agreement),
        ] {
            assert!((ours.clone().unwrap() - theirs).abs() < 1e-9, "{name}: {ours:?} {theirs}");
        }
        let predictions = |rows: &Probabilities| Predictions {
            retain: rows.clone(),
            forget: rows.clone(),
            test: rows.clone(),
        };
        let similarity = Similarity::between(&predictions(&q), &predictions(&p)).unwrap();
        // The retrained network is the reference: KL(retrained, network).
        assert!((similarity.kl_forget - golden.kl).abs() < 1e-9);
        assert!((similarity.kl_reverse_test - golden.kl_reverse).abs() < 1e-9);
    }

    #[test]
    fn mistakes_are_named() {
        let error = jensen_shannon(&set(2, &[1., 0.]), &set(1, &[1.])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "predictions of 1 rows by 2 classes and of 1 by 1 cannot be compared"
        );
        assert_eq!(kullback_leibler(&set(2, &[]), &set(2, &[])), Err(DivergenceError::Empty));
    }

    proptest! {
        #[test]
        fn ranges_and_symmetry(
            z in prop::collection::vec(-200f32..200.0, 12),
            t in prop::collection::vec(-200f32..200.0, 12),
        ) {
            let softmax = |z: &[f32]| Probabilities::from_logits(4, z, &[0, 1, 2]).unwrap();
            let (p, q) = (softmax(&z), softmax(&t));
            let js = jensen_shannon(&p, &q).unwrap();
            prop_assert!((0.0..=std::f64::consts::LN_2).contains(&js));
            prop_assert!((js - jensen_shannon(&q, &p).unwrap()).abs() < 1e-12);
            let kl = kullback_leibler(&p, &q).unwrap();
            prop_assert!((0.0..=69.1).contains(&kl));
        }
    }
}
