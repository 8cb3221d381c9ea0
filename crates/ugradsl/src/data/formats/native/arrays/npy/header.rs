//! The header of a `.npy` file and the elements after it. All checks of the header are here.
//!
//! The header is the magic string, a version, the length of a text, and that text: a Python
//! dictionary with the keys `descr`, `fortran_order` and `shape` (numpy.lib.format).

use std::io::{self, Read};

use super::super::array::Element;
use super::{MAGIC, NpyError};

/// The longest text that is read. NumPy writes about 120 bytes for arrays like these.
const LONGEST: usize = 4096;

/// What a file claims to hold.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) element: Element,
    /// Whether the first dimension runs fastest.
    pub(super) fortran: bool,
    pub(super) dims: Vec<usize>,
    /// Bytes before the elements.
    offset: usize,
}

impl Header {
    pub(super) fn read(input: &mut dyn Read) -> Result<Self, NpyError> {
        let start = exactly(input, 0, 8)?;
        if start[..6] != *MAGIC {
            return Err(NpyError::Magic);
        }
        let (length, before) = match start[6] {
            1 => {
                let bytes = exactly(input, 8, 2)?;
                (usize::from(bytes[0]) | usize::from(bytes[1]) << 8, 10)
            }
            2 | 3 => {
                let bytes = exactly(input, 8, 4)?;
                let length =
                    bytes.iter().rev().fold(0_u32, |sum, &byte| sum << 8 | u32::from(byte));
                (length as usize, 12)
            }
            _ => return Err(NpyError::Version { found: [start[6], start[7]] }),
        };
        if length > LONGEST {
            return Err(NpyError::LongHeader { length, most: LONGEST });
        }
        let text = exactly(input, before, length)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        let malformed = || NpyError::Header { text: text.trim().chars().take(80).collect() };
        let dictionary = Dictionary::parse(&text).ok_or_else(malformed)?;
        let Some(element) = Element::parse(&dictionary.descr) else {
            return Err(refused(dictionary.descr));
        };
        // A set without rows is empty; images without lines or columns are nonsense.
        if dictionary.shape.iter().skip(1).any(|&dim| dim == 0) {
            return Err(NpyError::ZeroDimension { dims: dictionary.shape });
        }
        let offset = before + length;
        Ok(Self { element, fortran: dictionary.fortran, dims: dictionary.shape, offset })
    }

    /// The bytes of all elements, which must end where the file does. The buffer grows with what
    /// arrives, never with what the header promises.
    pub(super) fn elements(&self, input: &mut dyn Read) -> Result<Vec<u8>, NpyError> {
        let (dims, element) = (&self.dims, self.element.size());
        // Multiplied from the back, so that zero rows of huge images are refused as well.
        let size = |dims: &[usize]| {
            dims.iter().rev().try_fold(element, |size: usize, &dim| size.checked_mul(dim))
        };
        let expected = size(dims).filter(|&expected| expected < isize::MAX as usize);
        let Some(expected) = expected else {
            return Err(NpyError::TooLarge { dims: dims.clone(), element });
        };
        let bytes = read_up_to(input, self.offset, expected + 1)?;
        if bytes.len() < expected {
            return Err(NpyError::Truncated { expected, found: bytes.len() });
        }
        if bytes.len() > expected {
            return Err(NpyError::Trailing { expected: self.offset + expected });
        }
        Ok(bytes)
    }
}

/// Why a type string is not one that can be read.
fn refused(descr: String) -> NpyError {
    if descr.starts_with('[') {
        return NpyError::Fields;
    }
    match descr.trim_start_matches(['|', '<', '>']) {
        "O" => NpyError::Objects,
        _ => NpyError::Type { found: descr },
    }
}

fn exactly(input: &mut dyn Read, offset: usize, count: usize) -> Result<Vec<u8>, NpyError> {
    let bytes = read_up_to(input, offset, count)?;
    if bytes.len() < count {
        let found = offset + bytes.len();
        return Err(NpyError::ShortHeader { expected: offset + count, found });
    }
    Ok(bytes)
}

fn read_up_to(input: &mut dyn Read, offset: usize, limit: usize) -> Result<Vec<u8>, NpyError> {
    let mut bytes = Vec::new();
    match input.take(limit as u64).read_to_end(&mut bytes) {
        // A compressed stream that ends early counts as a short file, as in one that is not
        // compressed.
        Err(reason) if reason.kind() != io::ErrorKind::UnexpectedEof => {
            Err(NpyError::Read { offset: offset + bytes.len(), reason })
        }
        _ => Ok(bytes),
    }
}

/// The three entries. Each must be there once, and no others.
struct Dictionary {
    descr: String,
    fortran: bool,
    shape: Vec<usize>,
}

impl Dictionary {
    fn parse(text: &str) -> Option<Self> {
        let mut rest = Cursor(text.trim_end());
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        rest.eat('{')?;
        while rest.eat('}').is_none() {
            let key = rest.string()?;
            rest.eat(':')?;
            let known = match key {
                "descr" => descr.replace(rest.description()?.to_owned()).is_none(),
                "fortran_order" => fortran.replace(rest.boolean()?).is_none(),
                "shape" => shape.replace(rest.tuple()?).is_none(),
                _ => false,
            };
            if !known || (rest.eat(',').is_none() && !rest.0.trim_start().starts_with('}')) {
                return None;
            }
        }
        let parsed = Self { descr: descr?, fortran: fortran?, shape: shape? };
        rest.0.is_empty().then_some(parsed)
    }
}

/// The rest of the text, not read yet.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn eat(&mut self, symbol: char) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(symbol)?;
        Some(())
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (string, rest) = rest[1..].split_once(quote)?;
        self.0 = rest;
        Some(string).filter(|string| !string.contains('\\'))
    }

    /// A type string, or a list of fields up to the bracket that closes it.
    fn description(&mut self) -> Option<&'a str> {
        let rest = self.0.trim_start();
        if !rest.starts_with('[') {
            return self.string();
        }
        let mut depth = 0_usize;
        let end = rest.bytes().position(|byte| {
            depth = match byte {
                b'[' => depth + 1,
                b']' => depth - 1,
                _ => depth,
            };
            depth == 0
        })?;
        let (fields, rest) = rest.split_at_checked(end + 1)?;
        self.0 = rest;
        Some(fields)
    }

    fn boolean(&mut self) -> Option<bool> {
        let rest = self.0.trim_start();
        let (value, rest) = match rest.strip_prefix("True") {
            Some(rest) => (true, rest),
            None => (false, rest.strip_prefix("False")?),
        };
        self.0 = rest;
        Some(value)
    }

    /// Sizes in parentheses; a single one has a comma after it.
    fn tuple(&mut self) -> Option<Vec<usize>> {
        self.eat('(')?;
        let (content, rest) = self.0.split_once(')')?;
        self.0 = rest;
        let mut sizes: Vec<&str> = content.split(',').map(str::trim).collect();
        if sizes.last().is_some_and(|last| last.is_empty()) {
            sizes.pop();
        }
        // Python 2 put an L after a long integer.
        let digits = |size: &str| {
            let size = size.strip_suffix('L').unwrap_or(size);
            let digits = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| size.parse().ok()).flatten()
        };
        sizes.into_iter().map(digits).collect()
    }
}
