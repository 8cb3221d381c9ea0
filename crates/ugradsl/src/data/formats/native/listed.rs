//! Lists for messages: ten entries, then how many more there are.

use std::fmt;

/// How many entries a message shows.
const SHOWN: usize = 10;

/// Entries of a message. Only the first ten are kept, so that a bad file costs no memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    shown: Vec<String>,
    more: usize,
}

impl Listed {
    /// Adds an entry; its text is made only if it is shown.
    pub(in crate::data::formats) fn push(&mut self, entry: impl FnOnce() -> String) {
        if self.shown.len() < SHOWN {
            self.shown.push(entry());
        } else {
            self.more += 1;
        }
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Number of entries, shown or not.
    pub fn len(&self) -> usize {
        self.shown.len() + self.more
    }
}

impl<S: Into<String>> FromIterator<S> for Listed {
    fn from_iter<I: IntoIterator<Item = S>>(entries: I) -> Self {
        let mut listed = Self::default();
        entries.into_iter().for_each(|entry| listed.push(|| entry.into()));
        listed
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown.join(", "))?;
        if self.more > 0 { write!(f, " and {} more", self.more) } else { Ok(()) }
    }
}
