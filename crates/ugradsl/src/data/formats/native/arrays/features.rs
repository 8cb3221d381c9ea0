//! Columns of numbers, standardised by the training part.

use super::super::rounded;
use super::array::Array;
use super::{ArraysError, Listed, ValueReading, Values};

/// Mean and standard deviation of each column that is not constant.
pub(super) fn fit(array: &Array, notes: &mut Vec<String>) -> Result<ValueReading, ArraysError> {
    let columns = array.row_size();
    let ranges = ranges(array, columns);
    let (kept, constant): (Vec<usize>, Vec<usize>) =
        (0..columns).partition(|&column| ranges.get(column).is_some_and(|range| range.0 < range.1));
    if kept.is_empty() {
        return Err(ArraysError::Constant { place: array.place.clone(), columns });
    }
    if !constant.is_empty() {
        let list: Listed = constant.iter().map(usize::to_string).collect();
        notes.push(format!(
            "{}: columns that are constant in the training part were left out: {list}",
            array.place
        ));
    }
    let (mean, deviation) = moments(array, columns);
    let pick =
        |all: &[f64]| kept.iter().filter_map(|&at| all.get(at).copied()).map(rounded).collect();
    let (mean, deviation): (Vec<f64>, Vec<f64>) = (pick(&mean), pick(&deviation));
    let mut broken = Listed::default();
    for (column, (mean, deviation)) in kept.iter().zip(mean.iter().zip(&deviation)) {
        // Numbers near the largest or the smallest that there are have no usable variance.
        if !mean.is_finite() || !deviation.is_normal() {
            broken.push(|| column.to_string());
        }
    }
    match broken.is_empty() {
        true => Ok(ValueReading::Features { columns, kept, mean, deviation }),
        false => Err(ArraysError::TooLarge { place: array.place.clone(), columns: broken }),
    }
}

/// The smallest and the largest value of each column.
fn ranges(array: &Array, columns: usize) -> Vec<(f64, f64)> {
    let mut ranges: Vec<(f64, f64)> = Vec::new();
    for (i, number) in array.numbers().enumerate() {
        let value = number.as_f64();
        match ranges.get_mut(i % columns) {
            Some(range) => *range = (range.0.min(value), range.1.max(value)),
            None => ranges.push((value, value)),
        }
    }
    ranges
}

/// In two passes, which loses less than one.
fn moments(array: &Array, columns: usize) -> (Vec<f64>, Vec<f64>) {
    let rows = array.rows().max(1) as f64;
    let mut mean = vec![0.0_f64; columns.min(array.bytes.len())];
    let mut squares = mean.clone();
    for (i, number) in array.numbers().enumerate() {
        if let Some(mean) = mean.get_mut(i % columns) {
            *mean += number.as_f64() / rows;
        }
    }
    for (i, number) in array.numbers().enumerate() {
        if let (Some(mean), Some(sum)) = (mean.get(i % columns), squares.get_mut(i % columns)) {
            *sum += (number.as_f64() - mean).powi(2) / rows;
        }
    }
    (mean, squares.into_iter().map(f64::sqrt).collect())
}

/// The kept columns, standardised.
pub(super) fn apply(
    array: &Array,
    kept: &[usize],
    moments: (&[f64], &[f64]),
) -> Result<Values, ArraysError> {
    let columns = array.row_size();
    let mut places: Vec<Option<usize>> = vec![None; columns.min(array.bytes.len())];
    for (at, &column) in kept.iter().enumerate() {
        let place = places.get_mut(column);
        *place.ok_or(ArraysError::Reading { problem: "a column out of range" })? = Some(at);
    }
    let (mut values, mut far) = (Vec::new(), Listed::default());
    for (i, number) in array.numbers().enumerate() {
        let Some(at) = places.get(i % columns).copied().flatten() else { continue };
        let (Some(mean), Some(deviation)) = (moments.0.get(at), moments.1.get(at)) else {
            return Err(ArraysError::Reading { problem: "a column without mean or deviation" });
        };
        let value = ((number.as_f64() - mean) / deviation) as f32;
        if !value.is_finite() {
            far.push(|| format!("{} (row {})", i % columns, i / columns));
        }
        values.push(value);
    }
    match far.is_empty() {
        true => Ok(Values::Features { names: kept.iter().map(usize::to_string).collect(), values }),
        false => Err(ArraysError::TooLarge { place: array.place.clone(), columns: far }),
    }
}
