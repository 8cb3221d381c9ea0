//! Formats that need folders or crates of their own: only with the feature `formats`, and not in a
//! browser.

mod class_folder;
pub mod groups_file;
pub mod image_folder;
pub mod newsgroups;
pub mod npy;
pub mod npz;
pub mod picture;
pub mod table;
pub mod text;
pub mod text_folder;

use thiserror::Error;

pub use class_folder::ClassFolderError;
pub use groups_file::GroupsError;
pub(in crate::data) use groups_file::{groups_files, read as read_groups};
pub use image_folder::{ImageFolder, ImageFolderError};
pub use npy::NpyError;
pub use npz::NpzError;
pub use picture::{Picture, PictureError};
pub use table::{Table, TableError, Tables};
pub use text::TextError;

use super::{Content, Format, FormatError, FormatErrorKind, GroupSource};

/// The most classes that a file may number: more than any network here is built for. Without a
/// bound, a single label could require all memory.
const MAX_CLASSES: u32 = 1 << 16;

pub(super) static FORMATS: &[Format] = &[
    image_folder::FORMAT,
    text_folder::FORMAT,
    newsgroups::FORMAT,
    table::FORMAT_COMMAS,
    table::FORMAT_TABS,
    npz::FORMAT,
    npy::FORMAT,
];

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
    /// Not the picture that it should be.
    Picture(PictureError);
    /// Not a folder per class.
    ClassFolder(ClassFolderError);
    /// Pictures that do not make a set.
    ImageFolder(ImageFolderError);
    /// Not the text that it should be.
    Text(TextError);
    /// Not the table that it should be.
    Table(TableError);
    /// Not the array that it should be.
    Npy(NpyError);
    /// Not the archive of arrays that it should be.
    Npz(NpzError);
    /// Not the list of groups that it should be.
    Groups(GroupsError);
}

impl NativeError {
    /// Whether the message contains the path, because it is about several.
    pub(super) fn names_path(&self) -> bool {
        matches!(self, Self::ClassFolder(_) | Self::ImageFolder(_))
    }
}
