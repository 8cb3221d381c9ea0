//! Rows that lack a value.

use super::Missing;
use super::error::Problem;
use super::grid::Grid;
use super::listed::{self, Listed, quoted};
use super::number::is_missing;

/// Refuses rows that lack a value in one of the columns, or drops them.
pub(super) fn handle(
    grid: Grid,
    columns: &[usize],
    missing: Option<Missing>,
    notes: &mut Vec<String>,
) -> Result<Grid, Problem> {
    let mut counts = vec![(0_usize, 0_usize); columns.len()];
    let mut rows = vec![false; grid.rows()];
    for (row, lacks) in rows.iter_mut().enumerate() {
        for (&column, (count, first)) in columns.iter().zip(&mut counts) {
            if is_missing(grid.cell(row, column)) {
                (*count, *first) = (*count + 1, if *count == 0 { row } else { *first });
                *lacks = true;
            }
        }
    }
    let some = columns.iter().zip(&counts).filter(|(_, (count, _))| *count > 0);
    let entry = |(&column, &(count, first)): (&usize, &(usize, usize))| {
        let name = quoted(grid.name(column));
        format!("{name} in {} (first on line {})", listed::rows(count), grid.line(first))
    };
    let found: Listed = some.map(entry).collect();
    match missing {
        _ if found.is_empty() => Ok(grid),
        None => Err(Problem::Missing { columns: found }),
        Some(Missing::Mean) => {
            notes.push(format!(
                "missing values became the mean of the training rows (none of the categories in a \
                 column of text): {found}"
            ));
            Ok(grid)
        }
        Some(Missing::Drop) => dropped(grid, &rows, &found, notes),
    }
}

fn dropped(
    grid: Grid,
    rows: &[bool],
    found: &Listed,
    notes: &mut Vec<String>,
) -> Result<Grid, Problem> {
    let gone = (0..).zip(rows).filter(|(_, drop)| **drop);
    let lines: Listed = gone.map(|(row, _)| grid.line(row).to_string()).collect();
    let kept = grid.without(rows)?;
    if kept.rows() == 0 {
        return Err(Problem::AllDropped);
    }
    notes.push(format!(
        "{} of {} rows were left out, because a value is missing (lines {lines}; {found}); the \
         others are numbered without them",
        lines.len(),
        rows.len()
    ));
    Ok(kept)
}

/// The same for texts, in which `NA` is a word.
pub(super) fn texts(
    grid: Grid,
    column: usize,
    missing: Option<Missing>,
    notes: &mut Vec<String>,
) -> Result<Grid, Problem> {
    let rows: Vec<bool> = grid.column(column).map(|cell| cell.trim().is_empty()).collect();
    let empty = (0..).zip(&rows).filter(|(_, empty)| **empty);
    let lines: Listed = empty.map(|(row, _)| format!("line {}", grid.line(row))).collect();
    let name = quoted(grid.name(column));
    match missing {
        _ if lines.is_empty() => Ok(grid),
        Some(Missing::Drop) => {
            let found = [format!("{name} is empty")].into_iter().collect();
            dropped(grid, &rows, &found, notes)
        }
        _ => Err(Problem::EmptyTexts { name, lines }),
    }
}
