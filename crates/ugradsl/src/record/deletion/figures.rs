//! The figures of a record, each with what it means and whether it is as it should be.

use super::{DeletionRecord, Figures};

/// Points that the answers on the rows to forget may be away from what is expected.
const NEAR: f64 = 5.0;
/// The same where they were near before.
const VERY_NEAR: f64 = 2.0;
/// Points of accuracy that other rows may lose.
const HARM: f64 = 3.0;
/// Points that an estimate may be off and still be a ground for a clear word.
const UNCERTAIN: f64 = 10.0;

/// What [`lines`] calls as it should be.
pub(super) const BOUNDS: &str = "“As it should be” means: on the rows to forget at most 2 to 5 points \
    and half a row away from a network that never saw them; on other rows at most 3 points less than \
    before.";

/// What the accuracy on the rows to forget means.
const MEANS_FORGOTTEN: &str = "How often the network still gives them their class. Where they look like others, a \
             network that never saw them is often right as well.";

/// What the attack means.
const MEANS_ATTACK: &str = "An attacker looks at how sure the network is, and guesses which of the rows to forget it \
             was trained on. This is the share that the attacker picks out.";

/// A line of the table.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) against: String,
    pub(super) judgement: String,
    /// `good`, `warn`, `bad` or `open`.
    pub(super) tone: &'static str,
}

/// A judgement and its tone.
type Judgement = (String, &'static str);

/// The lines of the table.
pub(super) fn lines(record: &DeletionRecord) -> Vec<Line> {
    let against = |figure: fn(&Figures) -> f64| record.read_against.as_ref().map(figure);
    let line =
        |name, meaning, figure: fn(&Figures) -> f64, against: Option<f64>, judge: fn(_, _) -> _| {
            let (judgement, tone) = judge(record, against);
            Line {
                name,
                meaning,
                before: shown(Some(figure(&record.before))),
                after: shown(Some(figure(&record.after))),
                against: shown(against),
                judgement,
                tone,
            }
        };
    let expected = known(against(|of| of.forgotten)).or(known(record.outcome.expected));
    vec![
        line(
            "Right on the rows to forget",
            MEANS_FORGOTTEN,
            |of| of.forgotten,
            expected,
            forgotten,
        ),
        line(
            "Taken for rows of the training",
            MEANS_ATTACK,
            |of| of.attack,
            against(|of| of.attack),
            attack,
        ),
        line(
            "Right on training rows that stay",
            "What was not to be forgotten should be kept.",
            |of| of.retained,
            against(|of| of.retained),
            |record, _| kept(record.before.retained, record.after.retained),
        ),
        line(
            "Right on test rows",
            "How well the network does its work on what it was not trained on. That should hardly \
             change.",
            |of| of.test,
            against(|of| of.test),
            |record, _| kept(record.before.test, record.after.test),
        ),
    ]
}

fn known(figure: Option<f64>) -> Option<f64> {
    figure.filter(|figure| figure.is_finite())
}

/// A figure in per cent; without the sign of a zero.
fn shown(figure: Option<f64>) -> String {
    match known(figure) {
        Some(figure) => format!("{:.1} %", figure + 0.0),
        None => "not known".to_owned(),
    }
}

/// Half a row in points: figures on few rows come in steps.
fn half_a_row(record: &DeletionRecord) -> f64 {
    50.0 / record.rows.len().max(1) as f64
}

fn forgotten(record: &DeletionRecord, expected: Option<f64>) -> Judgement {
    let (Some(after), Some(expected)) = (known(Some(record.after.forgotten)), expected) else {
        return cannot_be_told();
    };
    let to_go = known(Some(record.before.forgotten)).map_or(0.0, |before| before - expected);
    let near = (to_go / 2.0).clamp(VERY_NEAR, NEAR) + half_a_row(record);
    let (outcome, above) = (&record.outcome, after - expected);
    let unsure = known(outcome.uncertainty).is_some_and(|points| points > UNCERTAIN);
    let (words, tone) = match outcome.verdict.as_str() {
        "nothing-to-do" if above < -near => ("not more than expected", "good"),
        _ if above > near => ("more than it should be", "bad"),
        _ if above < -near => ("less than it should be, which can be noticed as well", "warn"),
        _ if unsure => ("close to what is expected, but that is an uncertain estimate", "warn"),
        _ if !outcome.is_fulfilled() => {
            ("close to what is expected; the outcome rests on more than this figure", "warn")
        }
        _ => ("as it should be", "good"),
    };
    (words.to_owned(), tone)
}

fn attack(record: &DeletionRecord, against: Option<f64>) -> Judgement {
    let (Some(after), Some(against)) = (known(Some(record.after.attack)), known(against)) else {
        return cannot_be_told();
    };
    let (near, above) = (NEAR + half_a_row(record), after - against);
    let (words, tone) = match above.abs() <= near {
        true => ("as it should be", "good"),
        false if above > 0.0 => ("more than it should be", "bad"),
        false => ("less than it should be, which can be noticed as well", "warn"),
    };
    (words.to_owned(), tone)
}

fn kept(before: f64, after: f64) -> Judgement {
    let lost = before - after;
    match lost.is_finite() {
        true if lost <= HARM => ("as it should be".to_owned(), "good"),
        true => (format!("{lost:.1} points are lost, which is too much"), "bad"),
        false => cannot_be_told(),
    }
}

fn cannot_be_told() -> Judgement {
    ("cannot be told: there is nothing to compare it with".to_owned(), "open")
}
