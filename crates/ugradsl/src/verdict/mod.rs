//! What became of a request to forget: what is expected of a network that never saw the rows, what
//! the network says of them now, and what that has cost on other rows.

mod remark;
mod words;

use std::fmt;

pub use remark::Remark;
use serde::{Deserialize, Serialize};

/// A request is fulfilled only if the accuracy on the forget set is within this distance (0..1) of
/// the expected one. Estimates are hardly more precise.
const NEAR: f64 = 0.05;
/// The smallest such distance. An original that begins nearer than twice [`NEAR`] must halve its
/// distance, but need not get nearer than this.
const VERY_NEAR: f64 = 0.02;
/// Largest error (0..1) of an estimate that can support "reached".
pub(crate) const UNCERTAIN: f64 = 0.1;
/// Loss of accuracy (0..1) on other rows above which a network is harmed.
const HARM: f64 = 0.03;
/// There is nothing to do only if the mean confidence exceeds the expected one by at most this.
const SAME_CONFIDENCE: f64 = 0.05;

/// How a request to forget ended.
///
/// ```
/// use ugradsl::run::Verdict;
///
/// assert_eq!(serde_json::to_string(&Verdict::NotForgotten)?, r#""not-forgotten""#);
/// assert!(Verdict::Reached.is_fulfilled() && Verdict::NothingToDo.is_fulfilled());
/// assert!(!Verdict::Partly.is_fulfilled());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The network answers on the rows as one that never saw them, and as before on others.
    Reached,
    /// It went at least half of the way, or past the end, or what is expected is too uncertain to
    /// say more.
    Partly,
    /// It went less than half of the way.
    NotForgotten,
    /// It has lost accuracy on other rows, or ended further from what is expected than it began.
    Harmed,
    /// It already answered on the rows as one that never saw them, and was left as it was.
    NothingToDo,
}

impl Verdict {
    /// Whether the request is fulfilled.
    pub fn is_fulfilled(self) -> bool {
        matches!(self, Self::Reached | Self::NothingToDo)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reached => "reached",
            Self::Partly => "partly",
            Self::NotForgotten => "not forgotten",
            Self::Harmed => "harmed",
            Self::NothingToDo => "nothing to do",
        })
    }
}

/// Where the expectation comes from.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Nothing is retained of the classes of the rows: none of them can be recognised.
    Definition,
    /// A proxy of the retrained network was asked about the very rows.
    Proxy,
    /// The original's accuracy on test rows of the same classes.
    ClassAverage,
    /// A retrained network.
    Retrained,
}

/// An accuracy or a mean confidence (0..1), before and after.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(clippy::exhaustive_structs, reason = "two numbers")]
pub struct Change {
    /// Of the original.
    pub before: f64,
    /// At the end of the run.
    pub after: f64,
}

impl Change {
    fn lost(self) -> f64 {
        self.before - self.after
    }
}

/// What a verdict depends on.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Evidence {
    /// Rows that were to be forgotten.
    pub rows: usize,
    /// Accuracy on them, 0..1.
    pub accuracy: Change,
    /// Accuracy that is expected on them of a network that never saw them, 0..1.
    pub expected: f64,
    /// Where the expectation comes from.
    pub basis: Basis,
    /// Mean probability of their true classes, 0..1.
    pub confidence: Change,
    /// The mean probability that is expected, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub expected_confidence: Option<f64>,
    /// How far the expected accuracy may be off, 0..1, where it was estimated by a proxy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub uncertainty: Option<f64>,
    /// Accuracy on retained rows, 0..1.
    pub retained: Change,
    /// Accuracy on held-out rows, 0..1, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub held_out: Option<Change>,
}

/// What was found at the end of a run. Displays as its words.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// What follows from the evidence.
    pub verdict: Verdict,
    /// The same in a sentence with the numbers that it rests on.
    pub words: String,
    /// What has to be said beside the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub remark: Option<Remark>,
    /// The numbers.
    #[serde(flatten)]
    #[cfg_attr(feature = "typescript", ts(flatten))]
    pub evidence: Evidence,
}

/// Whether accuracy and mean confidence on `rows` forget rows are as low as is expected of a
/// network that never saw them.
pub(crate) fn is_as_expected(rows: usize, found: (f64, f64), expected: (f64, f64)) -> bool {
    let half_a_row = 0.5 / rows.max(1) as f64;
    found.0 <= expected.0 + half_a_row.max(0.01) && found.1 <= expected.1 + SAME_CONFIDENCE
}

impl Evidence {
    fn verdict(&self, left_alone: bool) -> Verdict {
        if left_alone {
            return Verdict::NothingToDo;
        }
        if self.others_are_harmed() || self.is_further_away() {
            return Verdict::Harmed;
        }
        let Change { before, after } = self.accuracy;
        if self.is_near() && self.is_less_sure() {
            return if self.is_certain() { Verdict::Reached } else { Verdict::Partly };
        }
        let to_go = before - self.expected;
        match self.is_past() || (before > after && before - after >= to_go / 2.0) {
            true => Verdict::Partly,
            false => Verdict::NotForgotten,
        }
    }

    /// How near the accuracy on the forget rows has to be to the expected one.
    fn nearness(&self) -> f64 {
        let to_go = self.accuracy.before - self.expected;
        (to_go / 2.0).clamp(VERY_NEAR, NEAR) + 0.5 / self.rows.max(1) as f64
    }

    fn is_near(&self) -> bool {
        (self.expected - self.accuracy.after).abs() <= self.nearness()
    }

    /// Whether clearly fewer forget rows are recognised than expected.
    fn is_past(&self) -> bool {
        self.expected - self.accuracy.after > self.nearness()
    }

    /// Whether more accuracy is lost on other rows than may be.
    fn others_are_harmed(&self) -> bool {
        let lost = [Some(self.retained), self.held_out];
        lost.into_iter().flatten().any(|change| change.lost() > HARM)
    }

    /// Whether the accuracy on the forget rows is clearly further from the expected one than
    /// before, by more than a row, where the expectation can be relied upon.
    fn is_further_away(&self) -> bool {
        let Change { before, after } = self.accuracy;
        let moved = (after - self.expected).abs() - (before - self.expected).abs();
        self.is_certain() && moved > HARM + 1.5 / self.rows.max(1) as f64
    }

    /// Whether the expectation is certain enough for a clear verdict.
    fn is_certain(&self) -> bool {
        self.basis != Basis::ClassAverage
            && self.uncertainty.is_none_or(|uncertainty| uncertainty <= UNCERTAIN)
    }

    /// Whether the mean confidence has moved about half of its way, if the expected one is known.
    /// On a short way it must move at least a quarter, or an unchanged network would pass.
    fn is_less_sure(&self) -> bool {
        let Some(expected) = self.expected_confidence else { return true };
        let to_go = self.confidence.before - expected;
        let less = (SAME_CONFIDENCE / 2.0).min(to_go.max(0.0) / 4.0);
        self.confidence.lost() >= to_go / 2.0 - less
    }

    /// The finding; `left_alone` if no step was taken because there was nothing to do.
    pub(crate) fn finding(self, left_alone: bool) -> Finding {
        let verdict = self.verdict(left_alone);
        let remark = self.is_destroyed().then_some(Remark::Destroyed);
        Finding { verdict, words: self.words(verdict), remark, evidence: self }
    }

    /// The same evidence, measured from before the `first` attempt at these rows and against what
    /// was expected then: a failed attempt must not set the standard for the next.
    pub(crate) fn since(self, first: &Self) -> Self {
        let from = |first: Change, now: Change| Change { before: first.before, after: now.after };
        let held_out = self.held_out.zip(first.held_out).map(|(now, first)| from(first, now));
        Self {
            accuracy: from(first.accuracy, self.accuracy),
            confidence: from(first.confidence, self.confidence),
            retained: from(first.retained, self.retained),
            held_out,
            expected: first.expected,
            basis: first.basis,
            expected_confidence: first.expected_confidence,
            uncertainty: first.uncertainty,
            ..self
        }
    }

    /// The same evidence, with the answers of a retrained network on the rows as what is expected.
    pub(crate) fn beside_retrained(self, accuracy: f64, confidence: f64) -> Self {
        let (expected, expected_confidence) = (accuracy, Some(confidence));
        let (basis, uncertainty) = (Basis::Retrained, None);
        Self { expected, expected_confidence, basis, uncertainty, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

#[cfg(test)]
mod tests;
