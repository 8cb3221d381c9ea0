//! What each field of a report is, so that a check knows how closely it has to agree.
//!
//! Figures are recognised by their [`Figure`], which has the unit. All other fields are declared
//! here; a test fails for a field that is not, and until it is declared it must be the same to the
//! last character.

use crate::evaluate::{Figure, Unit};

/// What a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Configured, counted, or stated in words: always the same.
    Stated,
    /// Where and when a report was made: it may differ.
    Place,
    /// Names the place or the program: it may differ in a replay.
    NamesPlace,
    /// Depends on every bit of the weights: it may differ with other arithmetic.
    Course(Unit),
    /// A figure.
    Measured(Unit),
}

/// Fields that are not figures, by their paths without indices. A field inside another has the role
/// of that one.
const FIELDS: &[(&str, Role)] = &[
    ("schema_version", Role::Stated),
    ("config", Role::Stated),
    ("plans", Role::Stated),
    ("config.device", Role::NamesPlace),
    ("environment.version", Role::Place),
    ("environment.device", Role::Place),
    ("environment.platform", Role::Place),
    ("environment.data", Role::Stated),
    ("data", Role::Stated),
    ("not_proven", Role::Stated),
    ("digest", Role::Place),
    ("runs.method", Role::Stated),
    ("runs.seed", Role::Stated),
    ("runs.forget", Role::Stated),
    ("runs.forgotten_rows", Role::Stated),
    ("runs.forget_list", Role::Stated),
    ("runs.target", Role::Course(Unit::Fraction)),
    ("runs.finding", Role::Course(Unit::Fraction)),
    ("runs.stopped_by", Role::Course(Unit::Count)),
    ("runs.steps", Role::Course(Unit::Count)),
    ("runs.rollbacks", Role::Course(Unit::Count)),
    ("runs.warnings", Role::Course(Unit::Count)),
    ("runs.weights_before", Role::Course(Unit::Count)),
    ("runs.weights", Role::Course(Unit::Count)),
    ("runs.model", Role::Stated),
    ("runs.history", Role::Course(Unit::Count)),
    ("runs.history.retain_loss", Role::Course(Unit::Nats)),
    ("runs.history.forget_accuracy", Role::Course(Unit::Fraction)),
    ("runs.digest", Role::NamesPlace),
    ("summary.method", Role::Stated),
    ("summary.runs", Role::Stated),
    ("summary.verdicts", Role::Course(Unit::Count)),
    ("summary.remarks", Role::Course(Unit::Count)),
    ("gates.method", Role::Stated),
    ("gates.promise", Role::Stated),
    ("gates.measured", Role::Measured(Unit::Points)),
    ("gates.bound", Role::Measured(Unit::Points)),
    ("gates.holds", Role::Stated),
];

/// The role of the field at `path`, such as `runs[3].ua`; `None` if none is declared, as for
/// objects that hold fields of several kinds.
pub(super) fn role(path: &str) -> Option<Role> {
    let path = without_indices(path);
    let within = |key: &str| {
        path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let declared = FIELDS.iter().filter(|(key, _)| within(key)).max_by_key(|(key, _)| key.len());
    declared.map(|(_, role)| *role).or_else(|| {
        let record_paths = |key: &str| ["runs.", "runs.expected."].map(|at| format!("{at}{key}"));
        let is_at_path = |figure: &Figure| {
            let record = record_paths(figure.key()).iter().any(|key| within(key));
            record || figure.summary_key().is_some_and(|key| within(&format!("summary.{key}")))
        };
        Figure::ALL.into_iter().find(is_at_path).map(|figure| Role::Measured(figure.unit()))
    })
}

fn without_indices(path: &str) -> String {
    let mut kept = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => {}
            _ => kept.push(character),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_inside_another_has_the_role_of_that_one_unless_it_is_declared_itself() {
        for (path, expected) in [
            ("runs[12].ua", Some(Role::Measured(Unit::Percent))),
            ("runs[0].roc.forget.auc", Some(Role::Measured(Unit::Fraction))),
            ("runs[0].expected.mia_entropy", Some(Role::Measured(Unit::Percent))),
            ("summary[1].peak_mib.most", Some(Role::Measured(Unit::Bytes))),
            ("runs[0].history[3].step", Some(Role::Course(Unit::Count))),
            ("runs[0].history[3].retain_loss", Some(Role::Course(Unit::Nats))),
            ("config.training.epochs", Some(Role::Stated)),
            ("config.device", Some(Role::NamesPlace)),
            ("runs[0].roc", None),
            ("runs[0].uaa", None),
        ] {
            assert_eq!(role(path), expected, "{path}");
        }
    }
}
