//! What the relearn attack says of an unlearned network, compared with the retrained one.

use std::fmt;

use serde::Serialize;

use super::RelearnTime;

/// Steps by which a network has to be ahead of the retrained one for its memory to count as hidden.
const AHEAD: usize = 2;

/// Whether some knowledge of the forgotten samples has stayed.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HiddenMemory {
    /// Both networks know most of the samples without a reminder: the attack shows nothing.
    Unknown,
    /// Only the unlearned network knows them without a reminder: they were not forgotten.
    NotForgotten,
    /// It knows them again much sooner than the retrained network.
    Hidden,
    /// It is as slow as the retrained network, or neither knows them again.
    Gone,
    /// It is slower than the retrained network.
    Slower,
}

/// What the curves of an unlearned and of a retrained network show. Displays as its words.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MemoryFinding {
    /// What follows from the curves.
    pub memory: HiddenMemory,
    /// The same in a sentence.
    pub words: String,
}

impl RelearnTime {
    /// What this time says, compared with that of the `retrained` network under the same attack.
    ///
    /// ```
    /// use ugradsl::audit::{HiddenMemory, RelearnTime};
    ///
    /// let unlearned = RelearnTime::new(vec![0.0, 0.6, 0.9, 1.0], 10, 0.5);
    /// let retrained = RelearnTime::new(vec![0.0, 0.1, 0.2, 0.6], 10, 0.5);
    /// let found = unlearned.beside(&retrained);
    /// assert_eq!(found.memory, HiddenMemory::Hidden);
    /// assert!(found.words.ends_with("the memory was hidden, not gone"));
    /// ```
    pub fn beside(&self, retrained: &Self) -> MemoryFinding {
        let memory = self.memory_beside(retrained);
        MemoryFinding { memory, words: self.words(retrained, memory) }
    }

    fn memory_beside(&self, retrained: &Self) -> HiddenMemory {
        match (self.steps, retrained.steps) {
            (Some(0), Some(0)) => HiddenMemory::Unknown,
            (Some(0), _) => HiddenMemory::NotForgotten,
            (None, None) => HiddenMemory::Gone,
            (None, Some(_)) => HiddenMemory::Slower,
            (Some(_), None) => HiddenMemory::Hidden,
            (Some(ours), Some(theirs)) if ours + AHEAD <= theirs => HiddenMemory::Hidden,
            (Some(ours), Some(theirs)) if ours >= theirs + AHEAD => HiddenMemory::Slower,
            (Some(_), Some(_)) => HiddenMemory::Gone,
        }
    }

    fn words(&self, retrained: &Self, memory: HiddenMemory) -> String {
        let level = format!("{:.0} %", 100.0 * self.level);
        let when = |time: &Self| match time.steps {
            Some(steps) => format!("after {}", count(steps)),
            None => format!("not within {}", count(time.curve.len().saturating_sub(1))),
        };
        let (ours, theirs) = (when(self), when(retrained));
        let both = format!(
            "the unlearned network knows {level} of the forgotten samples again {ours}, the retrained \
             network {theirs}"
        );
        match memory {
            HiddenMemory::Unknown => format!(
                "both networks know {level} of the forgotten samples without a reminder: this attack \
                 shows nothing here"
            ),
            HiddenMemory::NotForgotten => format!(
                "the unlearned network knows {level} of the forgotten samples without a reminder, the \
                 retrained network {theirs}: they were not forgotten"
            ),
            HiddenMemory::Hidden => format!("{both}: the memory was hidden, not gone"),
            HiddenMemory::Gone => format!("{both}: no sign of hidden memory"),
            HiddenMemory::Slower => format!(
                "{both}: no sign of hidden memory, but the network differs from the retrained one"
            ),
        }
    }
}

impl fmt::Display for MemoryFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

fn count(steps: usize) -> String {
    format!("{steps} step{}", if steps == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finding_depends_on_who_is_first() {
        use HiddenMemory::*;
        for (unlearned, retrained, memory, words) in [
            (&[0.6][..], &[0.7][..], Unknown, "shows nothing here"),
            (&[0.6], &[0.0, 0.7], NotForgotten, "after 1 step: they were not forgotten"),
            (&[0.0, 0.1], &[0.0, 0.1], Gone, "not within 1 step: no sign"),
            (&[0.0, 0.1], &[0.0, 0.6], Slower, "differs from the retrained one"),
            (&[0.0, 0.0, 0.0, 0.6], &[0.0, 0.6], Slower, "after 3 steps"),
            (&[0.0, 0.6], &[0.0, 0.0, 0.6], Gone, "after 2 steps: no sign"),
            (&[0.0, 0.6], &[0.0, 0.0, 0.0, 0.6], Hidden, "hidden, not gone"),
            (&[0.0, 0.6], &[0.0, 0.0, 0.0], Hidden, "not within 2 steps"),
        ] {
            let time = |curve: &[f64]| RelearnTime::new(curve.to_vec(), 1, 0.5);
            let found = time(unlearned).beside(&time(retrained));
            assert_eq!(found.memory, memory, "{unlearned:?} beside {retrained:?}");
            assert!(found.words.contains(words), "{found}");
        }
    }
}
