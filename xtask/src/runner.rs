//! Runs steps one after another and prints a summary.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::step::Step;
use crate::workspace::Workspace;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It passed.
    Passed(Duration),
    /// It failed, and the run ends here.
    Failed(Duration),
    /// Left out, on request or because something that it needs is missing.
    Skipped,
    /// An earlier step failed.
    NotReached,
}

/// Runs `steps` but those in `skip`; the first that fails ends the run.
///
/// # Errors
/// When a step fails: the message has the command to repeat.
pub(crate) fn run(workspace: &Workspace, steps: &[Step], skip: &[Step]) -> Result<()> {
    let mut outcomes = Vec::with_capacity(steps.len());
    let mut failure = None;
    for &step in steps {
        let outcome = if skip.contains(&step) {
            Outcome::Skipped
        } else if failure.is_some() {
            Outcome::NotReached
        } else if let Some(missing) = step.missing(workspace) {
            eprintln!("\n=== {}: skipped, {missing} ===", step.name());
            Outcome::Skipped
        } else {
            eprintln!("\n=== {} ===", step.name());
            let start = Instant::now();
            match step.run(workspace) {
                Ok(()) => Outcome::Passed(start.elapsed()),
                Err(error) => {
                    failure = Some(error);
                    Outcome::Failed(start.elapsed())
                }
            }
        };
        if let Outcome::Passed(time) | Outcome::Failed(time) = outcome {
            eprintln!("=== {}: {} in {} ===", step.name(), word(outcome), seconds(time));
        }
        outcomes.push((step, outcome));
    }
    eprint!("\n{}", summary(&outcomes));
    failure.map_or(Ok(()), Err)
}

/// One line per step.
fn summary(outcomes: &[(Step, Outcome)]) -> String {
    let line = |&(step, outcome): &(Step, Outcome)| match outcome {
        Outcome::Passed(time) | Outcome::Failed(time) => {
            format!("{:<10}{:<13}{:>10}\n", step.name(), word(outcome), seconds(time))
        }
        Outcome::Skipped | Outcome::NotReached => {
            format!("{:<10}{}\n", step.name(), word(outcome))
        }
    };
    outcomes.iter().map(line).collect()
}

/// The outcome in the words of the summary.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed(_) => "passed",
        Outcome::Failed(_) => "FAILED",
        Outcome::Skipped => "skipped",
        Outcome::NotReached => "not reached",
    }
}

/// `12.3 s`
fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_has_every_step() {
        let outcomes = [
            (Step::Fmt, Outcome::Passed(Duration::from_millis(1_240))),
            (Step::Clippy, Outcome::Failed(Duration::from_secs(75))),
            (Step::Web, Outcome::Skipped),
            (Step::Page, Outcome::NotReached),
        ];
        let expected = "\
fmt       passed            1.2 s
clippy    FAILED           75.0 s
web       skipped
page      not reached
";
        assert_eq!(summary(&outcomes), expected);
    }
}
