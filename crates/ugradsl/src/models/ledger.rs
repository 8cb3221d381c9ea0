//! What a network has forgotten so far. Deletion requests come one after the other, and the next one must not
//! teach the network again what an earlier one took away: so a model file carries the rows itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    digest,
    verdict::{Evidence, Verdict},
};

/// One request, carried out or attempted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Forgotten {
    /// The request as given.
    pub request: String,
    /// The training rows that it was to take away, ascending.
    pub rows: Vec<u32>,
    /// SHA-256 of `rows`.
    pub digest: String,
    /// SHA-256 of the data whose rows they are.
    pub data: String,
    /// By which method.
    pub method: String,
    /// Seed of the run.
    pub seed: u64,
    /// When, in seconds since 1970 (UTC); absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unix_time: Option<u64>,
    /// Accuracy in per cent on the test set of this request, before and after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_accuracy: Option<(f64, f64)>,
    /// How it ended; absent in files of earlier versions, which did not ask, and where the network
    /// never saw the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What the verdict rests on, kept where the request is not fulfilled: the next attempt at the same
    /// rows is measured by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

impl Forgotten {
    /// The record of `request`, which took `rows` of the data with the SHA-256 `data` away.
    pub fn new(
        request: impl Into<String>,
        mut rows: Vec<u32>,
        data: impl Into<String>,
        method: impl Into<String>,
        seed: u64,
    ) -> Self {
        rows.sort_unstable();
        rows.dedup();
        Self {
            request: request.into(),
            digest: digest::rows(&rows),
            rows,
            data: data.into(),
            method: method.into(),
            seed,
            unix_time: None,
            test_accuracy: None,
            verdict: None,
            evidence: None,
        }
    }
}

/// Why a ledger cannot be relied upon.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// An entry's rows are not those whose digest it states.
    #[error(
        "the ledger is damaged: the rows of entry {entry} ({request:?}) are not those of its digest"
    )]
    Rows {
        /// Which entry, from 1.
        entry: usize,
        /// Its request.
        request: String,
    },
    /// Row numbers mean nothing in other data.
    #[error(
        "entry {entry} of the ledger ({request:?}) counts rows of other data (SHA-256 {theirs}, here {ours}): \
         give the data set, with the limits, that the network has forgotten from"
    )]
    Data {
        /// Which entry, from 1.
        entry: usize,
        /// Its request.
        request: String,
        /// SHA-256 of the data that it speaks of.
        theirs: String,
        /// SHA-256 of the data at hand.
        ours: String,
    },
}

/// The requests that a network has been through, oldest first.
///
/// ```
/// use ugradsl::models::{Forgotten, Ledger};
///
/// let mut ledger = Ledger::default();
/// ledger.push(Forgotten::new("ids", vec![7, 3], "sha of the data", "ugradsl-plus", 0));
/// ledger.push(Forgotten::new("ids", vec![9, 3], "sha of the data", "ugradsl-plus", 0));
/// assert_eq!(ledger.rows(), [3, 7, 9]);
/// assert!(ledger.check().is_ok());
/// assert!(ledger.check_data("sha of other data").is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger(Vec<Forgotten>);

impl Ledger {
    /// Whether nothing was forgotten yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The requests, oldest first.
    pub fn entries(&self) -> &[Forgotten] {
        &self.0
    }

    /// Adds the newest request.
    pub fn push(&mut self, entry: Forgotten) {
        self.0.push(entry);
    }

    /// All rows of all requests, ascending. None of them may be taught again.
    pub fn rows(&self) -> Vec<u32> {
        rows_of(self.0.iter())
    }

    /// What was found at the first attempt at the rows with this digest, if it did not succeed.
    pub(crate) fn first_attempt(&self, digest: &str) -> Option<&Evidence> {
        self.0.iter().find(|entry| entry.digest == digest)?.evidence.as_ref()
    }

    /// The rows of the requests that are fulfilled, ascending. The others may be asked for again.
    pub fn fulfilled_rows(&self) -> Vec<u32> {
        rows_of(self.0.iter().filter(|entry| entry.verdict.is_none_or(Verdict::is_fulfilled)))
    }

    /// Points of test accuracy that the requests have cost, each measured on its own test set; negative if
    /// the network became better. `None` if no entry says.
    pub fn test_accuracy_lost(&self) -> Option<f64> {
        let told = self.0.iter().filter_map(|entry| entry.test_accuracy);
        told.map(|(before, after)| before - after).reduce(|sum, lost| sum + lost)
    }

    /// Checks that every entry is about the rows that it states.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Rows`] for the first that is not.
    pub fn check(&self) -> Result<(), LedgerError> {
        let damaged = |entry: &Forgotten| {
            entry.rows.windows(2).any(|pair| pair[0] >= pair[1])
                || digest::rows(&entry.rows) != entry.digest
        };
        match self.0.iter().position(damaged) {
            Some(at) => {
                Err(LedgerError::Rows { entry: at + 1, request: self.0[at].request.clone() })
            }
            None => Ok(()),
        }
    }

    /// Checks that the rows are those of the data with the SHA-256 `data`.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Data`] for the first entry that speaks of other data.
    pub fn check_data(&self, data: &str) -> Result<(), LedgerError> {
        match self.0.iter().position(|entry| entry.data != data) {
            Some(at) => Err(LedgerError::Data {
                entry: at + 1,
                request: self.0[at].request.clone(),
                theirs: self.0[at].data.clone(),
                ours: data.to_owned(),
            }),
            None => Ok(()),
        }
    }
}

fn rows_of<'a>(entries: impl Iterator<Item = &'a Forgotten>) -> Vec<u32> {
    let rows = entries.flat_map(|entry| entry.rows.iter().copied());
    rows.collect::<BTreeSet<u32>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(rows: &[u32]) -> Forgotten {
        Forgotten::new("ids:FILE", rows.to_vec(), "abc", "ugradsl", 1)
    }

    #[test]
    fn rows_of_all_requests_come_sorted_and_once() {
        let mut ledger = Ledger::default();
        ledger.push(entry(&[7, 2, 7]));
        ledger.push(entry(&[5, 7]));
        assert_eq!(ledger.rows(), [2, 5, 7]);
        assert_eq!(ledger.check(), Ok(()));
        assert_eq!(ledger.test_accuracy_lost(), None);
    }

    #[test]
    fn costs_add_up() {
        let mut ledger = Ledger::default();
        for cost in [(90.0, 88.5), (88.0, 88.25)] {
            ledger.push(Forgotten { test_accuracy: Some(cost), ..entry(&[1]) });
        }
        assert_eq!(ledger.test_accuracy_lost(), Some(1.25));
    }

    #[test]
    fn other_rows_and_other_data_are_noticed() {
        let mut ledger = Ledger::default();
        ledger.push(entry(&[1]));
        assert!(ledger.check_data("abc").is_ok());
        assert!(matches!(ledger.check_data("abd"), Err(LedgerError::Data { entry: 1, .. })));
        ledger.push(Forgotten { rows: vec![3, 4], ..entry(&[3]) });
        assert!(matches!(ledger.check(), Err(LedgerError::Rows { entry: 2, .. })));
        let unsorted = Forgotten { digest: digest::rows(&[4, 3]), rows: vec![4, 3], ..entry(&[3]) };
        assert!(Ledger(vec![unsorted]).check().is_err());
    }
}
