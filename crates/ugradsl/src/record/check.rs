//! Whether a record and the file of its network belong together.

use super::{DeletionRecord, of_run::name};
use crate::models::ModelFile;

impl DeletionRecord {
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
