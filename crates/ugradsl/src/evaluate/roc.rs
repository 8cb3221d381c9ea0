//! The membership attack by a threshold, as a curve: how many members it finds, and at the price of
//! how many false alarms.
//!
//! "A confident prediction means a member" is the cheapest attack there is, and its curve shows
//! what one figure cannot: whether a few samples can be identified with near certainty although the
//! attack is no better than guessing on average (Carlini et al., *Membership Inference Attacks From
//! First Principles*, IEEE S&P 2022: report the true positives at low false positive rates). Ties
//! count as scikit-learn's `roc_curve` counts them: a threshold cannot separate equal scores.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why there is no curve.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RocError {
    /// A side without scores.
    #[error("there are no scores of {set}: a curve needs both sides")]
    Empty {
        /// members or non-members.
        set: &'static str,
    },
    /// A score that cannot be ranked.
    #[error("score {row} of the {set} is not a number")]
    NaN {
        /// members or non-members.
        set: &'static str,
        /// Its position, from 0.
        row: usize,
    },
}

/// What an attack with one threshold achieves.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RocPoint {
    /// Share of the non-members that are taken for members, 0..1.
    pub fpr: f64,
    /// Share of the members that are found, 0..1.
    pub tpr: f64,
}

/// The curve over all thresholds, from (0, 0) to (1, 1): one point for each distinct score.
///
/// ```
/// use ugradsl::evaluate::Roc;
///
/// let roc = Roc::new(&[0.9, 0.8, 0.4], &[0.5, 0.3])?;
/// assert!((roc.auc() - 5.0 / 6.0).abs() < 1e-12); // 5 of 6 pairs are in the right order
/// assert!((roc.tpr_at(0.0) - 2.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Roc {
    points: Vec<RocPoint>,
    members: usize,
    non_members: usize,
}

impl Roc {
    /// The curve of "a high score means member". Infinite scores are ranked like others.
    ///
    /// # Errors
    /// When a side is empty or a score is NaN.
    pub fn new(members: &[f64], non_members: &[f64]) -> Result<Self, RocError> {
        let sides = [("members", members, true), ("non-members", non_members, false)];
        let mut scores = Vec::with_capacity(members.len() + non_members.len());
        for (set, side, member) in sides {
            if side.is_empty() {
                return Err(RocError::Empty { set });
            }
            if let Some(row) = side.iter().position(|score| score.is_nan()) {
                return Err(RocError::NaN { set, row });
            }
            scores.extend(side.iter().map(|score| (*score, member)));
        }
        scores.sort_unstable_by(|(a, _), (b, _)| b.total_cmp(a));
        let (mut found, mut alarms) = (0, 0);
        let mut points = vec![RocPoint { fpr: 0.0, tpr: 0.0 }];
        for tied in scores.chunk_by(|(a, _), (b, _)| a == b) {
            let hits = tied.iter().filter(|(_, member)| *member).count();
            found += hits;
            alarms += tied.len() - hits;
            let share = |count: usize, side: &[f64]| count as f64 / side.len() as f64;
            points.push(RocPoint { fpr: share(alarms, non_members), tpr: share(found, members) });
        }
        Ok(Self { points, members: members.len(), non_members: non_members.len() })
    }

    /// The points, both rates ascending.
    pub fn points(&self) -> &[RocPoint] {
        &self.points
    }

    /// Area under the curve by the trapezoidal rule, 0..1: how often a random member scores higher
    /// than a random non-member, ties counting half. 0.5 is guessing.
    pub fn auc(&self) -> f64 {
        let area = |pair: &[RocPoint]| (pair[1].fpr - pair[0].fpr) * (pair[1].tpr + pair[0].tpr);
        self.points.windows(2).map(area).sum::<f64>() / 2.0
    }

    /// The largest share of members (0..1) that a threshold finds with at most this share of false
    /// alarms. Nothing is interpolated between two points, because no threshold lies there.
    pub fn tpr_at(&self, fpr: f64) -> f64 {
        let within = self.points.iter().take_while(|point| point.fpr <= fpr);
        within.last().map_or(0.0, |point| point.tpr)
    }

    /// Largest mean of the share of members found and the share of non-members left alone, 0.5..1,
    /// over all thresholds: an optimistic figure, since the best threshold is chosen with
    /// hindsight.
    pub fn balanced_accuracy(&self) -> f64 {
        let mean = |point: &RocPoint| (point.tpr + 1.0 - point.fpr) / 2.0;
        self.points.iter().map(mean).fold(0.5, f64::max)
    }

    /// The figures that are reported for a curve.
    pub fn figures(&self) -> RocFigures {
        RocFigures {
            auc: self.auc(),
            tpr_at_fpr_1: 100.0 * self.tpr_at(0.01),
            tpr_at_fpr_0_1: 100.0 * self.tpr_at(0.001),
            balanced_accuracy: 100.0 * self.balanced_accuracy(),
            members: self.members,
            non_members: self.non_members,
        }
    }
}

/// A curve in four figures, and the numbers of scores behind it: a rate below 1/`non_members`
/// cannot be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RocFigures {
    /// Area under the curve, 0..1.
    pub auc: f64,
    /// Share of the members found with at most 1 % false alarms, per cent.
    pub tpr_at_fpr_1: f64,
    /// Share of the members found with at most 0.1 % false alarms, per cent.
    pub tpr_at_fpr_0_1: f64,
    /// Balanced accuracy of the best threshold, per cent.
    pub balanced_accuracy: f64,
    /// Number of members.
    pub members: usize,
    /// Number of non-members.
    pub non_members: usize,
}

/// The threshold attack on the confidence in the true class, with test rows as non-members.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MembershipRoc {
    /// Forgotten rows as members: do they still look trained on?
    pub forget: RocFigures,
    /// Retained rows as members: what the attack can see in this network at all.
    pub retain: RocFigures,
}

#[cfg(test)]
mod tests;
