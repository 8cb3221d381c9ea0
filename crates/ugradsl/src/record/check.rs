//! Whether a record and the file of its network belong together.

use super::{DeletionRecord, of_run::name};
use crate::models::{Forgotten, ModelFile};

impl DeletionRecord {
    /// What `entry` of the ledger says otherwise about what was done.
    fn clashes_of_run(&self, entry: &Forgotten) -> Vec<String> {
        let at = self.model.ledger_entry;
        let (done, before, after) = (&self.done, &self.before, &self.after);
        let accuracy = |pair: Option<(f64, f64)>| match pair {
            Some((before, after)) => format!("{before:.6} before and {after:.6} after"),
            None => "not known".to_owned(),
        };
        let time = |time: Option<u64>| time.map_or("not known".to_owned(), |time| time.to_string());
        let known = |value: &Option<String>, ours: &str| {
            // Earlier versions did not note it.
            value.clone().unwrap_or_else(|| ours.to_owned())
        };
        let expected = entry.evidence.as_ref().map(|evidence| 100.0 * evidence.expected);
        let percent = |value: f64| format!("{value:.6} %");
        let compared = [
            (
                "SHA-256 of the weights before",
                known(&entry.weights_before, &self.model.weights_before),
                self.model.weights_before.clone(),
            ),
            (
                "accuracy that was expected",
                percent(expected.or(self.outcome.expected).unwrap_or_default()),
                percent(self.outcome.expected.unwrap_or_default()),
            ),
            ("method", entry.method.clone(), done.method.clone()),
            ("seed", entry.seed.to_string(), done.seed.to_string()),
            ("time (seconds since 1970)", time(entry.unix_time), time(done.unix_time)),
            ("SHA-256 of the data", entry.data.clone(), self.data.digest.clone()),
            (
                "accuracy on test rows",
                accuracy(entry.test_accuracy),
                accuracy(Some((before.test, after.test))),
            ),
        ];
        let differ = compared.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        let in_words = |(what, theirs, ours)| {
            format!("{what}: entry {at} of the ledger says {theirs}, the record {ours}")
        };
        differ.map(in_words).collect()
    }

    /// What in `model`, the file that the record names, contradicts the record; empty if nothing
    /// does. That the figures are right is not checked: they need the data.
    pub fn clashes(&self, model: &ModelFile) -> Vec<String> {
        let mut clashes = Vec::new();
        let weights = model.digest();
        if weights != self.model.weights_after {
            clashes.push(format!(
                "the weights have the digest {weights}, in the record it is {}",
                self.model.weights_after
            ));
        }
        let requests = model.ledger.entries().len();
        if requests != self.model.requests_so_far {
            clashes.push(format!(
                "the ledger has {requests} requests, in the record it is {}",
                self.model.requests_so_far
            ));
        }
        let at = self.model.ledger_entry;
        let entry = at.checked_sub(1).and_then(|at| model.ledger.entries().get(at));
        let Some(entry) = entry else {
            clashes.push(format!(
                "the ledger has {} entries, the record is about entry {at}",
                model.ledger.entries().len()
            ));
            return clashes;
        };
        // A private record withholds names in the request.
        if !self.private && entry.request != self.request {
            clashes.push(format!(
                "entry {at} of the ledger is the request {:?}, the record is about {:?}",
                entry.request, self.request
            ));
        }
        clashes.extend(self.clashes_of_run(entry));
        let theirs: Vec<String> = entry.contents.iter().map(ToString::to_string).collect();
        let ours: Vec<&String> = self.rows.iter().map(|row| &row.digest).collect();
        if !ours.iter().copied().eq(theirs.iter()) {
            clashes.push(format!(
                "entry {at} of the ledger has {} rows, the record names {}, and they are not the same",
                theirs.len(),
                ours.len()
            ));
        }
        let verdict = entry.verdict.map(name);
        if verdict.is_some_and(|verdict| verdict != self.outcome.verdict) {
            clashes.push(format!("the ledger does not call entry {at} {:?}", self.outcome.verdict));
        }
        clashes
    }
}
