//! What to forget, as a request and as row numbers.
//!
//! A request is checked against the data before anything else happens: a class that does not exist
//! or a row named twice is a mistake in a deletion request, and guessing would delete the wrong
//! rows.

mod ids;
mod split;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use thiserror::Error;

pub use self::split::Split;
use super::Dataset;

/// Which training rows to forget.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum ForgetRequest {
    /// All rows of a class.
    Class(u32),
    /// A share of all rows, between 0 and 1 (both excluded), drawn with the seed of the run.
    Random(f64),
    /// These rows, in any order, each at most once.
    Ids(Vec<u32>),
    /// All rows of a [group](super::Groups), whatever their class.
    Group(String),
}

/// A kind of [`ForgetRequest`] in words, for help, errors and shell completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForgetKind {
    /// How it begins.
    pub prefix: &'static str,
    /// One such request.
    pub example: &'static str,
    /// What it names.
    pub meaning: &'static str,
}

/// Why a request cannot be understood or fulfilled.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ForgetError {
    /// Not one of the four forms.
    #[error("`{request}` is not a forget request; use {}{}", examples(), nearest_kind(request))]
    Syntax {
        /// What was written.
        request: String,
    },
    /// `class:` without a number.
    #[error("`{text}` is not a class: write its number, as in class:3")]
    ClassNumber {
        /// What was written.
        text: String,
    },
    /// `random:` without a number.
    #[error("`{text}` is not a share: write random:10% or random:0.1")]
    ShareNumber {
        /// What was written.
        text: String,
    },
    /// A share that is 0 or less, 1 or more, or not a number.
    #[error(
        "the share {share} ({}%) is not between 0 and 1; a share in per cent is written as in \
         random:1%",
        share * 100.0
    )]
    Share {
        /// The share.
        share: f64,
    },
    /// A share so small that it rounds to no row.
    #[error("the share {share} of {rows} training rows is less than one row")]
    ShareEmpty {
        /// The share.
        share: f64,
        /// Number of training rows.
        rows: usize,
    },
    /// A list of ids that cannot be read.
    #[error("cannot read {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// Something in a list of ids that is not an id.
    #[error("{path}, line {line}: `{token}` is not a row number")]
    Token {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The text found, cut after 40 characters.
        token: String,
    },
    /// A list of ids for rows that were renumbered.
    #[error(
        "{path} numbers the rows of the whole training set, but `limit_train` took rows from \
         all over it, because they are sorted by class, and renumbered them; leave out the limit, \
         or name what to forget in another way"
    )]
    Renumbered {
        /// The file.
        path: PathBuf,
    },
    /// A list without ids.
    #[error("{path} holds no row numbers")]
    NoIds {
        /// The file.
        path: PathBuf,
    },
    /// An array of ids that cannot be used.
    #[cfg(all(feature = "formats", not(target_family = "wasm")))]
    #[error("{path}: {reason}")]
    Array {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: super::formats::NpyError,
    },
    /// A table of ids that breaks off or has lines of different length.
    #[cfg(all(feature = "formats", not(target_family = "wasm")))]
    #[error("{path}: {reason}")]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: csv::Error,
    },
    /// A request for a group of a data set without groups.
    #[error(
        "cannot forget group `{group}`: the data set names no groups; add a column `group` to \
         a table, put pictures or texts into a folder of the group within that of their class, or \
         put a groups.txt with one name per row beside other files"
    )]
    NoGroups {
        /// The group.
        group: String,
    },
    /// A group that the data set does not have.
    #[error("no group is called `{group}`, {}", similar(near, *groups))]
    UnknownGroup {
        /// The group.
        group: String,
        /// The groups with the most similar names.
        near: Vec<String>,
        /// Number of groups.
        groups: usize,
    },
    /// A group without training rows, because the set has been cut.
    #[error("cannot forget group `{group}`: none of the {rows} training rows belongs to it")]
    AbsentGroup {
        /// The group.
        group: String,
        /// Number of training rows.
        rows: usize,
    },
    /// A class that the data set does not have.
    #[error("cannot forget class {class}: the data set has {classes} classes (from 0)")]
    UnknownClass {
        /// The class.
        class: u32,
        /// Number of classes.
        classes: usize,
    },
    /// A class without training rows.
    #[error("cannot forget class {class} (of {classes} classes): no training row belongs to it")]
    AbsentClass {
        /// The class.
        class: u32,
        /// Number of classes.
        classes: usize,
    },
    /// A row that the training set does not have.
    #[error("row {id} does not exist: the training set has {rows} rows (from 0)")]
    UnknownId {
        /// The row.
        id: u32,
        /// Number of training rows.
        rows: usize,
    },
    /// A row named twice.
    #[error("row {id} is named more than once in the forget request")]
    DuplicateId {
        /// The row.
        id: u32,
    },
    /// A request for no rows.
    #[error("the forget request names no rows")]
    Empty,
    /// A request for rows that have all been forgotten already.
    #[error(
        "this network is done with all {rows} rows of the forget request: they are forgotten, or were never known by heart"
    )]
    NothingNew {
        /// Number of rows that the request names.
        rows: usize,
    },
    /// A request for all rows.
    #[error("the forget request covers all {rows} training rows: nothing would be retained")]
    NothingRetained {
        /// Number of training rows.
        rows: usize,
    },
    /// No test row belongs to a class that is retained.
    #[error(
        "all {rows} test rows belong to the forgotten classes {classes:?}: nothing is left to test \
         on"
    )]
    NothingToTest {
        /// Number of test rows.
        rows: usize,
        /// The forgotten classes.
        classes: Vec<u32>,
    },
}

impl ForgetRequest {
    /// The kinds of request.
    pub const KINDS: [ForgetKind; 4] = [
        ForgetKind {
            prefix: "class:",
            example: "class:3",
            meaning: "all training rows of a class, by its number",
        },
        ForgetKind {
            prefix: "random:",
            example: "random:10%",
            meaning: "a share of the training rows, drawn by the seed",
        },
        ForgetKind {
            prefix: "ids:",
            example: "ids:FILE",
            meaning: "the training rows whose numbers are in a file",
        },
        ForgetKind {
            prefix: "group:",
            example: "group:NAME",
            meaning: "all training rows of a group, such as a person",
        },
    ];

    /// Checks what can be checked without the data and without opening a file.
    ///
    /// # Errors
    /// When the request has none of the four forms, or the share is not between 0 and 1.
    pub fn check_form(request: &str) -> Result<(), ForgetError> {
        match request.strip_prefix("ids:") {
            Some(file) if !file.is_empty() => Ok(()),
            _ => Self::parse(request).map(drop),
        }
    }

    /// Parses `class:3`, `random:10%`, `random:0.1`, `ids:FILE` and `group:NAME`.
    ///
    /// The file holds row numbers of the training set, from 0, separated by white space or commas.
    /// The rest of a line after `#` is a comment, and the word `id` may come first as a heading. It
    /// may also be a CSV file whose first line names several columns, one of them `id`, or a `.npy`
    /// file of integers.
    ///
    /// # Errors
    /// When the request has no such form, the share is not between 0 and 1, or the file cannot be
    /// read or holds anything else.
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::ForgetRequest;
    ///
    /// assert_eq!(ForgetRequest::parse("class:3")?, ForgetRequest::Class(3));
    /// assert_eq!(ForgetRequest::parse("random:10%")?, ForgetRequest::Random(0.1));
    /// assert!(ForgetRequest::parse("everything").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(request: &str) -> Result<Self, ForgetError> {
        match request.split_once(':') {
            Some(("class", text)) => match number(text) {
                Some(class) => Ok(Self::Class(class)),
                None => Err(ForgetError::ClassNumber { text: text.to_owned() }),
            },
            Some(("random", text)) => share(text).map(Self::Random),
            Some(("group", name)) if !name.trim().is_empty() => {
                Ok(Self::Group(name.trim().to_owned()))
            }
            Some(("ids", file)) if !file.is_empty() => ids::read(Path::new(file)).map(Self::Ids),
            _ => Err(ForgetError::Syntax { request: request.to_owned() }),
        }
    }

    /// As [`parse`](Self::parse), for the rows of `data`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and for a file of row numbers if the rows of `data` were
    /// [renumbered](Dataset::renumbered).
    pub fn parse_for(request: &str, data: &Dataset) -> Result<Self, ForgetError> {
        match request.strip_prefix("ids:") {
            Some(file) if data.renumbered => Err(ForgetError::Renumbered { path: file.into() }),
            _ => Self::parse(request),
        }
    }
}

/// One request of each kind.
fn examples() -> String {
    let [first @ .., last] = ForgetRequest::KINDS.map(|kind| kind.example);
    format!("{} or {last}", first.join(", "))
}

/// The kind that may have been meant.
fn nearest_kind(request: &str) -> String {
    let written = request.split(':').next().unwrap_or_default();
    let distance = |kind: &ForgetKind| {
        let name = kind.prefix.trim_end_matches(':');
        strsim::damerau_levenshtein(name, &written.to_lowercase())
    };
    let is_typo = |kind: &ForgetKind| distance(kind) <= 2 && !request.starts_with(kind.prefix);
    let nearest = ForgetRequest::KINDS.into_iter().min_by_key(distance).filter(is_typo);
    nearest.map_or_else(String::new, |kind| format!(" (did you mean `{}`?)", kind.prefix))
}

/// Decimal digits and nothing else; `str::parse` would let a sign through.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn share(text: &str) -> Result<f64, ForgetError> {
    let value = match text.strip_suffix('%') {
        Some(digits) => percent(digits.trim_end()),
        None => text.parse().ok(),
    };
    checked_share(value.ok_or_else(|| ForgetError::ShareNumber { text: text.to_owned() })?)
}

/// Percent as a share. Moving the decimal point is exact where a division by 100 is not: 99.9% must
/// be the same number as 0.999.
fn percent(digits: &str) -> Option<f64> {
    let moved = format!("{digits}e-2").parse().ok();
    moved.or_else(|| digits.parse::<f64>().ok().map(|value| value / 100.0))
}

fn checked_share(share: f64) -> Result<f64, ForgetError> {
    if share > 0.0 && share < 1.0 { Ok(share) } else { Err(ForgetError::Share { share }) }
}

/// Names that may have been meant, or how many groups there are to choose from.
fn similar(near: &[String], groups: usize) -> String {
    let count = if groups == 1 { "1 group".to_owned() } else { format!("{groups} groups") };
    match near {
        [] => format!("and none of the {count} is called anything like it"),
        _ => format!("did you mean {}? (of {count})", near.join(", ")),
    }
}

/// As on the command line, except that a list of ids is shown by its length only.
impl fmt::Display for ForgetRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class(class) => write!(f, "class:{class}"),
            Self::Random(share) => {
                // Percent where no digit is lost, so that what is shown can be typed in again.
                let rounded = ((share * 1e9).round() / 1e7).to_string();
                if percent(&rounded) == Some(*share) {
                    write!(f, "random:{rounded}%")
                } else {
                    write!(f, "random:{share}")
                }
            }
            Self::Ids(ids) => write!(f, "ids:{} rows", ids.len()),
            Self::Group(name) => write!(f, "group:{name}"),
        }
    }
}

#[cfg(test)]
mod tests;
