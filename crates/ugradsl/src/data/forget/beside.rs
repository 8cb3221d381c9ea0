//! What the lines of a table say of rows beside their numbers, ids or paths. It must agree with the
//! data, or the wrong rows would be forgotten.

use std::path::Path;

use super::{
    Dataset, ForgetError, files,
    list::{self, Beside},
    number,
};
use crate::data::row_names::RowNameKind;

/// Checks what lines of the list in `path` state beside rows.
///
/// # Errors
///
/// [`ForgetError::Contradiction`] with all that disagree with the data.
pub(super) fn check<'a>(
    path: &Path,
    stated: impl IntoIterator<Item = (u32, &'a Beside)>,
    data: &Dataset,
) -> Result<(), ForgetError> {
    let clashes_of = |(row, beside): (u32, &'a Beside)| {
        let cells = beside.iter().filter(|(_, cell)| !cell.is_empty());
        cells.filter_map(move |(heading, cell)| clash(row, heading, cell, data))
    };
    let clashes: Vec<String> = stated.into_iter().flat_map(clashes_of).collect();
    match clashes.is_empty() {
        true => Ok(()),
        false => Err(ForgetError::Contradiction { path: path.to_owned(), clashes }),
    }
}

/// What is wrong with a cell beside a row; `None` also where the data say nothing of that.
fn clash(row: u32, heading: &str, cell: &str, data: &Dataset) -> Option<String> {
    let is = |headings: &[&str]| headings.iter().any(|known| heading.eq_ignore_ascii_case(known));
    let names = |kind| data.row_names.as_ref().filter(|names| names.kind() == kind)?.get(row);
    let here = format!("row {}", data.number_of(row));
    let not = |actual: &str| Some(format!("{here} is {actual}, not {cell}"));
    // Spreadsheets make 7.0 of 7.
    let whole = cell.strip_suffix(".0").unwrap_or(cell);
    if is(&list::ROWS[..2]) {
        let called = data.row_names.as_ref().and_then(|names| names.get(row)).unwrap_or(&here);
        let same = number(whole) == Some(data.number_of(row));
        return (!same).then(|| format!("{called} is {here}, not {heading} {cell}"));
    }
    if let (true, Some(actual)) = (is(list::IDS), names(RowNameKind::Id)) {
        return (actual != cell && actual != whole).then(|| not(actual)).flatten();
    }
    if let (true, Some(actual)) = (is(list::PATHS), names(RowNameKind::Path)) {
        // A column `name` may hold the names of people.
        let is_path = cell.contains(['.', '/', '\\']) || !heading.eq_ignore_ascii_case("name");
        let without = actual.rsplit_once('.').map_or(actual, |(stem, _)| stem);
        let same = files::is_same(cell, actual) || files::is_same(cell, without);
        return (is_path && !same).then(|| not(actual)).flatten();
    }
    if let (true, Some(stated)) = (is(list::CLASSES), class(cell, whole, data)) {
        let actual = data.train.labels()[row as usize];
        let shown = |class| data.class_names.shown(class);
        return (stated != actual)
            .then(|| format!("{here} is of class {}, not {}", shown(actual), shown(stated)));
    }
    let actual = data.columns.values(heading)?.get(row as usize)?;
    let same = data.columns.is_same(actual, cell);
    (!same).then(|| format!("{here} has {heading} {actual}, not {cell}"))
}

/// The class that a cell names, by its name or, where no name is a number, by its number.
fn class(cell: &str, whole: &str, data: &Dataset) -> Option<u32> {
    let names = &data.class_names;
    let named = names.find(cell).or_else(|| names.find(whole));
    let numbered = (0..names.len() as u32).any(|class| names.get(class).and_then(number).is_some());
    let by_number = number(whole).filter(|class| !numbered && (*class as usize) < names.len());
    named.or(by_number)
}

#[cfg(all(test, feature = "formats"))]
#[path = "beside_tests.rs"]
mod tests;
