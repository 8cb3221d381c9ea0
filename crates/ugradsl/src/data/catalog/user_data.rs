//! Data that people bring along: folders of pictures or texts, tables, arrays.

use std::path::{Path, PathBuf};

use super::super::dataset::{Dataset, Normalisation};
use super::super::formats::{
    FormatError, TextFolder, image_folder, newsgroups, npy, npz, table, text_folder,
};
use super::super::text_set::TextSet;
use super::super::tokenizer::Tokenizer;
use super::files::{Open, assemble, find, grouped, groups_files};
use super::{DataError, Texts};

const TABLES: [&str; 4] = ["csv", "csv.gz", "tsv", "tsv.gz"];

/// What each of the four `.npy` files may be called, without its ending.
const TRAIN_IMAGES: [&str; 3] = ["train-images", "train_images", "x_train"];
const TRAIN_LABELS: [&str; 3] = ["train-labels", "train_labels", "y_train"];
const TEST_IMAGES: [&str; 3] = ["test-images", "test_images", "x_test"];
const TEST_LABELS: [&str; 3] = ["test-labels", "test_labels", "y_test"];

/// The sets of these kinds that a directory holds, each by something that gives it away.
pub(super) fn found(directory: &Path) -> Vec<(PathBuf, Open)> {
    let file = |paths: Vec<PathBuf>| paths.into_iter().find(|path| path.is_file());
    let either = |paths: fn(&Path, &str) -> Vec<PathBuf>| {
        file(paths(directory, "train")).or_else(|| file(paths(directory, "test")))
    };
    let arrays = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS];
    let arrays = arrays.iter().flat_map(|names| array_paths(directory, names)).collect();
    let kinds: [(Option<PathBuf>, Open); 7] = [
        (image_folder::train_folder(directory), open_image_folder),
        (text_folder::train_folder(directory), open_text_folder),
        (newsgroups::found(directory), open_newsgroups),
        (either(comma_paths), open_tables),
        (either(tab_paths), open_tables),
        (either(archive_paths), open_archives),
        (file(arrays), open_arrays),
    ];
    kinds.into_iter().filter_map(|(path, open)| Some((path?, open))).collect()
}

fn open_image_folder(name: &str, directory: &Path, _: Texts<'_>) -> Result<Dataset, DataError> {
    if let Some(path) = groups_files(directory).pop() {
        return Err(DataError::GroupsOfFiles { path, what: "pictures" });
    }
    let folder = image_folder::read(directory)?;
    let (classes, normalisation) = (folder.classes.len(), Normalisation::measure(&folder.train));
    let data = Dataset::new(name, classes, folder.train, folder.test, normalisation);
    let data = data.map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })?;
    Ok(Dataset { groups: folder.groups, ..data })
}

fn open_text_folder(name: &str, directory: &Path, how: Texts<'_>) -> Result<Dataset, DataError> {
    if let Some(path) = groups_files(directory).pop() {
        return Err(DataError::GroupsOfFiles { path, what: "texts" });
    }
    tokenised(name, text_folder::read(directory)?, how)
}

/// 20 Newsgroups by its name: below `root`, or in it.
pub(super) fn open_named_newsgroups(
    name: &str,
    root: &Path,
    how: Texts<'_>,
) -> Result<Dataset, DataError> {
    let directories = [root.join(name), root.to_owned()];
    match directories.iter().find_map(|directory| newsgroups::found(directory)) {
        Some(found) => tokenised(name, newsgroups::read(&found)?, how),
        None => {
            let paths = directories.iter().flat_map(|directory| newsgroups::places(directory));
            Err(DataError::Missing { name: name.to_owned(), paths: paths.collect() })
        }
    }
}

fn open_newsgroups(name: &str, directory: &Path, how: Texts<'_>) -> Result<Dataset, DataError> {
    let lacks = || DataError::Missing { name: name.into(), paths: newsgroups::places(directory) };
    tokenised(name, newsgroups::read(&newsgroups::found(directory).ok_or_else(lacks)?)?, how)
}

/// Texts as a data set. The tokenizer is trained on the training texts if none is there.
fn tokenised(name: &str, folder: TextFolder, how: Texts<'_>) -> Result<Dataset, DataError> {
    let failed = |reason| DataError::Tokenizer { name: name.to_owned(), reason };
    let length = how.config.length;
    let tokenizer = match how.tokenizer {
        Some(tokenizer) => tokenizer.clone(),
        None => Tokenizer::train(&folder.train.texts, how.config.vocabulary).map_err(failed)?,
    };
    let set = |texts: text_folder::Texts| {
        let tokens = tokenizer.encode(&texts.texts, length).map_err(failed)?;
        let set = TextSet::new(length, tokens, texts.labels, tokenizer.clone());
        set.map_err(|reason| DataError::Texts { name: name.to_owned(), reason })
    };
    let (train, test) = (set(folder.train)?, set(folder.test)?);
    let data = Dataset::new(name, folder.classes.len(), train, test, Normalisation::identity(1));
    let data = data.map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })?;
    Ok(Dataset { groups: folder.groups, ..data })
}

fn open_tables(name: &str, directory: &Path, _: Texts<'_>) -> Result<Dataset, DataError> {
    let paths = |part| TABLES.map(|end| directory.join(format!("{part}.{end}"))).to_vec();
    let [train, test] = parts(name, paths("train"), paths("test"))?;
    let tables = table::pair(table::read(&train)?, table::read(&test)?);
    let tables = tables.map_err(FormatError::table(directory))?;
    let data = assemble(name, tables.train, tables.test, None)?;
    grouped(Dataset { groups: tables.groups, ..data }, directory)
}

fn open_archives(name: &str, directory: &Path, _: Texts<'_>) -> Result<Dataset, DataError> {
    let paths = |part| archive_paths(directory, part);
    let [train, test] = parts(name, paths("train"), paths("test"))?;
    grouped(assemble(name, npz::read(&train)?, npz::read(&test)?, None)?, directory)
}

fn open_arrays(name: &str, directory: &Path, _: Texts<'_>) -> Result<Dataset, DataError> {
    let file = |names| find(name, array_paths(directory, names));
    let train = (file(&TRAIN_IMAGES)?, file(&TRAIN_LABELS)?);
    let test = (file(&TEST_IMAGES)?, file(&TEST_LABELS)?);
    let train = npy::read_pair(&train.0, &train.1)?;
    let test = npy::read_pair(&test.0, &test.1)?;
    grouped(assemble(name, train, test, None)?, directory)
}

/// The files with training and test rows.
fn parts(name: &str, train: Vec<PathBuf>, test: Vec<PathBuf>) -> Result<[PathBuf; 2], DataError> {
    let train = find(name, train)?;
    match test.iter().find(|path| path.is_file()) {
        Some(test) => Ok([train, test.clone()]),
        None => Err(DataError::NoTest { name: name.to_owned(), train, test }),
    }
}

fn comma_paths(directory: &Path, part: &str) -> Vec<PathBuf> {
    ["csv", "csv.gz"].map(|end| directory.join(format!("{part}.{end}"))).to_vec()
}

fn tab_paths(directory: &Path, part: &str) -> Vec<PathBuf> {
    ["tsv", "tsv.gz"].map(|end| directory.join(format!("{part}.{end}"))).to_vec()
}

fn archive_paths(directory: &Path, part: &str) -> Vec<PathBuf> {
    vec![directory.join(format!("{part}.npz"))]
}

fn array_paths(directory: &Path, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| directory.join(format!("{name}.npy"))).collect()
}

#[cfg(test)]
mod tests;
