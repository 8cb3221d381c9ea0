//! 20 Newsgroups by date, in the layout of its archive: `20news-bydate-train/<group>/<number>` and
//! the same below `20news-bydate-test/`, unpacked or not.
//!
//! Only each message's own text is kept: headers reveal the newsgroup outright, footers and quotes
//! nearly so.

mod archive;
mod parts;
mod strip;

use std::path::{Path, PathBuf};

pub use self::archive::read as read_archive;
pub use self::parts::NewsgroupsError;
use self::parts::Part;
pub use self::strip::{strip, strip_footer, strip_header, strip_quotes};
use super::{Format, FormatError};
use crate::data::formats::{FormatErrorKind, TextFolder, Texts};

/// 20 Newsgroups.
pub const FORMAT: Format = Format {
    name: "20 Newsgroups",
    files: "20news-bydate-train/ and 20news-bydate-test/, or 20news-bydate.tar.gz",
    find: found,
    in_folders: Some("texts"),
    reads: &[],
    open: |directory, _| {
        let missing = || FormatErrorKind::Missing(places(directory));
        let found = found(directory);
        let lacks = || FormatError { path: directory.to_owned(), kind: Box::new(missing()) };
        read(&found.ok_or_else(lacks)?)?.into_content()
    },
};

/// The folders of the archive.
const TRAIN: &str = "20news-bydate-train";
const TEST: &str = "20news-bydate-test";
/// The archive: as published, and as some repack it.
const ARCHIVES: [&str; 2] = ["20news-bydate.tar.gz", "20news-bydate.tar.xz"];

/// The unpacked training part or else the archive, if `directory` holds either.
pub fn found(directory: &Path) -> Option<PathBuf> {
    places(directory).into_iter().find(|path| path.exists())
}

/// Where [`found`] looks.
pub fn places(directory: &Path) -> Vec<PathBuf> {
    [TRAIN].iter().chain(&ARCHIVES).map(|name| directory.join(name)).collect()
}

/// Reads what [`found`] has found.
///
/// # Errors
/// When the two parts differ in their groups, a group is empty, or a file cannot be read or is not
/// text; the error names the path.
pub fn read(found: &Path) -> Result<TextFolder, FormatError> {
    if found.is_file() {
        return read_archive(found);
    }
    let (train, test) = (Part::list(found)?, Part::list(&found.with_file_name(TEST))?);
    let [train, test] = parts::same_groups(train, test)?;
    let (trained, tested) = (train.read()?, test.read()?);
    Ok(stripped(TextFolder { classes: train.groups, train: trained, test: tested }))
}

fn stripped(folder: TextFolder) -> TextFolder {
    let strip = |mut texts: Texts| {
        texts.texts.iter_mut().for_each(|text| *text = strip::strip(text));
        texts
    };
    TextFolder { train: strip(folder.train), test: strip(folder.test), ..folder }
}

#[cfg(test)]
mod tests;
