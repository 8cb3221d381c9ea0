//! Columns that are the pixels of an image.

use super::error::Problem;
use super::grid::Grid;
use super::heading::pixel;
use super::listed::{Listed, names, quoted};

/// With fewer columns, whole numbers are hardly pixels.
pub(super) const FEWEST: usize = 64;

/// Channels, height and width for a number of values, if they make a square image.
pub(super) fn square(values: usize) -> Option<[usize; 3]> {
    let side =
        |values: usize| (values > 0 && values.isqrt().pow(2) == values).then(|| values.isqrt());
    let grey = side(values).map(|side| [1, side, side]);
    let channel = if values.is_multiple_of(3) { side(values / 3) } else { None };
    grey.or_else(|| channel.map(|side| [3, side, side]))
}

/// The pixel in a cell.
fn value(cell: &str) -> Option<u8> {
    if let Ok(value) = cell.parse() {
        return Some(value);
    }
    let value: f64 = cell.parse().ok()?;
    ((0.0..=255.0).contains(&value) && value.fract() == 0.0).then_some(value as u8)
}

/// Whether columns are pixels; if they only almost are, a note says why not.
pub(super) fn are_pixels(grid: &Grid, columns: &[usize], notes: &mut Vec<String>) -> bool {
    let named = columns.iter().all(|&at| pixel(grid.name(at)).is_some());
    if columns.len() < FEWEST || square(columns.len()).is_none() || !named {
        return false;
    }
    let mut largest = 0;
    for row in 0..grid.rows() {
        for &column in columns {
            let cell = grid.cell(row, column);
            let Some(value) = value(cell) else {
                notes.push(format!(
                    "the columns are called like pixels, but {} holds {} on line {}: they were read \
                     as features",
                    quoted(grid.name(column)),
                    quoted(cell),
                    grid.line(row)
                ));
                return false;
            };
            largest = largest.max(value);
        }
    }
    if largest <= 1 {
        notes.push(
            "the columns are called like pixels, but all values are 0 or 1: they were read as \
             features (for pixels: --values pixels)"
                .to_owned(),
        );
    }
    largest > 1
}

/// The columns in the order of the image, with notes on what was guessed.
pub(super) fn order(grid: &Grid, columns: &[usize], notes: &mut Vec<String>) -> Vec<String> {
    let mut columns = columns.to_vec();
    let places: Option<Vec<(u32, u32)>> = columns.iter().map(|&at| pixel(grid.name(at))).collect();
    if places.is_some_and(|places| !places.is_sorted()) {
        columns.sort_by_key(|&at| pixel(grid.name(at)));
        let first = columns.iter().take(3).map(|&at| grid.name(at));
        let first = names(first);
        notes.push(format!("the pixels were put in the order of their headings: {first}, ..."));
    }
    if let Some([3, side, _]) = square(columns.len()) {
        notes.push(format!(
            "{} values are an image of 3 x {side} x {side}: all of red, then green, then blue",
            columns.len()
        ));
    }
    columns.iter().map(|&at| grid.name(at).to_owned()).collect()
}

/// The pixels of all rows.
pub(super) fn values(grid: &Grid, columns: &[usize]) -> Result<Vec<u8>, Problem> {
    let mut pixels = Vec::with_capacity(grid.rows().saturating_mul(columns.len()));
    let mut places = Listed::default();
    for row in 0..grid.rows() {
        for &column in columns {
            let cell = grid.cell(row, column);
            match value(cell) {
                Some(value) => pixels.push(value),
                None => places.push(|| place(grid, row, column)),
            }
        }
    }
    if places.is_empty() { Ok(pixels) } else { Err(Problem::NotPixels { places }) }
}

/// A cell and where it is, for a message.
pub(super) fn place(grid: &Grid, row: usize, column: usize) -> String {
    let (name, cell) = (quoted(grid.name(column)), quoted(grid.cell(row, column)));
    format!("{name} holds {cell} on line {}", grid.line(row))
}
