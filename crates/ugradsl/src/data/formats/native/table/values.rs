//! Numbers from the cells of a part, by a reading.

use std::collections::BTreeMap;

use super::error::Problem;
use super::grid::Grid;
use super::listed::{Listed, quoted, rows};
use super::number::{flag, is_missing, number};
use super::pixels::place;
use super::reading::{FeatureReading, How};

/// As many numbers as are made: four gigabytes. Categories could multiply a table by 32.
const MOST_VALUES: usize = 1 << 30;

/// What went wrong, and what has to be said, over all columns.
#[derive(Default)]
struct Found<'a> {
    unlike: Listed,
    infinite: Listed,
    /// The first number with a decimal comma.
    comma: Option<(usize, usize)>,
    unknown: BTreeMap<(usize, &'a str), usize>,
}

/// The features of all rows, row by row, and their names.
pub(super) fn features(
    grid: &Grid,
    columns: &[usize],
    features: &[FeatureReading],
    notes: &mut Vec<String>,
) -> Result<(Vec<String>, Vec<f32>), Problem> {
    let names: Vec<String> = features.iter().flat_map(names).collect();
    let count = grid.rows().saturating_mul(names.len());
    if count > MOST_VALUES {
        return Err(Problem::TooManyValues { rows: grid.rows(), width: names.len() });
    }
    let mut values = vec![0.0; count];
    let mut found = Found::default();
    let mut at = 0;
    for (&column, feature) in columns.iter().zip(features) {
        let rows = values.chunks_exact_mut(names.len().max(1));
        for (row, out) in rows.enumerate() {
            let out = out.get_mut(at..).unwrap_or_default();
            fill(grid, row, column, &feature.how, out, &mut found);
        }
        at += width(&feature.how);
    }
    if !found.unlike.is_empty() {
        return Err(Problem::Unlike { places: found.unlike });
    }
    if !found.infinite.is_empty() {
        return Err(Problem::Infinite { places: found.infinite });
    }
    let comma = found.comma.map(|(row, column)| place(grid, row, column));
    notes.extend(comma.map(|at| format!("the comma is a decimal mark, as where {at}")));
    notes.extend(unknown(grid, &found.unknown));
    Ok((names, values))
}

fn names(feature: &FeatureReading) -> Vec<String> {
    let column = &feature.column;
    match &feature.how {
        How::Number { .. } | How::Flag { .. } => vec![column.clone()],
        How::Categories(known) => known.iter().map(|name| format!("{column}={name}")).collect(),
        How::Constant => Vec::new(),
    }
}

fn width(how: &How) -> usize {
    match how {
        How::Number { .. } | How::Flag { .. } => 1,
        How::Categories(known) => known.len(),
        How::Constant => 0,
    }
}

/// Puts the value of a cell at the start of `out`, which is zero.
fn fill<'a>(
    grid: &'a Grid,
    row: usize,
    column: usize,
    how: &How,
    out: &mut [f32],
    found: &mut Found<'a>,
) {
    let cell = grid.cell(row, column).trim();
    let missing = is_missing(cell);
    let value = match how {
        How::Number { .. } if missing => Some(0.0),
        How::Number { mean, deviation } => {
            if cell.contains(',') {
                found.comma.get_or_insert((row, column));
            }
            number(cell, grid.comma).map(|value| ((value - mean) / deviation) as f32)
        }
        How::Flag { mean } if missing => Some(*mean as f32),
        How::Flag { .. } => flag(cell).map(|flag| f32::from(u8::from(flag))),
        How::Categories(known) => {
            match known.iter().position(|name| name == cell).and_then(|at| out.get_mut(at)) {
                Some(out) => *out = 1.0,
                None if missing => {}
                None => *found.unknown.entry((column, cell)).or_default() += 1,
            }
            return;
        }
        How::Constant => return,
    };
    match (value, out.first_mut()) {
        (Some(value), Some(out)) if value.is_finite() => *out = value,
        (Some(_), _) => found.infinite.push(|| place(grid, row, column)),
        (None, _) => found.unlike.push(|| place(grid, row, column)),
    }
}

/// Says which categories were never trained on.
fn unknown(grid: &Grid, unknown: &BTreeMap<(usize, &str), usize>) -> Option<String> {
    let entry = |(&(column, cell), count): (&(usize, &str), &usize)| {
        format!("{} in {} ({})", quoted(cell), quoted(grid.name(column)), rows(*count))
    };
    let listed: Listed = unknown.iter().map(entry).collect();
    let note = || format!("categories that the training rows lack count as none: {listed}");
    (!listed.is_empty()).then(note)
}
