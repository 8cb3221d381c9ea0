//! Quotes that belong to a text, and swallow the end of a line where they are taken for the quotes
//! of a cell.

use std::collections::BTreeSet;

use super::error::Problem;
use super::grid::Grid;
use super::listed::Listed;

/// Refuses rows of several lines each of which would be a row by itself, with a label that other
/// rows have: `"5 inch,long` and `6 inch",long` are rather two rows than one.
pub(super) fn check(grid: &Grid, label: usize) -> Result<(), Problem> {
    let Some(separator) = grid.separator else { return Ok(()) };
    let broken = |row: usize| (0..grid.width()).any(|column| grid.cell(row, column).contains('\n'));
    let (several, single): (Vec<usize>, Vec<usize>) =
        (0..grid.rows()).partition(|&row| broken(row));
    if several.is_empty() {
        return Ok(());
    }
    let known: BTreeSet<&str> = single
        .iter()
        .map(|&row| grid.cell(row, label).trim())
        .filter(|it| !it.is_empty())
        .collect();
    let is_row = |line: &str| {
        let cells: Vec<&str> = line.split(separator).collect();
        cells.len() == grid.width()
            && cells.get(label).is_some_and(|cell| known.contains(cell.trim().trim_matches('"')))
    };
    let stray = |row: usize| {
        let cells: Vec<&str> = (0..grid.width()).map(|column| grid.cell(row, column)).collect();
        let text = cells.join(separator.encode_utf8(&mut [0; 4]));
        let last = grid.line(row) as usize + text.lines().count().saturating_sub(1);
        text.lines().all(is_row).then(|| format!("{} to {last}", grid.line(row)))
    };
    let found: Listed = several.into_iter().filter_map(stray).collect();
    if found.is_empty() { Ok(()) } else { Err(Problem::StrayQuotes { lines: found }) }
}
