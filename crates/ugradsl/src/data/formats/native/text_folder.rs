//! One folder of plain texts per class: `train/<class>/<file>`, and the same below `test/`, or
//! below `val/` if there is no `test/`. Files may have any extension but that of a picture; each is
//! one text.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::class_folder::{self, Kind, Part, is_picture};
use super::text::{self, TextError};
use super::{Content, Format, FormatError};
use crate::data::formats::{TextFolder, Texts};

/// A folder of texts.
pub const FORMAT: Format = Format {
    name: "texts",
    files: "train/<class>/<file> and test/<class>/<file>",
    find: train_folder,
    in_folders: Some("texts"),
    open: |directory| Ok(Content::Texts(read(directory)?)),
};

const TEXTS: Kind = Kind {
    what: "texts",
    belongs: |path| !is_picture(path),
    foreign: "is named like a picture, but is among texts",
};

/// The folder with the training texts, if `directory` is a folder of texts: the folders of its
/// classes have files, and none is named like a picture.
pub fn train_folder(directory: &Path) -> Option<PathBuf> {
    let train = directory.join("train");
    class_folder::holds_texts(&train).then_some(train)
}

/// Reads a folder of texts.
///
/// # Errors
/// When there are no test texts, the two parts differ in their classes, a class is empty, or a file
/// cannot be read or is not text; the error names the path.
pub fn read(directory: &Path) -> Result<TextFolder, FormatError> {
    let [train, test] = class_folder::parts(directory, &TEXTS)?;
    from_parts([train, test], text::parse)
}

/// Reads the files of two parts with `parse`.
pub(super) fn from_parts(
    [train, test]: [Part; 2],
    parse: fn(Vec<u8>) -> Result<String, TextError>,
) -> Result<TextFolder, FormatError> {
    let read = |part: &Part| {
        let files = part.files.par_iter();
        let texts: Vec<_> = files.map(|file| read_text(&file.path, parse)).collect();
        // In order, so that of several bad files always the same one is named.
        let texts = texts.into_iter().collect::<Result<_, _>>()?;
        Ok::<_, FormatError>(Texts { texts, labels: part.labels() })
    };
    let (groups, trained, tested) = (train.groups(), read(&train)?, read(&test)?);
    Ok(TextFolder { classes: train.classes, train: trained, test: tested, groups })
}

/// The two parts, from folders with names of their own.
pub(super) fn list(train: &Path, test: &Path) -> Result<[Part; 2], FormatError> {
    Ok(class_folder::same_classes(Part::list(train, &TEXTS)?, Part::list(test, &TEXTS)?)?)
}

fn read_text(
    path: &Path,
    parse: fn(Vec<u8>) -> Result<String, TextError>,
) -> Result<String, FormatError> {
    parse(text::read_bytes(path)?).map_err(FormatError::at(path))
}

#[cfg(test)]
pub(crate) mod tests;
