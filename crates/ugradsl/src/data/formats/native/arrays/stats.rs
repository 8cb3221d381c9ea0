//! The range of all values of an array.

use super::array::Array;
use super::{ArraysError, Listed};

/// The range of all values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stats {
    pub(super) least: f64,
    pub(super) most: f64,
    /// Whether all are whole.
    pub(super) whole: bool,
}

/// The range of all values, which must be finite numbers.
pub(super) fn stats(array: &Array) -> Result<Stats, ArraysError> {
    if array.element.is_text() {
        return Err(ArraysError::TextValues { place: array.place.clone() });
    }
    let (mut places, size) = (Listed::default(), array.row_size());
    let mut stats = Stats { least: f64::INFINITY, most: f64::NEG_INFINITY, whole: true };
    for (i, number) in array.numbers().enumerate() {
        let value = number.as_f64();
        if !value.is_finite() {
            places.push(|| format!("{value} (row {}, column {})", i / size, i % size));
        }
        stats.least = stats.least.min(value);
        stats.most = stats.most.max(value);
        stats.whole &= value.fract() == 0.0;
    }
    match places.is_empty() {
        true => Ok(stats),
        false => Err(ArraysError::NotFinite { place: array.place.clone(), places }),
    }
}
