//! Parsers for the files in which data sets are handed around.
//!
//! Each parser works on bytes, so that a browser can use it and arbitrary bytes can be thrown at it;
//! the readers beside them add the file's name to the error. A parser believes nothing that a file
//! says about its own size: it reads at most what the header promises and one byte more.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub mod cifar;
pub mod idx;

pub use cifar::{CifarError, CifarKind};
pub use idx::{IdxError, IdxImages};

/// Why a file cannot be used. The messages name the file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The file cannot be opened or read.
    #[error("cannot read {path}: {reason}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// The file is not the idx file that it should be.
    #[error("{path}: {reason}")]
    Idx {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: IdxError,
    },
    /// The file is not the CIFAR file that it should be.
    #[error("{path}: {reason}")]
    Cifar {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: CifarError,
    },
}

impl FormatError {
    fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Read { path: path.to_owned(), reason }
    }

    pub(super) fn idx(path: &Path) -> impl FnOnce(IdxError) -> Self {
        move |reason| Self::Idx { path: path.to_owned(), reason }
    }

    fn cifar(path: &Path) -> impl FnOnce(CifarError) -> Self {
        move |reason| Self::Cifar { path: path.to_owned(), reason }
    }
}
