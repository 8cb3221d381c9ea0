//! A part of a data set from a table, by a reading.

use std::collections::BTreeMap;

use super::Missing;
use super::error::Problem;
use super::grid::Grid;
use super::heading::place;
use super::listed::{Listed, names, quoted, typed};
use super::number::is_missing;
use super::reading::{TableReading, ValuesReading};
use super::{TableOptions, TablePart, Values, labels, missing, pixels, quotes, values};

/// In wider tables, the text of feature columns is not kept.
const KEPT_COLUMNS: usize = 64;

/// The part that a table makes.
pub(super) fn apply(
    grid: Grid,
    reading: &TableReading,
    notes: &mut Vec<String>,
) -> Result<TablePart, Problem> {
    let (label, columns) = locate(&grid, reading)?;
    labels::check_missing(&grid, label)?;
    quotes::check(&grid, label)?;
    let grid = match (&reading.values, &columns[..]) {
        (ValuesReading::Features(_), _) => missing::handle(grid, &columns, reading.missing, notes)?,
        (ValuesReading::Texts(_), &[column]) => {
            missing::texts(grid, column, reading.missing, notes)?
        }
        (ValuesReading::Pixels(_), _) if reading.missing == Some(Missing::Drop) => {
            missing::handle(grid, &columns, reading.missing, notes)?
        }
        _ => grid,
    };
    let find = |name: &Option<String>| name.as_deref().and_then(|name| grid.find(name));
    let (id, group) = (find(&reading.id), find(&reading.group));
    let group_of = |cell: &str| Some(cell.trim().to_owned()).filter(|name| !name.is_empty());
    Ok(TablePart {
        labels: labels::labels(&grid, label, &reading.classes)?,
        ids: id.map(|column| ids(&grid, column)).transpose()?,
        groups: group.map(|column| grid.column(column).map(group_of).collect()),
        columns: kept(&grid, &columns, &reading.values),
        values: match &reading.values {
            ValuesReading::Pixels(_) => Values::Pixels {
                shape: pixels::square(columns.len()).unwrap_or([1, 1, columns.len()]),
                values: pixels::values(&grid, &columns)?,
            },
            ValuesReading::Features(features) => {
                let (names, values) = values::features(&grid, &columns, features, notes)?;
                Values::Features { names, values }
            }
            ValuesReading::Texts(_) => {
                let column = columns.first().copied().unwrap_or(0);
                Values::Texts(grid.column(column).map(str::to_owned).collect())
            }
        },
    })
}

/// The columns of the label and of what is learnt from; refuses a table that has others.
fn locate(grid: &Grid, reading: &TableReading) -> Result<(usize, Vec<usize>), Problem> {
    if grid.headed != reading.headed {
        let first = names((0..grid.width()).map(|column| grid.cell(0, column)));
        let difference = if reading.headed {
            format!("they have names there, but here the first line is a row ({first})")
        } else {
            "they have no names there, but here the first line names them".to_owned()
        };
        return Err(Problem::Columns { difference });
    }
    let needed = reading.values.columns();
    let found: Vec<Option<usize>> = needed.iter().map(|name| grid.find(name)).collect();
    let label = grid.find(&reading.label);
    let lacking = needed.iter().zip(&found).filter(|(_, at)| at.is_none()).map(|(&name, _)| name);
    let lacking = lacking.chain(label.is_none().then_some(reading.label.as_str()));
    let lacking = names(lacking);

    let other = [&reading.id, &reading.group].into_iter().flatten().chain(&reading.ignored);
    let spoken: Vec<usize> = other.filter_map(|name| grid.find(name)).chain(label).collect();
    let mut expected = vec![false; grid.width()];
    for &at in found.iter().flatten().chain(&spoken) {
        expected.iter_mut().skip(at).take(1).for_each(|it| *it = true);
    }
    let extra =
        names(grid.names().iter().zip(&expected).filter(|it| !it.1).map(|it| it.0.as_str()));
    let columns: Vec<usize> = found.into_iter().flatten().collect();
    match (label, lacking.is_empty(), extra.is_empty()) {
        (Some(label), true, true) => Ok((label, columns)),
        (_, lacks, more) => {
            Err(Problem::Columns { difference: difference((lacks, more), &lacking, &extra) })
        }
    }
}

fn difference((lacks, more): (bool, bool), lacking: &Listed, extra: &Listed) -> String {
    let lacking = (!lacks).then(|| format!("{lacking} missing"));
    let extra = (!more).then(|| format!("{extra} not known (--ignore NAME leaves one out)"));
    lacking.into_iter().chain(extra).collect::<Vec<_>>().join("; ")
}

fn ids(grid: &Grid, column: usize) -> Result<Vec<String>, Problem> {
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, cell) in grid.column(column).enumerate() {
        rows.entry(cell.trim()).or_default().push(row);
    }
    let line = |&row: &usize| format!("line {}", grid.line(row));
    let name = quoted(grid.name(column));
    let absent = rows.iter().filter(|(cell, _)| is_missing(cell)).flat_map(|(_, rows)| rows);
    let lines: Listed = absent.map(line).collect();
    if !lines.is_empty() {
        return Err(Problem::NoId { name, lines });
    }
    let entry = |(cell, rows): (&&str, &Vec<usize>)| {
        let lines: Vec<String> =
            rows.iter().take(5).map(|&row| grid.line(row).to_string()).collect();
        let dots = if rows.len() > 5 { ", ..." } else { "" };
        format!("{} on lines {}{dots}", quoted(cell), lines.join(", "))
    };
    let twice: Listed = rows.iter().filter(|(_, rows)| rows.len() > 1).map(entry).collect();
    if !twice.is_empty() {
        return Err(Problem::SameId { name, typed: typed(grid.name(column)), twice });
    }
    Ok(grid.column(column).map(|cell| cell.trim().to_owned()).collect())
}

/// The text of columns by which rows can be chosen.
fn kept(grid: &Grid, learnt: &[usize], values: &ValuesReading) -> Vec<(String, Vec<String>)> {
    let narrow = grid.width() <= KEPT_COLUMNS && !matches!(values, ValuesReading::Texts(_));
    let keep = |&column: &usize| narrow || !learnt.contains(&column);
    let cells = |column| grid.column(column).map(str::to_owned).collect();
    let columns = (0..grid.width()).filter(keep);
    columns.map(|column| (grid.name(column).to_owned(), cells(column))).collect()
}

/// A reading with the roles that options give to columns which the model does not learn from.
pub(super) fn with_options(
    reading: &TableReading,
    options: &TableOptions,
) -> Result<TableReading, Problem> {
    let learnt = reading.values.columns();
    let alike = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let used = |name: &str| learnt.iter().any(|it| alike(it, name)) || alike(&reading.label, name);
    let others = [("--id", &options.id), ("--group", &options.group)];
    let others = others.into_iter().filter_map(|(what, name)| Some((what, name.as_ref()?)));
    let ignored = options.ignore.iter().map(|name| ("--ignore", name));
    let clash = |what, given: &str, trained: String| {
        Err(Problem::ReadingClash { what, given: quoted(given), trained })
    };
    if let Some((what, name)) = others.chain(ignored).find(|(_, name)| used(name)) {
        return clash(what, name, format!("{} as a feature or the label", quoted(name)));
    }
    if let Some(name) = options.features.iter().find(|it| !learnt.iter().any(|at| alike(at, it))) {
        return clash("--feature", name, format!("other features: {}", names(learnt)));
    }
    if let Some(label) = options.label.as_ref().filter(|label| !is_label(label, reading)) {
        return clash("--label", label, quoted(&reading.label));
    }
    if let Some(text) = options.text.as_ref().filter(
        |text| !matches!(&reading.values, ValuesReading::Texts(column) if alike(column, text)),
    ) {
        return clash("--text", text, reading.values.kind().to_owned());
    }
    let kind = options.kind.map(super::ValueKind::name);
    if let Some(kind) = kind.filter(|&kind| kind != reading.values.kind()) {
        return clash("--values", kind, reading.values.kind().to_owned());
    }
    Ok(overridden(reading, options))
}

fn overridden(reading: &TableReading, options: &TableOptions) -> TableReading {
    let mut reading = reading.clone();
    let old = [reading.id.clone(), reading.group.clone()].into_iter().flatten();
    reading.ignored.extend(old.chain(options.ignore.iter().cloned()));
    reading.id = options.id.clone().or(reading.id);
    reading.group = options.group.clone().or(reading.group);
    reading.missing = options.missing.or(reading.missing);
    reading
}

/// Whether an option names the label column that was trained.
fn is_label(label: &str, reading: &TableReading) -> bool {
    if reading.headed {
        return label.to_lowercase() == reading.label.to_lowercase();
    }
    let others = reading.values.columns();
    match label {
        "first" => reading.label == "0",
        "last" => !others.iter().any(|name| place(name) > place(&reading.label)),
        _ => label == reading.label,
    }
}
