//! Large pictures made small by averages over boxes, in whole numbers: the same bytes everywhere.

use super::{Cell, Picture};

/// No side of a picture is longer.
const LONGEST: usize = 160;

/// The picture of a row at a size that fits a page, or why there is none.
pub(super) fn fitting(cell: &Cell<'_>) -> Result<Picture, String> {
    let [channels, height, width] = cell.shape;
    let shape = format!("{channels} x {height} x {width}");
    if !matches!(channels, 1 | 3) || height == 0 || width == 0 {
        return Err(format!("not drawn: {shape} values are not a picture"));
    }
    let plane = height.checked_mul(width);
    let expected = plane.and_then(|plane| plane.checked_mul(channels));
    if expected != Some(cell.pixels.len()) {
        return Err(format!("not drawn: {} values, not {shape}", cell.pixels.len()));
    }
    let longest = height.max(width);
    let side = |side: usize| match longest <= LONGEST {
        true => side,
        false => shorter(side, longest),
    };
    let size = [side(height), side(width)];
    let planes: Vec<Vec<u8>> = cell
        .pixels
        .chunks(height * width)
        .map(|plane| shrink(plane, [height, width], size))
        .collect();
    let [height, width] = size;
    let pixel = |at: usize| planes.iter().map(move |plane| plane[at]);
    let pixels = (0..height * width).flat_map(pixel).collect();
    Ok(Picture { channels, height, width, pixels })
}

/// `side` at the scale that makes `longest` fit, rounded, and at least 1.
fn shorter(side: usize, longest: usize) -> usize {
    let scaled = (side as u128 * LONGEST as u128 + longest as u128 / 2) / longest.max(1) as u128;
    usize::try_from(scaled).unwrap_or(LONGEST).clamp(1, LONGEST)
}

/// One channel at another size, not larger than before: every pixel is the average of what it
/// covers.
fn shrink(plane: &[u8], from: [usize; 2], to: [usize; 2]) -> Vec<u8> {
    if from == to {
        return plane.to_vec();
    }
    let whole = (from[0] * from[1]) as u128;
    let mut shrunk = Vec::with_capacity(to[0] * to[1]);
    for (line, column) in (0..to[0]).flat_map(|line| (0..to[1]).map(move |column| (line, column))) {
        let mut sum = 0u128;
        for (y, high) in covered(line, from[0], to[0]) {
            let row = plane.get(y * from[1]..).unwrap_or_default();
            let value = |x: usize| row.get(x).copied().map_or(0, u64::from);
            let across: u64 =
                covered(column, from[1], to[1]).map(|(x, wide)| wide * value(x)).sum();
            sum += u128::from(high) * u128::from(across);
        }
        let average = (sum + whole / 2) / whole;
        shrunk.push(u8::try_from(average).unwrap_or(u8::MAX));
    }
    shrunk
}

/// Which of `from` pixels the pixel `at` of `to` covers, each with its weight; the weights add up
/// to `from`.
fn covered(at: usize, from: usize, to: usize) -> impl Iterator<Item = (usize, u64)> {
    let (begin, end) = (at * from, (at + 1) * from);
    let weight = move |pixel: usize| end.min((pixel + 1) * to) - begin.max(pixel * to);
    (begin / to..end.div_ceil(to)).map(move |pixel| (pixel, weight(pixel) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_averaged() {
        assert_eq!(shrink(&[0, 100, 200, 100], [1, 4], [1, 2]), [50, 150]);
        // Three pixels on two: the middle one belongs to both.
        assert_eq!(shrink(&[0, 90, 30], [1, 3], [1, 2]), [30, 50]);
        assert_eq!(shrink(&[255; 35], [5, 7], [2, 3]), [255; 6]);
        let weights: u64 = covered(3, 1001, 160).map(|(_, weight)| weight).sum();
        assert_eq!(weights, 1001);
    }

    #[test]
    fn sides_keep_their_ratio() {
        assert_eq!(shorter(320, 320), 160);
        assert_eq!(shorter(160, 320), 80);
        assert_eq!(shorter(1, usize::MAX), 1);
        assert_eq!(shorter(usize::MAX, usize::MAX), 160);
    }
}
