//! The idx format of MNIST and its relatives: two zero bytes, an element type, the number of
//! dimensions, the dimensions as big-endian `u32`, then the elements.
//!
//! Files may be gzipped, which is detected by their first bytes: names may be wrong after a
//! download.

mod container;
mod error;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use self::container::{Elements, F32, F64, IMAGES, LABELS, unpack};
pub use self::error::IdxError;
use super::FormatError;
use super::format::{Content, Format, first, need};
use crate::data::image_set::{ImageSet, quantise};

/// The four files of MNIST and its relatives; the number in a name is the number of dimensions.
pub const FORMAT: Format = Format {
    name: "idx",
    files: "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, \
            t10k-labels-idx1-ubyte, gzipped or not",
    find: |directory| {
        let all = [&TRAIN_IMAGES[..], &TRAIN_LABELS, &TEST_IMAGES, &TEST_LABELS];
        first(&all.iter().flat_map(|names| paths(directory, names)).collect::<Vec<_>>())
    },
    reads: &[],
    in_folders: None,
    open: |directory, _| {
        let file = |names: &[&str]| need(directory, paths(directory, names));
        // All four are located before the first is read, so that a missing file is reported at
        // once.
        let train = (file(&TRAIN_IMAGES)?, file(&TRAIN_LABELS)?);
        let test = (file(&TEST_IMAGES)?, file(&TEST_LABELS)?);
        Ok(Content::images(read_pair(&train.0, &train.1)?, read_pair(&test.0, &test.1)?))
    },
};

const TRAIN_IMAGES: [&str; 2] = ["train-images-idx3-ubyte", "train-images-idx4-ubyte"];
const TRAIN_LABELS: [&str; 1] = ["train-labels-idx1-ubyte"];
const TEST_IMAGES: [&str; 2] = ["t10k-images-idx3-ubyte", "t10k-images-idx4-ubyte"];
const TEST_LABELS: [&str; 1] = ["t10k-labels-idx1-ubyte"];

fn paths(directory: &Path, names: &[&str]) -> Vec<PathBuf> {
    // Some unpack as `train-images.idx3-ubyte`.
    let written = names.iter().flat_map(|name| [name.to_string(), name.replace("-idx", ".idx")]);
    let both = written.flat_map(|name| [name.clone(), format!("{name}.gz")]);
    both.map(|file| directory.join(file)).collect()
}

/// The images of an idx file, not labelled yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdxImages {
    /// Number of images.
    pub rows: usize,
    /// Channels, height, width of each.
    pub shape: [usize; 3],
    /// All pixels, `[rows, channels, height, width]`, row-major, 0 to 255.
    pub pixels: Vec<u8>,
}

/// Images from the bytes of a file, gzipped or not.
///
/// Elements are `u8`, or `f32` and `f64` between 0 and 1; dimensions are `[rows, height, width]` or
/// `[rows, channels, height, width]`.
///
/// # Errors
/// When the bytes are not exactly what their header says, or a pixel is out of range.
pub fn parse_images(bytes: &[u8]) -> Result<IdxImages, IdxError> {
    images(bytes)
}

/// Labels from the bytes of a file, gzipped or not: `u8` in one dimension.
///
/// # Errors
/// When the bytes are not exactly what their header says.
pub fn parse_labels(bytes: &[u8]) -> Result<Vec<u32>, IdxError> {
    labels(bytes)
}

/// Labelled images from the bytes of two files, gzipped or not.
///
/// # Errors
/// As [`parse_images`] and [`parse_labels`], and when the two differ in number.
pub fn parse_pair(images: &[u8], labels: &[u8]) -> Result<ImageSet, IdxError> {
    join(parse_images(images)?, parse_labels(labels)?)
}

/// As [`parse_images`], from a file.
///
/// # Errors
/// When the file cannot be read or parsed; the error names it.
pub fn read_images(path: &Path) -> Result<IdxImages, FormatError> {
    images(buffered(path)?).map_err(FormatError::at(path))
}

/// As [`parse_labels`], from a file.
///
/// # Errors
/// When the file cannot be read or parsed; the error names it.
pub fn read_labels(path: &Path) -> Result<Vec<u32>, FormatError> {
    labels(buffered(path)?).map_err(FormatError::at(path))
}

/// As [`parse_pair`], from two files.
///
/// # Errors
/// When a file cannot be read or parsed, or the two differ in number; the error names the file.
pub fn read_pair(images: &Path, labels: &Path) -> Result<ImageSet, FormatError> {
    join(read_images(images)?, read_labels(labels)?).map_err(FormatError::at(images))
}

fn buffered(path: &Path) -> Result<BufReader<File>, FormatError> {
    let file = File::open(path).map_err(FormatError::at(path))?;
    // Opening a directory succeeds on Unix and only reading it fails: read here, where the name is
    // known.
    let mut reader = BufReader::new(file);
    reader.fill_buf().map_err(FormatError::at(path))?;
    Ok(reader)
}

fn join(images: IdxImages, labels: Vec<u32>) -> Result<ImageSet, IdxError> {
    if images.rows != labels.len() {
        return Err(IdxError::Pair { images: images.rows, labels: labels.len() });
    }
    ImageSet::new(images.shape, images.pixels, labels).map_err(IdxError::ImageSet)
}

fn images(input: impl BufRead) -> Result<IdxImages, IdxError> {
    let Elements { kind, dims, bytes } = unpack(input, &IMAGES)?;
    let (rows, shape) = match dims[..] {
        [rows, height, width] => (rows, [1, height, width]),
        [rows, channels, height, width] => (rows, [channels, height, width]),
        _ => {
            let found = dims.len() as u8;
            return Err(IdxError::Dimensions { expected: IMAGES.dims_text, found });
        }
    };
    let size = shape.iter().product();
    let pixels = match kind {
        F32 => floats(&bytes, size, |b: [u8; 4]| f32::from_be_bytes(b).into())?,
        F64 => floats(&bytes, size, f64::from_be_bytes)?,
        _ => bytes,
    };
    Ok(IdxImages { rows, shape, pixels })
}

fn floats<const N: usize>(
    bytes: &[u8],
    size: usize,
    decode: impl Fn([u8; N]) -> f64,
) -> Result<Vec<u8>, IdxError> {
    let (elements, _) = bytes.as_chunks::<N>();
    let pixels = elements.iter().enumerate().map(|(i, &element)| {
        let value = decode(element);
        quantise(value).ok_or(IdxError::PixelRange { row: i / size, pixel: i % size, value })
    });
    pixels.collect()
}

fn labels(input: impl BufRead) -> Result<Vec<u32>, IdxError> {
    Ok(unpack(input, &LABELS)?.bytes.into_iter().map(u32::from).collect())
}

#[cfg(test)]
mod tests;
