//! Texts of a folder: UTF-8, UTF-16 with its mark, or else Latin-1 (ISO-8859-1), in which any bytes
//! are valid.

use std::path::Path;

use rayon::prelude::*;
use thiserror::Error;

use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::files::{
    self, Failure, Failures, folder_part, not_emptied, part_name,
};
use crate::data::formats::native::folder::list::{Listed, Part};
use crate::data::formats::native::folder::names::count;
use crate::data::formats::native::folder::parts::{self, Parts, skipped_note};
use crate::data::formats::native::folder::{Folder, FolderOptions, Kind};
use crate::data::utf16::{Damaged, utf16};

/// The most bytes that a text may have. A novel has one million.
const LARGEST: u64 = 1 << 24;

/// Why bytes are not a text that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextError {
    /// Longer than any text to be classified.
    #[error("longer than the {LARGEST} bytes that a text may have")]
    TooLarge,
    /// UTF-16 that ends within a character.
    #[error("the text begins as UTF-16 but is damaged")]
    Utf16,
    /// A document of pages.
    #[error("this is a PDF: save its text to a file, for instance by pdftotext")]
    Pdf,
    /// A zero byte, which no text has.
    #[error("byte {position} is zero, so this is not a text in UTF-8 or Latin-1")]
    Binary {
        /// Where, from 0.
        position: usize,
    },
}

/// The text that bytes encode, and whether they were taken for Latin-1.
///
/// # Errors
/// When there are too many bytes, one of them is zero, or the file is something else.
pub fn parse_text(bytes: Vec<u8>) -> Result<(String, bool), TextError> {
    if bytes.len() as u64 > LARGEST {
        return Err(TextError::TooLarge);
    }
    if bytes.starts_with(b"%PDF-") {
        return Err(TextError::Pdf);
    }
    if let Some(text) = utf16(&bytes) {
        return text.map(|text| (text, false)).map_err(|Damaged| TextError::Utf16);
    }
    if let Some(position) = bytes.iter().position(|&byte| byte == 0) {
        return Err(TextError::Binary { position });
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => (text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text), false),
        // Latin-1 numbers its characters as Unicode does.
        Err(error) => (error.as_bytes().iter().copied().map(char::from).collect(), true),
    })
}

/// Reads a folder of texts.
///
/// # Errors
/// When the folder is not a data set, and when files cannot be read or are not texts. All such
/// files are named together.
pub fn read_texts(
    directory: &Path,
    options: &FolderOptions,
) -> Result<Folder<Vec<String>>, FolderError> {
    let Parts { layout, classes, train, test, mut notes } = parts::list(directory, Kind::Texts)?;
    let (mut failures, mut guessed) = (Failures::default(), 0);
    let mut read = |part: &Part| {
        let name = part_name(&layout.root, part);
        read_part(&name, part, &mut failures, &mut guessed)
    };
    let trained = read(&train);
    let tested = test.as_ref().map(&mut read);
    let skipped = failures.settle(options)?;
    let finish = |part: &Part, (texts, kept): (Vec<String>, Vec<usize>)| {
        let kept: Vec<&Listed> = kept.iter().filter_map(|&at| part.files.get(at)).collect();
        let name = part_name(&layout.root, part);
        not_emptied(&name, part, &kept)?;
        Ok::<_, FolderError>(folder_part(&name, texts, &kept))
    };
    let train = finish(&train, trained)?;
    let test = test.as_ref().zip(tested).map(|(part, found)| finish(part, found)).transpose()?;
    if guessed > 0 {
        notes.push(format!("{}: not UTF-8, read as Latin-1", count(guessed, "text")));
    }
    notes.extend(skipped_note(&skipped));
    Ok(Folder { classes, train, test, notes, skipped })
}

/// The texts of a part that can be read, and the numbers of their files.
fn read_part(
    name: &str,
    part: &Part,
    failures: &mut Failures,
    guessed: &mut usize,
) -> (Vec<String>, Vec<usize>) {
    let read: Vec<_> = part.files.par_iter().map(|file| read_file(&file.path)).collect();
    let (mut texts, mut kept) = (Vec::new(), Vec::new());
    for ((at, file), text) in part.files.iter().enumerate().zip(read) {
        match text {
            Err(reason) => failures.add(name, file, Failure { damage: true, reason }),
            Ok((text, latin1)) => {
                *guessed += usize::from(latin1);
                kept.push(at);
                texts.push(text);
            }
        }
    }
    (texts, kept)
}

/// A file as text, of which at most one byte more is read than a text may have.
fn read_file(path: &Path) -> Result<(String, bool), String> {
    let bytes = files::bytes(path, LARGEST + 1);
    let bytes = bytes.map_err(|reason| format!("cannot be read: {reason}"))?;
    parse_text(bytes).map_err(|reason| reason.to_string())
}

#[cfg(test)]
mod tests;
