//! Classes from the values of the label column.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::composed::composed;

use super::error::Problem;
use super::grid::Grid;
use super::listed::{Listed, names, quoted, rows};
use super::number::{is_missing, number, whole};

/// So many classes are never too many.
const FEW: usize = 20;

/// One more than the largest class.
const MOST: usize = 65536;

/// Refuses rows without a label.
pub(super) fn check_missing(grid: &Grid, column: usize) -> Result<(), Problem> {
    let rows = (0..).zip(grid.column(column)).filter(|(_, cell)| is_missing(cell));
    let lines: Listed = rows.map(|(row, _)| format!("line {}", grid.line(row))).collect();
    let name = || quoted(grid.name(column));
    if lines.is_empty() { Ok(()) } else { Err(Problem::NoClass { name: name(), lines }) }
}

/// The labels of the training part, in the order of their classes.
pub(super) fn classes(
    grid: &Grid,
    column: usize,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, Problem> {
    let written: BTreeSet<&str> = grid.column(column).map(str::trim).collect();
    let letters: BTreeSet<String> = written.iter().map(|cell| composed(cell)).collect();
    let different: BTreeSet<&str> = letters.iter().map(String::as_str).collect();
    let numbers: Option<BTreeSet<i64>> =
        different.iter().map(|cell| whole(cell, grid.comma)).collect();
    let classes: Vec<String> = match &numbers {
        Some(numbers) => numbers.iter().map(i64::to_string).collect(),
        None => sorted(&different, grid.comma),
    };
    let (count, rows) = (classes.len(), grid.rows());
    if count >= MOST || (count > FEW && count.saturating_mul(5) > rows) {
        let values = names(classes.iter().map(String::as_str));
        let name = quoted(grid.name(column));
        return Err(Problem::ManyClasses { name, classes: count, rows, values });
    }
    if classes.iter().zip(0..).any(|(name, class): (_, usize)| *name != class.to_string()) {
        notes.push(mapping(&classes, numbers.is_some()));
    }
    check_totals(grid, column)?;
    notes.extend(numbers.and_then(|_| one_class(&different, grid.comma)));
    if count == 1 {
        notes
            .push(format!("all rows have the label {}", names(classes.iter().map(String::as_str))));
    }
    Ok(classes)
}

/// What spreadsheets call the line below the rows.
const TOTALS: &[&str] =
    &["total", "totals", "sum", "average", "mean", "grand total", "gesamt", "summe"];

/// Refuses a last line that sums up the others, as its label says.
fn check_totals(grid: &Grid, column: usize) -> Result<(), Problem> {
    let Some(last) = grid.rows().checked_sub(1) else { return Ok(()) };
    let label = grid.cell(last, column).trim().trim_end_matches(':').to_lowercase();
    let once = grid.column(column).filter(|cell| *cell == grid.cell(last, column)).count() == 1;
    match once && TOTALS.contains(&label.as_str()) {
        true => {
            let (line, label) = (grid.line(last), quoted(grid.cell(last, column)));
            Err(Problem::Totals { line, label })
        }
        false => Ok(()),
    }
}

/// Says which labels were written in several ways.
fn one_class(different: &BTreeSet<&str>, comma: bool) -> Option<String> {
    let mut written: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for cell in different {
        written.entry(whole(cell, comma)?).or_default().push(cell);
    }
    let several = written.into_values().filter(|written| written.len() > 1);
    let listed: Listed = several.map(|written| names(written).to_string()).collect();
    (!listed.is_empty()).then(|| format!("labels that are the same number are one class: {listed}"))
}

/// Fractions as numbers, anything else as text.
fn sorted(different: &BTreeSet<&str>, comma: bool) -> Vec<String> {
    let mut values: Vec<(f64, &str)> = Vec::new();
    for cell in different {
        match number(cell, comma) {
            Some(value) => values.push((value, cell)),
            None => return different.iter().map(|&cell| cell.to_owned()).collect(),
        }
    }
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    values.iter().map(|(_, cell)| (*cell).to_owned()).collect()
}

fn mapping(classes: &[String], whole: bool) -> String {
    let last = classes.len().saturating_sub(1);
    let ends = classes.first().zip(classes.last());
    let number = |name: &String| name.parse::<i64>().ok();
    let span = ends.and_then(|(a, b)| number(b)?.checked_sub(number(a)?));
    match ends {
        Some((a, b)) if whole && span == i64::try_from(last).ok() && last > 1 => {
            format!("labels {a} to {b} became classes 0 to {last}, named {a} to {b}")
        }
        _ => {
            let listed = names(classes.iter().map(String::as_str));
            format!("labels became classes 0 to {last}, in this order: {listed}")
        }
    }
}

/// The class of each row.
pub(super) fn labels(grid: &Grid, column: usize, classes: &[String]) -> Result<Vec<u32>, Problem> {
    let numbers: BTreeMap<&str, u32> = classes.iter().map(String::as_str).zip(0..).collect();
    let mut other: BTreeMap<&str, usize> = BTreeMap::new();
    let mut labels = Vec::with_capacity(grid.rows());
    for cell in grid.column(column).map(str::trim) {
        let letters = composed(cell);
        let by_value = || numbers.get(whole(cell, grid.comma)?.to_string().as_str());
        match numbers.get(letters.as_str()).or_else(by_value) {
            Some(&class) => labels.push(class),
            None => *other.entry(cell).or_default() += 1,
        }
    }
    if other.is_empty() {
        return Ok(labels);
    }
    let entry = |(name, count): (&&str, &usize)| format!("{} ({})", quoted(name), rows(*count));
    let found: Listed = other.iter().map(entry).collect();
    let are = if other.len() == 1 { "label {} is" } else { "labels {} are" };
    let found = are.replace("{}", &found.to_string());
    Err(Problem::OtherClasses { found, known: names(classes.iter().map(String::as_str)) })
}
