//! Lists of row numbers, as a database or a spreadsheet puts them out.

use std::path::Path;

use super::{ForgetError, number};

/// Characters of a bad token that an error repeats.
const TOKEN: usize = 40;

pub(super) fn read(path: &Path) -> Result<Vec<u32>, ForgetError> {
    let bytes = std::fs::read(path)
        .map_err(|reason| ForgetError::File { path: path.to_owned(), reason })?;
    // What is not text turns into replacement characters, and those are refused by line and token.
    parse(&String::from_utf8_lossy(&bytes), path)
}

pub(super) fn parse(text: &str, path: &Path) -> Result<Vec<u32>, ForgetError> {
    let mut ids = Vec::new();
    let mut heading_allowed = true;
    // Spreadsheets begin a text file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, content) in text.lines().enumerate() {
        let content = content.split('#').next().unwrap_or_default();
        if content.trim().is_empty() {
            continue;
        }
        let heading = content.trim().eq_ignore_ascii_case("id");
        if std::mem::take(&mut heading_allowed) && heading {
            continue;
        }
        let tokens = content.split(|c: char| c == ',' || c.is_whitespace());
        for token in tokens.filter(|token| !token.is_empty()) {
            ids.push(number(token).ok_or_else(|| ForgetError::Token {
                path: path.to_owned(),
                line: line + 1,
                token: token.chars().take(TOKEN).collect(),
            })?);
        }
    }
    if ids.is_empty() {
        return Err(ForgetError::NoIds { path: path.to_owned() });
    }
    Ok(ids)
}
