//! Numbers become pixels of one byte.

use super::array::{Array, Type};
use super::stats::Stats;
use super::{ArraysError, Layout, Listed, Scale};

/// Pictures without any pixel as bright as this were probably scaled in another way.
const DARK: f64 = 32.0;

/// What the largest value of the training part is taken to be, and how to say it.
pub(super) fn scale(array: &Array, stats: &Stats) -> Result<(Scale, Option<String>), ArraysError> {
    let Stats { least, most, whole, .. } = *stats;
    let said = |text: &str| Some(format!("{}: {text}", array.place));
    let inside = least >= 0.0 && most <= 255.0;
    match array.element.kind {
        Type::Bool => Ok((Scale::Unit, said("true is taken as white, false as black"))),
        Type::Float(_) if least >= 0.0 && most <= 1.0 => Ok((Scale::Unit, None)),
        Type::Float(_) if inside && whole => {
            let text = format!("whole numbers up to {most} are taken as grey levels 0 to 255");
            Ok((Scale::Byte, said(&text)))
        }
        Type::Float(_) => Err(out_of_range(array, if inside { Scale::Byte } else { Scale::Unit })),
        Type::Unsigned(2) if most > 255.0 => sixteen(array, most),
        _ if !inside => Err(out_of_range(array, Scale::Byte)),
        _ if most <= 1.0 => Ok((Scale::Byte, said("no pixel is above 1 of 255: nearly black"))),
        _ if most < DARK => {
            let text =
                format!("no pixel is above {most}, and they are taken as grey levels 0 to 255");
            Ok((Scale::Byte, said(&text)))
        }
        _ => Ok((Scale::Byte, None)),
    }
}

/// Twelve bits are often kept in sixteen; then white is not 65535.
fn sixteen(array: &Array, most: f64) -> Result<(Scale, Option<String>), ArraysError> {
    let largest = most as u32;
    if let Some(bits) = [10, 12, 14].into_iter().find(|&bits| largest < 1 << bits) {
        return Err(ArraysError::Depth { place: array.place.clone(), largest, bits });
    }
    let note = format!("{}: pixels from 0 to 65535 were rounded to 256 levels", array.place);
    Ok((Scale::Sixteen, Some(note)))
}

fn level(value: f64, scale: Scale) -> Option<u8> {
    let (most, whole) = match scale {
        Scale::Unit => (1.0, false),
        Scale::Byte => (255.0, true),
        Scale::Sixteen => (65535.0, true),
    };
    // The casts cannot lose anything: the range check also refuses NaN.
    let fits = (0.0..=most).contains(&value) && (!whole || value.fract() == 0.0);
    fits.then(|| (value / most * 255.0).round() as u8)
}

/// The pixels in the order in which they are stored.
pub(super) fn levels(array: Array, scale: Scale) -> Result<Vec<u8>, ArraysError> {
    if array.element.kind == Type::Unsigned(1) && scale == Scale::Byte {
        return Ok(array.bytes);
    }
    let pixels: Option<Vec<u8>> =
        array.numbers().map(|number| level(number.as_f64(), scale)).collect();
    pixels.ok_or_else(|| out_of_range(&array, scale))
}

fn out_of_range(array: &Array, scale: Scale) -> ArraysError {
    let (mut places, size) = (Listed::default(), array.row_size());
    for (i, number) in array.numbers().enumerate() {
        let value = number.as_f64();
        if level(value, scale).is_none() {
            places.push(|| format!("{value} (row {}, pixel {})", i / size, i % size));
        }
    }
    let (expected, remedy) = match scale {
        Scale::Unit => (
            "between 0 and 1",
            "undo what normalises them, for example `(x - x.min()) / (x.max() - x.min())`, or \
             save features as [n, columns]",
        ),
        Scale::Byte => (
            "whole numbers from 0 to 255, or fractions from 0 to 1",
            "save `numpy.rint(x).astype('uint8')` if they run from 0 to 255",
        ),
        Scale::Sixteen => ("whole numbers from 0 to 65535", "save them as uint16"),
    };
    ArraysError::Range { place: array.place.clone(), expected, places, remedy }
}

/// How the numbers of a row make a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Channels, height, width.
    pub(super) shape: [usize; 3],
    /// Where the channels are.
    pub(super) layout: Layout,
}

/// The picture that dimensions `[n, h, w]`, `[n, h, w, c]` or `[n, c, h, w]` give.
///
/// Other numbers of channels than 1 and 3 are refused: a 2 or a 4 could as well be a height, and
/// the networks take grey or colour.
pub(super) fn shape(array: &Array, layout: Option<Layout>) -> Result<Shape, ArraysError> {
    let channels = |count| matches!(count, 1 | 3);
    let first = |shape| Ok(Shape { shape, layout: Layout::Chw });
    match *array.dims {
        [_, height, width] => first([1, height, width]),
        [_, a, b, c] => match (channels(a), channels(c), layout) {
            (true, true, None) => {
                let (place, dims) = (array.place.clone(), array.dims.clone());
                Err(ArraysError::Layout { place, dims })
            }
            (true, false, None) | (true, _, Some(Layout::Chw)) => first([a, b, c]),
            (false, true, None) | (_, true, Some(Layout::Hwc)) => {
                Ok(Shape { shape: [c, a, b], layout: Layout::Hwc })
            }
            (false, false, _) if matches!(c, 2 | 4) => {
                let hint = "pictures have 1 or 3 channels: save `x[..., :3]` to leave out the \
                            transparency, or `x[..., :1]`";
                Err(dimensions(array, hint))
            }
            _ => Err(dimensions(array, "pictures have 1 or 3 channels, first or last")),
        },
        _ => Err(dimensions(
            array,
            "rows are [n, height, width], [n, height, width, channels], \
             [n, channels, height, width] or [n, columns]; of volumes and films, save single \
             pictures",
        )),
    }
}

pub(super) fn dimensions(array: &Array, hint: &'static str) -> ArraysError {
    ArraysError::Dimensions { place: array.place.clone(), dims: array.dims.clone(), hint }
}

/// `[n, height, width, channels]` as `[n, channels, height, width]`.
pub(super) fn planar(pixels: &mut [u8], Shape { shape: [channels, height, width], layout }: Shape) {
    let size = channels.saturating_mul(height).saturating_mul(width);
    if channels <= 1 || size == 0 || layout == Layout::Chw {
        return;
    }
    let mut planes = Vec::with_capacity(size.min(pixels.len()));
    for image in pixels.chunks_exact_mut(size) {
        planes.clear();
        for channel in 0..channels {
            planes.extend(image.iter().skip(channel).step_by(channels));
        }
        image.copy_from_slice(&planes);
    }
}
