//! Does a report say what is so? Its figures, measured again from the networks that it names, beside its own.
//!
//! The whole report is made anew and compared field by field, so that no field is forgotten. What only a run can
//! show (time, steps, history) is covered by the report's digest, and by a replay. The digest is no signature:
//! who computes it anew has to forge the networks, too, and a replay finds those.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Report, ReportError, checksum,
    fields::{self, Role},
};
use crate::{experiment::Experiment, models::NetworkSpec, run::Store};

/// Largest difference between two devices, in points, if nothing else is said.
pub const TOLERANCE: f64 = 1.0;

/// What a number may lose relatively when its decimal digits are read, and in sums and quotients of such numbers.
const ROUNDING: f64 = 1e-12;

/// A field that is not as it should be.
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

/// What came of checking a report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Verification {
    /// Whether it was measured where the report was made, so that figures have to be the same to 12 digits.
    pub same_place: bool,
    /// Largest difference that was let pass, in points (0.01 for figures of the order of 1).
    pub tolerance: f64,
    /// Fields compared.
    pub fields: usize,
    /// All that differs by more.
    pub differences: Vec<Difference>,
}

impl Verification {
    /// Whether the report says what is so.
    pub fn holds(&self) -> bool {
        self.differences.is_empty()
    }

    fn begin(report: &Report, found: &Report, tolerance: Option<f64>) -> Self {
        let (theirs, ours) = (&report.environment, &found.environment);
        let same_place = theirs.device.arithmetic() == ours.device.arithmetic()
            && theirs.platform == ours.platform;
        let tolerance = tolerance.unwrap_or(if same_place { 0.0 } else { TOLERANCE });
        Self { same_place, tolerance, fields: 0, differences: Vec::new() }
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

    /// Compares two values, apart from fields whose role is `exempt`.
    fn compare(&mut self, path: &str, reported: &Value, found: &Value, exempt: fn(Role) -> bool) {
        if fields::role(path).is_some_and(exempt) {
            return;
        }
        match (reported, found) {
            (Value::Object(left), Value::Object(right)) => {
                let new = right.keys().filter(|key| !left.contains_key(*key));
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

    /// Whether two numbers are as close as their unit asks. What is counted or asked for has to be the same, and so has
    /// what nothing is known about.
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

/// The report as its text has it: what has no digits, such as infinity, is null there.
fn value(report: &Report) -> Result<Value, ReportError> {
    Ok(serde_json::from_str(&report.to_json()?)?)
}

/// Checks the digest of the report in `text`, the SHA-256 of what it names, and its figures: `experiment`, a fresh
/// one with the report's config, measures the networks that `store` has, by the same code. On the device and
/// platform of the report they have to agree to 12 digits, elsewhere figures may differ by [`TOLERANCE`]; or by
/// `tolerance` points, if it is given.
///
/// # Errors
///
/// [`ReportError::Json`] if the text is no report, [`ReportError::Experiment`] if something could not be measured.
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
        // Nothing else can be right then, and every figure would say so.
        let (theirs, ours) = (&report.environment.data, &found.environment.data);
        verification.differ("environment.data", theirs, ours);
        return Ok(verification);
    }
    for unfit in experiment.adopt(&report.runs, store).await? {
        verification.differ(&unfit.field, unfit.stated, unfit.found);
    }
    if experiment.remaining() > 0 {
        return Ok(verification);
    }
    let same_program =
        verification.same_place && report.environment.version == found.environment.version;
    let measured = Report::new(&experiment);
    (found.runs, found.summary, found.gates) = (measured.runs, measured.summary, measured.gates);
    if !same_program {
        // A run's digest names the program and the device.
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

/// Compares `report` with `again`, the same config carried out once more. The clock is not compared. On the CPU and
/// platform of the report all else has to be the same. Elsewhere, and on a GPU, which promises no order of sums, other
/// weights are learnt, so that only figures are compared, up to `tolerance` or [`TOLERANCE`] points.
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
    let exempt = if verification.same_place { of_another_run } else { of_another_place };
    let (reported, found) = (value(report)?, value(again)?);
    for key in ["config", "plans", "environment", "runs", "summary"] {
        verification.compare(key, &reported[key], &found[key], exempt);
    }
    Ok(verification)
}

/// What no replay repeats: the place, and what the clock and the allocator say.
fn of_another_run(role: Role) -> bool {
    match role {
        Role::Place | Role::NamesPlace => true,
        Role::Measured(unit) => unit.is_cost(),
        Role::Stated | Role::Course(_) => false,
    }
}

/// What a replay with other arithmetic does not repeat: the course of the run, too.
fn of_another_place(role: Role) -> bool {
    of_another_run(role) || matches!(role, Role::Course(_))
}
