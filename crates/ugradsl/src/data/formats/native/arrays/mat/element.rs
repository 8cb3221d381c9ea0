//! The elements of a file: a type, a size, and that many bytes, filled up to eight.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::MatError;
use crate::data::formats::native::arrays::array::{Array, Element, Type};

/// The most bytes of one variable.
const MOST: u64 = 1 << 33;
/// Bytes before the first element.
const HEADER: usize = 128;

const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;

/// A matrix of MATLAB.
pub(super) enum Item<'a> {
    /// Numbers, still column-major: they are brought into order once, when it is known which one.
    Numbers(Array),
    /// The fields of a structure, each a matrix.
    Structure(Vec<(String, &'a [u8])>),
    /// Anything else, in words.
    Other(&'static str),
}

struct Elements<'a> {
    rest: &'a [u8],
    big: bool,
}

impl<'a> Elements<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], MatError> {
        let short = MatError::Short { expected: count, found: self.rest.len() };
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&self, bytes: &[u8]) -> u32 {
        let add = |sum: u32, &byte: &u8| (sum << 8) | u32::from(byte);
        if self.big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }

    /// The next element: its type and its bytes.
    fn element(&mut self) -> Result<(u32, &'a [u8]), MatError> {
        let tag = self.take(4)?;
        let kind = self.number(tag);
        // Up to four bytes fit into the tag; then the upper half of the type is their number.
        if kind >> 16 != 0 {
            let (count, bytes) = ((kind >> 16) as usize, self.take(4)?);
            let short = MatError::Short { expected: count, found: 4 };
            return Ok((kind & 0xffff, bytes.get(..count).ok_or(short)?));
        }
        let size = self.take(4)?;
        let size = self.number(size) as usize;
        let bytes = self.take(size)?;
        let fill = size.wrapping_neg() % 8;
        if kind != COMPRESSED {
            // The last element need not be filled up.
            self.rest = self.rest.get(fill..).unwrap_or_default();
        }
        Ok((kind, bytes))
    }

    /// The next element, which must be of that type.
    fn expect(&mut self, wanted: u32, expected: &'static str) -> Result<&'a [u8], MatError> {
        match self.element()? {
            (kind, bytes) if kind == wanted => Ok(bytes),
            (found, _) => Err(MatError::Element { found, expected }),
        }
    }
}

/// The contents of all matrices at the top of the file.
pub(super) fn variables(
    bytes: &[u8],
    big: bool,
) -> impl Iterator<Item = Result<Cow<'_, [u8]>, MatError>> {
    let mut elements = Elements { rest: bytes.get(HEADER..).unwrap_or_default(), big };
    std::iter::from_fn(move || {
        if elements.rest.is_empty() {
            return None;
        }
        let variable = elements.element().and_then(|(kind, bytes)| match kind {
            MATRIX => Ok(Cow::Borrowed(bytes)),
            COMPRESSED => inflate(bytes, big).map(Cow::Owned),
            found => Err(MatError::Element { found, expected: "a matrix" }),
        });
        if variable.is_err() {
            // After damage, nothing tells where the next one begins.
            elements.rest = &[];
        }
        Some(variable)
    })
}

/// The content of the matrix in a compressed element. The buffer grows with what arrives.
fn inflate(bytes: &[u8], big: bool) -> Result<Vec<u8>, MatError> {
    let mut decoder = ZlibDecoder::new(bytes);
    let mut tag = [0; 8];
    decoder.read_exact(&mut tag).map_err(|reason| MatError::Inflate { reason })?;
    let elements = Elements { rest: &tag, big };
    let [kind, size] = [&tag[..4], &tag[4..]].map(|half| elements.number(half));
    if kind != MATRIX {
        return Err(MatError::Element { found: kind, expected: "a matrix" });
    }
    let mut content = Vec::new();
    let most = u64::from(size).min(MOST);
    decoder.take(most).read_to_end(&mut content).map_err(|reason| MatError::Inflate { reason })?;
    match content.len() < size as usize {
        true => Err(MatError::Short { expected: size as usize, found: content.len() }),
        false => Ok(content),
    }
}

impl<'a> Item<'a> {
    /// The name of a matrix and what it holds, from the content of its element.
    pub(super) fn parse(bytes: &'a [u8], big: bool) -> Result<(String, Self), MatError> {
        // An empty field of a structure has no content at all.
        if bytes.is_empty() {
            return Ok((String::new(), Self::Other("empty")));
        }
        let mut elements = Elements { rest: bytes, big };
        let flags = elements.expect(6, "the flags of a matrix")?;
        let flags = elements.number(flags.get(..4).unwrap_or_default());
        let class = flags & 0xff;
        if class == 17 {
            return Ok((String::new(), Self::Other("an object of a class")));
        }
        let dims = elements.expect(5, "the dimensions of a matrix")?;
        let dims: Vec<usize> =
            dims.chunks_exact(4).map(|dim| elements.number(dim) as usize).collect();
        let name = elements.expect(1, "the name of a matrix")?;
        let name = String::from_utf8_lossy(name).into_owned();
        let item = match class {
            2 if dims.iter().all(|&dim| dim == 1) => Self::Structure(fields(&mut elements)?),
            6..=15 if flags & 0x800 != 0 => Self::Other("an array of complex numbers"),
            6..=15 if dims.contains(&0) => Self::Other("empty"),
            6..=15 => Self::Numbers(numbers(&mut elements, &name, dims, class)?),
            1 => Self::Other("a cell array"),
            2 => Self::Other("an array of structures"),
            4 => Self::Other("text"),
            5 => Self::Other("a sparse matrix"),
            _ => Self::Other("an object of a class"),
        };
        Ok((name, item))
    }
}

fn fields<'a>(elements: &mut Elements<'a>) -> Result<Vec<(String, &'a [u8])>, MatError> {
    let length = elements.expect(5, "the length of the names of fields")?;
    let length = elements.number(length.get(..4).unwrap_or_default()) as usize;
    let names = elements.expect(1, "the names of fields")?;
    let names = names.chunks_exact(length.max(1)).map(|name| {
        let name = String::from_utf8_lossy(name);
        name.split('\0').next().unwrap_or_default().to_owned()
    });
    names.map(|name| Ok((name, elements.expect(MATRIX, "a matrix")?))).collect()
}

fn numbers(
    elements: &mut Elements,
    name: &str,
    dims: Vec<usize>,
    class: u32,
) -> Result<Array, MatError> {
    let (kind, bytes) = elements.element()?;
    let stored = match kind {
        1 => Type::Signed(1),
        2 => Type::Unsigned(1),
        3 => Type::Signed(2),
        4 => Type::Unsigned(2),
        5 => Type::Signed(4),
        6 => Type::Unsigned(4),
        7 => Type::Float(4),
        9 => Type::Float(8),
        12 => Type::Signed(8),
        13 => Type::Unsigned(8),
        found => return Err(MatError::Element { found, expected: "numbers" }),
    };
    let mut element = Element { kind: stored, big: elements.big };
    let size = dims.iter().try_fold(element.size(), |size, &dim| size.checked_mul(dim));
    if size != Some(bytes.len()) {
        return Err(MatError::Size { name: name.to_owned(), dims, bytes: bytes.len() });
    }
    let mut bytes = bytes.to_vec();
    // MATLAB shortens whole numbers of any class; only uint16 itself means sixteen bits of grey.
    if stored == Type::Unsigned(2) && class != 11 {
        let wide = |pair: &[u8; 2]| {
            if element.big { [0, 0, pair[0], pair[1]] } else { [pair[0], pair[1], 0, 0] }
        };
        bytes = bytes.as_chunks::<2>().0.iter().flat_map(wide).collect();
        element.kind = Type::Unsigned(4);
    }
    Ok(Array { place: name.to_owned(), dims, element, bytes })
}
