//! A table from the bytes of a file, whatever its form.

use std::borrow::Cow;

use super::cells::Records;
use super::error::Problem;
use super::grid::Grid;
use super::heading::{self, Heading};
use super::listed::{Listed, names, quoted};
use super::{decode, json_lines, separator};

/// A table from the bytes of a file. `known` are the names of columns that somebody spoke of.
pub(super) fn grid(
    bytes: &[u8],
    known: &[&str],
    positional: bool,
    notes: &mut Vec<String>,
) -> Result<Grid, Problem> {
    let (text, note) = decode::decode(bytes)?;
    notes.extend(note);
    let grid = if json_lines::is_json(&text)? {
        json_lines::grid(&text)?
    } else {
        let (text, stated) = separator::stated(&text);
        let (separator, note) = match stated {
            Some(separator) => (separator, None),
            None => separator::separator(text)?,
        };
        notes.extend(note);
        cut(text, separator, known, positional, notes)?
    };
    if grid.rows() == 0 {
        let names = names(grid.names().iter().map(String::as_str));
        return Err(Problem::HeadingOnly { names });
    }
    Ok(grid)
}

fn cut(
    text: &str,
    separator: char,
    known: &[&str],
    positional: bool,
    notes: &mut Vec<String>,
) -> Result<Grid, Problem> {
    let mut records = Records::new(text, separator);
    let mut cells = Vec::new();
    let Some(first) = records.next(&mut cells)? else {
        return Err(Problem::Empty);
    };
    let heading = heading::heading(&cells, known, positional, separator != ',');
    let headed = heading == Heading::Names;
    if headed && rows_are_named(&records, cells.len()) {
        cells.insert(0, Cow::Borrowed(""));
        let first = "every row has one cell more than there are headings, so the first column, which names the rows, \
                     has none";
        notes.push(first.to_owned());
    }
    let names = if headed { heading::names(&cells)? } else { numbered(cells.len()) };
    let mut grid = Grid::new(names, headed, Some(separator));
    if !headed {
        let cell = quoted(cells.first().map_or("", |cell| cell));
        notes.push(format!(
            "the first line begins with {cell}, so it was read as a row and columns are called by \
             their number, from 0"
        ));
        grid.push(first, &cells)?;
    }
    fill(&mut grid, &mut records)?;
    Ok(grid)
}

/// Whether the rows are named as R does it: by a first cell that has no heading.
fn rows_are_named(records: &Records<'_>, headings: usize) -> bool {
    let (mut records, mut cells) = (records.clone(), Vec::new());
    let mut rows = 0;
    while let Ok(Some(_)) = records.next(&mut cells) {
        rows += 1;
        // A separator at the end of each row is another matter.
        if cells.len() != headings + 1 || cells.last().is_none_or(|cell| cell.is_empty()) {
            return false;
        }
    }
    rows > 0
}

fn fill<'a>(grid: &mut Grid, records: &mut Records<'a>) -> Result<(), Problem> {
    let mut cells: Vec<Cow<'a, str>> = Vec::new();
    let mut ragged = Listed::default();
    while let Some(line) = records.next(&mut cells)? {
        if cells.len() == grid.width() {
            grid.push(line, &cells)?;
        } else {
            ragged.push(|| format!("line {line} has {}", cells.len()));
        }
    }
    let expected = grid.width();
    if ragged.is_empty() { Ok(()) } else { Err(Problem::Ragged { expected, ragged }) }
}

/// Names for columns that have none.
fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|at| at.to_string()).collect()
}
