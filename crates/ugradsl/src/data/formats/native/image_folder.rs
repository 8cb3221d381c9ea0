//! One folder of pictures per class: `train/<class>/x.png`, and the same below `test/`, or below
//! `val/` if there is no `test/`. Any other file is an error, because it may have been meant as a
//! picture.

mod error;

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use self::error::ImageFolderError;
use super::class_folder::{self, Kind, Part, is_picture};
use super::picture::{self, Picture, PictureError};
use super::{Content, Format, FormatError, GroupSource};
use crate::data::groups::Groups;
use crate::data::image_set::ImageSet;

/// A folder of pictures.
pub const FORMAT: Format = Format {
    name: "pictures",
    files: "train/<class>/x.png and test/<class>/y.png, or JPEG or WebP",
    find: train_folder,
    in_folders: Some("pictures"),
    open: |directory| {
        let ImageFolder { classes, train, test, groups } = read(directory)?;
        let (classes, groups) = (Some(classes.len()), GroupSource::Folders(groups));
        Ok(Content::Images { train, test, classes, normalisation: None, groups })
    },
};

/// Pictures decoded at a time: enough to keep all cores busy, few enough to be held in memory
/// twice.
const CHUNK: usize = 1024;

/// The content of a folder of pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageFolder {
    /// Names of the classes, in the order of their numbers.
    pub classes: Vec<String>,
    /// The pictures to train on.
    pub train: ImageSet,
    /// The pictures to test on.
    pub test: ImageSet,
    /// The groups of the training pictures, if any picture is in the folder of a group.
    pub groups: Option<Groups>,
}

/// The folder with the training pictures, if `directory` is an image folder: one with `train/` that
/// is not a [folder of texts](super::text_folder).
pub fn train_folder(directory: &Path) -> Option<PathBuf> {
    let train = Some(directory.join("train")).filter(|path| path.is_dir());
    train.filter(|train| !class_folder::holds_texts(train))
}

/// Reads an image folder.
///
/// # Errors
/// When there are no test pictures, the two parts differ in their classes, a class is empty, a file
/// or folder is out of place, or a picture cannot be used or differs from the first in its size or
/// its channels; the error names the path.
pub fn read(directory: &Path) -> Result<ImageFolder, FormatError> {
    let [train, test] = class_folder::parts(directory, &PICTURES)?;
    let mut first = None;
    let images = read_part(&train, &mut first)?;
    let tested = read_part(&test, &mut first)?;
    Ok(ImageFolder { groups: train.groups(), classes: train.classes, train: images, test: tested })
}

const PICTURES: Kind = Kind {
    what: "pictures",
    belongs: is_picture,
    foreign: "is not named like a PNG, JPEG or WebP file; nothing else belongs here",
};

/// The first picture, which all others must match.
struct First {
    path: PathBuf,
    shape: [usize; 3],
}

/// Decodes all pictures of a part. The very first one sets `first`.
fn read_part(part: &Part, first: &mut Option<First>) -> Result<ImageSet, FormatError> {
    let mut pixels = Vec::new();
    let mut rest = &part.files[..];
    if first.is_none()
        && let Some(file) = rest.first()
    {
        let Picture { shape, pixels: these } = decode(&file.path, None)?;
        *first = Some(First { path: file.path.clone(), shape });
        pixels = these;
        rest = &rest[1..];
    }
    for files in rest.chunks(CHUNK) {
        let decoded: Vec<_> =
            files.par_iter().map(|file| decode(&file.path, first.as_ref())).collect();
        // In order, so that of several bad files always the same one is named.
        for picture in decoded {
            pixels.extend(picture?.pixels);
        }
    }
    let shape = first.as_ref().map_or([1, 1, 1], |first| first.shape);
    let set = ImageSet::new(shape, pixels, part.labels());
    Ok(set.map_err(|reason| ImageFolderError::Set { path: part.path.clone(), reason })?)
}

fn decode(path: &Path, first: Option<&First>) -> Result<Picture, FormatError> {
    let bytes = fs::read(path).map_err(FormatError::at(path))?;
    let side = |at: usize, shape: [usize; 3]| u32::try_from(shape[at]).unwrap_or(u32::MAX);
    let size = first.map(|first| (side(2, first.shape), side(1, first.shape)));
    let differs = |what: String, other: String, first: &First| ImageFolderError::Differs {
        path: path.to_owned(),
        found: what,
        first: first.path.clone(),
        expected: other,
    };
    match (picture::parse(&bytes, size), first) {
        (Err(PictureError::Size { expected, found }), Some(first)) => {
            let text = |(width, height)| format!("{width} x {height} pixels");
            Err(differs(text(found), text(expected), first).into())
        }
        (Ok(picture), Some(first)) if picture.shape != first.shape => {
            let text = |channels| if channels == 1 { "grey" } else { "in colour" }.to_owned();
            Err(differs(text(picture.shape[0]), text(first.shape[0]), first).into())
        }
        (picture, _) => picture.map_err(FormatError::at(path)),
    }
}

#[cfg(test)]
mod tests;
