//! How far a network has drifted from its training: unlearning is approximate each time, so a
//! network that has carried out many requests should be retrained.

use serde::Serialize;

use crate::{data::Dataset, models::Ledger};

/// Retraining is advised when more than this share (0..1) of the training set is forgotten; a
/// retrained network then also has less to learn.
pub const RETRAIN_SHARE: f64 = 0.2;
/// Retraining is advised when more than this many points of test accuracy are lost.
pub const RETRAIN_LOSS: f64 = 2.0;

/// The requests so far, in figures. The bounds for retraining are rules of thumb, not results:
/// nothing here says how much of the forgotten samples is left in the weights.
///
/// ```
/// use ugradsl::models::{Forgotten, Ledger};
/// use ugradsl::session::Drift;
///
/// let mut ledger = Ledger::default();
/// ledger.push(Forgotten::new("random:30%", (0..30).collect(), "data", "ugradsl", 0));
/// let drift = Drift::of(&ledger, 100);
/// assert_eq!(drift.share, 0.3);
/// assert_eq!(drift.retrain_because.len(), 1); // more than a fifth of the training set is forgotten
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// Requests so far.
    pub requests: usize,
    /// Training rows forgotten so far.
    pub forgotten_rows: usize,
    /// Forgotten rows as a share (0..1) of the training set.
    pub share: f64,
    /// Points of test accuracy lost over all requests, each measured on its own test set; `None`
    /// if no request states it.
    pub test_accuracy_lost: Option<f64>,
    /// Why retraining is advised; empty if it is not.
    pub retrain_because: Vec<String>,
}

impl Drift {
    /// The drift of a network with this `ledger`, whose training set had `rows` rows in the
    /// beginning.
    pub fn of(ledger: &Ledger, rows: usize) -> Self {
        let forgotten_rows = ledger.forgotten_rows();
        let share = forgotten_rows as f64 / rows.max(1) as f64;
        let test_accuracy_lost = ledger.test_accuracy_lost();
        let mut retrain_because = Vec::new();
        if share > RETRAIN_SHARE {
            let (share, bound) = (100.0 * share, 100.0 * RETRAIN_SHARE);
            let reason =
                format!("{share:.1} % of the training set is forgotten, more than {bound:.0} %");
            retrain_because.push(reason);
        }
        if let Some(lost) = test_accuracy_lost.filter(|lost| *lost > RETRAIN_LOSS) {
            let reason =
                format!("{lost:.2} points of test accuracy are lost, more than {RETRAIN_LOSS:.0}");
            retrain_because.push(reason);
        }
        Self {
            requests: ledger.entries().len(),
            forgotten_rows,
            share,
            test_accuracy_lost,
            retrain_because,
        }
    }

    /// The drift of a network with this `ledger`, whose training set is `dataset` plus erased
    /// rows.
    pub(crate) fn beside(ledger: &Ledger, dataset: &Dataset) -> Self {
        let erased = match ledger.is_empty() {
            true => 0,
            false => ledger.erased(&dataset.row_digests()).len(),
        };
        Self::of(ledger, dataset.train.len() + erased)
    }

    /// In one line.
    pub fn summary(&self) -> String {
        let lost = self.test_accuracy_lost.map_or_else(String::new, |lost| {
            let verb = if lost < 0.0 { "gained" } else { "lost" };
            format!(", {:.2} points of test accuracy {verb}", lost.abs())
        });
        let advice = match self.retrain_because.as_slice() {
            [] => "no need to retrain by the rule of thumb".to_owned(),
            reasons => format!("retraining is advised: {}", reasons.join("; ")),
        };
        format!(
            "{}, {} ({:.1} % of the training set) so far{lost}; {advice}",
            counted(self.requests, "request"),
            counted(self.forgotten_rows, "row"),
            100.0 * self.share
        )
    }
}

/// A number and what it counts: `1 row`, `2 rows`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::Forgotten;

    fn ledger(rows: u32, test_accuracy: Option<(f64, f64)>) -> Ledger {
        let mut ledger = Ledger::default();
        let entry = Forgotten::new("class:1", (0..rows).collect(), "abc", "ugradsl", 0);
        ledger.push(Forgotten { test_accuracy, ..entry });
        ledger
    }

    #[test]
    fn either_bound_alone_advises_to_retrain() {
        let drift = |rows, accuracy| Drift::of(&ledger(rows, accuracy), 100);
        assert!(drift(20, Some((90.0, 88.0))).retrain_because.is_empty());
        assert!(drift(21, None).retrain_because[0].contains("21.0 %"));
        assert!(drift(1, Some((90.0, 87.0))).retrain_because[0].contains("3.00 points"));
        assert_eq!(drift(30, Some((90.0, 80.0))).retrain_because.len(), 2);
        assert_eq!(drift(30, None).share, 0.3);
    }
}
