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
// A browser has no folders, and its module is to stay small.
#[cfg(not(target_family = "wasm"))]
mod class_folder;
#[cfg(not(target_family = "wasm"))]
pub mod groups_file;
#[cfg(not(target_family = "wasm"))]
pub mod image_folder;
#[cfg(not(target_family = "wasm"))]
pub mod newsgroups;
#[cfg(not(target_family = "wasm"))]
pub mod npy;
#[cfg(not(target_family = "wasm"))]
pub mod npz;
#[cfg(not(target_family = "wasm"))]
pub mod picture;
#[cfg(not(target_family = "wasm"))]
pub mod table;
#[cfg(not(target_family = "wasm"))]
pub mod text;
#[cfg(not(target_family = "wasm"))]
pub mod text_folder;

pub use cifar::{CifarError, CifarKind};
#[cfg(not(target_family = "wasm"))]
pub use class_folder::ClassFolderError;
#[cfg(not(target_family = "wasm"))]
pub use groups_file::GroupsError;
pub use idx::{IdxError, IdxImages};
#[cfg(not(target_family = "wasm"))]
pub use image_folder::{ImageFolder, ImageFolderError};
#[cfg(not(target_family = "wasm"))]
pub use npy::NpyError;
#[cfg(not(target_family = "wasm"))]
pub use npz::NpzError;
#[cfg(not(target_family = "wasm"))]
pub use picture::{Picture, PictureError};
#[cfg(not(target_family = "wasm"))]
pub use table::{Table, TableError, Tables};
#[cfg(not(target_family = "wasm"))]
pub use text::TextError;
#[cfg(not(target_family = "wasm"))]
pub use text_folder::{TextFolder, Texts};

/// Classes that a file may number. More than any network here is built for; without a bound a single label
/// would ask for all the memory there is.
#[cfg(not(target_family = "wasm"))]
const MAX_CLASSES: u32 = 1 << 16;

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
    /// The file is not the picture that it should be.
    #[cfg(not(target_family = "wasm"))]
    #[error("{path}: {reason}")]
    Picture {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: PictureError,
    },
    /// The folders are not the classes that they should be.
    #[cfg(not(target_family = "wasm"))]
    #[error(transparent)]
    ClassFolder(#[from] ClassFolderError),
    /// The folder is not the image folder that it should be.
    #[cfg(not(target_family = "wasm"))]
    #[error(transparent)]
    ImageFolder(#[from] ImageFolderError),
    /// The file is not the text that it should be.
    #[cfg(not(target_family = "wasm"))]
    #[error("{path}: {reason}")]
    Text {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: TextError,
    },
    /// The file is not the table that it should be.
    #[cfg(not(target_family = "wasm"))]
    #[error("{path}: {reason}")]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: TableError,
    },
    /// The file is not the array that it should be.
    #[cfg(not(target_family = "wasm"))]
    #[error("{path}: {reason}")]
    Npy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: NpyError,
    },
    /// The file is not the archive of arrays that it should be.
    #[cfg(not(target_family = "wasm"))]
    #[error("{path}: {reason}")]
    Npz {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: NpzError,
    },
    /// The file is not the list of groups that it should be.
    #[cfg(not(target_family = "wasm"))]
    #[error("{path}: {reason}")]
    Groups {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: GroupsError,
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
    #[cfg(not(target_family = "wasm"))]
    pub(super) fn table(path: &Path) -> impl FnOnce(TableError) -> Self {
        move |reason| Self::Table { path: path.to_owned(), reason }
    }

    #[cfg(not(target_family = "wasm"))]
    fn text(path: &Path) -> impl FnOnce(TextError) -> Self {
        move |reason| Self::Text { path: path.to_owned(), reason }
    }

    #[cfg(not(target_family = "wasm"))]
    fn npy(path: &Path) -> impl FnOnce(NpyError) -> Self {
        move |reason| Self::Npy { path: path.to_owned(), reason }
    }

    #[cfg(not(target_family = "wasm"))]
    fn npz(path: &Path) -> impl FnOnce(NpzError) -> Self {
        move |reason| Self::Npz { path: path.to_owned(), reason }
    }
}
