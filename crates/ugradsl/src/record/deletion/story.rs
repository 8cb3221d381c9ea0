//! What happened, in words that need no knowledge of networks.

use super::{DeletionRecord, Kind};
use crate::record::text::{brief, counted, day};

/// The outcome in words and in a colour.
pub(super) struct Stamp {
    /// What a reader must not miss.
    pub(super) words: &'static str,
    /// `good`, `warn` or `bad`.
    pub(super) tone: &'static str,
}

/// The outcome of `verdict`; one that is not known is not a good one.
pub(super) fn stamp(verdict: &str) -> Stamp {
    let (words, tone) = match verdict {
        "reached" => ("The request is fulfilled", "good"),
        "nothing-to-do" => ("The request is fulfilled: nothing had to be changed", "good"),
        "partly" => ("The request is NOT fulfilled in full", "warn"),
        "not-forgotten" => ("The request is NOT fulfilled", "bad"),
        "harmed" => ("The request is NOT fulfilled, and the network is harmed", "bad"),
        _ => ("The request is NOT fulfilled: its outcome is not known", "bad"),
    };
    Stamp { words, tone }
}

/// `12 pictures`, by what the rows are.
pub(super) fn rows(kind: Kind, number: usize) -> String {
    match kind {
        Kind::Pictures => counted(number, "picture", "pictures"),
        Kind::Texts => counted(number, "text", "texts"),
        Kind::Rows => counted(number, "row", "rows"),
    }
}

/// The three sentences: what was asked, what was done, what has come of it.
pub(super) fn story(record: &DeletionRecord) -> Vec<String> {
    let number = record.rows.len();
    vec![
        asked(record),
        format!("{}{}.", of_rows(number, done(record)), right(record)),
        of_rows(number, result(record)),
    ]
}

/// A sentence about several rows, or about one.
fn of_rows(number: usize, sentence: &str) -> String {
    match number {
        1 => sentence.replace(" them ", " it ").replace(" them,", " it,").replace(" them.", " it."),
        _ => sentence.to_owned(),
    }
}

fn asked(record: &DeletionRecord) -> String {
    let date = record.done.unix_time.and_then(day);
    let begin = date.map_or_else(|| "The".to_owned(), |day| format!("On {day} the"));
    let (rows, file) = (rows(record.data.kind, record.rows.len()), brief(&record.model.file, 80));
    format!(
        "{begin} network that is now in the file “{file}” was asked to forget {rows} that it \
         was trained on."
    )
}

fn done(record: &DeletionRecord) -> &'static str {
    match record.outcome.verdict.as_str() {
        "reached" => {
            "The network was changed so that it no longer answers on them as on what it was \
             trained on"
        }
        "partly" => {
            "The network was changed, but the change went only part of the way, went too far, or \
             cannot be judged well enough"
        }
        "not-forgotten" => {
            "An attempt was made to change the network, but it still answers on them much as before"
        }
        "harmed" => {
            "An attempt was made to change the network, and it did damage: the network now answers \
             worse where it should have stayed the same, or further from what was wanted"
        }
        "nothing-to-do" => {
            "The network was left as it was, as it did not show that it was trained on them"
        }
        _ => "What was done to the network is said below",
    }
}

/// How often the network was right on the rows, and is.
fn right(record: &DeletionRecord) -> String {
    let (before, after) = (record.before.forgotten, record.after.forgotten);
    match before.is_finite() && after.is_finite() {
        true if record.rows.len() == 1 => {
            let right = |figure: f64| if figure >= 50.0 { "right" } else { "wrong" };
            format!(" (its answer was {} before, and is {} now)", right(before), right(after))
        }
        true => format!(" (right on {before:.1} % of them before, on {after:.1} % now)"),
        false => String::new(),
    }
}

fn result(record: &DeletionRecord) -> &'static str {
    match record.outcome.verdict.as_str() {
        "reached" => {
            "The network now answers on them as a network that never saw them is expected to, as far as this \
             was measured."
        }
        "partly" => {
            "The request is NOT fulfilled in full: it must not be called done before another attempt, \
             or a network trained anew without them, has been measured."
        }
        "not-forgotten" => {
            "The request is NOT fulfilled: what the network learned from them must be taken to be still in \
             the network."
        }
        "harmed" => {
            "The request is NOT fulfilled: this network should not be used. Go back to the file from \
             before, and try again in another way or train anew without them."
        }
        "nothing-to-do" => {
            "It already answers on them as a network that never saw them is expected to, so the \
             request counts as fulfilled; the network itself is the same as before."
        }
        _ => {
            "The request is NOT fulfilled as far as this page can tell: it does not know the outcome \
             that the record states."
        }
    }
}

/// What must be seen beside the outcome: copies that stay, and where the record contradicts itself.
pub(super) fn notices(record: &DeletionRecord) -> Vec<String> {
    let mut notices = Vec::new();
    let copies = counted(record.copies.retained, "exact copy", "exact copies");
    match record.copies.retained {
        0 => (),
        1 => notices.push(format!(
            "{copies} of what was to be forgotten stays in the training part. The network was not asked to forget that one."
        )),
        _ => notices.push(format!(
            "{copies} of what was to be forgotten stay in the training part. The network was not asked to forget those."
        )),
    }
    let said = |text: &String| format!("This record contradicts itself: {text}.");
    notices.extend(contradictions(record).iter().map(said));
    notices
}

/// What the record says twice, in two ways.
fn contradictions(record: &DeletionRecord) -> Vec<String> {
    let mut found = Vec::new();
    let (model, verdict) = (&record.model, record.outcome.verdict.as_str());
    let same = model.weights_before == model.weights_after;
    if same && verdict == "reached" {
        found.push(
            "the outcome is “reached”, but the weights before and after are the same".to_owned(),
        );
    }
    if !same && verdict == "nothing-to-do" {
        found.push("the outcome is “nothing to do”, but the weights have changed".to_owned());
    }
    let sum = |sum: usize, (_, rows): &(String, usize)| sum.saturating_add(*rows);
    let (counted, listed) = (record.per_class.iter().fold(0, sum), record.rows.len());
    if counted != listed {
        found.push(format!("the classes count {counted} rows, but {listed} are listed"));
    }
    found
}
