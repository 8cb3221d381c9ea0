//! Lists of row numbers, as databases, spreadsheets and NumPy write them.

use std::path::Path;

use super::{ForgetError, number};
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
use crate::data::formats::npy;

/// Characters of a bad token that an error shows.
const SHOWN: usize = 40;

pub(super) fn read(path: &Path) -> Result<Vec<u32>, ForgetError> {
    let bytes = std::fs::read(path)
        .map_err(|reason| ForgetError::File { path: path.to_owned(), reason })?;
    #[cfg(all(feature = "formats", not(target_family = "wasm")))]
    if bytes.starts_with(npy::MAGIC) {
        let ids = npy::parse_rows(&bytes)
            .map_err(|reason| ForgetError::Array { path: path.to_owned(), reason })?;
        return nonempty(ids, path);
    }
    #[cfg(all(feature = "formats", not(target_family = "wasm")))]
    if let Some(ids) = table(&bytes, path) {
        return nonempty(ids?, path);
    }
    // Bytes that are not text become replacement characters, which are refused by line and token.
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
                token: token.chars().take(SHOWN).collect(),
            })?);
        }
    }
    nonempty(ids, path)
}

/// A list without ids is a mistake.
fn nonempty(ids: Vec<u32>, path: &Path) -> Result<Vec<u32>, ForgetError> {
    if ids.is_empty() {
        return Err(ForgetError::NoIds { path: path.to_owned() });
    }
    Ok(ids)
}

/// The column `id` of a CSV file of several columns; `None` if the first line does not name such
/// columns.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
pub(super) fn table(bytes: &[u8], path: &Path) -> Option<Result<Vec<u32>, ForgetError>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.byte_headers().ok().filter(|header| header.len() > 1)?;
    let at = header.iter().position(|name| name.eq_ignore_ascii_case(b"id"))?;
    let path = path.to_owned();
    let ids = reader.byte_records().map(|record| {
        let record = record.map_err(|reason| ForgetError::Table { path: path.clone(), reason })?;
        let line = record.position().map_or(0, |start| line_at(bytes, start.byte() as usize));
        let token = String::from_utf8_lossy(record.get(at).unwrap_or_default());
        number(&token).ok_or_else(|| ForgetError::Token {
            path: path.clone(),
            line,
            token: token.chars().take(SHOWN).collect(),
        })
    });
    Some(ids.collect())
}

/// The line, from 1, of the first character at or after a byte that does not end a line: the
/// reader's own position may be before line ends that it has yet to skip.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
fn line_at(bytes: &[u8], start: usize) -> usize {
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let skipped = bytes.iter().skip(start).take_while(|byte| ends(byte)).count();
    bytes.iter().take(start + skipped).filter(|&&byte| byte == b'\n').count() + 1
}
