//! What can be wrong with a file of MATLAB.

use std::io;

use thiserror::Error;

/// Why a file of MATLAB was not read.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are named for what the messages say of them")]
pub enum MatError {
    /// It ends too early.
    #[error("an element needs {expected} bytes, but {found} follow: the file is not complete")]
    Short { expected: usize, found: usize },
    /// A compressed element that is damaged.
    #[error("a compressed element is damaged: {reason}")]
    Inflate { reason: io::Error },
    /// A compressed element that grows too large.
    #[error("a compressed element has more than {most} bytes")]
    Large { most: u64 },
    /// An element that should not be there.
    #[error("an element is of type {found} where {expected} should be")]
    Element { found: u32, expected: &'static str },
    /// Dimensions and numbers that do not fit together.
    #[error("`{name}` has dimensions {dims:?}, but {bytes} bytes of numbers")]
    Size { name: String, dims: Vec<usize>, bytes: usize },
    /// Structures in structures in structures.
    #[error("structures are nested too deeply: save the matrices themselves")]
    Deep,
    /// A matrix that is not made of numbers.
    #[error(
        "`{name}` is {class}; a numeric matrix is needed: save numbers (labels of a cell or \
         categorical array as `double(categorical(y))`, a sparse matrix as `full(x)`)"
    )]
    Class { name: String, class: &'static str },
}
