//! Is a report true? Its figures are compared with those measured again on the networks that it
//! names.
//!
//! The whole report is made anew and compared field by field, so that no field is forgotten. Time,
//! steps and history, which only a run can show, are covered by the report's digest; a replay on
//! the same CPU repeats steps and history, and none repeats the time. The digest is not a
//! signature: a forger can compute it anew, but has to forge the networks, too, and a replay finds
//! those.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Report, ReportError, checksum,
    fields::{self, Role},
};
use crate::{experiment::Experiment, models::NetworkSpec, run::Store};

/// Default for the largest difference between two devices, in points.
pub const TOLERANCE: f64 = 1.0;

/// Relative error of numbers read from decimal digits, and of their sums and quotients.
const ROUNDING: f64 = 1e-12;

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Its path, such as `runs[3].ua`.
    pub field: String,
    /// What the report says.
    pub reported: String,
    /// What was found.
    pub found: String,
}

/// The result of checking a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Verification {
    /// Whether it was measured where the report was made, so that figures must agree to 12 digits.
    pub same_place: bool,
    /// Whether another version of the program made the report. It may lack fields.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other_version: bool,
    /// Largest difference that was accepted, in points (0.01 for figures of the order of 1).
    pub tolerance: f64,
    /// Fields compared.
    pub fields: usize,
    /// Settings and figures that this version has and the report lacks: they were not compared.
    #[serde(skip_serializing_if = "is_none")]
    pub not_compared: usize,
    /// All fields that differ by more.
    pub differences: Vec<Difference>,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Verification {
    /// Whether no field differs.
    pub fn holds(&self) -> bool {
        self.differences.is_empty()
    }

    fn begin(report: &Report, found: &Report, tolerance: Option<f64>) -> Self {
        let (theirs, ours) = (&report.environment, &found.environment);
        let same_place = theirs.device.arithmetic() == ours.device.arithmetic()
            && theirs.platform == ours.platform;
        let tolerance = tolerance.unwrap_or(if same_place { 0.0 } else { TOLERANCE });
        let other_version = theirs.version != ours.version;
        let (fields, not_compared, differences) = Default::default();
        Self { same_place, other_version, tolerance, fields, not_compared, differences }
    }

    fn differ(&mut self, field: &str, reported: impl ToString, found: impl ToString) {
        let (reported, found) = (reported.to_string(), found.to_string());
        self.differences.push(Difference { field: field.to_owned(), reported, found });
    }

    /// Checks the digest that the report in `text` states.
    fn checksum(&mut self, text: &str, report: &Report) {
        self.fields += 1;
        let expected = checksum::expected(text, &report.digest);
        if expected.as_deref() != Some(report.digest.as_str()) {
            let stated = if report.digest.is_empty() { "none" } else { report.digest.as_str() };
            self.differ(
                "digest",
                stated,
                expected.as_deref().unwrap_or("it is not the last field"),
            );
        }
    }

    /// Compares two values, except fields whose role is `exempt`.
    fn compare(&mut self, path: &str, reported: &Value, found: &Value, exempt: fn(Role) -> bool) {
        if fields::role(path).is_some_and(exempt) {
            return;
        }
        match (reported, found) {
            (Value::Object(left), Value::Object(right)) => {
                let may_lack = |key: &String| self.may_lack(&format!("{path}.{key}"));
                let (lacking, new): (Vec<&String>, Vec<&String>) = right
                    .keys()
                    .filter(|key| !left.contains_key(*key))
                    .partition(|key| may_lack(key));
                self.not_compared += lacking.len();
                for key in left.keys().chain(new) {
                    let side = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                    let path = format!("{path}.{key}");
                    self.compare(&path, &side(left), &side(right), exempt);
                }
            }
            (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
                for (at, (left, right)) in left.iter().zip(right).enumerate() {
                    self.compare(&format!("{path}[{at}]"), left, right, exempt);
                }
            }
            _ => {
                self.fields += 1;
                if reported != found && !self.close(path, reported, found) {
                    self.differ(path, reported, found);
                }
            }
        }
    }

    /// Whether a report may lack the field at `path`. What its config does not have is as by
    /// default, and another version of the program may have measured fewer figures.
    fn may_lack(&self, path: &str) -> bool {
        let measured = matches!(fields::role(path), Some(Role::Measured(_)));
        path.starts_with("config.") || self.other_version && measured
    }

    /// Whether two numbers agree within the tolerance of their unit. What is counted or configured
    /// must be the same, and so must undeclared fields.
    fn close(&self, path: &str, reported: &Value, found: &Value) -> bool {
        let Some((left, right)) = reported.as_f64().zip(found.as_f64()) else {
            return false;
        };
        let measured = reported.is_f64() || found.is_f64();
        let tolerance = match fields::role(path) {
            Some(Role::Measured(unit) | Role::Course(unit)) => self.tolerance * unit.per_point(),
            Some(Role::Stated | Role::Place | Role::NamesPlace) | None => 0.0,
        };
        let rounding = ROUNDING * left.abs().max(right.abs());
        measured && (left - right).abs() <= tolerance + rounding
    }
}

/// The report as its text has it, where values that are not finite are null.
fn value(report: &Report) -> Result<Value, ReportError> {
    Ok(serde_json::from_str(&report.to_json()?)?)
}

/// Checks the digest of the report in `text`, the SHA-256 of what it names, and its figures:
/// `experiment`, a fresh one with the report's config, measures the networks in `store` by the same
/// code. On the device and platform of the report figures must agree to 12 digits; elsewhere they
/// may differ by [`TOLERANCE`] points. `tolerance`, if given, replaces both.
///
/// # Errors
///
/// [`ReportError::Json`] if the text is not a report, [`ReportError::Experiment`] if something
/// could not be measured.
pub async fn verify<S: NetworkSpec>(
    text: &str,
    mut experiment: Experiment<S>,
    store: &dyn Store,
    tolerance: Option<f64>,
) -> Result<Verification, ReportError> {
    let report = Report::from_json(text)?;
    let mut found = Report::new(&experiment);
    let mut verification = Verification::begin(&report, &found, tolerance);
    verification.checksum(text, &report);
    if report.environment.data != found.environment.data {
        // On other data nothing else can be right, and every figure would differ.
        let (theirs, ours) = (&report.environment.data, &found.environment.data);
        verification.differ("environment.data", theirs, ours);
        return Ok(verification);
    }
    for mismatch in experiment.adopt(&report.runs, store).await? {
        verification.differ(&mismatch.field, mismatch.stated, mismatch.found);
    }
    if experiment.remaining() > 0 {
        return Ok(verification);
    }
    let same_program =
        verification.same_place && report.environment.version == found.environment.version;
    let measured = Report::new(&experiment);
    (found.runs, found.summary, found.gates) = (measured.runs, measured.summary, measured.gates);
    if !same_program {
        // A run's digest covers the program and the device.
        for (ours, theirs) in found.runs.iter_mut().zip(&report.runs) {
            ours.digest.clone_from(&theirs.digest);
        }
    }
    let reported: Value = serde_json::from_str(text)?;
    let found = value(&found)?;
    for key in ["config", "plans", "environment", "runs", "summary", "gates", "not_proven"] {
        verification.compare(key, &reported[key], &found[key], |role| role == Role::Place);
    }
    Ok(verification)
}

/// Compares `report` with `again`, the same config carried out once more. Time and memory are not
/// compared. On the CPU and platform of the report all else must be the same. Elsewhere, and on a
/// GPU, which guarantees no order of summation, other weights are learnt, so only figures are
/// compared, up to `tolerance` or [`TOLERANCE`] points.
///
/// # Errors
///
/// [`ReportError::Json`] if a value has no JSON form.
pub fn compare_replay(
    report: &Report,
    again: &Report,
    tolerance: Option<f64>,
) -> Result<Verification, ReportError> {
    let mut verification = Verification::begin(report, again, tolerance);
    if again.environment.device.kind != "cpu" {
        verification.same_place = false;
        verification.tolerance = tolerance.unwrap_or(TOLERANCE);
    }
    let exempt = if verification.same_place { differs_in_a_replay } else { differs_elsewhere };
    let (reported, found) = (value(report)?, value(again)?);
    for key in ["config", "plans", "environment", "runs", "summary"] {
        verification.compare(key, &reported[key], &found[key], exempt);
    }
    Ok(verification)
}

/// What no replay repeats: the place, time and memory.
fn differs_in_a_replay(role: Role) -> bool {
    match role {
        Role::Place | Role::NamesPlace => true,
        Role::Measured(unit) => unit.is_cost(),
        Role::Stated | Role::Course(_) => false,
    }
}

/// What a replay with other arithmetic does not repeat: also the course of the run.
fn differs_elsewhere(role: Role) -> bool {
    differs_in_a_replay(role) || matches!(role, Role::Course(_))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differences(other_version: bool, path: &str, reported: Value, found: Value) -> Vec<String> {
        let mut verification = Verification {
            same_place: true,
            other_version,
            tolerance: 0.0,
            fields: 0,
            not_compared: 0,
            differences: Vec::new(),
        };
        verification.compare(path, &reported, &found, |_| false);
        verification.differences.into_iter().map(|difference| difference.field).collect()
    }

    /// A new method adds settings, and a new measure adds figures: what is left out of an older
    /// report differs from nothing, but what it says must be true.
    #[test]
    fn an_earlier_report_may_lack_what_a_later_program_adds() {
        let (old, new) = (json!({"ft": {"p": 1}}), json!({"ft": {"p": 1}, "new": {"p": 2}}));
        for other_version in [false, true] {
            let found = differences(other_version, "config.method", old.clone(), new.clone());
            assert_eq!(found, Vec::<String>::new());
        }
        let other = json!({"ft": {"p": 3}});
        assert_eq!(differences(true, "config.method", other, new), ["config.method.ft.p"]);
        let (old, new) = (json!([{"ua": 1.0}]), json!([{"ua": 1.0, "js_test": 0.5}]));
        let found = |other| differences(other, "runs", old.clone(), new.clone());
        assert_eq!(found(true), Vec::<String>::new());
        assert_eq!(found(false), ["runs[0].js_test"]);
        // What is not a figure cannot be left out: it might be the outcome.
        let (old, new) =
            (json!([{"ua": 1.0}]), json!([{"ua": 1.0, "finding": {"verdict": "harmed"}}]));
        assert_eq!(differences(true, "runs", old, new), ["runs[0].finding"]);
    }
}
