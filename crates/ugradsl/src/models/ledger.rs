//! What a network has forgotten so far. Deletion requests come one after the other, and the next
//! one must not teach the network again what an earlier one took away: so a model file carries the
//! rows itself.

mod erased;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    data::{Dataset, RowDigest, RowIndex},
    digest,
    verdict::{Evidence, Verdict},
};

/// The name of the method that begins with a fresh network.
const RETRAINING: &str = "retrain";

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
    /// What the rows are, in the order of `rows`: by it they are known when the data have changed.
    /// Absent in files of earlier versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<RowDigest>,
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
    /// What the verdict rests on, kept where the request is not fulfilled: the next attempt at the
    /// same rows is measured by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// SHA-256 of the weights that it began with; absent in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights_before: Option<String>,
    /// SHA-256 of the settings of the method, of its guards, of training and of validation; absent
    /// in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
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
            contents: Vec::new(),
            method: method.into(),
            seed,
            unix_time: None,
            test_accuracy: None,
            verdict: None,
            evidence: None,
            weights_before: None,
            settings: None,
        }
    }

    /// Notes what the rows are in `dataset`, so that they are known when the data have changed.
    pub fn with_contents(mut self, dataset: &Dataset) -> Self {
        let digests = dataset.row_digests();
        let of_row = |row: &u32| digests.get(*row as usize).copied();
        self.contents = self.rows.iter().filter_map(of_row).collect();
        self
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

    /// The ledger as it reads beside `dataset`: each entry names its rows by the numbers that they
    /// have there, and leaves out rows that are gone.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Data`] for the first entry of an earlier version that speaks of other data.
    pub fn beside(&self, dataset: &Dataset) -> Result<Self, LedgerError> {
        if self.is_empty() {
            return Ok(Self::default());
        }
        let (digests, data) = (dataset.row_digests(), dataset.digest());
        let mut entries = Vec::with_capacity(self.0.len());
        for (at, entry) in self.0.iter().enumerate() {
            if entry.data == data {
                entries.push(entry.clone());
                continue;
            }
            if entry.contents.is_empty() {
                return Err(LedgerError::Data {
                    entry: at + 1,
                    request: entry.request.clone(),
                    theirs: entry.data.clone(),
                    ours: data,
                });
            }
            let mut index = RowIndex::new(&digests);
            let named = entry.contents.iter().zip(&entry.rows);
            let mut rows: Vec<u32> =
                named.filter_map(|(&digest, &row)| index.take(digest, row)).collect();
            rows.sort_unstable();
            let contents = rows.iter().map(|&row| digests[row as usize]).collect();
            entries.push(Forgotten {
                digest: digest::rows(&rows),
                data: data.clone(),
                rows,
                contents,
                ..entry.clone()
            });
        }
        Ok(Self(entries))
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

    /// The rows that the network never saw, ascending: retraining leaves out those of its own
    /// request and of all before it.
    pub(crate) fn never_seen(&self) -> Vec<u32> {
        let last = self.0.iter().rposition(|entry| entry.method == RETRAINING);
        rows_of(self.0.iter().take(last.map_or(0, |at| at + 1)))
    }

    /// Points of test accuracy that the requests have cost, each measured on its own test set;
    /// negative if the network became better. `None` if no entry says.
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
                || !(entry.contents.is_empty() || entry.contents.len() == entry.rows.len())
                || digest::rows(&entry.rows) != entry.digest
        };
        match self.0.iter().position(damaged) {
            Some(at) => {
                Err(LedgerError::Rows { entry: at + 1, request: self.0[at].request.clone() })
            }
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
    use crate::data::{ImageSet, Normalisation};

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
    fn retraining_leaves_out_what_was_asked_before_too() {
        let mut ledger = Ledger::default();
        assert_eq!(RETRAINING, crate::unlearn::Method::Retrain.name());
        for (rows, method) in [([1], "ugradsl"), ([4], RETRAINING), ([9], "ugradsl")] {
            ledger.push(Forgotten { method: method.to_owned(), ..entry(&rows) });
        }
        assert_eq!(ledger.never_seen(), [1, 4]);
        assert_eq!(Ledger::default().never_seen(), [0; 0]);
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
    fn other_rows_are_noticed() {
        let mut ledger = Ledger::default();
        ledger.push(entry(&[1]));
        ledger.push(Forgotten { rows: vec![3, 4], ..entry(&[3]) });
        assert!(matches!(ledger.check(), Err(LedgerError::Rows { entry: 2, .. })));
        let unsorted = Forgotten { digest: digest::rows(&[4, 3]), rows: vec![4, 3], ..entry(&[3]) };
        assert!(Ledger(vec![unsorted]).check().is_err());
    }

    /// Rows of one pixel each.
    fn data(pixels: &[u8]) -> Dataset {
        let labels: Vec<u32> = (0..pixels.len() as u32).map(|row| row % 2).collect();
        let train = ImageSet::new([1, 1, 1], pixels.to_vec(), labels).expect("images");
        let test = ImageSet::new([1, 1, 1], vec![0, 1], vec![0, 1]).expect("images");
        Dataset::new("x", 2, train, test, Normalisation::identity(1)).expect("a data set")
    }

    fn forgotten(rows: &[u32], data: &Dataset) -> Forgotten {
        Forgotten::new("ids:FILE", rows.to_vec(), data.digest(), "ugradsl", 1).with_contents(data)
    }

    #[test]
    fn rows_are_known_by_their_content() {
        let whole = data(&[10, 11, 12, 13, 14, 15]);
        let mut ledger = Ledger::default();
        ledger.push(forgotten(&[0, 1], &whole));
        ledger.push(forgotten(&[1, 4], &whole));
        assert_eq!(ledger.beside(&whole).expect("the same data"), ledger);
        // Two rows are erased, and two are new.
        let later = data(&[12, 13, 14, 15, 20, 21]);
        let here = ledger.beside(&later).expect("known by content");
        assert_eq!((here.rows(), here.check()), (vec![2], Ok(())));
        assert_eq!(ledger.erased(&later.row_digests()).len(), 2);
        assert_eq!(ledger.forgotten_rows(), 3);
        // Nobody knows what the rows of an earlier version were.
        let mut old = Ledger::default();
        old.push(Forgotten::new("ids", vec![1], whole.digest(), "ugradsl", 1));
        assert!(old.beside(&whole).is_ok());
        assert!(matches!(old.beside(&later), Err(LedgerError::Data { entry: 1, .. })));
    }

    #[test]
    fn of_copies_as_many_are_forgotten_as_were_asked_for() {
        let copies = data(&[7, 8, 7, 8, 7, 9]);
        let mut ledger = Ledger::default();
        ledger.push(forgotten(&[2], &copies));
        let later = data(&[7, 8, 7, 8]);
        assert_eq!(ledger.beside(&later).expect("known by content").rows(), [2]);
        assert!(ledger.erased(&later.row_digests()).is_empty());
    }
}
