//! A finding in words.

use super::{Basis, Change, Evidence, Verdict};

impl Evidence {
    /// What was found, with the numbers that `verdict` rests on.
    pub(super) fn words(&self, verdict: Verdict) -> String {
        let (plural, are) = if self.rows == 1 { ("", "is") } else { ("s", "are") };
        let rows = format!("{} row{plural}", self.rows);
        let Change { before, after } = self.accuracy;
        let what = match verdict {
            Verdict::Reached => format!("{rows} forgotten"),
            Verdict::Partly if !self.is_certain() => {
                format!("it is too uncertain whether {rows} {are} forgotten")
            }
            Verdict::Partly if self.is_past() => {
                format!("{rows} forgotten further than expected")
            }
            Verdict::Partly => format!("{rows} forgotten in part{}", self.still_sure()),
            Verdict::NotForgotten => format!("{rows} not forgotten{}", self.still_sure()),
            Verdict::Harmed if self.others_are_harmed() => {
                format!("other rows have suffered ({}); {rows} to forget", self.cost())
            }
            Verdict::Harmed => {
                format!("{rows} to forget ended further from the expectation than before")
            }
            Verdict::NothingToDo => format!("{rows} left unchanged"),
        };
        format!(
            "{what}: {:.1} % were recognised, now {:.1} %, and {}",
            100.0 * before,
            100.0 * after,
            self.what_is_expected()
        )
    }

    /// Says of rows that are recognised no more often than expected why they are not forgotten.
    fn still_sure(&self) -> String {
        match self.expected_confidence.filter(|_| self.is_near()) {
            Some(expected) => format!(
                ", because the network is still {:.1} % sure of their classes, where {:.1} % are \
                 expected",
                100.0 * self.confidence.after,
                100.0 * expected
            ),
            None => String::new(),
        }
    }

    fn what_is_expected(&self) -> String {
        let expected = 100.0 * self.expected;
        match self.basis {
            Basis::Definition => "a network that never saw them would recognise none".to_owned(),
            Basis::Proxy => format!(
                "a network that never saw them would recognise an estimated {expected:.1} % (give or \
                 take {:.0} points)",
                100.0 * self.uncertainty.unwrap_or_default().min(1.0)
            ),
            Basis::ClassAverage => {
                format!("{expected:.1} % of held-out rows of the same classes are recognised")
            }
            Basis::Retrained => format!("the retrained network recognises {expected:.1} %"),
        }
    }

    fn cost(&self) -> String {
        let change = |name: &str, Change { before, after }: Change| {
            format!(
                "{:.1} % of {name} rows were recognised, now {:.1} %",
                100.0 * before,
                100.0 * after
            )
        };
        let held_out = self.held_out.map(|change_of| change("held-out", change_of));
        let both = [Some(change("retained", self.retained)), held_out].into_iter().flatten();
        let mut said = both.collect::<Vec<_>>().join("; ");
        if self.basis == Basis::Definition {
            // The retrained network cannot answer with these classes either.
            said += "; before is without answers of the forgotten classes";
        }
        said
    }
}
