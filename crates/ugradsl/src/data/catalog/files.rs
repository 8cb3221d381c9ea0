//! Where the files of a data set lie, and what a directory holds.

use std::path::{Path, PathBuf};

use super::super::dataset::{Dataset, Normalisation};
#[cfg(not(target_family = "wasm"))]
use super::super::formats::groups_file;
use super::super::formats::{CifarKind, cifar, idx};
use super::super::image_set::ImageSet;
use super::{DataError, Texts};

/// The four files of an idx set; the number in a name is that of the dimensions.
const TRAIN_IMAGES: [&str; 2] = ["train-images-idx3-ubyte", "train-images-idx4-ubyte"];
const TRAIN_LABELS: [&str; 1] = ["train-labels-idx1-ubyte"];
const TEST_IMAGES: [&str; 2] = ["t10k-images-idx3-ubyte", "t10k-images-idx4-ubyte"];
const TEST_LABELS: [&str; 1] = ["t10k-labels-idx1-ubyte"];

fn cifar_files(kind: CifarKind) -> (&'static [&'static str], &'static str) {
    match kind {
        CifarKind::Cifar10 => (
            &[
                "data_batch_1.bin",
                "data_batch_2.bin",
                "data_batch_3.bin",
                "data_batch_4.bin",
                "data_batch_5.bin",
            ],
            "test_batch.bin",
        ),
        CifarKind::Cifar100 => (&["train.bin"], "test.bin"),
    }
}

/// A set of idx files; without classes and normalisation these come from the training set.
pub(super) fn open_idx(
    name: &str,
    directory: &Path,
    known: Option<(usize, Normalisation)>,
) -> Result<Dataset, DataError> {
    let file = |names| find(name, idx_paths(directory, names));
    // All four are looked for before the first is read: a missing file is worth no waiting.
    let train = (file(&TRAIN_IMAGES)?, file(&TRAIN_LABELS)?);
    let test = (file(&TEST_IMAGES)?, file(&TEST_LABELS)?);
    let train = idx::read_pair(&train.0, &train.1)?;
    let test = idx::read_pair(&test.0, &test.1)?;
    grouped(assemble(name, train, test, known)?, directory)
}

/// Two sets of images as a data set; without classes and normalisation these come from the training set.
pub(super) fn assemble(
    name: &str,
    train: ImageSet,
    test: ImageSet,
    known: Option<(usize, Normalisation)>,
) -> Result<Dataset, DataError> {
    let (classes, normalisation) = known.unwrap_or_else(|| {
        let classes = train.labels().iter().max().map_or(0, |&label| label as usize + 1);
        (classes, Normalisation::measure(&train))
    });
    Dataset::new(name, classes, train, test, normalisation)
        .map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })
}

/// One of the CIFAR sets, from the first of the directories that has a file.
pub(super) fn open_cifar(
    name: &str,
    directories: &[PathBuf],
    kind: CifarKind,
) -> Result<Dataset, DataError> {
    let (train, test) = cifar_files(kind);
    let file = |file: &str| find(name, directories.iter().map(|d| d.join(file)).collect());
    let files = train.iter().map(|name| file(name)).collect::<Result<Vec<_>, _>>()?;
    let test = [file(test)?];
    let (train, test) = (cifar::read(&files, kind)?, cifar::read(&test, kind)?);
    let data = Dataset::new(name, kind.classes(), train, test, super::cifar(kind))
        .map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })?;
    grouped(data, files[0].parent().unwrap_or(Path::new("")))
}

/// The lists of groups that lie in a directory.
#[cfg(not(target_family = "wasm"))]
pub(super) fn groups_files(directory: &Path) -> Vec<PathBuf> {
    let both = ["groups.csv", "groups.txt"].map(|name| directory.join(name));
    both.into_iter().filter(|path| path.is_file()).collect()
}

/// The data with the groups that a list beside its files gives, if there is one.
#[cfg(not(target_family = "wasm"))]
pub(super) fn grouped(data: Dataset, directory: &Path) -> Result<Dataset, DataError> {
    let twice = |path: PathBuf, other| Err(DataError::GroupsTwice { path, other });
    let mut files = groups_files(directory);
    match (files.pop(), files.pop()) {
        (Some(path), Some(other)) => twice(path, other.display().to_string()),
        (Some(path), None) if data.groups.is_some() => {
            twice(path, "the column `group` of the training table".to_owned())
        }
        (Some(path), None) => {
            let groups = groups_file::read(&path, data.train.len())?;
            Ok(Dataset { groups: Some(groups), ..data })
        }
        (None, _) => Ok(data),
    }
}

#[cfg(target_family = "wasm")]
fn grouped(data: Dataset, _: &Path) -> Result<Dataset, DataError> {
    Ok(data)
}

/// Opens the set of a given name in a given directory.
pub(super) type Open = fn(&str, &Path, Texts<'_>) -> Result<Dataset, DataError>;

/// Whatever set the directory holds. One known file is enough to recognise it: if others are missing,
/// the error should name them. Of two sets in one directory neither is meant more than the other.
pub(super) fn open_directory(directory: &Path, texts: Texts<'_>) -> Result<Dataset, DataError> {
    // The last part of `some/where/..` is no name, and neither is that of a root.
    let name = directory.file_name().unwrap_or(directory.as_os_str()).to_string_lossy();
    let mut found: Vec<(PathBuf, Open)> = Vec::new();
    let mut known = |paths: Vec<PathBuf>, open: Open| {
        found.extend(paths.into_iter().find(|path| path.is_file()).map(|path| (path, open)));
    };
    let idx = [&TRAIN_IMAGES[..], &TRAIN_LABELS, &TEST_IMAGES, &TEST_LABELS];
    let idx = idx.iter().flat_map(|names| idx_paths(directory, names)).collect();
    known(idx, |name, directory, _| open_idx(name, directory, None));
    let cifar = |kind| {
        let (train, test) = cifar_files(kind);
        train.iter().chain([&test]).map(|file| directory.join(file)).collect()
    };
    known(cifar(CifarKind::Cifar10), |name, directory, _| {
        open_cifar(name, &[directory.to_owned()], CifarKind::Cifar10)
    });
    known(cifar(CifarKind::Cifar100), |name, directory, _| {
        open_cifar(name, &[directory.to_owned()], CifarKind::Cifar100)
    });
    #[cfg(not(target_family = "wasm"))]
    found.extend(super::user_data::found(directory));
    match found[..] {
        [] => Err(DataError::Unrecognised { path: directory.to_owned() }),
        [(_, open)] => open(&name, directory, texts),
        _ => Err(DataError::Ambiguous {
            path: directory.to_owned(),
            found: found.into_iter().map(|(path, _)| path).collect(),
        }),
    }
}

fn idx_paths(directory: &Path, names: &[&str]) -> Vec<PathBuf> {
    let both = names.iter().flat_map(|name| [name.to_string(), format!("{name}.gz")]);
    both.map(|file| directory.join(file)).collect()
}

pub(super) fn find(name: &str, paths: Vec<PathBuf>) -> Result<PathBuf, DataError> {
    match paths.iter().find(|path| path.is_file()) {
        Some(path) => Ok(path.clone()),
        None => Err(DataError::Missing { name: name.to_owned(), paths }),
    }
}
