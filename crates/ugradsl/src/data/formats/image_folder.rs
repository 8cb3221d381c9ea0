//! A folder a class: `train/<class>/x.png`, and the same below `test/`, or below `val/` where there is no
//! `test/`.
//!
//! The classes are numbered in the order of their names, byte by byte, as other loaders of such folders do
//! (so `10` stands before `2`); rows go by class, then by path. Folders within a class are groups:
//! `train/<class>/<group>/x.png`. Hidden files and what operating systems leave behind do not count;
//! anything else that is no picture is an error, for it may be one that was meant to be there.

mod error;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use self::error::ImageFolderError;
use super::FormatError;
use super::picture::{self, Picture, PictureError};
use crate::data::groups::Groups;
use crate::data::image_set::ImageSet;

/// Pictures decoded at a time: enough to keep all cores busy, few enough to lie in memory twice.
const AT_A_TIME: usize = 1024;

/// The content of such a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageFolder {
    /// Names of the classes, in the order of their numbers.
    pub classes: Vec<String>,
    /// The pictures to train on.
    pub train: ImageSet,
    /// The pictures to test on.
    pub test: ImageSet,
    /// Whom the training pictures belong to, if any of them lies in a folder of its own.
    pub groups: Option<Groups>,
}

/// The folder with the training pictures, if `directory` is an image folder.
pub fn train_folder(directory: &Path) -> Option<PathBuf> {
    Some(directory.join("train")).filter(|path| path.is_dir())
}

/// Reads an image folder.
///
/// # Errors
/// With the path: when there are no test pictures, the two parts differ in their classes, a class is
/// empty, something lies where no picture belongs, or a picture cannot be used or differs from the first in
/// its size or its channels.
pub fn read(directory: &Path) -> Result<ImageFolder, FormatError> {
    let train = Part::list(&directory.join("train"))?;
    let tests = ["test", "val"].map(|name| directory.join(name));
    let test = tests.iter().find(|path| path.is_dir());
    let test = test.ok_or_else(|| ImageFolderError::NoTest { path: directory.to_owned() })?;
    let test = Part::list(test)?;
    train.covers(&test)?;
    test.covers(&train)?;

    let mut first = None;
    let images = train.read(&mut first)?;
    let tested = test.read(&mut first)?;
    let owners: Vec<Option<&str>> = train.files.iter().map(|file| file.group.as_deref()).collect();
    let grouped = owners.iter().any(Option::is_some);
    Ok(ImageFolder {
        groups: grouped.then(|| Groups::new(&owners)),
        classes: train.classes,
        train: images,
        test: tested,
    })
}

/// `train` or `test`.
struct Part {
    path: PathBuf,
    classes: Vec<String>,
    files: Vec<Listed>,
}

/// A picture, not read yet.
struct Listed {
    path: PathBuf,
    label: u32,
    group: Option<String>,
}

/// What all others must be like.
struct First {
    path: PathBuf,
    shape: [usize; 3],
}

impl Part {
    fn list(path: &Path) -> Result<Self, FormatError> {
        let mut part = Self { path: path.to_owned(), classes: Vec::new(), files: Vec::new() };
        for class in entries(path)? {
            if !class.is_dir() {
                if is_picture(&class) {
                    return Err(ImageFolderError::NoClass { path: class }.into());
                }
                continue;
            }
            let before = part.files.len();
            let label = part.classes.len() as u32;
            part.classes.push(name(&class));
            for entry in entries(&class)? {
                if entry.is_dir() {
                    let group = name(&entry);
                    for file in entries(&entry)? {
                        part.add(file, label, Some(group.clone()))?;
                    }
                } else {
                    part.add(entry, label, None)?;
                }
            }
            if part.files.len() == before {
                return Err(ImageFolderError::EmptyClass { path: class }.into());
            }
        }
        if part.classes.is_empty() {
            return Err(ImageFolderError::NoClasses { path: part.path }.into());
        }
        Ok(part)
    }

    fn add(
        &mut self,
        path: PathBuf,
        label: u32,
        group: Option<String>,
    ) -> Result<(), ImageFolderError> {
        if path.is_dir() {
            return Err(ImageFolderError::TooDeep { path });
        }
        if !is_picture(&path) {
            return Err(ImageFolderError::Foreign { path });
        }
        self.files.push(Listed { path, label, group });
        Ok(())
    }

    /// Checks that there is no class in `other` that this part lacks.
    fn covers(&self, other: &Self) -> Result<(), ImageFolderError> {
        let known: BTreeSet<&String> = self.classes.iter().collect();
        let lacking = other.classes.iter().filter(|class| !known.contains(class));
        let lacking: Vec<String> = lacking.cloned().collect();
        if lacking.is_empty() {
            return Ok(());
        }
        let (path, other) = (self.path.clone(), other.path.clone());
        Err(ImageFolderError::Classes { path, other, lacking })
    }

    /// Decodes all pictures. The first one ever sets `first`.
    fn read(&self, first: &mut Option<First>) -> Result<ImageSet, FormatError> {
        let mut pixels = Vec::new();
        let mut rest = &self.files[..];
        if first.is_none()
            && let Some(file) = rest.first()
        {
            let Picture { shape, pixels: these } = decode(&file.path, None)?;
            *first = Some(First { path: file.path.clone(), shape });
            pixels = these;
            rest = &rest[1..];
        }
        for files in rest.chunks(AT_A_TIME) {
            let decoded: Vec<_> =
                files.par_iter().map(|file| decode(&file.path, first.as_ref())).collect();
            // In order, so that of several bad files the same one is named each time.
            for picture in decoded {
                pixels.extend(picture?.pixels);
            }
        }
        let shape = first.as_ref().map_or([1, 1, 1], |first| first.shape);
        let labels = self.files.iter().map(|file| file.label).collect();
        let set = ImageSet::new(shape, pixels, labels);
        Ok(set.map_err(|reason| ImageFolderError::Set { path: self.path.clone(), reason })?)
    }
}

fn decode(path: &Path, first: Option<&First>) -> Result<Picture, FormatError> {
    let bytes = fs::read(path).map_err(FormatError::read(path))?;
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
        (picture, _) => {
            picture.map_err(|reason| FormatError::Picture { path: path.to_owned(), reason })
        }
    }
}

/// What a folder holds, sorted by name, without what nobody put there on purpose.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FormatError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(FormatError::read(folder))? {
        let path = entry.map_err(FormatError::read(folder))?.path();
        let name = name(&path);
        if !name.starts_with('.') && !["Thumbs.db", "desktop.ini"].contains(&name.as_str()) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    ["png", "jpg", "jpeg", "webp"].contains(&extension.as_str())
}

#[cfg(test)]
mod tests;
