//! Why a data set cannot be opened.

use std::path::PathBuf;

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
    /// A directory without any recognised file.
    #[error("{path} holds no data set that is recognised; the formats are {}", in_words())]
    Unrecognised {
        /// The directory.
        path: PathBuf,
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
    /// A single file where a directory should be.
    #[error(
        "{path} is a file, but a data set is a directory, for example with train.csv and test.csv \
         or with train.npz and test.npz. Rows are never split automatically: put the test rows in \
         a file of their own"
    )]
    SingleFile {
        /// The file.
        path: PathBuf,
    },
    /// Training rows without test rows.
    #[error(
        "`{name}` has {train}, but there is no {}: put the test rows in a file of their own, \
         because rows are never split automatically",
        list(test, " or ")
    )]
    NoTest {
        /// What was asked for.
        name: String,
        /// The training rows.
        train: PathBuf,
        /// All paths where the test rows could have been.
        test: Vec<PathBuf>,
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
