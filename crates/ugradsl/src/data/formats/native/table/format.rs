//! Tables as a format of data sets.

use std::path::{Path, PathBuf};

use super::{TableOptions, TablePart, TableReading, Tables, read};
use crate::data::columns::Columns;
use crate::data::formats::format::first;
use crate::data::formats::native::{Content, Format, FormatError, How, Part, saved};
use crate::data::groups::Groups;
use crate::data::row_names::{RowNameKind, RowNames};

/// Tables of numbers or texts.
pub const FORMAT: Format = Format {
    name: "tables",
    files: "train.csv and test.csv, or one table; also .tsv, .tab, .jsonl and .json, gzipped or not",
    reads: &["label", "id", "group", "ignore", "features", "text", "values", "missing"],
    find: |path| tables(path).map(|(train, _)| train),
    in_folders: None,
    open,
};

const ENDINGS: [&str; 6] = ["csv", "tsv", "tab", "jsonl", "ndjson", "json"];
/// Tables beside the data that are not the data.
const BESIDE: [&str; 2] = ["groups", "ids"];

/// The tables at `path`: the file itself, `train` with perhaps `test`, or the only table there is.
fn tables(path: &Path) -> Option<(PathBuf, Option<PathBuf>)> {
    if path.is_file() {
        return has_ending(path).then(|| (path.to_owned(), None));
    }
    let part = |names: &[&str]| {
        let files = names.iter().flat_map(|name| {
            let files = ENDINGS.iter().map(move |end| format!("{name}.{end}"));
            files.flat_map(|file| [path.join(&file), path.join(format!("{file}.gz"))])
        });
        first(&files.collect::<Vec<_>>())
    };
    let test = part(&["test", "testing", "val", "valid", "validation"]);
    if let Some(train) = part(&["train", "training"]) {
        return Some((train, test));
    }
    // The reader says that there is no training part.
    if let Some(test) = test {
        return Some((test, None));
    }
    let entries: Vec<PathBuf> =
        std::fs::read_dir(path).ok()?.flatten().map(|entry| entry.path()).collect();
    // Beside folders of pictures or texts a table is a list of something.
    if entries.iter().any(|path| path.is_dir()) {
        return None;
    }
    let entries = entries.into_iter();
    let mut only = entries.filter(|path| is_table(path) && !BESIDE.contains(&stem(path).as_str()));
    let first = only.next()?;
    only.next().is_none().then_some((first, None))
}

/// Whether a file among others is a table. One in JSON is as often something else that lies beside
/// the data: it must be called `train` or be named itself.
fn is_table(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    has_ending(path) && !name.trim_end_matches(".gz").ends_with(".json")
}

fn has_ending(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    !name.starts_with('.')
        && ENDINGS.iter().any(|end| name.strip_suffix(end).is_some_and(|stem| stem.ends_with('.')))
}

fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    name.split('.').next().unwrap_or_default().to_owned()
}

fn open(path: &Path, how: How<'_>) -> Result<Content, FormatError> {
    let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
    let (train, test) = tables(path).ok_or_else(missing).map_err(FormatError::at(path))?;
    let config = how.config.clone();
    let options = TableOptions {
        label: config.label,
        id: config.id,
        group: config.group,
        ignore: config.ignore,
        features: config.features,
        text: config.text,
        kind: config.values,
        missing: config.missing,
    };
    let saved: Option<TableReading> = saved(how).map_err(FormatError::at(path))?;
    let tables = read(&train, test.as_deref(), &options, saved.as_ref());
    let mut content = content(tables.map_err(FormatError::at(path))?, path)?;
    content.notes.extend(unused(path, &train, test.as_deref()));
    Ok(content)
}

/// A note on other tables that lie there.
fn unused(path: &Path, train: &Path, test: Option<&Path>) -> Option<String> {
    let entries = std::fs::read_dir(path).ok()?.flatten().map(|entry| entry.path());
    let is_other = |path: &PathBuf| {
        is_table(path)
            && path != train
            && Some(path.as_path()) != test
            && !BESIDE.contains(&stem(path).as_str())
    };
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.filter(is_other).map(|path| name(&path)).collect();
    names.sort();
    (!names.is_empty()).then(|| format!("not used: {}", names.join(", ")))
}

fn content(tables: Tables, path: &Path) -> Result<Content, FormatError> {
    let Tables { train, test, classes, reading, mut notes } = tables;
    notes.extend(train.groups.as_deref().and_then(several));
    let test = test.map(|test| part(test, path)).transpose()?;
    let content = Content::new(part(train, path)?, test).with_classes(classes);
    let content = content.map_err(FormatError::at(path))?;
    Ok(Content { reading: serde_json::to_value(reading).ok(), notes, ..content })
}

fn part(part: TablePart, path: &Path) -> Result<Part, FormatError> {
    let TablePart { values, labels, ids, groups, columns } = part;
    let rows = values.into_rows(labels, path)?;
    let names = ids.map(|ids| RowNames::new(RowNameKind::Id, ids)).transpose();
    let mut kept = Columns::default();
    columns.into_iter().for_each(|(name, values)| kept.push(name, values));
    Ok(Part {
        rows,
        names: names.map_err(FormatError::at(path))?,
        groups: groups.map(|groups| shared(&groups)),
        columns: kept,
    })
}

/// A note where cells name several groups, with the first of them.
fn several(cells: &[Option<String>]) -> Option<String> {
    let split: Vec<&str> = cells
        .iter()
        .flatten()
        .filter(|cell| cell.contains([';', '|']))
        .map(String::as_str)
        .collect();
    let first = split.first()?;
    let names: Vec<&str> = first.split([';', '|']).map(str::trim).collect();
    Some(format!(
        "{} of the groups' cells name several groups: \"{first}\" is {}",
        split.len(),
        names.join(" and ")
    ))
}

/// Groups from cells; `ann;bob` is a row of both.
fn shared(cells: &[Option<String>]) -> Groups {
    let split = |cell: &Option<String>| {
        let names = cell.as_deref().unwrap_or_default().split([';', '|']).map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    Groups::shared(&cells.iter().map(split).collect::<Vec<_>>())
}
