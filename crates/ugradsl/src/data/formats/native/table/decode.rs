//! Text from the bytes of a file: packed or not, in the encodings that tables come in.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::error::Problem;
use crate::data::utf16::{Damaged, utf16};
use crate::data::windows_1252::windows_1252;

/// The longest text that is read.
pub(super) const LONGEST: u64 = 1 << 31;

/// The text of a file, and a note if its encoding had to be guessed.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<String>), Problem> {
    let bytes = unpacked(bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Problem::TooLarge { limit: LONGEST });
    }
    if let Some(text) = utf16(&bytes) {
        return Ok((Cow::Owned(text.map_err(|Damaged| Problem::Utf16)?), None));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        return Err(Problem::Binary { line: line(&bytes, at) });
    }
    let invalid = match str::from_utf8(&bytes) {
        Ok(_) => None,
        Err(error) => Some(line(&bytes, error.valid_up_to())),
    };
    let Some(at) = invalid else {
        return Ok((utf8(bytes), None));
    };
    let note = format!("the text is not UTF-8 (line {at}), so it was read as Latin-1");
    Ok((Cow::Owned(windows_1252(&bytes)), Some(note)))
}

/// Number of the line that a byte is in.
fn line(bytes: &[u8], at: usize) -> usize {
    bytes.iter().take(at).filter(|&&byte| byte == b'\n').count() + 1
}

fn unpacked(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Problem> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Problem::Workbook);
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut unpacked = Vec::new();
    let mut input = MultiGzDecoder::new(bytes).take(LONGEST + 1);
    let result = input.read_to_end(&mut unpacked);
    result.map_err(|error| Problem::Packed { reason: error.to_string() })?;
    Ok(Cow::Owned(unpacked))
}

/// Bytes that are known to be UTF-8, without their mark.
fn utf8(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            String::from_utf8_lossy(bytes)
        }
        Cow::Owned(bytes) => {
            let mut text = String::from_utf8(bytes).unwrap_or_default();
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            Cow::Owned(text)
        }
    }
}
