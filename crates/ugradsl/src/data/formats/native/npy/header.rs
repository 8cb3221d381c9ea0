//! The header of a `.npy` file and the elements after it. All checks of the header are here.
//!
//! The header is the magic string, a version, the length of a text, and that text: a Python
//! dictionary with the keys `descr`, `fortran_order` and `shape` (numpy.lib.format).

use std::io::{self, Read};

use super::{MAGIC, error::NpyError};

/// The longest text that is read. NumPy writes about 120 bytes for arrays like these.
const LONGEST: usize = 4096;

/// The type of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    U8,
    /// An integer of `size` bytes, signed or not, big-endian or not.
    Integer {
        size: usize,
        signed: bool,
        big: bool,
    },
    F32 {
        big: bool,
    },
    F64 {
        big: bool,
    },
}

impl Number {
    /// From its type string, such as `<f4`.
    fn parse(descr: &str) -> Option<Self> {
        let (order, kind) = descr.split_at_checked(1)?;
        let big = match order {
            "<" | "|" => false,
            ">" => true,
            _ => return None,
        };
        let integer = |size, signed| Some(Self::Integer { size, signed, big });
        match kind {
            "u1" => Some(Self::U8),
            "i1" => integer(1, true),
            // A bar says that the order of bytes does not matter, but for the rest it does.
            _ if order == "|" => None,
            "u2" => integer(2, false),
            "u4" => integer(4, false),
            "u8" => integer(8, false),
            "i2" => integer(2, true),
            "i4" => integer(4, true),
            "i8" => integer(8, true),
            "f4" => Some(Self::F32 { big }),
            "f8" => Some(Self::F64 { big }),
            _ => None,
        }
    }

    /// Bytes of one element.
    pub(super) fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::Integer { size, .. } => size,
            Self::F32 { .. } => 4,
            Self::F64 { .. } => 8,
        }
    }

    /// The value, if this is a float and there are enough bytes.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<f64> {
        match self {
            Self::F32 { big: true } => Some(f32::from_be_bytes(*bytes.first_chunk()?).into()),
            Self::F32 { big: false } => Some(f32::from_le_bytes(*bytes.first_chunk()?).into()),
            Self::F64 { big: true } => Some(f64::from_be_bytes(*bytes.first_chunk()?)),
            Self::F64 { big: false } => Some(f64::from_le_bytes(*bytes.first_chunk()?)),
            _ => None,
        }
    }

    /// The value, if this is an integer and there are enough bytes.
    pub(super) fn integer(self, bytes: &[u8]) -> Option<i128> {
        let (size, signed, big) = match self {
            Self::U8 => (1, false, false),
            Self::Integer { size, signed, big } => (size, signed, big),
            _ => return None,
        };
        let add = |value: i128, &byte: &u8| (value << 8) | i128::from(byte);
        let bytes = bytes.get(..size)?;
        let value = if big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) };
        let bits = 8 * size as u32;
        Some(if signed && value >> (bits - 1) == 1 { value - (1 << bits) } else { value })
    }
}

/// What a file claims to hold.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) number: Number,
    pub(super) descr: String,
    pub(super) dims: Vec<usize>,
    /// Bytes before the elements.
    offset: usize,
}

impl Header {
    pub(super) fn read(input: &mut impl Read) -> Result<Self, NpyError> {
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
        if dictionary.fortran {
            return Err(NpyError::Fortran);
        }
        let Some(number) = Number::parse(&dictionary.descr) else {
            let expected = "u8, f32, f64 and integers can be read";
            return Err(NpyError::Type { found: dictionary.descr, expected });
        };
        // A set without rows is empty; images without lines or columns are nonsense.
        if dictionary.shape.iter().skip(1).any(|&dim| dim == 0) {
            return Err(NpyError::ZeroDimension { dims: dictionary.shape });
        }
        let offset = before + length;
        Ok(Self { number, descr: dictionary.descr, dims: dictionary.shape, offset })
    }

    /// The bytes of all elements, which must end where the file does. The buffer grows with what
    /// arrives, never with what the header promises.
    pub(super) fn elements(&self, input: &mut impl Read) -> Result<Vec<u8>, NpyError> {
        let (dims, element) = (&self.dims, self.number.size());
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

fn exactly(input: &mut impl Read, offset: usize, count: usize) -> Result<Vec<u8>, NpyError> {
    let bytes = read_up_to(input, offset, count)?;
    if bytes.len() < count {
        let found = offset + bytes.len();
        return Err(NpyError::ShortHeader { expected: offset + count, found });
    }
    Ok(bytes)
}

fn read_up_to(input: &mut impl Read, offset: usize, limit: usize) -> Result<Vec<u8>, NpyError> {
    let mut bytes = Vec::new();
    match input.take(limit as u64).read_to_end(&mut bytes) {
        // A compressed stream that ends early counts as a short file, like a plain one.
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
                "descr" => descr.replace(rest.string()?.to_owned()).is_none(),
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
            let plain = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| size.parse().ok()).flatten()
        };
        sizes.into_iter().map(digits).collect()
    }
}
