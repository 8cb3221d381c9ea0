//! Lists of rows, ids or paths, as databases, spreadsheets and NumPy write them.

use std::{io, ops::RangeInclusive, path::Path};

use super::{ForgetError, number};
use crate::data::{
    formats::row_list,
    utf16::{Damaged, utf16},
    windows_1252::windows_1252,
};

/// Characters of a bad entry that an error shows.
const SHOWN: usize = 40;
/// The most rows that the ranges of a list such as `3-7` may name in all: a few letters must not
/// fill the memory.
const MOST_IN_RANGES: usize = 1 << 24;
/// Headings of row numbers, the best first.
pub(super) const ROWS: &[&str] = &["row", "rows", "id", "ids"];
/// Headings of ids.
pub(super) const IDS: &[&str] = &["id", "ids"];
/// Headings of paths.
pub(super) const PATHS: &[&str] =
    &["file", "files", "path", "paths", "filename", "file_name", "name", "image"];

/// Headings of columns that mark some of the lines, perhaps after [`ASKS`], and all that such a
/// column holds.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
const MARKS: &[&str] = &[
    "forget",
    "forgotten",
    "keep",
    "kept",
    "delete",
    "deleted",
    "remove",
    "removed",
    "erase",
    "erased",
    "select",
    "selected",
    "mask",
    "retain",
    "retained",
    "unlearn",
    "drop",
    "dropped",
    "exclude",
    "excluded",
    "include",
    "included",
];

/// Words before them.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
const ASKS: &[&str] = &["to", "is", "be", "should", "was", "do"];
/// Headings of classes.
pub(super) const CLASSES: &[&str] = &["label", "labels", "class", "category", "target"];

/// The other cells of a line: heading and text.
pub(super) type Beside = Vec<(String, String)>;

/// An entry of a list, with what the same line of a table calls it beside.
struct Entry {
    line: usize,
    text: String,
    beside: Beside,
}

/// Row numbers as a list states them.
pub(super) struct Numbers {
    /// The numbers, in the order of the list.
    pub rows: Vec<u32>,
    /// What lines of a table state beside them, each with its place in `rows`.
    pub beside: Vec<(usize, Beside)>,
    /// The heading, where it speaks of ids.
    pub heading: Option<String>,
}

/// Ids or paths as a list states them, and what lines of a table state beside each.
pub(super) struct Texts {
    /// As they are written.
    pub texts: Vec<String>,
    /// One for each.
    pub beside: Vec<Beside>,
}

/// Row numbers.
pub(super) fn rows(path: &Path) -> Result<Vec<u32>, ForgetError> {
    rows_and_beside(path).map(|numbers| numbers.rows)
}

/// Row numbers and what stands beside them.
pub(super) fn rows_and_beside(path: &Path) -> Result<Numbers, ForgetError> {
    let bytes = read(path)?;
    let found = numbers(entries(&bytes, ROWS, Kind::Numbers, path)?, path)?;
    let first = bytes.split(|&byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let mut cells =
        first.split([',', ';', '\t']).map(|cell| unquoted(cell.trim_start_matches('\u{feff}')));
    let is = |words: &[&str], cell: &str| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    // A column of row numbers beside it is the one that was read.
    let heading = match cells.clone().any(|cell| is(&["row", "rows"], cell)) {
        true => None,
        false => cells.find(|cell| is(IDS, cell)).map(str::to_owned),
    };
    Ok(Numbers { heading, ..found })
}

/// Ids of the data.
/// `column` is what the data call them.
pub(super) fn ids(path: &Path, column: Option<&str>) -> Result<Texts, ForgetError> {
    let headings: Vec<&str> = column.into_iter().chain(IDS.iter().copied()).collect();
    texts(path, &headings, Kind::Ids)
}

/// Paths and patterns, one per line.
pub(super) fn paths(path: &Path) -> Result<Texts, ForgetError> {
    texts(path, PATHS, Kind::Paths)
}

fn texts(path: &Path, headings: &[&str], kind: Kind) -> Result<Texts, ForgetError> {
    let entries = nonempty(entries(&read(path)?, headings, kind, path)?, path)?;
    let (texts, beside) = entries.into_iter().map(|entry| (entry.text, entry.beside)).unzip();
    Ok(Texts { texts, beside })
}

fn read(path: &Path) -> Result<Vec<u8>, ForgetError> {
    let failed = |reason| ForgetError::File { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(failed)?;
    match utf16(&bytes) {
        // Windows-1252 where it is not UTF-8, as the reader of tables takes it. NumPy's arrays hold
        // zeros.
        None if str::from_utf8(&bytes).is_err() && !bytes.contains(&0) => {
            Ok(windows_1252(&bytes).into_bytes())
        }
        None => Ok(bytes),
        Some(text) => {
            let damaged =
                |Damaged| failed(io::Error::other("the text begins as UTF-16 but is damaged"));
            text.map(String::into_bytes).map_err(damaged)
        }
    }
}

/// What a list holds, which decides what separates its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// White space, commas and semicolons.
    Numbers,
    /// Commas, semicolons and tabs: an id may hold spaces.
    Ids,
    /// Only lines: a path may hold anything else.
    Paths,
}

impl Kind {
    fn separates(self, c: char) -> bool {
        match self {
            Self::Numbers => c.is_whitespace() || matches!(c, ',' | ';'),
            Self::Ids => matches!(c, ',' | ';' | '\t'),
            Self::Paths => false,
        }
    }

    /// The line without its comment.
    fn content(self, line: &str) -> &str {
        match self {
            Self::Numbers => line.split('#').next().unwrap_or_default(),
            // A name may hold the sign, and begin with it.
            _ if line.trim() == "#" || line.trim_start().starts_with("# ") => "",
            _ => line,
        }
    }
}

/// The entries of an array, of a table or of a list.
fn entries(
    bytes: &[u8],
    headings: &[&str],
    kind: Kind,
    path: &Path,
) -> Result<Vec<Entry>, ForgetError> {
    if let Some(found) = row_list(bytes) {
        let texts = found.map_err(|reason| ForgetError::Array {
            path: path.to_owned(),
            reason: Box::new(reason),
        })?;
        let entry = |(at, text)| Entry { line: at + 1, text, beside: Beside::new() };
        return Ok(texts.into_iter().enumerate().map(entry).collect());
    }
    if let Some(found) = table(bytes, headings, path) {
        return found;
    }
    // Bytes that are not text become replacement characters, which are refused by line.
    let text = String::from_utf8_lossy(bytes);
    // Spreadsheets begin a text file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut entries = Vec::new();
    let mut heading_allowed = true;
    for (at, line) in text.lines().enumerate() {
        let content = kind.content(line).trim();
        if content.is_empty() {
            continue;
        }
        let is_heading = headings.iter().any(|name| unquoted(content).eq_ignore_ascii_case(name));
        if std::mem::take(&mut heading_allowed) && is_heading {
            continue;
        }
        if kind == Kind::Numbers && has_thousands(content) {
            let (path, text) = (path.to_owned(), content.to_owned());
            return Err(ForgetError::Thousands { path, line: at + 1, text });
        }
        let parts = parts(content, kind).map(unquoted);
        entries.extend(parts.filter(|part| !part.is_empty()).map(|part| Entry {
            line: at + 1,
            text: part.to_owned(),
            beside: Beside::new(),
        }));
    }
    Ok(entries)
}

/// The parts of a line. What stands between double quotes is not cut.
fn parts(line: &str, kind: Kind) -> impl Iterator<Item = &str> {
    let mut within = false;
    line.split(move |c| {
        within ^= c == '"';
        kind.separates(c) && (!within || kind == Kind::Numbers)
    })
}

/// Whether a line could be one number with marks between its thousands, as `1,000` is.
fn has_thousands(line: &str) -> bool {
    let mut groups = line.split(',');
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && digits(group));
    let mut others = groups.peekable();
    first && others.peek().is_some() && others.all(|group| group.len() == 3 && digits(group))
}

/// A cell without the quotes around it.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let within = |quote| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    within('"').or_else(|| within('\'')).unwrap_or(text).trim()
}

/// Entries as row numbers.
fn numbers(entries: Vec<Entry>, path: &Path) -> Result<Numbers, ForgetError> {
    let (mut rows, mut beside, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    let mut ranges = Ranges::of(path);
    for entry in entries {
        let Some(found) = ranges.expand(&entry.text)? else {
            bad.push(entry);
            continue;
        };
        if !entry.beside.is_empty() {
            let places = (rows.len()..).zip(found.clone());
            beside.extend(places.map(|(at, _)| (at, entry.beside.clone())));
        }
        rows.extend(found);
    }
    let others = bad.len().saturating_sub(1);
    match bad.into_iter().next() {
        Some(Entry { line, text, .. }) => {
            let (path, token) = (path.to_owned(), text.chars().take(SHOWN).collect());
            Err(ForgetError::Token { path, line, token, others })
        }
        None => Ok(Numbers { rows: nonempty(rows, path)?, beside, heading: None }),
    }
}

/// Expands the ranges of one list.
pub(super) struct Ranges<'a> {
    path: &'a Path,
    rows: usize,
}

impl<'a> Ranges<'a> {
    /// The ranges of the list in `path`.
    pub(super) fn of(path: &'a Path) -> Self {
        Self { path, rows: 0 }
    }

    /// The rows of `7`, `7.0` or `3-7`; `None` if `text` is neither.
    ///
    /// # Errors
    ///
    /// [`ForgetError::LongRanges`] if the ranges so far name too many rows.
    pub(super) fn expand(
        &mut self,
        text: &str,
    ) -> Result<Option<RangeInclusive<u32>>, ForgetError> {
        // Spreadsheets make 7.0 of 7.
        if let Some(row) = number(text.strip_suffix(".0").unwrap_or(text)) {
            return Ok(Some(row..=row));
        }
        let ends = text.split_once('-').and_then(|(first, last)| number(first).zip(number(last)));
        let Some((first, last)) = ends.filter(|(first, last)| first <= last) else {
            return Ok(None);
        };
        self.rows = self.rows.saturating_add((last - first) as usize).saturating_add(1);
        match self.rows <= MOST_IN_RANGES {
            true => Ok(Some(first..=last)),
            false => Err(ForgetError::LongRanges {
                path: self.path.to_owned(),
                range: text.to_owned(),
                most: MOST_IN_RANGES,
            }),
        }
    }
}

/// A list without entries is a mistake.
fn nonempty<T>(entries: Vec<T>, path: &Path) -> Result<Vec<T>, ForgetError> {
    match entries.is_empty() {
        true => Err(ForgetError::NoIds { path: path.to_owned() }),
        false => Ok(entries),
    }
}

/// The column with one of `headings` of a table with several columns; `None` if the first line does
/// not name such columns.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
fn table(bytes: &[u8], headings: &[&str], path: &Path) -> Option<Result<Vec<Entry>, ForgetError>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|&byte| byte == b'\n').next()?;
    let count = |delimiter: &u8| first.iter().filter(|byte| *byte == delimiter).count();
    let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(count)?;
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.delimiter(delimiter).trim(csv::Trim::All).from_reader(bytes);
    let header = reader.byte_headers().ok().filter(|header| header.len() > 1)?.clone();
    let find = |headings: &[&str]| {
        // The earlier a heading stands in the list, the better it fits.
        headings.iter().find_map(|wanted| {
            header.iter().position(|name| name.eq_ignore_ascii_case(wanted.as_bytes()))
        })
    };
    let at = find(headings)?;
    let names: Vec<String> =
        header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let twice =
        |name: &&String| names.iter().filter(|other| other.eq_ignore_ascii_case(name)).count() > 1;
    if let Some(column) = names.iter().find(twice).filter(|name| !name.is_empty()) {
        let column = column.clone();
        return Some(Err(ForgetError::ColumnTwice { path: path.to_owned(), column }));
    }
    let is = |words: &[&str], text: &str| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    let is_mark = |text: &str| is(MARKS, text);
    let marks = |column: &str| {
        let path = path.to_owned();
        ForgetError::Marks { path, column: column.to_owned() }
    };
    let marked = |name: &&String| {
        let words = name.split(|c: char| !c.is_alphanumeric());
        let mut words = words.filter(|word| !word.is_empty() && !is(ASKS, word));
        words.next().is_some_and(is_mark) && words.next().is_none()
    };
    if let Some(column) = names.iter().find(marked) {
        return Some(Err(marks(column)));
    }
    let cell = |record: &csv::ByteRecord, at: usize| {
        String::from_utf8_lossy(record.get(at).unwrap_or_default()).into_owned()
    };
    let entries = reader.byte_records().map(|record| {
        let failed = |reason| ForgetError::Table { path: path.to_owned(), reason };
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, |start| line_at(bytes, start.byte() as usize));
        let others = names.iter().enumerate().filter(|(other, _)| *other != at);
        let beside: Beside =
            others.map(|(other, name)| (name.clone(), cell(&record, other))).collect();
        Ok(Entry { line, text: cell(&record, at), beside })
    });
    let entries: Result<Vec<Entry>, ForgetError> = entries.collect();
    let marking = entries.iter().flatten().next().and_then(|first| {
        let columns = first.beside.iter().enumerate();
        // Classes may be called so.
        let mut columns = columns.filter(|(_, (name, _))| !is(CLASSES, name));
        let holds_marks =
            |at: usize| entries.iter().flatten().all(|line| is_mark(&line.beside[at].1));
        columns.find_map(|(at, (name, _))| holds_marks(at).then(|| marks(name)))
    });
    Some(marking.map_or(entries, Err))
}

/// The line, from 1, of the first character at or after a byte that does not end a line: the
/// reader's own position may be before line ends that it has yet to skip.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
fn line_at(bytes: &[u8], start: usize) -> usize {
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let skipped = bytes.iter().skip(start).take_while(|byte| ends(byte)).count();
    bytes.iter().take(start + skipped).filter(|&&byte| byte == b'\n').count() + 1
}

/// Without the feature there are no tables.
#[cfg(not(all(feature = "formats", not(target_family = "wasm"))))]
fn table(_: &[u8], _: &[&str], _: &Path) -> Option<Result<Vec<Entry>, ForgetError>> {
    None
}

#[cfg(all(test, feature = "formats"))]
#[path = "list_tests.rs"]
mod tests;
