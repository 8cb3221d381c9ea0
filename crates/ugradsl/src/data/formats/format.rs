//! A way to lay out a data set, and what is read from one.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{FormatError, FormatErrorKind};
use crate::data::class_names::ClassNames;
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
use crate::data::class_names::ClassNamesError;
use crate::data::columns::Columns;
use crate::data::feature_set::FeatureSet;
use crate::data::groups::Groups;
use crate::data::image_set::ImageSet;
use crate::data::normalisation::Normalisation;
use crate::data::read_config::ReadConfig;
use crate::data::row_names::RowNames;
use crate::digest::Digest;

/// A way to lay out a data set in a directory or in a file.
pub struct Format {
    /// Display name.
    pub name: &'static str,
    /// The files by which it is recognised, in words.
    pub files: &'static str,
    /// The settings of [`ReadConfig`] that it heeds, besides the share of test rows.
    pub reads: &'static [&'static str],
    /// The first path in a directory, or the file itself, by which it is recognised. One known
    /// file is enough: if others are missing, the error of `open` should name them.
    pub(in crate::data) find: fn(&Path) -> Option<PathBuf>,
    /// What the folders of its classes and groups hold, in words, if it has such folders. A list
    /// of groups beside them is refused, because the files have no order that it could follow.
    pub(in crate::data) in_folders: Option<&'static str>,
    /// Reads what the directory or file holds.
    pub(in crate::data) open: fn(&Path, How<'_>) -> Result<Content, FormatError>,
}

/// How something is read: as the user says, and as a trained network read it before.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(all(feature = "formats", not(target_family = "wasm"))), expect(dead_code))]
pub(in crate::data) struct How<'a> {
    pub(in crate::data) config: &'a ReadConfig,
    pub(in crate::data) saved: Option<&'a Value>,
}

/// What was read, not yet a data set.
#[derive(Debug)]
pub(in crate::data) struct Content {
    pub(in crate::data) train: Part,
    /// Without one, a share of the training part is taken, if the user says how large.
    pub(in crate::data) test: Option<Part>,
    /// Without names, the highest label decides how many classes there are.
    pub(in crate::data) classes: Option<ClassNames>,
    /// Measured on the training images if the format does not know it.
    pub(in crate::data) normalisation: Option<Normalisation>,
    /// How rows were read, so that a network's other rows can be read in the same way.
    pub(in crate::data) reading: Option<Value>,
    /// What was guessed or changed, a sentence each.
    pub(in crate::data) notes: Vec<String>,
    /// Whether training rows between others were left out, so that the others have other numbers.
    pub(in crate::data) renumbered: bool,
}

/// Rows and what is known of them.
#[derive(Debug)]
pub(in crate::data) struct Part {
    pub(in crate::data) rows: Rows,
    pub(in crate::data) names: Option<RowNames>,
    pub(in crate::data) groups: Option<Groups>,
    pub(in crate::data) columns: Columns,
}

/// Labelled rows; texts are not cut into tokens yet.
#[derive(Debug)]
pub(in crate::data) enum Rows {
    Images(ImageSet),
    Features(FeatureSet),
    Texts(Texts),
}

/// Labelled texts of two parts.
#[derive(Debug, Clone, PartialEq)]
pub struct TextFolder {
    /// Names of the classes, in the order of their numbers.
    pub classes: Vec<String>,
    /// The texts to train on.
    pub train: Texts,
    /// The texts to test on.
    pub test: Texts,
}

/// Labelled texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// One per row.
    pub texts: Vec<String>,
    /// Their classes.
    pub labels: Vec<u32>,
}

impl Rows {
    pub(in crate::data) fn labels(&self) -> &[u32] {
        match self {
            Self::Images(images) => images.labels(),
            Self::Features(features) => features.labels(),
            Self::Texts(texts) => &texts.labels,
        }
    }

    /// Hashes the content of a row.
    pub(in crate::data) fn hash(&self, row: usize, hash: &mut Digest) {
        match self {
            Self::Images(images) => hash.bytes(images.row(row)),
            Self::Features(features) => hash.floats(features.row(row)),
            Self::Texts(texts) => hash.bytes(texts.texts[row].as_bytes()),
        }
    }

    /// The given rows, which must exist, in the given order.
    fn select(&self, rows: &[u32]) -> Self {
        match self {
            Self::Images(images) => Self::Images(images.pick(rows)),
            Self::Features(features) => Self::Features(features.select(rows)),
            Self::Texts(Texts { texts, labels }) => {
                let pick = |row: &u32| (texts[*row as usize].clone(), labels[*row as usize]);
                let (texts, labels) = rows.iter().map(pick).unzip();
                Self::Texts(Texts { texts, labels })
            }
        }
    }
}

impl From<Rows> for Part {
    fn from(rows: Rows) -> Self {
        Self { rows, names: None, groups: None, columns: Columns::default() }
    }
}

impl Part {
    /// The given rows, which must exist, in the given order.
    pub(in crate::data) fn select(&self, rows: &[u32]) -> Self {
        Self {
            rows: self.rows.select(rows),
            names: self.names.clone().map(|names| names.select(rows)),
            groups: self.groups.clone().map(|groups| groups.select(rows)),
            columns: self.columns.clone().select(rows),
        }
    }
}

impl Content {
    /// Rows of which nothing else is known.
    pub(super) fn new(train: impl Into<Part>, test: Option<Part>) -> Self {
        Self {
            train: train.into(),
            test,
            classes: None,
            normalisation: None,
            reading: None,
            notes: Vec::new(),
            renumbered: false,
        }
    }

    /// Images of which nothing else is known.
    pub(super) fn images(train: ImageSet, test: ImageSet) -> Self {
        Self::new(Rows::Images(train), Some(Rows::Images(test).into()))
    }

    /// Names the classes.
    #[cfg(all(feature = "formats", not(target_family = "wasm")))]
    pub(super) fn with_classes<S: Into<String>>(
        self,
        names: impl IntoIterator<Item = S>,
    ) -> Result<Self, ClassNamesError> {
        Ok(Self { classes: Some(ClassNames::new(names)?), ..self })
    }
}

#[cfg(all(feature = "formats", not(target_family = "wasm")))]
impl TextFolder {
    pub(in crate::data) fn into_content(self) -> Result<Content, FormatError> {
        let [train, test] = [self.train, self.test].map(|texts| Part::from(Rows::Texts(texts)));
        let content = Content::new(train, Some(test)).with_classes(self.classes);
        content.map_err(FormatError::at(Path::new("classes")))
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
