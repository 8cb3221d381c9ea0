//! Whom the training rows of a data set belong to, from a file beside it: `groups.txt` with one
//! name per line, or `groups.csv` with the single column `group`. The names are in the order of the
//! rows. An empty name (in a CSV `""`, because blank lines do not count there) means no group.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::FormatError;
use crate::data::{
    groups::Groups,
    utf16::{Damaged, utf16},
};

/// Why bytes are not a list of groups.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GroupsError {
    /// Not text.
    #[error("line {line} is not UTF-8 text")]
    NotText {
        /// The line, from 1.
        line: usize,
    },
    /// Not the column that is needed, or others besides it.
    #[error("the first line must be `group`, the only column, but it reads {found}")]
    Header {
        /// The first line.
        found: String,
    },
    /// A damaged CSV file.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// Not one name per row.
    #[error(
        "{found} groups for {rows} training rows: there must be one name per row, in the same order"
    )]
    Count {
        /// Names found.
        found: usize,
        /// Training rows.
        rows: usize,
    },
}

/// Groups from the bytes of a text file.
///
/// # Errors
/// When a line is not text.
pub fn parse_text(bytes: &[u8]) -> Result<Groups, GroupsError> {
    if let Some(text) = utf16(bytes) {
        let text = text.map_err(|Damaged| GroupsError::NotText { line: 1 })?;
        return Ok(Groups::written(&text.lines().map(name).collect::<Vec<_>>()));
    }
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            return Err(GroupsError::NotText { line });
        }
    };
    let names: Vec<_> = text.lines().map(name).collect();
    Ok(Groups::written(&names))
}

/// Groups from the bytes of a CSV file.
///
/// # Errors
/// When its only column is not `group`, or it is not text.
pub fn parse_csv(bytes: &[u8]) -> Result<Groups, GroupsError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers()?.iter().collect::<Vec<_>>().join(",");
    if !header.eq_ignore_ascii_case("group") {
        let found = header.chars().take(40).collect();
        return Err(GroupsError::Header { found });
    }
    let records = reader.into_records();
    let names = records.map(|record| Ok(record?.get(0).and_then(name).map(str::to_owned)));
    let names: Vec<Option<String>> = names.collect::<Result<_, csv::Error>>()?;
    Ok(Groups::written(&names))
}

/// The groups of `rows` training rows from a file: a CSV file if its name ends in `.csv`, else a
/// text file.
///
/// # Errors
/// When the file cannot be read or parsed, or does not hold one name per row; the error names it.
pub fn read(path: &Path, rows: usize) -> Result<Groups, FormatError> {
    let bytes = std::fs::read(path).map_err(FormatError::at(path))?;
    let csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    let groups = if csv { parse_csv(&bytes) } else { parse_text(&bytes) };
    let groups = groups.map_err(FormatError::at(path))?;
    let found = groups.len();
    if found == rows {
        Ok(groups)
    } else {
        Err(FormatError::at(path)(GroupsError::Count { found, rows }))
    }
}

fn name(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|name| !name.is_empty())
}

/// The lists of groups in a directory.
pub(in crate::data) fn groups_files(directory: &Path) -> Vec<PathBuf> {
    let both = ["groups.csv", "groups.txt"].map(|name| directory.join(name));
    both.into_iter().filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests;
