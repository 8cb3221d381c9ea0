//! One array as `numpy.save` writes it.
//!
//! The header is read by hand: the crates for this format multiply the sizes that a file claims,
//! and one reserves that much memory, before anything has been checked.

mod error;
mod header;

use std::io::Read;

pub use self::error::NpyError;
use self::header::Header;
use super::array::Array;

/// How a `.npy` file begins.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";

/// The array, row-major whatever its order was.
pub(super) fn parse(place: &str, input: &mut dyn Read) -> Result<Array, NpyError> {
    let header = Header::read(input)?;
    let bytes = header.elements(input)?;
    let array =
        Array { place: place.to_owned(), dims: header.dims, element: header.element, bytes };
    // Column-major and row-major are the same thing up to one dimension.
    if header.fortran && array.dims.len() > 1 {
        let axes = Array::column_axes(&array.dims);
        return Ok(array.rearranged(&axes));
    }
    Ok(array)
}
