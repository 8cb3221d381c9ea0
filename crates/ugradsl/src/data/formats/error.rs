//! The one error for a file of a data set.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::cifar::CifarError;
use super::idx::IdxError;
use super::native::NativeError;

/// Why a file or folder cannot be used. The message names it.
#[derive(Debug, Error)]
#[error("{}", message(path, kind))]
pub struct FormatError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub kind: FormatErrorKind,
}

/// What can be wrong with a file or folder.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FormatErrorKind {
    /// It cannot be opened or read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// A folder that lacks a file.
    #[error("there is no {}", list(.0))]
    Missing(Vec<PathBuf>),
    /// Training rows without any of the files that could hold the test rows.
    #[error("there is no {}", list(.0))]
    NoTest(Vec<PathBuf>),
    /// Not the idx file that it should be.
    #[error(transparent)]
    Idx(#[from] IdxError),
    /// Not the CIFAR file that it should be.
    #[error(transparent)]
    Cifar(#[from] CifarError),
    /// Not the picture, text, table, array or folder that it should be. No value of it exists without the feature
    /// `formats`, and none in a browser.
    #[error(transparent)]
    Native(NativeError),
}

impl FormatError {
    /// What makes an error of `path` of anything that can be wrong with it.
    pub(in crate::data) fn at<E: Into<FormatErrorKind>>(path: &Path) -> impl Fn(E) -> Self {
        move |kind| Self { path: path.to_owned(), kind: kind.into() }
    }
}

fn message(path: &Path, kind: &FormatErrorKind) -> String {
    match kind {
        FormatErrorKind::Read(reason) => format!("cannot read {}: {reason}", path.display()),
        FormatErrorKind::Native(error) if error.names_path() => error.to_string(),
        kind => format!("{}: {kind}", path.display()),
    }
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" nor ")
}
