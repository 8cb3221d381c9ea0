//! Tables as a format of data sets.

use std::path::{Path, PathBuf};

use super::{TableFileError, TableOptions, TablePart, TableReading, Tables, read};
use crate::data::columns::Columns;
use crate::data::formats::format::first;
use crate::data::formats::native::folder::names::is_picture;
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
/// What test tables are called.
const TESTS: [&str; 5] = ["test", "testing", "val", "valid", "validation"];
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
    let test = part(&TESTS);
    if let Some(train) = part(&["train", "training"]) {
        return Some((train, test));
    }
    if let Some(test) = test {
        // Without another table, or with several, the reader says that there is no training part.
        return match &others(path, &[&test])[..] {
            [train] => Some((train.clone(), Some(test))),
            _ => Some((test, None)),
        };
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
    if path.is_dir() {
        check(path, &train, test.as_deref()).map_err(FormatError::at(path))?;
    }
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
    let known: Vec<&Path> = [train].into_iter().chain(test).collect();
    let names: Vec<String> = others(path, &known).iter().map(|path| name(path)).collect();
    (!names.is_empty()).then(|| format!("not used: {}", names.join(", ")))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The tables in a directory but for the `known` ones, by name.
fn others(directory: &Path, known: &[&Path]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let is_other = |path: &PathBuf| {
        is_table(path) && !known.contains(&path.as_path()) && !BESIDE.contains(&stem(path).as_str())
    };
    let mut others: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_other).collect();
    others.sort();
    others
}

/// Refuses a test table without a training table, and a table beside pictures, which could be what
/// is to be learnt.
fn check(directory: &Path, train: &Path, test: Option<&Path>) -> Result<(), TableFileError> {
    if test.is_none() && TESTS.contains(&stem(train).as_str()) {
        let others = others(directory, &[train]).iter().map(|path| name(path)).collect();
        return Err(TableFileError::NoTrain { test: name(train), others });
    }
    let files = |folder: &Path| {
        let found = std::fs::read_dir(folder).into_iter().flatten().flatten();
        found.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let here = files(directory);
    let below = here.iter().filter(|path| path.is_dir()).flat_map(|folder| files(folder));
    let pictures = here.iter().cloned().chain(below).filter(|path| is_picture(path)).count();
    match pictures {
        0 => Ok(()),
        pictures => Err(TableFileError::Pictures { table: name(train), pictures }),
    }
}

fn content(tables: Tables, path: &Path) -> Result<Content, FormatError> {
    let Tables { train, test, classes, reading, notes, renumbered } = tables;
    let test = test.map(|test| part(test, path)).transpose()?;
    let content = Content::new(part(train, path)?, test).with_classes(classes);
    let content = content.map_err(FormatError::at(path))?;
    Ok(Content { reading: serde_json::to_value(reading).ok(), notes, renumbered, ..content })
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
        groups: groups.map(|groups| Groups::written(&groups)),
        columns: kept,
    })
}
