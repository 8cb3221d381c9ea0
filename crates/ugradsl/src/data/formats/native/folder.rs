//! Folders of pictures and of texts, one folder per class, as people have them.
//!
//! The parts may be named in several ways, lie a level deeper, or not exist. Everything that is
//! guessed is said in the notes; what is ambiguous is refused.

mod entries;
mod error;
mod files;
mod format;
mod layout;
mod list;
pub(super) mod names;
mod parts;
mod picture;
mod read;
mod reading;
mod survey;
mod texts;
mod tiny;

use std::path::Path;

pub use self::error::FolderError;
pub use self::format::{PICTURES, TEXTS};
pub use self::picture::{Picture, PictureError, PictureNote, decode};
pub use self::read::read_pictures;
pub use self::reading::{Channels, LARGEST_SIDE, PictureReading, ReadingError, background};
pub use self::survey::{Survey, survey};
pub use self::texts::{TextError, parse_text, read_texts};

/// How a folder is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FolderOptions {
    /// What is done to every picture.
    pub pictures: PictureReading,
    /// Damaged files are left out and named, instead of refused.
    pub skip_damaged: bool,
}

/// One part of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FolderPart<R> {
    /// The pictures or texts.
    pub rows: R,
    /// The class of every row.
    pub labels: Vec<u32>,
    /// The folder of the part below that of the data set; empty if it is the same.
    pub folder: String,
    /// The path of every row below the part, with `/`.
    pub paths: Vec<String>,
    /// The group of every row, if any row is in the folder of a group.
    pub groups: Option<Vec<Option<String>>>,
}

/// Pictures of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Images {
    /// Channels, height, width.
    pub shape: [usize; 3],
    /// All pixels, `[rows, channels, height, width]`, row-major.
    pub pixels: Vec<u8>,
}

/// The content of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Folder<R> {
    /// Names of the classes, in the order of their numbers.
    pub classes: Vec<String>,
    /// The rows to train on, or all rows.
    pub train: FolderPart<R>,
    /// The rows to test on, if they are a part of their own.
    pub test: Option<FolderPart<R>>,
    /// What was guessed, changed or left out, a line each.
    pub notes: Vec<String>,
    /// Damaged files that were left out, by path below the folder, each with what is wrong.
    pub skipped: Vec<(String, String)>,
}

/// What the folders of classes hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Pictures.
    Pictures,
    /// Texts.
    Texts,
}

impl Kind {
    fn what(self) -> &'static str {
        match self {
            Self::Pictures => "pictures",
            Self::Texts => "texts",
        }
    }
}

/// What a folder holds, if it looks like a data set of class folders.
///
/// One picture is enough for pictures. Reading them then names the files that are not.
pub fn find(directory: &Path) -> Option<Kind> {
    parts::find(directory)
}

#[cfg(test)]
mod tests;
