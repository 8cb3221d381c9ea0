//! What can be wrong with an array.

use std::io;

use thiserror::Error;

use crate::data::image_set::ImageSetError;

/// Why bytes are not an array that can be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NpyError {
    /// Not the format at all.
    #[error("not an npy file: it does not begin with \\x93NUMPY")]
    Magic,
    /// A version of the format that does not exist yet.
    #[error("version {}.{} of the npy format is not known", found[0], found[1])]
    Version {
        /// Major and minor number.
        found: [u8; 2],
    },
    /// The file ends within its header.
    #[error("the npy header needs {expected} bytes, but the file ends after {found}")]
    ShortHeader {
        /// Bytes of the header.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A header longer than any that makes sense.
    #[error("the npy header claims {length} bytes of text, but at most {most} make sense")]
    LongHeader {
        /// Bytes claimed.
        length: usize,
        /// Bytes allowed.
        most: usize,
    },
    /// A header that cannot be understood.
    #[error(
        "the npy header is not of the form {{'descr': .., 'fortran_order': .., 'shape': ..}}: \
         {text}"
    )]
    Header {
        /// How it begins.
        text: String,
    },
    /// Elements in column-major order.
    #[error("the array is in Fortran order: save numpy.ascontiguousarray(array)")]
    Fortran,
    /// An element type that is not allowed in this array.
    #[error("the elements are {found:?}; {expected}")]
    Type {
        /// The type string.
        found: String,
        /// The types that are understood, in words.
        expected: &'static str,
    },
    /// A number of dimensions that is not allowed in this array.
    #[error("the array has shape {dims:?}; {expected}")]
    Dimensions {
        /// The dimensions.
        dims: Vec<usize>,
        /// Those that are understood, in words.
        expected: &'static str,
    },
    /// The channels could be in two places.
    #[error(
        "the array has shape {dims:?}: the channels could be the second dimension or the last; \
         save images of one channel as [n, height, width]"
    )]
    Ambiguous {
        /// The dimensions.
        dims: Vec<usize>,
    },
    /// Images without pixels.
    #[error("the array has shape {dims:?}: its images have no pixels")]
    ZeroDimension {
        /// The dimensions.
        dims: Vec<usize>,
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
    #[error("the header promises {expected} bytes of elements, but only {found} follow")]
    Truncated {
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
    #[error("reading failed after {offset} bytes: {reason}")]
    Read {
        /// Bytes read until then.
        offset: usize,
        /// What the decoder or the system says.
        reason: io::Error,
    },
    /// A pixel is not a number between 0 and 1.
    #[error(
        "pixel {pixel} of row {row} is {value}, which is not between 0 and 1 (save 0 to 255 as \
         uint8)"
    )]
    PixelRange {
        /// Row of the image.
        row: usize,
        /// Position within the image, as stored.
        pixel: usize,
        /// The value found.
        value: f64,
    },
    /// A label or row number out of range.
    #[error("element {row} is {value}, which is not between 0 and {most}")]
    IntegerRange {
        /// Position, from 0.
        row: usize,
        /// The value found, which may be of any size.
        value: String,
        /// The largest value allowed.
        most: u32,
    },
    /// Images and labels differ in number.
    #[error("{images} images, but {labels} labels")]
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
