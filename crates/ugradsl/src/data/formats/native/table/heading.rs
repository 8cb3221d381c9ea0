//! Whether the first line names the columns, and their names.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::Problem;
use super::listed::{Listed, quoted};
use super::number::{number, whole};

/// The headings by which a label column is recognised.
pub(super) const LABELS: [&str; 4] = ["label", "target", "class", "y"];

/// From so many columns on, a first line of 0, 1, 2, ... is a heading that some writers make up.
const COUNTED: usize = 5;

/// What the first line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heading {
    /// It names the columns.
    Names,
    /// It is a row already.
    Row,
}

/// Tells names from values. `known` are names that the options speak of; `positional` is whether
/// they speak of the label column by its place.
pub(super) fn heading(
    cells: &[Cow<'_, str>],
    known: &[&str],
    positional: bool,
    comma: bool,
) -> Heading {
    let numeric = |cell: &str| number(cell, comma).is_some();
    let is_known = |cell: &str| {
        let alike = |name: &&str| name.to_lowercase() == cell.to_lowercase();
        !numeric(cell) && (LABELS.iter().any(alike) || known.iter().any(alike))
    };
    if cells.iter().any(|cell| is_known(cell)) {
        return Heading::Names;
    }
    let numbers: Vec<&str> = cells.iter().map(|cell| &**cell).filter(|c| numeric(c)).collect();
    if numbers.is_empty() {
        return Heading::Names;
    }
    let whole: Vec<Option<i64>> = numbers.iter().map(|cell| cell.parse().ok()).collect();
    let counted = whole.iter().zip(whole.iter().skip(1)).all(|pair| match pair {
        (Some(a), Some(b)) => a.checked_add(1) == Some(*b),
        _ => false,
    });
    let start = whole.first().copied().flatten();
    let from_zero = start.is_some_and(|start| start == 0 || start == 1);
    let some_text = numbers.len() < cells.len();
    let names = counted && start.is_some() && if some_text { !positional } else { from_zero };
    if names && (some_text || numbers.len() >= COUNTED) { Heading::Names } else { Heading::Row }
}

/// The names of the columns. One without a name is called as pandas calls it.
pub(super) fn names(cells: &[Cow<'_, str>]) -> Result<Vec<String>, Problem> {
    let name = |(at, cell): (usize, &Cow<'_, str>)| match cell.trim() {
        "" => format!("Unnamed: {at}"),
        name => name.to_owned(),
    };
    let names: Vec<String> = cells.iter().enumerate().map(name).collect();
    unique(&names)?;
    Ok(names)
}

/// Refuses names that several columns have.
fn unique(names: &[String]) -> Result<(), Problem> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        places.entry(name).or_default().push(at + 1);
    }
    let mut twice = Listed::default();
    for (name, places) in places.iter().filter(|(_, places)| places.len() > 1) {
        let all: Vec<String> = places.iter().take(10).map(usize::to_string).collect();
        twice.push(|| format!("{} (columns {})", quoted(name), all.join(", ")));
    }
    if twice.is_empty() { Ok(()) } else { Err(Problem::SameName { twice }) }
}

/// The place of a column of pixels by its heading: `7`, `pixel7`, `p7`, `x7`, `1x1`, `pixel_1_1`.
pub(super) fn pixel(name: &str) -> Option<(u32, u32)> {
    let name = name.trim().to_ascii_lowercase();
    let prefixes = ["pixels", "pixel", "pix", "px", "p", "x", ""];
    let rest = prefixes.iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let rest = rest.trim_start_matches(['_', ' ', '-', '.']);
    let mut parts = rest.split(['x', '_', '-', '.']);
    let digits = |part: &str| {
        let all = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| part.parse().ok()).flatten()
    };
    let first = digits(parts.next()?)?;
    let second = parts.next();
    if parts.next().is_some() {
        return None;
    }
    Some((first, second.map_or(Some(0), digits)?))
}

/// Whether a name is a place, from 0.
pub(super) fn place(name: &str) -> Option<usize> {
    whole(name, false).and_then(|at| usize::try_from(at).ok())
}
