//! Arrays as formats of data sets.

use std::path::{Path, PathBuf};

use super::read::{borrowed, read_all};
use super::{ArrayOptions, ArrayReading, Arrays, ArraysError, Part as ArrayPart};
use super::{from_cifar_python, from_mat, from_numpy};
use crate::data::columns::Columns;
use crate::data::formats::native::{Content, Format, FormatError, How, Part, saved};
use crate::data::groups::Groups;
use crate::data::row_names::{RowNameKind, RowNames};

/// Arrays of NumPy.
pub const NUMPY: Format = Format {
    name: "arrays",
    files: "x_train.npy, y_train.npy, x_test.npy, y_test.npy, or one or two .npz",
    reads: &["layout", "values"],
    find: numpy,
    in_folders: None,
    open: |path, how| open(path, how, &["npy", "npz"], from_numpy),
};

/// Files of MATLAB.
pub const MATLAB: Format = Format {
    name: "MATLAB files",
    files: "train_32x32.mat and test_32x32.mat, or one .mat",
    reads: &["layout", "values"],
    find: |path| files(path, &["mat"]).into_iter().next(),
    in_folders: None,
    open: |path, how| open(path, how, &["mat"], from_mat),
};

/// CIFAR-10 for Python.
pub const CIFAR_10: Format = Format {
    name: "CIFAR-10 for Python",
    files: "data_batch_1 to data_batch_5, test_batch, batches.meta",
    reads: &[],
    find: |path| pickles(path, &["data_batch_1"]),
    in_folders: None,
    open: cifar,
};

/// CIFAR-100 for Python.
pub const CIFAR_100: Format = Format {
    name: "CIFAR-100 for Python",
    files: "train, test and meta, which are files",
    reads: &[],
    find: |path| pickles(path, &["train", "meta"]),
    in_folders: None,
    open: cifar,
};

/// An array beside the data that is a request, not the data.
const BESIDE: &str = "forget.npy";

/// The files at `path` with one of these endings: itself, or those in it.
fn files(path: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let ends = |path: &Path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        endings.contains(&ending.as_str())
    };
    if path.is_file() {
        return Some(path.to_owned()).filter(|path| ends(path)).into_iter().collect();
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let belongs = |path: &PathBuf| {
        let name = name(path);
        ends(path) && !name.starts_with('.') && name != BESIDE
    };
    let mut files: Vec<PathBuf> = paths.filter(belongs).collect();
    files.sort();
    files
}

/// The files of a data set of NumPy. Beside folders of pictures or texts a single array is a list
/// of something.
fn numpy(path: &Path) -> Option<PathBuf> {
    let found = files(path, &["npy", "npz"]);
    let has_folders = || {
        let mut entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.any(|entry| entry.path().is_dir())
    };
    match &found[..] {
        [only] if only != path && only.extension() == Some("npy".as_ref()) && has_folders() => None,
        _ => found.into_iter().next(),
    }
}

/// The first of `names` if all are files in `path`.
fn pickles(path: &Path, names: &[&str]) -> Option<PathBuf> {
    let all = names.iter().all(|name| path.join(name).is_file());
    all.then(|| path.join(names.first().copied().unwrap_or_default()))
}

type Parse =
    fn(&[(&str, &[u8])], &ArrayOptions, Option<&ArrayReading>) -> Result<Arrays, ArraysError>;

fn open(path: &Path, how: How<'_>, endings: &[&str], parse: Parse) -> Result<Content, FormatError> {
    let found = files(path, endings);
    let paths: Vec<&Path> = found.iter().map(PathBuf::as_path).collect();
    from(path, &paths, how, parse)
}

fn cifar(path: &Path, how: How<'_>) -> Result<Content, FormatError> {
    let entries = std::fs::read_dir(path).map_err(FormatError::at(path))?.flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    found.retain(|path| path.is_file());
    found.sort();
    let paths: Vec<&Path> = found.iter().map(PathBuf::as_path).collect();
    from(path, &paths, how, from_cifar_python)
}

fn from(path: &Path, paths: &[&Path], how: How<'_>, parse: Parse) -> Result<Content, FormatError> {
    let options = ArrayOptions { layout: how.config.layout, meaning: how.config.values };
    let saved: Option<ArrayReading> = saved(how).map_err(FormatError::at(path))?;
    let files = read_all(paths).map_err(FormatError::at(path))?;
    let arrays = parse(&borrowed(&files), &options, saved.as_ref());
    let arrays = arrays.map_err(FormatError::at(path))?;
    let Arrays { train, test, validation, classes, reading, mut notes } = arrays;
    if test.is_none() && validation.is_some() {
        notes.push("the validation part is the test part".to_owned());
    } else if validation.is_some() {
        notes.push("the validation part is not used".to_owned());
    }
    let test = test.or(validation).map(|test| part(test, path)).transpose()?;
    let content = Content::new(part(train, path)?, test).with_classes(classes);
    let content = content.map_err(FormatError::at(path))?;
    Ok(Content { reading: serde_json::to_value(reading).ok(), notes, ..content })
}

fn part(part: ArrayPart, path: &Path) -> Result<Part, FormatError> {
    let ArrayPart { values, labels, ids, groups } = part;
    let rows = values.into_rows(labels, path)?;
    let names = ids.map(|ids| RowNames::new(RowNameKind::Id, ids)).transpose();
    Ok(Part {
        rows,
        names: names.map_err(FormatError::at(path))?,
        groups: groups.map(|groups| Groups::written(&groups)),
        columns: Columns::default(),
    })
}
