//! What became of a request to forget: what is expected of a network that never saw the rows, what
//! the network says of them now, and what that has cost on other rows.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Largest distance (0..1) of the accuracy on the forget set to the expected one at which the
/// request is fulfilled. An estimate is hardly better.
const NEAR: f64 = 0.05;
/// The least such distance: for originals nearer than twice [`NEAR`] it is half of theirs.
const VERY_NEAR: f64 = 0.02;
/// Largest error (0..1) of an estimate that can support "reached".
pub(crate) const UNCERTAIN: f64 = 0.1;
/// Loss of accuracy (0..1) on other rows above which a network is harmed.
const HARM: f64 = 0.03;
/// Largest distance of the mean confidence (0..1) to the expected one at which there is nothing to
/// do.
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
    /// It went at least half of the way, or past the end, or what is expected is too uncertain to say
    /// more.
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
    /// The numbers.
    #[serde(flatten)]
    #[cfg_attr(feature = "typescript", ts(flatten))]
    pub evidence: Evidence,
}

/// Whether accuracy and mean confidence on `rows` forget rows are those that are expected of a
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

    /// Largest distance of the accuracy on the forget rows to the expected one at which it is there.
    fn nearness(&self) -> f64 {
        let to_go = self.accuracy.before - self.expected;
        (to_go / 2.0).clamp(VERY_NEAR, NEAR) + 0.5 / self.rows.max(1) as f64
    }

    fn is_near(&self) -> bool {
        (self.expected - self.accuracy.after).abs() <= self.nearness()
    }

    /// Whether clearly less of the forget rows is recognised than is expected.
    fn is_past(&self) -> bool {
        self.expected - self.accuracy.after > self.nearness()
    }

    /// Whether more accuracy is lost on other rows than may be.
    fn others_are_harmed(&self) -> bool {
        let lost = [Some(self.retained), self.held_out];
        lost.into_iter().flatten().any(|change| change.lost() > HARM)
    }

    /// Whether the accuracy on the forget rows is clearly further from what is expected than before:
    /// by more than a row, and by an expectation that can be relied upon.
    fn is_further_away(&self) -> bool {
        let Change { before, after } = self.accuracy;
        let moved = (after - self.expected).abs() - (before - self.expected).abs();
        self.is_certain() && moved > HARM + 1.5 / self.rows.max(1) as f64
    }

    /// Whether the expectation is certain enough for a clear word.
    fn is_certain(&self) -> bool {
        self.basis != Basis::ClassAverage
            && self.uncertainty.is_none_or(|uncertainty| uncertainty <= UNCERTAIN)
    }

    /// Whether the confidence has gone about half of its way, where that is known: on a short way at least a
    /// quarter, or a network that has not changed would be there.
    fn is_less_sure(&self) -> bool {
        let Some(expected) = self.expected_confidence else { return true };
        let to_go = self.confidence.before - expected;
        let less = (SAME_CONFIDENCE / 2.0).min(to_go.max(0.0) / 4.0);
        self.confidence.lost() >= to_go / 2.0 - less
    }

    /// The finding; `left_alone` if no step was taken as there was nothing to do.
    pub(crate) fn finding(self, left_alone: bool) -> Finding {
        let verdict = self.verdict(left_alone);
        Finding { verdict, words: self.words(verdict), evidence: self }
    }

    /// The same, measured from before the `first` attempt at these rows and by its expectation: a failed
    /// attempt must not set the standard of the next.
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

    /// The same beside what a retrained network says of the rows.
    pub(crate) fn beside_retrained(self, accuracy: f64, confidence: f64) -> Self {
        let (expected, expected_confidence) = (accuracy, Some(confidence));
        let (basis, uncertainty) = (Basis::Retrained, None);
        Self { expected, expected_confidence, basis, uncertainty, ..self }
    }

    fn words(&self, verdict: Verdict) -> String {
        let (plural, are) = if self.rows == 1 { ("", "is") } else { ("s", "are") };
        let rows = format!("{} row{plural}", self.rows);
        let Change { before, after } = self.accuracy;
        let what = match verdict {
            Verdict::Reached => format!("{rows} forgotten"),
            Verdict::Partly if !self.is_certain() => {
                format!("it is too uncertain whether {rows} {are} forgotten")
            }
            Verdict::Partly if self.is_past() => {
                format!("{rows} forgotten further than expected")
            }
            Verdict::Partly if self.is_near() => format!(
                "{rows} forgotten in part: the network is still {:.1} % sure of their classes, where \
                 {:.1} % are expected",
                100.0 * self.confidence.after,
                100.0 * self.expected_confidence.unwrap_or_default()
            ),
            Verdict::Partly => format!("{rows} forgotten in part"),
            Verdict::NotForgotten => format!("{rows} not forgotten"),
            Verdict::Harmed if self.others_are_harmed() => {
                format!("other rows have suffered ({}); {rows} to forget", self.cost())
            }
            Verdict::Harmed => {
                format!("{rows} to forget ended further from the expectation than before")
            }
            Verdict::NothingToDo => format!("{rows} left unchanged"),
        };
        format!(
            "{what}: {:.1} % were recognised, now {:.1} %, and {}",
            100.0 * before,
            100.0 * after,
            self.what_is_expected()
        )
    }

    fn what_is_expected(&self) -> String {
        let expected = 100.0 * self.expected;
        match self.basis {
            Basis::Definition => "a network that never saw them would recognise none".to_owned(),
            Basis::Proxy => format!(
                "a network that never saw them would recognise an estimated {expected:.1} % (give or \
                 take {:.0} points)",
                100.0 * self.uncertainty.unwrap_or_default().min(1.0)
            ),
            Basis::ClassAverage => {
                format!("{expected:.1} % of held-out rows of the same classes are recognised")
            }
            Basis::Retrained => format!("the retrained network recognises {expected:.1} %"),
        }
    }

    fn cost(&self) -> String {
        let change = |name: &str, Change { before, after }: Change| {
            format!(
                "{:.1} % of {name} rows were recognised, now {:.1} %",
                100.0 * before,
                100.0 * after
            )
        };
        let held_out = self.held_out.map(|change_of| change("held-out", change_of));
        let both = [Some(change("retained", self.retained)), held_out].into_iter().flatten();
        let mut said = both.collect::<Vec<_>>().join("; ");
        if self.basis == Basis::Definition {
            // The retrained network cannot answer with these classes either.
            said += "; before is without answers of the forgotten classes";
        }
        said
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: f64, after: f64) -> Change {
        Change { before, after }
    }

    fn evidence(before: f64, after: f64, expected: f64) -> Evidence {
        Evidence {
            rows: 200,
            accuracy: change(before, after),
            expected,
            basis: Basis::Proxy,
            confidence: change(before, after),
            expected_confidence: Some(expected),
            uncertainty: Some(0.02),
            retained: change(1.0, 0.99),
            held_out: Some(change(0.9, 0.89)),
        }
    }

    #[test]
    fn the_verdict_depends_on_what_was_reached() {
        use Verdict::*;
        for (before, after, expected, verdict) in [
            (1.0, 0.03, 0.02, Reached),
            (1.0, 0.0, 0.0, Reached),
            (1.0, 0.30, 0.02, Partly),
            (1.0, 0.70, 0.02, NotForgotten),
            (1.0, 1.0, 0.02, NotForgotten),
            // An ordinary random set: nothing has happened, though the accuracy is near.
            (1.0, 1.0, 0.96, NotForgotten),
            (1.0, 0.975, 0.96, Reached),
            // Past the end: a little, nearer than before, further than before.
            (1.0, 0.86, 0.89, Reached),
            (1.0, 0.80, 0.89, Partly),
            (1.0, 0.50, 0.89, Harmed),
            (0.90, 0.97, 0.89, Harmed),
            (0.94, 0.94, 0.89, NotForgotten),
        ] {
            let found = evidence(before, after, expected).finding(false).verdict;
            assert_eq!(found, verdict, "{before} to {after}, expected {expected}");
        }
    }

    #[test]
    fn a_network_that_has_not_changed_has_not_forgotten_however_short_the_way() {
        let rows = evidence(1.0, 1.0, 0.983);
        let unchanged = Evidence {
            confidence: change(0.9965, 0.9961),
            expected_confidence: Some(0.969),
            ..rows.clone()
        };
        assert_eq!(unchanged.finding(false).verdict, Verdict::NotForgotten);
        let changed = Evidence {
            accuracy: change(1.0, 0.99),
            confidence: change(0.9965, 0.97),
            expected_confidence: Some(0.969),
            ..rows
        };
        assert_eq!(changed.finding(false).verdict, Verdict::Reached);
    }

    #[test]
    fn what_other_rows_have_lost_comes_first() {
        let reached = evidence(1.0, 0.0, 0.0);
        let harmed = Evidence { held_out: Some(change(0.9, 0.86)), ..reached.clone() };
        assert_eq!(harmed.finding(false).verdict, Verdict::Harmed);
        let harmed = Evidence { retained: change(1.0, 0.11), ..reached };
        let finding = harmed.finding(false);
        assert_eq!(finding.verdict, Verdict::Harmed);
        assert!(
            finding.to_string().contains("100.0 % of retained rows were recognised, now 11.0 %")
        );
    }

    #[test]
    fn a_network_that_is_as_sure_as_before_has_not_forgotten() {
        let sure = Evidence { confidence: change(1.0, 1.0), ..evidence(1.0, 0.86, 0.85) };
        assert_ne!(sure.clone().finding(false).verdict, Verdict::Reached);
        let unknown = Evidence { expected_confidence: None, ..sure };
        assert_eq!(unknown.finding(false).verdict, Verdict::Reached);
    }

    #[test]
    fn reached_is_not_said_by_an_estimate_that_is_uncertain() {
        let near = Evidence { uncertainty: Some(0.2), ..evidence(1.0, 0.03, 0.02) };
        let finding = near.clone().finding(false);
        assert_eq!(finding.verdict, Verdict::Partly);
        assert!(finding.words.contains("too uncertain whether"), "{finding}");
        assert!(finding.words.contains("(give or take 20 points)"), "{finding}");
        assert_eq!(near.beside_retrained(0.02, 0.02).finding(false).verdict, Verdict::Reached);
    }

    #[test]
    fn class_averages_and_single_rows_are_no_ground_for_a_clear_word() {
        let average = |before, after, expected| {
            let evidence = evidence(before, after, expected);
            let known = Evidence { basis: Basis::ClassAverage, uncertainty: None, ..evidence };
            Evidence { expected_confidence: None, ..known }.finding(false).verdict
        };
        assert_eq!(average(1.0, 0.86, 0.86), Verdict::Partly);
        assert_eq!(average(1.0, 0.0, 0.86), Verdict::Partly);
        let one = Evidence { rows: 1, ..evidence(1.0, 0.0, 1.0) };
        assert_eq!(one.finding(false).verdict, Verdict::Partly);
    }

    #[test]
    fn a_second_attempt_is_measured_by_the_first() {
        let first = Evidence { retained: change(0.99, 0.12), ..evidence(1.0, 0.5, 0.1) };
        let second = Evidence { retained: change(0.12, 0.12), ..evidence(0.5, 0.5, 0.5) };
        let both = second.since(&first);
        assert_eq!((both.accuracy, both.expected), (change(1.0, 0.5), 0.1));
        assert_eq!(both.finding(false).verdict, Verdict::Harmed);
    }

    #[test]
    fn there_is_nothing_to_do_where_answers_and_confidence_are_as_expected() {
        for (rows, found, expected, nothing) in [
            (1, (1.0, 0.99), (0.97, 0.96), true),
            // It is known by heart; it is too sure.
            (1, (1.0, 0.99), (0.3, 0.4), false),
            (1, (1.0, 0.99), (0.97, 0.7), false),
            (200, (1.0, 0.99), (0.97, 0.96), false),
            (200, (0.6, 0.5), (0.9, 0.8), true),
        ] {
            assert_eq!(is_as_expected(rows, found, expected), nothing, "{found:?} {expected:?}");
        }
        let one = Evidence { rows: 1, ..evidence(1.0, 1.0, 0.97) };
        let said = one.finding(true).to_string();
        assert!(said.starts_with("1 row left unchanged: 100.0 % were recognised"), "{said}");
    }
}
