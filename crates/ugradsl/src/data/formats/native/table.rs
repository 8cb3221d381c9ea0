//! Tables: CSV, or TSV, gzipped or not. The first line names the columns, every other line is a
//! row.
//!
//! * `label` is the class, a whole number from 0.
//! * `group`, if there is one, says whom the row belongs to; an empty cell means no group.
//! * `id` is refused, because rows are numbered by their position: by other numbers, the wrong rows
//!   would be forgotten.
//! * All other columns are values. They become 8-bit pixels in one of two ways, the same for
//!   training and test rows: if all are whole numbers from 0 to 255, they are taken as they are; if
//!   all lie between 0 and 1, 1 becomes 255. Anything else is refused and must be scaled
//!   beforehand.
//! * A square number of values is a square grey image, line by line; any other number `n` is one of
//!   1 x 1 x `n`.
//!
//! If all values are 0 or 1, both ways fit and the first is taken; once normalised, they are the
//! same.

mod error;
mod files;
mod lines;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use csv::ByteRecord;
use flate2::bufread::MultiGzDecoder;

pub use self::error::{Misfit, TableError};
pub use self::files::{FORMAT_COMMAS, FORMAT_TABS};
use self::lines::Lines;
use super::{FormatError, MAX_CLASSES};
use crate::data::groups::Groups;
use crate::data::image_set::{ImageSet, quantise};

/// A single table. How its values are read is decided together with the other part of the data set.
#[derive(Debug)]
pub struct Table {
    columns: Vec<String>,
    labels: Vec<u32>,
    groups: Option<Vec<Option<String>>>,
    whole: Result<Vec<u8>, Misfit>,
    unit: Result<Vec<u8>, Misfit>,
}

/// Training and test rows of one data set.
#[derive(Debug, Clone, PartialEq)]
pub struct Tables {
    /// The rows to train on.
    pub train: ImageSet,
    /// The rows to test on.
    pub test: ImageSet,
    /// Whom the training rows belong to, if their table says so.
    pub groups: Option<Groups>,
}

/// What a column is for.
enum Column {
    Label,
    Group,
    Value,
}

/// A table from the bytes of a file, gzipped or not, with `delimiter` between cells.
///
/// # Errors
/// When the bytes are not such a table; the error names row and column.
pub fn parse(bytes: &[u8], delimiter: u8) -> Result<Table, TableError> {
    unpacked(bytes, delimiter)
}

/// A table from a file: with tabs if its name ends in `.tsv` or `.tsv.gz`, else with commas.
///
/// # Errors
/// When the file cannot be read or is not such a table; the error names it.
pub fn read(path: &Path) -> Result<Table, FormatError> {
    let file = File::open(path).map_err(FormatError::at(path))?;
    let name = path.to_string_lossy().to_ascii_lowercase();
    let tabs = [".tsv", ".tsv.gz"].iter().any(|end| name.ends_with(end));
    let table = unpacked(BufReader::new(file), if tabs { b'\t' } else { b',' });
    table.map_err(FormatError::at(path))
}

/// Combines two tables, whose values are read in the same way.
///
/// # Errors
/// When their columns differ, or their values are neither all whole numbers from 0 to 255 nor all
/// between 0 and 1.
pub fn pair(train: Table, test: Table) -> Result<Tables, TableError> {
    let columns = train.columns.len().max(test.columns.len());
    let differing = (0..columns).find(|&at| train.columns.get(at) != test.columns.get(at));
    if let Some(at) = differing {
        let named = |table: &Table| table.columns.get(at).cloned();
        return Err(TableError::Columns { at, train: named(&train), test: named(&test) });
    }
    let shape = shape(train.columns.len());
    let groups = train.groups.as_deref().map(Groups::new);
    let whole = both(train.whole, test.whole);
    let (train_pixels, test_pixels) = match whole {
        Ok(pixels) => pixels,
        Err(whole) => both(train.unit, test.unit)
            .map_err(|unit| TableError::Values(Box::new((whole, unit))))?,
    };
    let set = |pixels, labels| ImageSet::new(shape, pixels, labels).map_err(TableError::ImageSet);
    let (train, test) = (set(train_pixels, train.labels)?, set(test_pixels, test.labels)?);
    Ok(Tables { train, test, groups })
}

fn both(
    train: Result<Vec<u8>, Misfit>,
    test: Result<Vec<u8>, Misfit>,
) -> Result<(Vec<u8>, Vec<u8>), Misfit> {
    let misfit = |part, at| Misfit { part, ..at };
    Ok((train.map_err(|at| misfit("training", at))?, test.map_err(|at| misfit("test", at))?))
}

/// Channels, height, width for a number of values.
fn shape(values: usize) -> [usize; 3] {
    let side = values.isqrt();
    if side * side == values { [1, side, side] } else { [1, 1, values] }
}

fn unpacked(mut input: impl BufRead, delimiter: u8) -> Result<Table, TableError> {
    let start = input.fill_buf().map_err(|error| TableError::Read { reason: error.into() })?;
    if start.starts_with(&[0x1f, 0x8b]) {
        table(MultiGzDecoder::new(input), delimiter)
    } else {
        table(input, delimiter)
    }
}

fn table(input: impl Read, delimiter: u8) -> Result<Table, TableError> {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).trim(csv::Trim::All);
    let mut reader = builder.from_reader(Lines::new(input));
    let header = reader.byte_headers().map_err(TableError::at(0))?.clone();
    let columns = columns(&header, delimiter)?;
    let named = |column: &Column, at: usize| {
        matches!(column, Column::Value).then(|| text(&header[at]).into_owned())
    };
    let mut found = Table {
        columns: columns.iter().zip(0..).filter_map(|(column, at)| named(column, at)).collect(),
        labels: Vec::new(),
        groups: columns.iter().any(|column| matches!(column, Column::Group)).then(Vec::new),
        whole: Ok(Vec::new()),
        unit: Ok(Vec::new()),
    };
    let mut record = ByteRecord::new();
    for row in 0.. {
        if !reader.read_byte_record(&mut record).map_err(TableError::at(row))? {
            break;
        }
        for ((cell, column), name) in record.iter().zip(&columns).zip(&header) {
            match column {
                Column::Label => found.labels.push(label(cell, row)?),
                Column::Group => found.add_group(cell, row)?,
                Column::Value => found.add_value(cell, row, name)?,
            }
        }
    }
    Ok(found)
}

/// What each column is for, by its name.
fn columns(header: &ByteRecord, delimiter: u8) -> Result<Vec<Column>, TableError> {
    let mut columns: Vec<Column> = Vec::with_capacity(header.len());
    for (at, name) in header.iter().enumerate() {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        columns.push(match name {
            _ if is("label") => Column::Label,
            _ if is("group") => Column::Group,
            _ if is("id") => return Err(TableError::Id { at: at + 1 }),
            b"" => return Err(TableError::Unnamed { at: at + 1 }),
            _ => Column::Value,
        });
    }
    let count = |kind: fn(&Column) -> bool| columns.iter().filter(|column| kind(column)).count();
    let labels = count(|column| matches!(column, Column::Label));
    if labels == 0 {
        let cells: Vec<_> = header.iter().take(4).map(text).collect();
        let first = cells.join(&char::from(delimiter).to_string());
        return Err(TableError::NoLabel { first });
    }
    if labels > 1 || count(|column| matches!(column, Column::Group)) > 1 {
        return Err(TableError::Twice { name: if labels > 1 { "label" } else { "group" } });
    }
    if count(|column| matches!(column, Column::Value)) == 0 {
        return Err(TableError::NoValues);
    }
    Ok(columns)
}

fn label(cell: &[u8], row: usize) -> Result<u32, TableError> {
    let digits = !cell.is_empty() && cell.iter().all(u8::is_ascii_digit);
    let number = digits.then(|| text(cell).parse().ok()).flatten();
    number
        .filter(|&label: &u32| label < MAX_CLASSES)
        .ok_or_else(|| TableError::Label { row, text: text(cell).into_owned() })
}

impl Table {
    fn add_group(&mut self, cell: &[u8], row: usize) -> Result<(), TableError> {
        let name = str::from_utf8(cell).map_err(|_| TableError::Group { row })?;
        if let Some(groups) = &mut self.groups {
            groups.push(Some(name.to_owned()).filter(|name| !name.is_empty()));
        }
        Ok(())
    }

    fn add_value(&mut self, cell: &[u8], row: usize, name: &[u8]) -> Result<(), TableError> {
        let column = || text(name).into_owned();
        let value: Option<f64> = str::from_utf8(cell).ok().and_then(|cell| cell.parse().ok());
        let Some(value) = value else {
            return Err(TableError::Number {
                row,
                column: column(),
                text: text(cell).into_owned(),
            });
        };
        let misfit = || Misfit { part: "", row, column: column(), value };
        let whole = (0.0..=255.0).contains(&value) && value.fract() == 0.0;
        add(&mut self.whole, whole.then_some(value as u8), misfit);
        add(&mut self.unit, quantise(value), misfit);
        Ok(())
    }
}

/// Adds a pixel; the first value that does not fit ends the attempt.
fn add(pixels: &mut Result<Vec<u8>, Misfit>, pixel: Option<u8>, misfit: impl Fn() -> Misfit) {
    match (pixel, &mut *pixels) {
        (Some(pixel), Ok(found)) => found.push(pixel),
        (None, Ok(_)) => *pixels = Err(misfit()),
        (_, Err(_)) => {}
    }
}

/// A cell for a message, cut to fit one line.
fn text(cell: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(&cell[..cell.len().min(40)])
}

#[cfg(test)]
mod tests;
