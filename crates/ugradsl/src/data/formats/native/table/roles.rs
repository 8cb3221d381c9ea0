//! What each column is for, as far as options and headings say.

use super::TableOptions;
use super::error::Problem;
use super::grid::Grid;
use super::heading::{LABELS, place};
use super::listed::{Listed, names, quoted, typed};

/// Columns by what they are for.
#[derive(Debug, Default)]
pub(super) struct Roles {
    pub(super) label: usize,
    pub(super) id: Option<usize>,
    pub(super) group: Option<usize>,
    pub(super) ignored: Vec<usize>,
    pub(super) text: Option<usize>,
    /// Columns that the options want as features.
    pub(super) wanted: Vec<usize>,
    /// Columns that nobody spoke of, and those that are wanted, in the order of the table.
    pub(super) rest: Vec<usize>,
}

/// Whether an option says where the label is, rather than what it is called.
pub(super) fn positional(label: Option<&str>) -> bool {
    label.is_some_and(|label| label == "first" || label == "last" || place(label).is_some())
}

/// The columns that options and headings speak of. Columns to ignore may be in the test table only.
pub(super) fn assign(
    grid: &Grid,
    test: Option<&Grid>,
    options: &TableOptions,
    notes: &mut Vec<String>,
) -> Result<Roles, Problem> {
    check_names(grid, test, options)?;
    let find = |name: &Option<String>| name.as_deref().and_then(|name| grid.find(name));
    let all = |names: &[String]| names.iter().filter_map(|name| grid.find(name)).collect();
    let mut roles = Roles {
        label: label(grid, options, notes)?,
        id: find(&options.id),
        group: find(&options.group),
        ignored: all(&options.ignore),
        text: find(&options.text),
        wanted: all(&options.features),
        rest: Vec::new(),
    };
    let mut taken = taken(grid, &roles)?;
    let heading = grid.names().iter().position(|name| name.eq_ignore_ascii_case("group"));
    if let (None, Some(at)) = (options.group.as_ref(), heading)
        && taken.get(at) == Some(&None)
    {
        roles.group = Some(at);
        taken.iter_mut().skip(at).take(1).for_each(|slot| *slot = Some("--group"));
        notes.push(format!(
            "{} says whom a row belongs to and is not learnt from (to learn from it: --feature {})",
            quoted(grid.name(at)),
            typed(grid.name(at))
        ));
    }
    let free = |&at: &usize| matches!(taken.get(at), Some(None | Some("--feature")));
    roles.rest = (0..grid.width()).filter(free).collect();
    Ok(roles)
}

/// The option that took each column.
fn taken(grid: &Grid, roles: &Roles) -> Result<Vec<Option<&'static str>>, Problem> {
    let mut taken: Vec<Option<&'static str>> = vec![None; grid.width()];
    let single = [
        (Some(roles.label), "--label"),
        (roles.id, "--id"),
        (roles.group, "--group"),
        (roles.text, "--text"),
    ];
    let single = single.into_iter().filter_map(|(at, role)| Some((at?, role)));
    let ignored = roles.ignored.iter().map(|&at| (at, "--ignore"));
    let wanted = roles.wanted.iter().map(|&at| (at, "--feature"));
    for (at, second) in single.chain(ignored).chain(wanted) {
        let Some(slot) = taken.get_mut(at) else { continue };
        match *slot {
            Some(first) if first != second => {
                return Err(Problem::TwoRoles { name: quoted(grid.name(at)), first, second });
            }
            _ => *slot = Some(second),
        }
    }
    Ok(taken)
}

/// Refuses names that are not those of columns; a mistyped one would have no effect.
pub(super) fn check_names(
    grid: &Grid,
    test: Option<&Grid>,
    options: &TableOptions,
) -> Result<(), Problem> {
    let single = [&options.id, &options.group, &options.text].into_iter().flatten();
    let mut missing = Listed::default();
    for name in single.chain(&options.features).filter(|name| grid.find(name).is_none()) {
        missing.push(|| quoted(name));
    }
    let anywhere = |name: &String| {
        grid.find(name).is_some() || test.is_some_and(|test| test.find(name).is_some())
    };
    for name in options.ignore.iter().filter(|name| !anywhere(name)) {
        missing.push(|| quoted(name));
    }
    if missing.is_empty() { Ok(()) } else { Err(unknown(grid, missing)) }
}

pub(super) fn unknown(grid: &Grid, missing: Listed) -> Problem {
    Problem::UnknownColumn { missing, known: names(grid.names().iter().map(String::as_str)) }
}

fn label(grid: &Grid, options: &TableOptions, notes: &mut Vec<String>) -> Result<usize, Problem> {
    let last = grid.width().saturating_sub(1);
    match options.label.as_deref() {
        Some("first") if !grid.headed => Ok(0),
        Some("last") if !grid.headed => Ok(last),
        Some(name) => {
            let at = if grid.headed { grid.find(name) } else { place(name) };
            at.filter(|&at| at <= last).ok_or_else(|| unknown(grid, names([name])))
        }
        None if grid.headed => headed(grid, options, notes),
        None => Err(no_heading(grid, last)),
    }
}

/// The label column by its heading.
fn headed(grid: &Grid, options: &TableOptions, notes: &mut Vec<String>) -> Result<usize, Problem> {
    let single = [&options.id, &options.group, &options.text].into_iter().flatten();
    let other: Vec<usize> = single
        .chain(&options.ignore)
        .chain(&options.features)
        .filter_map(|name| grid.find(name))
        .collect();
    let is_label = |name: &str| LABELS.iter().any(|label| name.eq_ignore_ascii_case(label));
    let columns =
        (0..).zip(grid.names()).filter(|(at, name)| is_label(name) && !other.contains(at));
    let found: Vec<(usize, &String)> = columns.collect();
    match found[..] {
        [(at, name)] => {
            if !name.eq_ignore_ascii_case("label") {
                notes.push(format!("{} was taken as the label", quoted(name)));
            }
            Ok(at)
        }
        [] => Err(Problem::NoLabel { known: names(grid.names().iter().map(String::as_str)) }),
        _ => {
            let remedies = found.iter().map(|(_, name)| format!("--label {}", typed(name)));
            Err(Problem::TwoLabels {
                found: names(found.iter().map(|(_, name)| name.as_str())),
                remedy: remedies.collect::<Vec<_>>().join(" or ")
                    + ", and what the others are with --feature or --ignore",
            })
        }
    }
}

fn no_heading(grid: &Grid, last: usize) -> Problem {
    let values = |column: usize| {
        let mut seen: Vec<&str> = Vec::new();
        for cell in grid.column(column).take(1000) {
            if seen.len() < 5 && !seen.contains(&cell) {
                seen.push(cell);
            }
        }
        names(seen)
    };
    let row = names((0..grid.width()).map(|column| grid.cell(0, column)));
    Problem::NoHeading { row, first: values(0), last: values(last) }
}
