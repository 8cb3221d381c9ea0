//! Header and content of any idx file. All checks of the header are here.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;

use super::error::IdxError;

pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];
pub(super) const U8: u8 = 0x08;
pub(super) const F32: u8 = 0x0d;
pub(super) const F64: u8 = 0x0e;

/// What an image or a label file may look like.
pub(super) struct Rules {
    types: &'static [u8],
    types_text: &'static str,
    dims: &'static [u8],
    pub(super) dims_text: &'static str,
}

pub(super) const IMAGES: Rules = Rules {
    types: &[U8, F32, F64],
    types_text: "images are 0x08 (u8), 0x0d (f32) or 0x0e (f64)",
    dims: &[3, 4],
    dims_text: "images have 3 (rows, height, width) or 4 (rows, channels, height, width)",
};

pub(super) const LABELS: Rules = Rules {
    types: &[U8],
    types_text: "labels are 0x08 (u8)",
    dims: &[1],
    dims_text: "labels have 1",
};

/// The content of a file that follows the rules: exactly as many bytes as its dimensions say.
pub(super) struct Elements {
    pub(super) kind: u8,
    pub(super) dims: Vec<usize>,
    pub(super) bytes: Vec<u8>,
}

/// Reads a whole file, gzipped or not.
pub(super) fn unpack(mut input: impl BufRead, rules: &Rules) -> Result<Elements, IdxError> {
    let start = input.fill_buf().map_err(|reason| IdxError::Read { offset: 0, reason })?;
    if start.starts_with(&GZIP) {
        elements(MultiGzDecoder::new(input), rules)
    } else {
        elements(input, rules)
    }
}

pub(super) fn elements(mut input: impl Read, rules: &Rules) -> Result<Elements, IdxError> {
    let head = header(&mut input, 0, 4)?;
    let (kind, count) = (head[2], head[3]);
    if head[..2] != [0, 0] {
        return Err(IdxError::Magic { found: [head[0], head[1]] });
    }
    if !rules.types.contains(&kind) {
        return Err(IdxError::ElementType { expected: rules.types_text, found: kind });
    }
    if !rules.dims.contains(&count) {
        return Err(IdxError::Dimensions { expected: rules.dims_text, found: count });
    }

    let dims = header(&mut input, 4, 4 * usize::from(count))?;
    let (dims, _) = dims.as_chunks::<4>();
    let dims: Vec<usize> = dims.iter().map(|&dim| u32::from_be_bytes(dim) as usize).collect();
    // A set without rows is empty; images without lines or columns are nonsense.
    if let Some(at) = dims.iter().skip(1).position(|&dim| dim == 0) {
        return Err(IdxError::ZeroDimension { offset: 8 + 4 * at });
    }

    let offset = 4 + 4 * dims.len();
    let element = match kind {
        F32 => 4,
        F64 => 8,
        _ => 1,
    };
    // Multiplied from the back, so that zero rows of huge images are refused as well.
    let promised = dims.iter().rev().try_fold(element, |size: usize, &dim| size.checked_mul(dim));
    // Room is also needed for the header and the one byte that must not follow.
    let promised = promised.filter(|size| size.checked_add(offset + 1).is_some());
    let Some(expected) = promised else {
        return Err(IdxError::TooLarge { dims, element });
    };
    let bytes = read_up_to(&mut input, offset, expected, expected + 1)?;
    if bytes.len() < expected {
        return Err(IdxError::Truncated { offset, expected, found: bytes.len() });
    }
    if bytes.len() > expected {
        return Err(IdxError::Trailing { expected: offset + expected });
    }
    Ok(Elements { kind, dims, bytes })
}

/// The next `count` bytes of the header, which begin at `offset`.
fn header(input: &mut impl Read, offset: usize, count: usize) -> Result<Vec<u8>, IdxError> {
    let bytes = read_up_to(input, offset, count, count)?;
    if bytes.len() < count {
        return Err(IdxError::Header { expected: offset + count, found: offset + bytes.len() });
    }
    Ok(bytes)
}

/// Up to `limit` bytes. The buffer grows with what arrives, never with what a header promises. A
/// compressed stream that ends before `needed` bytes counts as a short file, like a plain one.
fn read_up_to(
    input: &mut impl Read,
    offset: usize,
    needed: usize,
    limit: usize,
) -> Result<Vec<u8>, IdxError> {
    let mut bytes = Vec::new();
    match input.take(limit as u64).read_to_end(&mut bytes) {
        Err(reason) if reason.kind() != io::ErrorKind::UnexpectedEof || bytes.len() >= needed => {
            Err(IdxError::Read { offset: offset + bytes.len(), reason })
        }
        _ => Ok(bytes),
    }
}
