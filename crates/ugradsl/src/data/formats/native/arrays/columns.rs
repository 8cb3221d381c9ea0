//! Ids and groups: one text or number per row.

use std::collections::BTreeSet;

use super::array::{Array, Number, Type};
use super::{ArraysError, Listed};

/// A name for each row.
pub(super) fn ids(array: &Array) -> Result<Vec<String>, ArraysError> {
    let mut blank = Listed::default();
    let cells = cells(array, "ids")?;
    let ids = cells.into_iter().enumerate().filter_map(|(row, cell)| {
        if cell.is_none() {
            blank.push(|| format!("row {row}"));
        }
        cell
    });
    let ids: Vec<String> = ids.collect();
    if !blank.is_empty() {
        let problem = format!("missing: {blank}");
        return Err(ArraysError::Column { place: array.place.clone(), what: "ids", problem });
    }
    let (mut seen, mut twice) = (BTreeSet::new(), Listed::default());
    for (row, id) in ids.iter().enumerate() {
        if !seen.insert(id) {
            twice.push(|| format!("{id:?} (row {row})"));
        }
    }
    match twice.is_empty() {
        true => Ok(ids),
        false => Err(ArraysError::DuplicateIds { place: array.place.clone(), ids: twice }),
    }
}

/// Whom each row belongs to.
pub(super) fn groups(array: &Array) -> Result<Vec<Option<String>>, ArraysError> {
    cells(array, "groups")
}

/// A text for each element, empty where it is missing.
pub(super) fn elements(array: &Array) -> Result<Vec<String>, ArraysError> {
    if array.element.kind == Type::Bool {
        let problem = "it is a mask of true and false: save numpy.flatnonzero(mask)".to_owned();
        return Err(ArraysError::Column { place: array.place.clone(), what: "rows", problem });
    }
    Ok(cells(array, "rows")?.into_iter().map(Option::unwrap_or_default).collect())
}

/// A text for each row; `None` for an empty one and for a number that is not one.
fn cells(array: &Array, what: &'static str) -> Result<Vec<Option<String>>, ArraysError> {
    let place = array.place.clone();
    if !matches!(*array.dims, [_] | [_, 1]) {
        let problem = format!("the shape is {:?}", array.dims);
        return Err(ArraysError::Column { place, what, problem });
    }
    let mut wrong = Listed::default();
    if array.element.is_text() {
        let cells = texts(array)?.into_iter();
        return Ok(cells.map(|cell| Some(cell).filter(|cell| !cell.is_empty())).collect());
    }
    let numbers = array.numbers().enumerate().map(|(row, number)| match number {
        Number::Whole(value) => Some(value.to_string()),
        Number::Float(value) if value.is_nan() => None,
        Number::Float(value) => {
            if value.fract() != 0.0 {
                wrong.push(|| format!("{value} (row {row})"));
            }
            Some(format!("{value:.0}"))
        }
    });
    let numbers: Vec<_> = numbers.collect();
    if wrong.is_empty() {
        return Ok(numbers);
    }
    Err(ArraysError::Column { place, what, problem: format!("not whole: {wrong}") })
}

/// All texts of an array.
pub(super) fn texts(array: &Array) -> Result<Vec<String>, ArraysError> {
    let mut wrong = Listed::default();
    let texts = array.texts().enumerate().filter_map(|(row, text)| {
        if text.is_none() {
            wrong.push(|| format!("row {row}"));
        }
        text
    });
    let texts: Vec<String> = texts.collect();
    match wrong.is_empty() {
        true => Ok(texts),
        false => Err(ArraysError::Text { place: array.place.clone(), rows: wrong }),
    }
}
