//! The record of a run that is over.

use std::collections::BTreeMap;

use super::{
    Asked, Copies, DataFacts, DeletionRecord, Done, Figures, Kind, ModelFacts, Outcome, RowFacts,
    SCHEMA_VERSION, not_proven,
};
use crate::{
    data::{Dataset, RowKind},
    device::DeviceInfo,
    evaluate::Measures,
    run::{Basis, Verdict},
    session::Unlearned,
};

/// What a run does not know of the request.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct About {
    /// Who asked, in the words of whoever filled it in.
    pub asked: Asked,
    /// The file of the new network.
    pub file: String,
    /// Whether names of rows are withheld.
    pub private: bool,
    /// When the network was changed, in seconds since 1970 (UTC).
    pub unix_time: Option<u64>,
    /// Commands that check the record.
    pub check: Vec<String>,
}

impl About {
    /// A request of which only the file of the new network is known.
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }
}

impl DeletionRecord {
    /// The record of `unlearned`, whose rows are of `dataset`.
    pub fn of(unlearned: &Unlearned, dataset: &Dataset, device: &DeviceInfo, about: About) -> Self {
        let About { asked, file, private, unix_time, check } = about;
        let (read_against, read_against_is) = read_against(unlearned);
        let outcome = outcome(unlearned);
        let copies =
            Copies { retained: unlearned.copies.retained.len(), test: unlearned.copies.test.len() };
        let texts = dataset.train.kind() == RowKind::Texts;
        let has_retrained = unlearned.so_far.retrained.is_some();
        Self {
            schema_version: SCHEMA_VERSION,
            asked,
            request: unlearned.forget.clone(),
            data: data_facts(dataset, &unlearned.data),
            rows: rows(unlearned, dataset, private),
            per_class: per_class(unlearned, dataset),
            copies,
            private,
            done: done(unlearned, device, unix_time),
            not_proven: not_proven(&outcome, &copies, has_retrained, texts),
            outcome,
            before: figures(&unlearned.before),
            after: figures(&unlearned.after),
            read_against,
            read_against_is,
            model: ModelFacts {
                file,
                weights_before: unlearned.weights_before.clone(),
                weights_after: unlearned.weights_after.clone(),
                ledger_entry: unlearned.so_far.requests,
                requests_so_far: unlearned.so_far.requests,
                rows_so_far: unlearned.so_far.drift.forgotten_rows,
            },
            check,
        }
    }
}

fn class_name(dataset: &Dataset, class: u32) -> String {
    dataset.class_names.get(class).unwrap_or("?").to_owned()
}

fn figures(measures: &Measures) -> Figures {
    Figures {
        forgotten: 100.0 - measures.ua,
        attack: 100.0 - measures.mia.confidence,
        retained: measures.ra,
        test: measures.ta,
    }
}

fn data_facts(dataset: &Dataset, digest: &str) -> DataFacts {
    let counts = dataset.class_counts(0..dataset.train.len() as u32);
    let classes = (0..).zip(counts).map(|(class, count)| (class_name(dataset, class), count));
    DataFacts {
        name: dataset.name.clone(),
        kind: match dataset.train.kind() {
            RowKind::Images => Kind::Pictures,
            RowKind::Features => Kind::Rows,
            RowKind::Texts => Kind::Texts,
        },
        training_rows: dataset.train.len(),
        test_rows: dataset.test.len(),
        classes: classes.collect(),
        digest: digest.to_owned(),
        notes: dataset.notes.clone(),
    }
}

fn rows(unlearned: &Unlearned, dataset: &Dataset, private: bool) -> Vec<RowFacts> {
    let Some(entry) = unlearned.model.ledger.entries().last() else { return Vec::new() };
    let mut first: BTreeMap<String, u32> = BTreeMap::new();
    let rows = entry.rows.iter().zip(&entry.contents).map(|(&row, digest)| {
        let digest = digest.to_string();
        let before = *first.entry(digest.clone()).or_insert(row);
        let label = dataset.train.labels().get(row as usize).copied().unwrap_or_default();
        let name = dataset.row_names.as_ref().and_then(|names| names.get(row));
        RowFacts {
            row: dataset.number_of(row),
            name: name.filter(|_| !private).map(str::to_owned),
            class: class_name(dataset, label),
            digest,
            copy_of: (before != row).then(|| format!("row {}", dataset.number_of(before))),
        }
    });
    rows.collect()
}

fn per_class(unlearned: &Unlearned, dataset: &Dataset) -> Vec<(String, usize)> {
    let rows = unlearned.model.ledger.entries().last().map_or(&[][..], |entry| &entry.rows);
    let counts = dataset.class_counts(rows.iter().copied());
    let lost = (0..).zip(counts).filter(|(_, count)| *count > 0);
    lost.map(|(class, count)| (class_name(dataset, class), count)).collect()
}

fn done(unlearned: &Unlearned, device: &DeviceInfo, unix_time: Option<u64>) -> Done {
    Done {
        method: unlearned.method.to_string(),
        seed: unlearned.seed,
        steps: unlearned.steps,
        seconds: unlearned.seconds,
        device: device.to_string(),
        program: concat!("ugradsl ", env!("CARGO_PKG_VERSION")).to_owned(),
        unix_time,
    }
}

fn outcome(unlearned: &Unlearned) -> Outcome {
    match &unlearned.finding {
        Some(finding) => Outcome {
            verdict: name(finding.verdict),
            words: finding.words.clone(),
            expected: Some(100.0 * finding.evidence.expected),
            uncertainty: finding.evidence.uncertainty.map(|share| 100.0 * share),
        },
        // Retraining needs no finding: the new network never saw the rows.
        None => Outcome {
            verdict: name(Verdict::Reached),
            words: "a new network was trained without these rows".to_owned(),
            expected: None,
            uncertainty: None,
        },
    }
}

/// The verdict as files write it.
pub(super) fn name(verdict: Verdict) -> String {
    let value = serde_json::to_value(verdict).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// What a network that never saw the rows would do, and how that is known.
fn read_against(unlearned: &Unlearned) -> (Option<Figures>, String) {
    if let Some(retrained) = &unlearned.so_far.retrained {
        return (Some(figures(retrained)), "a network retrained without these rows".to_owned());
    }
    let Some(finding) = &unlearned.finding else {
        return (None, "nothing: the network itself is a retrained one".to_owned());
    };
    let unknown = f64::NAN;
    let expected = Figures {
        forgotten: 100.0 * finding.evidence.expected,
        attack: unknown,
        retained: unknown,
        test: unknown,
    };
    let how = match finding.evidence.basis {
        Basis::Definition => "by definition: a network that never saw a class cannot recognise it",
        Basis::Proxy => {
            "an estimate: a network trained for a short while without these rows was asked"
        }
        Basis::Retrained => "a network retrained without these rows",
        _ => "an estimate: the accuracy of the network before on test rows of the same classes",
    };
    (Some(expected), how.to_owned())
}
