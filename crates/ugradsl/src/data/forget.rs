//! What to forget, as a request and as row numbers.
//!
//! A request is checked against the data before anything else happens: a class that does not exist
//! or a row named twice is a mistake in a deletion request, and guessing would delete the wrong
//! rows.

mod beside;
mod error;
mod files;
mod list;
mod phrase;
mod resolve;
mod split;

use std::fmt;

use serde::Serialize;

pub use self::error::ForgetError;
pub(in crate::data) use self::error::listed;
pub use self::split::Split;
use super::Dataset;

/// Which training rows to forget.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub enum ForgetRequest {
    /// All rows of a class.
    Class(u32),
    /// A share of all rows, between 0 and 1 (both excluded), drawn with the seed of the run.
    Random(f64),
    /// These rows, by their numbers, in any order, each at most once.
    Ids(Vec<u32>),
    /// These rows, which were found by their names or by a value in a column.
    Found(Vec<u32>),
    /// All rows of a [group](super::Groups), whatever their class.
    Group(String),
    /// The rows of any of some requests, but not those of others.
    Several {
        /// Rows of any of these are forgotten.
        of: Vec<ForgetRequest>,
        /// Rows of any of these are not.
        without: Vec<ForgetRequest>,
    },
    /// The rows of a request, and all training rows that are exact copies of one.
    WithCopies(Box<ForgetRequest>),
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

const fn kind(prefix: &'static str, example: &'static str, meaning: &'static str) -> ForgetKind {
    ForgetKind { prefix, example, meaning }
}

impl ForgetRequest {
    /// The kinds of request.
    pub const KINDS: [ForgetKind; 8] = [
        kind("class:", "class:3", "all training rows of a class, by its number or its name"),
        kind("random:", "random:10%", "a share of the training rows, drawn by the seed"),
        kind(
            "ids:",
            "ids:FILE",
            "the training rows whose ids are in a file; where data have no ids, their numbers",
        ),
        kind("rows:", "rows:FILE", "the training rows whose numbers are in a file, from 0"),
        kind("group:", "group:NAME", "all training rows of a group, such as a person"),
        kind("file:", "file:PATH", "one training file, or with * and ? all that fit"),
        kind("files:", "files:LIST", "the training files whose paths are in a file, one per line"),
        kind("where:", "where:COLUMN=VALUE", "the training rows with a value in a table's column"),
    ];

    /// Checks what can be checked without the data and without opening a file.
    ///
    /// # Errors
    /// When a part of the request has none of the forms, or a share is not between 0 and 1.
    pub fn check_form(request: &str) -> Result<(), ForgetError> {
        phrase::parse(request, &|term| match phrase::kind_of(term)? {
            // Files are read later.
            ("ids" | "rows" | "file" | "files", _) => Ok(Self::Ids(Vec::new())),
            _ => match Self::parse_term(term) {
                Err(ForgetError::NeedsData { .. }) => Ok(Self::Ids(Vec::new())),
                other => other,
            },
        })
        .map(drop)
    }

    /// Parses what can be understood without the data: `class:3`, `random:10%`, `random:0.1`,
    /// `rows:FILE`, `ids:FILE` of row numbers and `group:NAME`, and several of them, as in `class:3
    /// and group:ann but not rows:FILE`; `with copies` at the end adds exact copies.
    ///
    /// A file of rows holds row numbers of the training set, from 0, separated by white space,
    /// commas or semicolons; `3-7` are the rows 3 to 7. The rest of a line after `#` is a comment,
    /// and the word `id` may come first as a heading. It may also be a table whose first line names
    /// several columns, one of them `id`, or a `.npy` file of integers.
    ///
    /// # Errors
    /// When the request has no such form, a share is not between 0 and 1, or a file cannot be read
    /// or holds anything else.
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::ForgetRequest;
    ///
    /// assert_eq!(ForgetRequest::parse("class:3")?, ForgetRequest::Class(3));
    /// assert_eq!(ForgetRequest::parse("random:10%")?, ForgetRequest::Random(0.1));
    /// assert!(ForgetRequest::parse("everything").is_err());
    /// assert!(ForgetRequest::parse("class:cat").is_err()); // only the data know its number
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(request: &str) -> Result<Self, ForgetError> {
        phrase::parse(request, &Self::parse_term)
    }

    /// As [`parse`](Self::parse), for the rows of `data`: classes by name, rows by their ids or
    /// files, and rows with a value in a column.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); if a name can be read in two ways, or is not in the data; and for
    /// a file of row numbers if the rows of `data` were [renumbered](Dataset::renumbered).
    ///
    /// ```
    /// use ugradsl::data::{ClassNames, Dataset, ForgetRequest, ImageSet, Normalisation};
    ///
    /// let images = |labels: Vec<u32>| ImageSet::new([1, 1, 1], vec![7; labels.len()], labels);
    /// let (train, test) = (images(vec![0, 1, 1])?, images(vec![0, 1])?);
    /// let pets = Dataset::new("pets", 2, train, test, Normalisation::identity(1))?
    ///     .with_class_names(ClassNames::new(["cat", "dog"])?)?;
    /// assert_eq!(ForgetRequest::parse_for("class:dog", &pets)?, ForgetRequest::Class(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse_for(request: &str, data: &Dataset) -> Result<Self, ForgetError> {
        phrase::parse(request, &|term| resolve::term(term, data))
    }

    /// Whether rows are named by their numbers, which mean something in one order of the rows only.
    pub(crate) fn is_by_number(&self) -> bool {
        match self {
            Self::Ids(_) => true,
            Self::Several { of, without } => of.iter().chain(without).any(Self::is_by_number),
            Self::WithCopies(request) => request.is_by_number(),
            _ => false,
        }
    }

    fn parse_term(term: &str) -> Result<Self, ForgetError> {
        let needs_data = || ForgetError::NeedsData { request: term.to_owned() };
        match phrase::kind_of(term)? {
            ("class", text) => {
                let numbered = text.strip_prefix("index=").unwrap_or(text);
                match number(numbered) {
                    Some(class) => Ok(Self::Class(class)),
                    None if numbered != text || text.trim().is_empty() => {
                        Err(ForgetError::ClassNumber { text: text.to_owned() })
                    }
                    None => Err(needs_data()),
                }
            }
            ("random", text) => share(text).map(Self::Random),
            ("group", name) => Ok(Self::Group(name.trim().to_owned())),
            ("ids" | "rows", file) => list::rows(file.as_ref()).map(Self::Ids),
            ("where", text) => match resolve::conditions(text) {
                Ok(_) => Err(needs_data()),
                Err(error) => Err(error),
            },
            _ => Err(needs_data()),
        }
    }
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
            Self::Found(rows) => write!(f, "{} rows by name", rows.len()),
            Self::Group(name) => write!(f, "group:{name}"),
            Self::WithCopies(request) => write!(f, "{request}{}", phrase::WITH_COPIES),
            Self::Several { of, without } => {
                let of: Vec<String> = of.iter().map(Self::to_string).collect();
                f.write_str(&of.join(phrase::AND))?;
                without.iter().try_for_each(|part| write!(f, "{}{part}", phrase::BUT_NOT))
            }
        }
    }
}

#[cfg(test)]
mod tests;
