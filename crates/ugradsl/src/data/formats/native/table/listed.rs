//! Lists for messages: ten entries, then how many more there are.

use std::fmt;

/// How many entries a message shows.
const SHOWN: usize = 10;

/// Entries of a message. Only the first ten are kept, so that a bad file costs no memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    shown: Vec<String>,
    more: usize,
}

impl Listed {
    /// Adds an entry; its text is made only if it is shown.
    pub(super) fn push(&mut self, entry: impl FnOnce() -> String) {
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

/// A cell or name for a message, in back quotes, cut to fit one line.
pub(super) fn quoted(text: &str) -> String {
    let mut chars = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    let start: String = chars.by_ref().take(40).collect();
    let dots = if chars.next().is_some() { "…" } else { "" };
    format!("`{start}{dots}`")
}

/// Names in back quotes.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> Listed {
    names.into_iter().map(quoted).collect()
}

/// A name as it is typed on a command line.
pub(super) fn typed(name: &str) -> String {
    let safe = |char: char| char.is_alphanumeric() || "_-.+:/".contains(char);
    if !name.is_empty() && name.chars().all(safe) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

/// A number of rows.
pub(super) fn rows(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}
