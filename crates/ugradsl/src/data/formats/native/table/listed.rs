//! How messages write cells, names and numbers of rows.

pub use crate::data::formats::native::listed::Listed;

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
