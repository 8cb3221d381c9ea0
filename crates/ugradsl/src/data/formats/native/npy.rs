//! Arrays as NumPy saves them: `.npy`, one array per file.
//!
//! * Images are `[n, height, width]`, `[n, height, width, channels]` or
//!   `[n, channels, height, width]` with 1 or 3 channels, of `u8`, or of `f32` or `f64` between 0
//!   and 1. Of four dimensions, the channels are the second or the last, whichever is 1 or 3; if
//!   both are, nothing is guessed.
//! * Labels and row numbers are `[n]`, of integers of any width.
//!
//! The header is read by hand: the crates for this format multiply the sizes that a file claims,
//! and one reserves that much memory, before anything has been checked.

mod error;
mod header;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

pub use self::error::NpyError;
use self::header::{Header, Number};
use super::{Content, Format, FormatError, MAX_CLASSES};
use crate::data::formats::format::{first, need};
use crate::data::image_set::{ImageSet, quantise};

/// Four arrays.
pub const FORMAT: Format = Format {
    name: "arrays",
    files: "train-images.npy, train-labels.npy, test-images.npy, test-labels.npy",
    find: |directory| {
        let all = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];
        first(&all.iter().flat_map(|names| paths(directory, names)).collect::<Vec<_>>())
    },
    in_folders: None,
    open: |directory| {
        let file = |names: [&str; 3]| need(directory, paths(directory, &names));
        let train = (file(TRAIN_IMAGES)?, file(TRAIN_LABELS)?);
        let test = (file(TEST_IMAGES)?, file(TEST_LABELS)?);
        Ok(Content::images(read_pair(&train.0, &train.1)?, read_pair(&test.0, &test.1)?))
    },
};

/// What each of the four files may be called, without its ending.
const TRAIN_IMAGES: [&str; 3] = ["train-images", "train_images", "x_train"];
const TRAIN_LABELS: [&str; 3] = ["train-labels", "train_labels", "y_train"];
const TEST_IMAGES: [&str; 3] = ["test-images", "test_images", "x_test"];
const TEST_LABELS: [&str; 3] = ["test-labels", "test_labels", "y_test"];

fn paths(directory: &Path, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| directory.join(format!("{name}.npy"))).collect()
}

/// How a `.npy` file begins.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// Labelled images from the bytes of two files.
///
/// # Errors
/// When one is not such an array, or the two differ in number.
pub fn parse_pair(images: &[u8], labels: &[u8]) -> Result<ImageSet, NpyError> {
    join(self::images(images)?, self::labels(labels)?)
}

/// As [`parse_pair`], from two files.
///
/// # Errors
/// When a file cannot be read or parsed, or the two differ in number; the error names the file.
pub fn read_pair(images: &Path, labels: &Path) -> Result<ImageSet, FormatError> {
    let (pictures, classes) = (open(images)?, open(labels)?);
    let pictures = self::images(pictures).map_err(FormatError::at(images))?;
    let classes = self::labels(classes).map_err(FormatError::at(labels))?;
    join(pictures, classes).map_err(FormatError::at(images))
}

/// Row numbers from the bytes of a file: integers in one dimension.
///
/// # Errors
/// When the bytes are not such an array, or a number is negative or above [`u32::MAX`].
pub fn parse_rows(bytes: &[u8]) -> Result<Vec<u32>, NpyError> {
    integers(bytes, u32::MAX)
}

fn open(path: &Path) -> Result<BufReader<File>, FormatError> {
    Ok(BufReader::new(File::open(path).map_err(FormatError::at(path))?))
}

/// Images without labels.
pub(super) struct Images {
    shape: [usize; 3],
    pixels: Vec<u8>,
    rows: usize,
}

pub(super) fn join(images: Images, labels: Vec<u32>) -> Result<ImageSet, NpyError> {
    if images.rows != labels.len() {
        return Err(NpyError::Pair { images: images.rows, labels: labels.len() });
    }
    ImageSet::new(images.shape, images.pixels, labels).map_err(NpyError::ImageSet)
}

pub(super) fn labels(input: impl Read) -> Result<Vec<u32>, NpyError> {
    integers(input, MAX_CLASSES - 1)
}

pub(super) fn images(mut input: impl Read) -> Result<Images, NpyError> {
    let header = Header::read(&mut input)?;
    let (rows, shape, last) = layout(&header.dims)?;
    if header.number.decode(&[0; 8]).is_some() || header.number == Number::U8 {
        let bytes = header.elements(&mut input)?;
        let size = shape.iter().product::<usize>();
        let mut pixels = match header.number {
            Number::U8 => bytes,
            number => floats(&bytes, number, size)?,
        };
        if last {
            planar(&mut pixels, shape);
        }
        return Ok(Images { shape, pixels, rows });
    }
    Err(NpyError::Type { found: header.descr, expected: "images are u8, f32 or f64" })
}

/// Rows, the shape of an image, and whether its channels come last.
fn layout(dims: &[usize]) -> Result<(usize, [usize; 3], bool), NpyError> {
    let channels = |count| matches!(count, 1 | 3);
    match *dims {
        [rows, height, width] => Ok((rows, [1, height, width], false)),
        [rows, a, b, c] if channels(c) && !channels(a) => Ok((rows, [c, a, b], true)),
        [rows, a, b, c] if channels(a) && !channels(c) => Ok((rows, [a, b, c], false)),
        [_, a, _, c] if channels(a) && channels(c) => {
            Err(NpyError::Ambiguous { dims: dims.to_vec() })
        }
        _ => Err(NpyError::Dimensions {
            dims: dims.to_vec(),
            expected: "images are [n, height, width], \
             [n, height, width, channels] or [n, channels, height, width] with 1 or 3 channels",
        }),
    }
}

fn floats(bytes: &[u8], number: Number, size: usize) -> Result<Vec<u8>, NpyError> {
    let elements = bytes.chunks_exact(number.size()).enumerate();
    let pixels = elements.map(|(i, element)| {
        let value = number.decode(element).unwrap_or(f64::NAN);
        quantise(value).ok_or(NpyError::PixelRange { row: i / size, pixel: i % size, value })
    });
    pixels.collect()
}

/// `[n, height, width, channels]` as `[n, channels, height, width]`.
fn planar(pixels: &mut [u8], [channels, height, width]: [usize; 3]) {
    if channels == 1 {
        return;
    }
    let mut planes = Vec::with_capacity(channels * height * width);
    for image in pixels.chunks_exact_mut(channels * height * width) {
        planes.clear();
        for channel in 0..channels {
            planes.extend(image.iter().skip(channel).step_by(channels));
        }
        image.copy_from_slice(&planes);
    }
}

fn integers(mut input: impl Read, most: u32) -> Result<Vec<u32>, NpyError> {
    let header = Header::read(&mut input)?;
    if header.dims.len() != 1 {
        let expected = "labels and row numbers are [n]";
        return Err(NpyError::Dimensions { dims: header.dims, expected });
    }
    if header.number.integer(&[0; 8]).is_none() {
        let expected = "labels and row numbers are integers";
        return Err(NpyError::Type { found: header.descr, expected });
    }
    let bytes = header.elements(&mut input)?;
    let elements = bytes.chunks_exact(header.number.size()).enumerate();
    let numbers = elements.map(|(row, element)| {
        let value = header.number.integer(element).unwrap_or(-1);
        let fits = u32::try_from(value).ok().filter(|&value| value <= most);
        fits.ok_or_else(|| NpyError::IntegerRange { row, value: value.to_string(), most })
    });
    numbers.collect()
}

#[cfg(test)]
pub(crate) mod tests;
