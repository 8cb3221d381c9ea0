//! What can be wrong with an array.

use std::io;

use thiserror::Error;

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
    /// Python objects.
    #[error(
        "the array holds Python objects (allow_pickle), and reading them would mean to run what \
         the file says; save texts as `x.astype(str)` and numbers or pictures as `numpy.stack(x)`"
    )]
    Objects,
    /// Several fields per element.
    #[error("the elements have several fields; save one array per field: `x['name']`")]
    Fields,
    /// An element type that cannot be used.
    #[error(
        "the elements are {found:?}; numbers (bool, int, uint, float16 to float64) and texts (U, \
         S) can be read: save `x.astype('float32')`"
    )]
    Type {
        /// The type string.
        found: String,
    },
    /// Rows without anything in them.
    #[error("the array has shape {dims:?}: its rows are empty")]
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
    #[error(
        "the header promises {expected} bytes of elements, but only {found} follow: the file is \
         not complete"
    )]
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
}
