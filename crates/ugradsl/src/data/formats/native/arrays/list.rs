//! Lists in messages: ten entries, then how many more.

use std::fmt;

/// The most entries that a message shows.
const MOST: usize = 10;

/// Entries of one kind, for a message. Shows ten of them and says how many more there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    shown: Vec<String>,
    count: usize,
}

impl List {
    /// Adds an entry. The text is only made if it will be shown.
    pub(super) fn push(&mut self, text: impl FnOnce() -> String) {
        self.count = self.count.saturating_add(1);
        if self.shown.len() < MOST {
            self.shown.push(text());
        }
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl<S: Into<String>> FromIterator<S> for List {
    fn from_iter<T: IntoIterator<Item = S>>(entries: T) -> Self {
        let mut list = Self::default();
        entries.into_iter().for_each(|entry| list.push(|| entry.into()));
        list
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.shown.join(", "))?;
        match self.count.saturating_sub(self.shown.len()) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
