//! Formats that need folders or crates of their own: only with the feature `formats`, and not in a
//! browser.

pub mod arrays;
pub mod folder;
pub mod groups_file;
mod listed;
pub mod newsgroups;
mod row_list;
pub mod table;
mod values;

use thiserror::Error;

pub use self::arrays::{ArraysError, Kind, what_is_at};
pub use self::folder::{FolderError, Survey, survey};
pub use self::groups_file::GroupsError;
pub(in crate::data) use self::groups_file::{groups_files, read as read_groups};
pub use self::listed::Listed;
pub use self::newsgroups::NewsgroupsError;
pub(in crate::data) use self::row_list::row_list;
pub use self::table::{TableError, TableFileError};
pub use self::values::Values;
use super::format::Part;
use super::{Content, Format, FormatError, FormatErrorKind, How, Rows, Texts};
use crate::data::class_names::ClassNamesError;
use crate::data::feature_set::FeatureSetError;
use crate::data::image_set::ImageSetError;
use crate::data::row_names::RowNamesError;

pub(super) static FORMATS: &[Format] = &[
    folder::PICTURES,
    folder::TEXTS,
    newsgroups::FORMAT,
    table::FORMAT,
    arrays::NUMPY,
    arrays::MATLAB,
    arrays::CIFAR_10,
    arrays::CIFAR_100,
];

/// A number with nine decimal digits, which is read back from JSON as the very same: rows must be
/// standardised later as they were in training.
pub(in crate::data::formats) fn rounded(value: f64) -> f64 {
    format!("{value:.8e}").parse().unwrap_or(value)
}

/// The error of each format, once: the variants of [`NativeError`], and the way to
/// [`FormatErrorKind`].
macro_rules! errors {
    ($($(#[doc = $doc:literal])+ $variant:ident($error:ty);)+) => {
        /// What can be wrong with a file or folder of these formats.
        #[derive(Debug, Error)]
        #[error(transparent)]
        #[non_exhaustive]
        pub enum NativeError {
            $($(#[doc = $doc])+ $variant(#[from] $error),)+
        }

        $(impl From<$error> for FormatErrorKind {
            fn from(error: $error) -> Self {
                Self::Native(error.into())
            }
        })+
    };
}

errors! {
    /// Folders that do not make a set.
    Folder(FolderError);
    /// Folders that are not the newsgroups.
    Newsgroups(NewsgroupsError);
    /// A message that is not text.
    Text(folder::TextError);
    /// Not the table that it should be.
    Table(TableFileError);
    /// Not the arrays that they should be.
    Arrays(ArraysError);
    /// Not the list of groups that it should be.
    Groups(GroupsError);
    /// Pixels that do not make a set.
    Images(ImageSetError);
    /// Features that do not make a set.
    Features(FeatureSetError);
    /// Rows of one name.
    RowNames(RowNamesError);
    /// Classes of one name.
    ClassNames(ClassNamesError);
    /// A setting that is out of range.
    Setting(folder::ReadingError);
    /// What a model file says of how its rows were read.
    Saved(SavedError);
}

/// Data are read in another way than the network's.
#[derive(Debug, Error)]
#[error("the network's rows were read as another form of data than this: {0}")]
pub struct SavedError(#[from] serde_json::Error);

impl NativeError {
    /// Whether the message contains the path, because it is about several.
    pub(super) fn names_path(&self) -> bool {
        matches!(self, Self::Folder(_) | Self::Newsgroups(_) | Self::Table(_) | Self::Arrays(_))
    }
}

/// The reading that a model file has of rows of this form, if there is a model.
fn saved<T: serde::de::DeserializeOwned>(how: How<'_>) -> Result<Option<T>, SavedError> {
    Ok(how.saved.cloned().map(serde_json::from_value).transpose()?)
}
