//! Whether values are pixels or features, and their conversion.

use super::array::{Array, Type};
use super::pixels::{self, Shape, dimensions};
use super::stats::{Stats, stats};
use super::{ArrayOptions, ArraysError, Layout, Scale, ValueKind, ValueReading, Values, features};

/// Pictures of flat rows have at least this many lines. Four or nine numbers are more often
/// measurements than a picture.
const LEAST_SIDE: usize = 8;

/// How the values of the training part are read.
pub(super) fn reading(
    array: &Array,
    options: &ArrayOptions,
    notes: &mut Vec<String>,
) -> Result<ValueReading, ArraysError> {
    let stats = stats(array)?;
    let shape = match *array.dims {
        [_] => {
            return Err(dimensions(
                array,
                "one number per row is a column: save `x.reshape(-1, 1)`",
            ));
        }
        [_, width] => match flat(array, width, &stats, options, notes)? {
            Some(shape) => shape,
            None => return features::fit(array, notes),
        },
        _ if options.meaning == Some(ValueKind::Features) => {
            return Err(dimensions(
                array,
                "features are [n, columns]: save `x.reshape(len(x), -1)`",
            ));
        }
        _ => pixels::shape(array, options.layout)?,
    };
    let (scale, note) = pixels::scale(array, &stats)?;
    notes.extend(note);
    Ok(ValueReading::Pixels { shape: shape.shape, layout: options.layout, scale })
}

/// The picture that a row of a matrix is; `None` for features.
fn flat(
    array: &Array,
    width: usize,
    stats: &Stats,
    options: &ArrayOptions,
    notes: &mut Vec<String>,
) -> Result<Option<Shape>, ArraysError> {
    let byte = stats.least >= 0.0 && stats.most <= 255.0 && stats.whole;
    let pixels = byte || stats.least >= 0.0 && stats.most <= 1.0;
    let asked = options.meaning == Some(ValueKind::Pixels);
    if options.meaning == Some(ValueKind::Features) || !(pixels || asked) {
        if options.meaning.is_none() {
            let Stats { least, most, .. } = stats;
            notes.push(format!(
                "{}: {width} columns from {least} to {most} are taken as features, not as pixels",
                array.place
            ));
        }
        return Ok(None);
    }
    let least_side = if asked { 1 } else { LEAST_SIDE };
    let side =
        |size: usize| Some(size.isqrt()).filter(|side| side * side == size && *side >= least_side);
    if let Some(side) = side(width) {
        notes.push(format!(
            "{}: rows of {width} numbers are taken as grey pictures of {side} x {side} (else: \
             `--values features`)",
            array.place
        ));
        return Ok(Some(Shape { shape: [1, side, side], layout: Layout::Chw }));
    }
    let third = width.is_multiple_of(3).then_some(width / 3);
    match (third.and_then(side), options.layout) {
        (Some(side), Some(layout)) => Ok(Some(Shape { shape: [3, side, side], layout })),
        (Some(side), None) => {
            let (place, dims) = (array.place.clone(), array.dims.clone());
            Err(ArraysError::FlatColour { place, dims, side })
        }
        (None, _) if asked => Err(dimensions(
            array,
            "a row is not a square picture: save `x.reshape(len(x), height, width)`",
        )),
        (None, _) => {
            notes.push(format!(
                "{}: {width} columns are taken as features: they do not make a square picture of \
                 {LEAST_SIDE} x {LEAST_SIDE} or more",
                array.place
            ));
            Ok(None)
        }
    }
}

/// The values of a part, read as the training part was.
pub(super) fn convert(array: Array, reading: &ValueReading) -> Result<Values, ArraysError> {
    let stats = stats(&array)?;
    match reading {
        ValueReading::Pixels { shape, layout, scale } => {
            same_scale(&array, &stats, *scale)?;
            picture(array, *shape, *layout, *scale)
        }
        ValueReading::Features { columns, kept, mean, deviation } => {
            if array.dims.len() != 2 || array.row_size() != *columns {
                let (place, found) = (array.place.clone(), array.dims.clone());
                return Err(ArraysError::Columns { place, found, wanted: *columns });
            }
            if deviation.iter().chain(mean).any(|value| !value.is_finite()) {
                return Err(ArraysError::Reading {
                    problem: "a mean or deviation is not a number",
                });
            }
            features::apply(&array, kept, (mean, deviation))
        }
    }
}

/// Refuses a part that is scaled in another way than the training part: all of it would be nearly
/// black, or white.
fn same_scale(array: &Array, stats: &Stats, training: Scale) -> Result<(), ArraysError> {
    // Truth values have one reading only, and what fits no scale is refused with its place.
    let Ok((own, _)) = pixels::scale(array, stats) else { return Ok(()) };
    if array.element.kind == Type::Bool || (own == Scale::Unit) == (training == Scale::Unit) {
        return Ok(());
    }
    let words = |scale| if scale == Scale::Unit { "from 0 to 1" } else { "of 0 to 255 or more" };
    Err(ArraysError::Scales {
        place: array.place.clone(),
        here: words(own),
        training: words(training),
    })
}

fn picture(
    array: Array,
    wanted: [usize; 3],
    layout: Option<Layout>,
    scale: Scale,
) -> Result<Values, ArraysError> {
    let size = wanted.iter().try_fold(1, |size: usize, &dim| size.checked_mul(dim));
    let shape = match *array.dims {
        [_, width] if Some(width) == size => {
            Shape { shape: wanted, layout: layout.unwrap_or(Layout::Chw) }
        }
        [_, _, _] | [_, _, _, _] => pixels::shape(&array, layout)?,
        _ => return Err(dimensions(&array, "the pictures for training have another shape")),
    };
    if shape.shape != wanted {
        let (place, found) = (array.place.clone(), shape.shape);
        return Err(ArraysError::Shape { place, found, wanted });
    }
    // Truth values have one reading only, whatever the training part is.
    let scale = match (array.element.kind, scale) {
        (Type::Bool, _) => Scale::Unit,
        _ => scale,
    };
    let mut values = pixels::levels(array, scale)?;
    pixels::planar(&mut values, shape);
    Ok(Values::Pixels { shape: wanted, values })
}
