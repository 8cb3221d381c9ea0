//! The membership attack by which the literature judges unlearning.
//!
//! A support vector machine learns to tell rows that the network was trained on (retained) from
//! rows that it never saw (test) by the network's outputs, and is then applied to the forget set.
//! After good unlearning it answers as for a network retrained without these rows. Known as "MIA
//! efficacy" or SVC-MIA (Jia et al. 2023; Fan et al. 2024). Where published code departs from the
//! definition, this follows the definition: members are not just the first rows, and the modified
//! entropy is that of Song & Mittal (2021).
//!
//! There are more retained rows than test rows. Drawing only as many of them as there are test rows
//! makes the answer depend on the draw, most of all where it matters most: when a class is
//! forgotten, its rows lie far from all others, where a few rows decide the machine's sign, and the
//! same network has an MIA of 0 with one draw and 100 with another. So all rows of both sides are
//! used, and those of the larger side weigh less, so that both sides weigh the same. This is
//! scikit-learn's `class_weight`, and the plain attack if the sides have equally many rows.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::svm::{Side, Svm};
use super::{Mia, Probabilities, probabilities::predicted};
use crate::random::{self, Stream};

/// Most rows per side, for features that are one number.
const ROWS: usize = 50_000;
/// For the probability vector: rows * rows * classes stays below this, 10,000 rows for 10 classes.
const WORK: usize = 1_000_000_000;
/// Smaller probabilities are raised to this before a logarithm is taken.
const FLOOR: f64 = 1e-30;

/// Which features of a row the attack uses, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttackFeatures {
    /// The confidence in the true class alone: what tables call MIA.
    #[default]
    Headline,
    /// All five.
    All,
}

/// Why the attack could not be run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AttackError {
    /// A set without rows.
    #[error("the {set} set is empty: there is nothing to attack")]
    Empty {
        /// Its name: retain, test or forget.
        set: &'static str,
    },
    /// Sets of different networks.
    #[error("the {set} set has {classes} classes, but the retain set has {expected}")]
    Classes {
        /// The name of the set.
        set: &'static str,
        /// Its number of classes.
        classes: usize,
        /// That of the retain set.
        expected: usize,
    },
}

/// Outcome of the attack, and what it was trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attack {
    /// Share of the forget set that is called non-member, in per cent.
    pub mia: Mia,
    /// Retained rows that the machine learned from.
    pub members: usize,
    /// Test rows that the machine learned from.
    pub non_members: usize,
    /// `Some(rows)` if a side had more rows and this many were drawn from it: an approximation.
    /// `None` if every row was used.
    pub sampled: Option<usize>,
    /// The same for the probability vector, which is more expensive.
    pub probabilities_sampled: Option<usize>,
}

/// Trains the attack on `retain` (members) against `test` (non-members) and applies it to `forget`.
///
/// The machine is a C-SVC. C is 3 for rows of the smaller side, and 3 times the smaller number of
/// rows divided by the larger for rows of the larger side. The kernel is exp(-gamma |x - x'|^2)
/// with gamma = 1/features, the tolerance 1e-3. All rows are used up to 50,000 per side (10,000 for
/// probability vectors of 10 classes, fewer for more classes); beyond that, this many are drawn
/// with `seed`. The features:
///
/// | feature | of a row p with label y |
/// |---|---|
/// | confidence | p_y |
/// | correctness | 1 if argmax p = y, else 0 |
/// | entropy | -sum_k p_k log p_k |
/// | modified entropy | -(1 - p_y) log p_y - sum_{k != y} p_k log(1 - p_k) |
/// | probabilities | p, sums to one |
///
/// Logarithms are natural, of values raised to at least 1e-30. A row on which the machine is
/// undecided (decision value exactly 0) counts as a member, as in LIBSVM. Hence an attack with
/// nothing to go by, because both sides have the same values equally often, yields 0.
///
/// # Errors
/// When a set is empty or the numbers of classes differ.
///
/// # Example
///
/// ```
/// use ugradsl::evaluate::{AttackFeatures, Probabilities, attack};
///
/// // The probability of class 0, which is the label of every row.
/// let set = |p: [f32; 4]| {
///     let both = p.iter().flat_map(|&p| [p, 1.0 - p]).collect();
///     Probabilities::from_probabilities(2, both, vec![0; 4])
/// };
/// let (members, others) = (set([0.99, 0.98, 0.97, 0.96])?, set([0.4, 0.5, 0.3, 0.45])?);
/// let outcome = attack(&members, &others, &others, AttackFeatures::Headline, 0)?;
/// assert_eq!(outcome.mia.confidence, 100.0); // every forgotten row is called non-member
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn attack(
    retain: &Probabilities,
    test: &Probabilities,
    forget: &Probabilities,
    features: AttackFeatures,
    seed: u64,
) -> Result<Attack, AttackError> {
    check(retain, test, forget)?;
    let available = retain.len().max(test.len());
    let sample = |most: usize| {
        [(retain, Stream::Members), (test, Stream::NonMembers)]
            .map(|(set, stream)| sampled(set, most, seed, stream))
    };
    let sides = sample(ROWS);
    let scalar = |feature| by_number(&sides, forget, feature);
    let mut outcome = Attack {
        mia: Mia {
            confidence: scalar(confidence),
            correctness: None,
            entropy: None,
            modified_entropy: None,
            probabilities: None,
        },
        members: sides[0].len(),
        non_members: sides[1].len(),
        sampled: (ROWS < available).then_some(ROWS),
        probabilities_sampled: None,
    };
    if features == AttackFeatures::All {
        let few = rows_of_vectors(retain.classes());
        outcome.probabilities_sampled = (few < available).then_some(few);
        outcome.mia = Mia {
            correctness: Some(scalar(correctness)),
            entropy: Some(scalar(entropy)),
            modified_entropy: Some(scalar(modified_entropy)),
            probabilities: Some(by_vector(&sample(few), forget)),
            ..outcome.mia
        };
    }
    Ok(outcome)
}

/// Refuses empty sets, and sets of different networks.
fn check(
    retain: &Probabilities,
    test: &Probabilities,
    forget: &Probabilities,
) -> Result<(), AttackError> {
    let expected = retain.classes();
    for (predictions, set) in [(retain, "retain"), (test, "test"), (forget, "forget")] {
        if predictions.is_empty() {
            return Err(AttackError::Empty { set });
        }
        let classes = predictions.classes();
        if classes != expected {
            return Err(AttackError::Classes { set, classes, expected });
        }
    }
    Ok(())
}

/// All rows of `set`, or `most` drawn from them if there are more.
fn sampled(set: &Probabilities, most: usize, seed: u64, stream: Stream) -> Cow<'_, Probabilities> {
    if set.len() > most {
        Cow::Owned(set.select(&draw(set.len(), most, seed, stream)))
    } else {
        Cow::Borrowed(set)
    }
}

/// Members and non-members that the machine learns from.
type Sides<'a> = [Cow<'a, Probabilities>; 2];

/// The MIA by a feature that is one number.
fn by_number(
    [members, others]: &Sides<'_>,
    forget: &Probabilities,
    feature: fn(&[f32], u32) -> f64,
) -> f64 {
    let values = |set: &Probabilities| -> Vec<f32> {
        set.rows().map(|(row, label)| feature(row, label) as f32).collect()
    };
    let mut queries = values(forget);
    queries.sort_unstable_by(f32::total_cmp);
    score(1, &values(others), &values(members), &queries)
}

/// The MIA by the whole probability vector.
fn by_vector([members, others]: &Sides<'_>, forget: &Probabilities) -> f64 {
    let flat =
        |set: &Probabilities| -> Vec<f32> { set.rows().flat_map(|(p, _)| p).copied().collect() };
    score(forget.classes(), &flat(others), &flat(members), &flat(forget))
}

/// 100 * share of the queries that are called non-member.
fn score(width: usize, non_members: &[f32], members: &[f32], queries: &[f32]) -> f64 {
    let sides = Svm::train(width, non_members, members).predict(queries);
    let outside = sides.iter().filter(|side| **side == Side::NonMember);
    100.0 * outside.count() as f64 / sides.len() as f64
}

/// Most rows per side for probability vectors of so many classes.
fn rows_of_vectors(classes: usize) -> usize {
    (WORK / classes).isqrt().clamp(100, ROWS)
}

/// `wanted` of `rows` row numbers without replacement, in the order drawn.
fn draw(rows: usize, wanted: usize, seed: u64, stream: Stream) -> Vec<usize> {
    random::draw((0..rows).collect(), wanted, &mut random::rng(seed, stream)).0
}

fn confidence(row: &[f32], label: u32) -> f64 {
    f64::from(row[label as usize])
}

fn correctness(row: &[f32], label: u32) -> f64 {
    f64::from(u8::from(predicted(row) == label))
}

fn entropy(row: &[f32], _: u32) -> f64 {
    let terms = row.iter().map(|p| f64::from(*p) * surprise(f64::from(*p)));
    terms.sum()
}

fn modified_entropy(row: &[f32], label: u32) -> f64 {
    let terms = row.iter().enumerate().map(|(class, p)| {
        let p = f64::from(*p);
        if class == label as usize { (1.0 - p) * surprise(p) } else { p * surprise(1.0 - p) }
    });
    terms.sum()
}

/// -log p, with p raised to at least 1e-30.
fn surprise(p: f64) -> f64 {
    -p.max(FLOOR).ln()
}

#[cfg(test)]
mod tests;
