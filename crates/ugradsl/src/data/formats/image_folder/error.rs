//! What can be wrong with an image folder.

use std::path::PathBuf;

use thiserror::Error;

use crate::data::image_set::ImageSetError;

/// Why a folder of pictures is not a data set. The messages name the paths.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImageFolderError {
    /// Nothing to test on.
    #[error("{path} has a folder train, but neither test nor val")]
    NoTest {
        /// The whole folder.
        path: PathBuf,
    },
    /// A part without class folders.
    #[error("{path} holds no folders; it needs one for each class")]
    NoClasses {
        /// `train` or the test part.
        path: PathBuf,
    },
    /// The two parts are not of the same classes.
    #[error("{path} lacks {} that {other} has: {}", count(lacking), lacking.join(", "))]
    Classes {
        /// The part that lacks them.
        path: PathBuf,
        /// The part that has them.
        other: PathBuf,
        /// Their names.
        lacking: Vec<String>,
    },
    /// A class without pictures.
    #[error("{path} holds no pictures")]
    EmptyClass {
        /// The folder of the class.
        path: PathBuf,
    },
    /// A picture of no class.
    #[error("{path} lies in no class's folder")]
    NoClass {
        /// The picture.
        path: PathBuf,
    },
    /// A folder within a group.
    #[error("{path} is a folder too deep: pictures lie in class/ or class/group/")]
    TooDeep {
        /// The folder.
        path: PathBuf,
    },
    /// Not a picture by its name.
    #[error("{path} is not named as a PNG, JPEG or WebP file, which is all that may lie here")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Not all pictures are alike.
    #[error(
        "{path} is {found}, but {first} is {expected}: all pictures must be of one size, and all grey or \
         all in colour"
    )]
    Differs {
        /// The picture that differs.
        path: PathBuf,
        /// What it is like.
        found: String,
        /// The first picture.
        first: PathBuf,
        /// What that one is like.
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

fn count(classes: &[String]) -> String {
    match classes.len() {
        1 => "a class".to_owned(),
        many => format!("{many} classes"),
    }
}
