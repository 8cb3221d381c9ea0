//! Decides by the training table how both tables are read.

use super::cut;
use super::error::Problem;
use super::grid::Grid;
use super::listed::{names, quoted};
use super::reading::{TableReading, ValuesReading};
use super::roles::{self, Roles};
use super::{TableOptions, ValueKind, features, labels, missing, pixels, suspects};

/// The cells of a file, with the help of the names that somebody spoke of.
pub(super) fn load(
    bytes: &[u8],
    options: &TableOptions,
    reading: Option<&TableReading>,
    notes: &mut Vec<String>,
) -> Result<Grid, Problem> {
    let single = [&options.label, &options.id, &options.group, &options.text];
    let named = single.into_iter().flatten().chain(&options.ignore).chain(&options.features);
    let label = reading.map(|reading| &reading.label);
    let known: Vec<&str> = named.chain(label).map(String::as_str).collect();
    let positional = match reading {
        Some(reading) => !reading.headed,
        None => roles::positional(options.label.as_deref()),
    };
    cut::grid(bytes, &known, positional, notes)
}

/// How the tables are read, and the training table without the rows that are left out.
pub(super) fn fit(
    grid: Grid,
    test: Option<&Grid>,
    options: &TableOptions,
    notes: &mut Vec<String>,
) -> Result<(TableReading, Grid), Problem> {
    let mut roles = roles::assign(&grid, test, options, notes)?;
    labels::check_missing(&grid, roles.label)?;
    find_text(&grid, &mut roles, notes)?;
    let grid = match roles.text {
        Some(text) => missing::texts(grid, text, options.missing, notes)?,
        None => missing::handle(grid, &roles.rest, options.missing, notes)?,
    };
    let classes = labels::classes(&grid, roles.label, notes)?;
    let values = values(&grid, &mut roles, options, notes)?;
    let name = |column: usize| grid.name(column).to_owned();
    // A column that only the test table has is known by the option alone.
    let only_test = options.ignore.iter().filter(|name| grid.find(name).is_none());
    let reading = TableReading {
        headed: grid.headed,
        label: name(roles.label),
        classes,
        id: roles.id.map(name),
        group: roles.group.map(name),
        ignored: roles.ignored.iter().map(|&at| name(at)).chain(only_test.cloned()).collect(),
        missing: options.missing,
        values,
    };
    Ok((reading, grid))
}

/// Takes the only column for texts if it holds texts; refuses columns that are hardly features.
fn find_text(grid: &Grid, roles: &mut Roles, notes: &mut Vec<String>) -> Result<(), Problem> {
    if roles.text.is_none() {
        let found = suspects::check(grid, roles);
        roles.text = found.map_err(|found| Problem::Suspects { found: found.to_string() })?;
        if let Some(text) = roles.text {
            roles.rest.clear();
            notes.push(format!("{} was taken as the text of each row", quoted(grid.name(text))));
        }
        return Ok(());
    }
    if !roles.wanted.is_empty() {
        let first = roles.wanted.first().map_or("", |&at| grid.name(at));
        let (first, second) = (quoted(first), "a feature beside --text");
        return Err(Problem::TwoRoles { name: first, first: "--feature", second });
    }
    if !roles.rest.is_empty() {
        let others = names(roles.rest.iter().map(|&at| grid.name(at)));
        notes.push(format!("only the text is learnt from, not {others}"));
        roles.ignored.append(&mut roles.rest);
    }
    Ok(())
}

fn values(
    grid: &Grid,
    roles: &mut Roles,
    options: &TableOptions,
    notes: &mut Vec<String>,
) -> Result<ValuesReading, Problem> {
    if let Some(text) = roles.text {
        let given = options.kind.map(ValueKind::name);
        return match given {
            None => Ok(ValuesReading::Texts(grid.name(text).to_owned())),
            Some(kind) => Err(Problem::KindOfText { kind, name: quoted(grid.name(text)) }),
        };
    }
    if roles.rest.is_empty() {
        return Err(Problem::NoFeatures);
    }
    let are_pixels = match options.kind {
        Some(kind) => kind == ValueKind::Pixels,
        None => pixels::are_pixels(grid, &roles.rest, notes),
    };
    if are_pixels {
        return Ok(ValuesReading::Pixels(pixels::order(grid, &roles.rest, notes)));
    }
    Ok(ValuesReading::Features(features::fit(grid, roles, notes)?))
}
