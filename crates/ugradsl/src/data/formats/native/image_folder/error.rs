//! What can be wrong with an image folder.

use std::path::PathBuf;

use thiserror::Error;

use crate::data::formats::FormatError;
use crate::data::image_set::ImageSetError;

/// Why the pictures of a folder are not a data set. The messages name the paths.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImageFolderError {
    /// Pictures that differ in size or channels.
    #[error(
        "{path} is {found}, but {first} is {expected}: all pictures must be of one size, and all \
         grey or all in colour"
    )]
    Differs {
        /// The picture that differs.
        path: PathBuf,
        /// Its size or channels.
        found: String,
        /// The first picture.
        first: PathBuf,
        /// The size or channels of the first picture.
        expected: String,
    },
    /// The pictures do not make a set.
    #[error("{path}: {reason}")]
    Set {
        /// `train` or the test part.
        path: PathBuf,
        /// Why not.
        reason: ImageSetError,
    },
}

impl From<ImageFolderError> for FormatError {
    fn from(error: ImageFolderError) -> Self {
        let (ImageFolderError::Differs { path, .. } | ImageFolderError::Set { path, .. }) = &error;
        FormatError { path: path.clone(), kind: Box::new(error.into()) }
    }
}
