//! MATLAB puts the rows of a data set last as often as first; the labels tell which.

use super::super::array::{Array, Element, Number};
use super::super::assemble::Found;
use super::super::names::Role;

/// Brings column-major matrices into row-major order, with the rows in front.
pub(super) fn orient(found: &mut Found) {
    for named in found.arrays.iter_mut().filter(|named| named.role != Role::Values) {
        if let [1, rows] = *named.array.dims {
            named.array.dims = vec![rows, 1];
        }
    }
    let labels = found.arrays.iter().filter(|named| named.role == Role::Labels);
    let rows: Vec<_> = labels.map(|named| (named.split, named.array.rows())).collect();
    for named in &mut found.arrays {
        let mut axes = Array::column_axes(&named.array.dims);
        let rows = rows.iter().find(|of| of.0 == named.split && named.role == Role::Values);
        if rows.is_some_and(|of| rows_are_last(&named.array.dims, of.1)) {
            let place = &named.array.place;
            found.notes.push(format!("{place}: the last dimension counts the rows"));
            axes.rotate_right(1);
        } else if let Some(count) = rows.and_then(|of| either(&named.array.dims, of.1)) {
            found.notes.push(format!(
                "{}: the first and the last dimension are both {count}; the first one was taken to count the rows",
                named.array.place
            ));
        }
        named.array.rearrange(&axes);
    }
    digits(found);
}

/// The number of rows, if the first and the last of several dimensions could both count them.
fn either(dims: &[usize], rows: usize) -> Option<usize> {
    match *dims {
        [first, .., last] if first == rows && last == rows && rows > 1 => Some(rows),
        _ => None,
    }
}

/// Whether only the last dimension counts the rows.
fn rows_are_last(dims: &[usize], rows: usize) -> bool {
    let channels = |dim| matches!(dim, 1 | 3);
    match *dims {
        [a, b, c, d] if channels(c) && d == rows => !(a == rows && (channels(b) || channels(d))),
        [first, last] | [first, _, last] => last == rows && first != rows,
        _ => false,
    }
}

/// SVHN counts its digits from 1 to 10, where 10 is the digit 0.
fn digits(found: &mut Found) {
    let svhn = |dims: &[usize]| matches!(dims, [_, 32, 32, 3]);
    let pictures = found.arrays.iter().filter(|named| named.role == Role::Values);
    let parts: Vec<_> =
        pictures.filter(|named| svhn(&named.array.dims)).map(|named| named.split).collect();
    for named in &mut found.arrays {
        if named.role != Role::Labels || !parts.contains(&named.split) {
            continue;
        }
        let label = |number: Number| {
            let value = number.as_f64();
            ((1.0..=10.0).contains(&value) && value.fract() == 0.0).then_some(value as u8 % 10)
        };
        let labels: Option<Vec<u8>> = named.array.numbers().map(label).collect();
        if let Some(bytes) = labels.filter(|labels| labels.contains(&0)) {
            let place = &named.array.place;
            found.notes.push(format!("{place}: the label 10 means the digit 0 (SVHN)"));
            (named.array.element, named.array.bytes) = (Element::U8, bytes);
        }
    }
}
