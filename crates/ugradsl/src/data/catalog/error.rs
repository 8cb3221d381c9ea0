//! Why a data set cannot be opened.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::super::dataset::DatasetError;
use super::super::formats::{FormatError, in_words};
use super::super::text_set::TextSetError;
use super::super::tokenizer::TokenizerError;
use super::NAMES;

/// Why a data set cannot be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DataError {
    /// Neither a known name nor a directory.
    #[error(
        "`{name}` is neither a data set nor an existing directory; the data sets are {}",
        NAMES.join(", ")
    )]
    UnknownName {
        /// What was asked for.
        name: String,
    },
    /// The data set does not ship with the library, and no directory was named.
    #[error(
        "`{name}` does not ship with ugradsl: say which directory holds it, or give the directory \
         of its files instead of the name"
    )]
    NoRoot {
        /// What was asked for.
        name: String,
    },
    /// A file of the data set is not where it should be.
    #[error("`{name}` lacks a file: there is no {}", list(paths, " or "))]
    Missing {
        /// What was asked for.
        name: String,
        /// All paths where the file could have been.
        paths: Vec<PathBuf>,
    },
    /// A directory without any recognised file, or a file of an unknown form.
    #[error("{path} is not a data set that is recognised; the formats are {}. {found}", in_words())]
    Unrecognised {
        /// The directory or file.
        path: PathBuf,
        /// What is there instead.
        found: String,
    },
    /// Rows to train on, and none to test on.
    #[error("{path} has no test part: give one, or say which share of its rows is the test part")]
    NoTestPart {
        /// The directory or file.
        path: PathBuf,
    },
    /// A test part, and a share for another.
    #[error(
        "`{name}` has a test part, and a share of its rows is asked for as another, here or when the \
         network was trained"
    )]
    TestPartTwice {
        /// The data set.
        name: String,
    },
    /// A share that cannot be the test part.
    #[error("`{name}`: the share {share} cannot be the test part: {why}")]
    TestShare {
        /// The data set.
        name: String,
        /// The share.
        share: f64,
        /// What is wrong.
        why: &'static str,
    },
    /// A setting that says otherwise than a network's rows were read.
    #[error(
        "`{key}` says otherwise than the rows of `{name}` were read when the network was trained: \
         leave it out"
    )]
    OtherReading {
        /// The data set.
        name: String,
        /// The setting.
        key: String,
    },
    /// A setting that data of this form do not heed.
    #[error("`{key}` has no effect on `{name}`, which are {form}{}", heeded(known))]
    Unread {
        /// The data set.
        name: String,
        /// What they are.
        form: &'static str,
        /// The setting.
        key: String,
        /// Those that they heed.
        known: &'static [&'static str],
    },
    /// A directory with files of several data sets.
    #[error(
        "{path} holds more than one data set, going by {}: give each a directory of its own",
        list(found, " and ")
    )]
    Ambiguous {
        /// The directory.
        path: PathBuf,
        /// One file of each.
        found: Vec<PathBuf>,
    },
    /// Pictures of which one part is scaled in another way.
    #[error(
        "`{name}`: the brightest pixel of the training part is {training} of 255 and that of the test part \
         {testing}: one of them is scaled in another way; scale both alike"
    )]
    Scales {
        /// The data set.
        name: String,
        /// The brightest pixel for training.
        training: u8,
        /// The brightest pixel of the test part.
        testing: u8,
    },
    /// Several places say whom the rows belong to.
    #[error("{path} says whom the training rows belong to, and so does {other}: keep one of them")]
    GroupsTwice {
        /// The file of groups.
        path: PathBuf,
        /// The other place, in words.
        other: String,
    },
    /// A list of groups beside pictures or texts, whose rows have no order of their own.
    #[error(
        "{path}: the groups of {what} are the folders that hold them, as in train/<class>/<group>/"
    )]
    GroupsOfFiles {
        /// The file of groups.
        path: PathBuf,
        /// `pictures` or `texts`.
        what: &'static str,
    },
    /// The data set needs a feature that this program was built without.
    #[error(
        "`{name}` cannot be read: this program was built without the feature `{feature}` of ugradsl"
    )]
    Feature {
        /// What was asked for.
        name: String,
        /// The feature.
        feature: &'static str,
    },
    /// Texts cannot be turned into tokens.
    #[error("`{name}`: {reason}")]
    Tokenizer {
        /// What was asked for.
        name: String,
        /// Why not.
        reason: TokenizerError,
    },
    /// Tokens do not make a set.
    #[error("`{name}`: {reason}")]
    Texts {
        /// What was asked for.
        name: String,
        /// Why not.
        reason: TextSetError,
    },
    /// A file cannot be read or is damaged.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The files do not make a data set.
    #[error("`{name}` is not a valid data set: {reason}")]
    Dataset {
        /// What was asked for.
        name: String,
        /// What is wrong with it.
        reason: DatasetError,
    },
}

fn list(paths: &[PathBuf], between: &str) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(between)
}

fn heeded(known: &[&str]) -> String {
    match known {
        [] => String::new(),
        _ => format!(": what can be said of them is {}", known.join(", ")),
    }
}

impl DataError {
    /// The error for something that no format recognises, with what it is instead.
    pub(super) fn unrecognised(path: &Path) -> Self {
        Self::Unrecognised { path: path.to_owned(), found: found_instead(path) }
    }
}

#[cfg(all(feature = "formats", not(target_family = "wasm")))]
fn found_instead(path: &Path) -> String {
    use super::super::formats::{survey, what_is_at};
    if path.is_dir() {
        return survey(path).advice;
    }
    what_is_at(path).map_or_else(
        || "Its name has no known ending.".to_owned(),
        |kind| format!("This is {kind}."),
    )
}

#[cfg(not(all(feature = "formats", not(target_family = "wasm"))))]
fn found_instead(_: &Path) -> String {
    "None of its files has a known name.".to_owned()
}
