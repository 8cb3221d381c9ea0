//! Archives of arrays as `numpy.savez` and `savez_compressed` write them: zip files of `.npy`
//! files.
//!
//! The images are called `images` or `x`, the labels `labels` or `y`; other arrays are ignored.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zip::ZipArchive;
use zip::result::ZipError;

use super::npy::{self, NpyError};
use super::{Content, Format, FormatError};
use crate::data::formats::format::{first, pair};
use crate::data::image_set::ImageSet;

/// Archives of arrays.
pub const FORMAT: Format = Format {
    name: "archives of arrays",
    files: "train.npz and test.npz",
    find: |directory| {
        first(&paths(directory, "train")).or_else(|| first(&paths(directory, "test")))
    },
    in_folders: None,
    open: |directory| {
        let [train, test] = pair(directory, paths(directory, "train"), paths(directory, "test"))?;
        Ok(Content::images(read(&train)?, read(&test)?))
    },
};

fn paths(directory: &Path, part: &str) -> Vec<PathBuf> {
    vec![directory.join(format!("{part}.npz"))]
}

const IMAGES: [&str; 2] = ["images", "x"];
const LABELS: [&str; 2] = ["labels", "y"];

/// Why bytes are not an archive with images and labels.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NpzError {
    /// Not a zip file, or damaged.
    #[error("not an npz file: {0}")]
    Zip(#[from] ZipError),
    /// A missing array.
    #[error(
        "there is no array `{}` or `{}`; the arrays are {}",
        wanted[0], wanted[1], found.join(", ")
    )]
    Missing {
        /// The names that it may have.
        wanted: [&'static str; 2],
        /// The names of the arrays that are there.
        found: Vec<String>,
    },
    /// An array under both of its names.
    #[error("the arrays `{}` and `{}` mean the same: keep one of them", names[0], names[1])]
    Twice {
        /// The names.
        names: [&'static str; 2],
    },
    /// An array that cannot be used.
    #[error("array `{name}`: {reason}")]
    Array {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        reason: NpyError,
    },
    /// Images and labels do not fit together.
    #[error(transparent)]
    Pair(NpyError),
}

/// Labelled images from the bytes of an archive.
///
/// # Errors
/// When the bytes are not an archive, or its arrays are not images and labels.
pub fn parse(bytes: &[u8]) -> Result<ImageSet, NpzError> {
    set(Cursor::new(bytes))
}

/// As [`parse`], from a file.
///
/// # Errors
/// When the file cannot be read or parsed; the error names it.
pub fn read(path: &Path) -> Result<ImageSet, FormatError> {
    let file = File::open(path).map_err(FormatError::at(path))?;
    set(BufReader::new(file)).map_err(FormatError::at(path))
}

fn set(input: impl Read + Seek) -> Result<ImageSet, NpzError> {
    let mut archive = ZipArchive::new(input)?;
    let images = array(&mut archive, IMAGES, |entry| npy::images(entry))?;
    let labels = array(&mut archive, LABELS, |entry| npy::labels(entry))?;
    npy::join(images, labels).map_err(NpzError::Pair)
}

/// The array with one of the two names. The size that the archive claims is ignored.
fn array<R: Read + Seek, T>(
    archive: &mut ZipArchive<R>,
    names: [&'static str; 2],
    parse: impl FnOnce(&mut dyn Read) -> Result<T, NpyError>,
) -> Result<T, NpzError> {
    let file = |name: &str| format!("{name}.npy");
    // A name that cannot be read is not one of those that are looked for.
    let mut found: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.strip_suffix(".npy")?.to_owned()))
        .collect();
    let name = match names.map(|name| found.iter().any(|found| found == name)) {
        [true, false] => names[0],
        [false, true] => names[1],
        [true, true] => return Err(NpzError::Twice { names }),
        [false, false] => {
            found.sort();
            found.truncate(20);
            return Err(NpzError::Missing { wanted: names, found });
        }
    };
    let mut entry = archive.by_name(&file(name))?;
    parse(&mut entry).map_err(|reason| NpzError::Array { name, reason })
}

#[cfg(test)]
mod tests;
