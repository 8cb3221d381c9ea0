//! What can be wrong with an idx file.

use std::io;

use thiserror::Error;

use crate::data::image_set::ImageSetError;

/// Why bytes are not an idx file of images or labels. Offsets count unpacked bytes.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IdxError {
    /// The file ends within its header.
    #[error("the idx header needs {expected} bytes, but the file ends after {found}")]
    Header {
        /// Bytes of the header.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// The first two bytes are not zero.
    #[error(
        "not an idx file: bytes 0 and 1 must be 00 00, found {:02x} {:02x}",
        found[0], found[1]
    )]
    Magic {
        /// The two bytes.
        found: [u8; 2],
    },
    /// An element type that is not allowed in this file.
    #[error("byte 2, the element type, is 0x{found:02x}; {expected}")]
    ElementType {
        /// The types that are understood, in words.
        expected: &'static str,
        /// The type found.
        found: u8,
    },
    /// A number of dimensions that is not allowed in this file.
    #[error("byte 3, the number of dimensions, is {found}; {expected}")]
    Dimensions {
        /// The numbers that are understood, in words.
        expected: &'static str,
        /// The number found.
        found: u8,
    },
    /// Images without pixels.
    #[error("the dimension at byte {offset} is 0")]
    ZeroDimension {
        /// Where the dimension is.
        offset: usize,
    },
    /// The dimensions multiply to more than can be addressed.
    #[error("dimensions {dims:?} with {element} bytes per element do not fit into memory")]
    TooLarge {
        /// The dimensions.
        dims: Vec<usize>,
        /// Bytes of one element.
        element: usize,
    },
    /// Fewer bytes than the header promises.
    #[error("the header promises {expected} bytes after byte {offset}, but only {found} follow")]
    Truncated {
        /// Where the elements begin.
        offset: usize,
        /// Bytes promised.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// More bytes than the header promises.
    #[error("the header promises {expected} bytes in all, but the file goes on after them")]
    Trailing {
        /// Bytes promised, header included.
        expected: usize,
    },
    /// The file breaks off or its compressed stream is damaged.
    #[error("reading failed after {offset} unpacked bytes: {reason}")]
    Read {
        /// Unpacked bytes read until then.
        offset: usize,
        /// What the decoder or the system says.
        reason: io::Error,
    },
    /// A pixel is not a number between 0 and 1.
    #[error("pixel {pixel} of row {row} is {value}, which is not between 0 and 1")]
    PixelRange {
        /// Row of the image.
        row: usize,
        /// Position within the image.
        pixel: usize,
        /// The value found.
        value: f64,
    },
    /// Images and labels differ in number.
    #[error("{images} images, but the label file holds {labels} labels")]
    Pair {
        /// Number of images.
        images: usize,
        /// Number of labels.
        labels: usize,
    },
    /// Images and labels do not make a set.
    #[error(transparent)]
    ImageSet(ImageSetError),
}
