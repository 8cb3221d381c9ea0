//! Single texts: UTF-8, or else Latin-1 (ISO-8859-1), in which any bytes are valid.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use thiserror::Error;

use super::FormatError;

/// The most bytes that a text may have. A novel has one million.
const LARGEST: u64 = 1 << 24;

/// Why bytes are not a text that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextError {
    /// Longer than any text to be classified.
    #[error("longer than the {LARGEST} bytes that a text may have")]
    TooLarge,
    /// A zero byte, which no text has.
    #[error("byte {position} is zero, so this is not plain text")]
    Binary {
        /// Where, from 0.
        position: usize,
    },
}

/// The text that bytes encode: UTF-8 if they are valid as such, else Latin-1.
///
/// # Errors
/// When there are too many bytes, or one of them is zero.
pub fn parse(bytes: Vec<u8>) -> Result<String, TextError> {
    check(&bytes)?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| latin1(error.as_bytes())))
}

/// As [`parse`], but always Latin-1.
///
/// # Errors
/// As [`parse`].
pub fn parse_latin1(bytes: &[u8]) -> Result<String, TextError> {
    check(bytes)?;
    Ok(latin1(bytes))
}

fn check(bytes: &[u8]) -> Result<(), TextError> {
    if bytes.len() as u64 > LARGEST {
        return Err(TextError::TooLarge);
    }
    match bytes.iter().position(|&byte| byte == 0) {
        Some(position) => Err(TextError::Binary { position }),
        None => Ok(()),
    }
}

/// Latin-1 numbers its characters as Unicode does.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// All bytes of a text, but at most one more than it may have.
pub(super) fn bytes(input: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The bytes of a file, but at most one more than a text may have.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, FormatError> {
    File::open(path).and_then(bytes).map_err(FormatError::at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_utf8_or_else_latin1() {
        assert_eq!(parse("naïve".into()).as_deref(), Ok("naïve"));
        assert_eq!(parse(b"na\xefve \x85".to_vec()).as_deref(), Ok("naïve \u{85}"));
        assert_eq!(parse_latin1("ï".as_bytes()).as_deref(), Ok("Ã¯"));
        assert_eq!(parse(Vec::new()).as_deref(), Ok(""));
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        assert_eq!(parse(b"GIF89a\0".to_vec()), Err(TextError::Binary { position: 6 }));
        let long = vec![b'a'; LARGEST as usize + 1];
        assert_eq!(parse(long.clone()), Err(TextError::TooLarge));
        assert_eq!(parse_latin1(&long), Err(TextError::TooLarge));
        assert!(parse(long[1..].to_vec()).is_ok());
        assert_eq!(bytes(&long[..]).map(|bytes| bytes.len()).ok(), Some(long.len()));
        let endless = bytes(std::io::repeat(b'a')).map(|bytes| bytes.len() as u64);
        assert_eq!(endless.ok(), Some(LARGEST + 1));
    }
}
