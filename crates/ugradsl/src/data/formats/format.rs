//! A way to lay out a data set in a directory, and what is read from one.

use std::path::{Path, PathBuf};

use super::{FormatError, FormatErrorKind};
use crate::data::dataset::Normalisation;
use crate::data::groups::Groups;
use crate::data::image_set::ImageSet;

/// A way to lay out a data set in a directory.
pub struct Format {
    /// Display name.
    pub name: &'static str,
    /// The files by which it is recognised, in words.
    pub files: &'static str,
    /// The first path in a directory by which it is recognised. One known file is enough: if others
    /// are missing, the error of `open` should name them.
    pub(in crate::data) find: fn(&Path) -> Option<PathBuf>,
    /// What the folders of its classes and groups hold, in words, if it has such folders. A list of
    /// groups beside them is refused, because the files have no order that it could follow.
    pub(in crate::data) in_folders: Option<&'static str>,
    /// Reads what the directory holds.
    pub(in crate::data) open: fn(&Path) -> Result<Content, FormatError>,
}

/// The content of a directory, not yet a data set.
pub(in crate::data) enum Content {
    Images {
        train: ImageSet,
        test: ImageSet,
        /// Number of classes, if the format has it; otherwise the highest label decides.
        classes: Option<usize>,
        /// Measured on the training images if the format does not know it.
        normalisation: Option<Normalisation>,
        groups: GroupSource,
    },
    #[cfg_attr(not(all(feature = "formats", not(target_family = "wasm"))), expect(dead_code))]
    Texts(TextFolder),
}

/// Where a format keeps the groups of its training rows.
pub(in crate::data) enum GroupSource {
    /// In a list beside the files, if there is one; these were in the files themselves.
    List(Option<Groups>),
    /// In folders within those of the classes. The files have no order that a list could follow.
    #[cfg_attr(not(all(feature = "formats", not(target_family = "wasm"))), expect(dead_code))]
    Folders(Option<Groups>),
}

/// The content of a folder of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct TextFolder {
    /// Names of the classes, in the order of their numbers.
    pub classes: Vec<String>,
    /// The texts to train on.
    pub train: Texts,
    /// The texts to test on.
    pub test: Texts,
    /// The groups of the training texts, if any text is in the folder of a group.
    pub groups: Option<Groups>,
}

/// Labelled texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// One per row.
    pub texts: Vec<String>,
    /// Their classes.
    pub labels: Vec<u32>,
}

impl Content {
    /// Images of which nothing else is known.
    pub(super) fn images(train: ImageSet, test: ImageSet) -> Self {
        let groups = GroupSource::List(None);
        Self::Images { train, test, classes: None, normalisation: None, groups }
    }
}

/// The first of `paths` that is a file.
pub(super) fn first(paths: &[PathBuf]) -> Option<PathBuf> {
    paths.iter().find(|path| path.is_file()).cloned()
}

/// The first of `paths`, the possible names of one file in `directory`, that exists.
pub(super) fn need(directory: &Path, paths: Vec<PathBuf>) -> Result<PathBuf, FormatError> {
    let missing = || FormatErrorKind::Missing(paths.clone());
    first(&paths)
        .ok_or_else(|| FormatError { path: directory.to_owned(), kind: Box::new(missing()) })
}

#[cfg_attr(not(all(feature = "formats", not(target_family = "wasm"))), expect(dead_code))]
/// The files with training and test rows: the first that exists of each.
pub(super) fn pair(
    directory: &Path,
    train: Vec<PathBuf>,
    test: Vec<PathBuf>,
) -> Result<[PathBuf; 2], FormatError> {
    let train = need(directory, train)?;
    match first(&test) {
        Some(test) => Ok([train, test]),
        None => Err(FormatError { path: train, kind: Box::new(FormatErrorKind::NoTest(test)) }),
    }
}
