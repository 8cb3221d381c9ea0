//! Where the parts of a data set are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::data::formats::native::folder::entries::{Entry, Unread, entries};
use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::names::{is_picture, listed};

/// How deep single sub-folders are followed.
const DEEPEST: usize = 4;

/// The parts of a data set.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The folder with the parts; it may lie below the one that was given.
    pub(crate) root: PathBuf,
    pub(crate) train: PathBuf,
    pub(crate) test: Option<PathBuf>,
    /// Whether the classes lie in the folder itself, without parts.
    pub(crate) flat: bool,
    pub(crate) notes: Vec<String>,
}

const TRAIN: &[&str] = &["train", "training"];
const TEST: &[&str] = &["test", "testing"];
const VAL: &[&str] = &["val", "valid", "validation"];

/// What the parts of a cross-validation are called, before their number.
const FOLDS: &[&str] = &["fold", "split", "part", "cv", "k"];

/// Finds the parts, in `directory` or in a single folder below it.
pub(crate) fn locate(directory: &Path, unread: &mut Unread) -> Result<Layout, FolderError> {
    let (mut root, mut notes) = (directory.to_owned(), Vec::new());
    for depth in 0.. {
        // A flat folder is listed again later, so what is counted here counts only higher up.
        let mut here = Unread::default();
        let found = entries(&root, true, &mut here)?;
        if let Some(layout) = parts(&root, &found)? {
            unread.merge(here);
            let mut layout = layout;
            notes.append(&mut layout.notes);
            return Ok(Layout { notes, ..layout });
        }
        match only_folder(&found).filter(|folder| depth < DEEPEST && holds_folders(folder)) {
            Some(folder) => {
                unread.merge(here);
                root = folder.path.clone();
                notes.push(format!("the data set is in the folder {}", folder.name));
            }
            None => break,
        }
    }
    notes.push("neither train nor test folders: all rows are one part".to_owned());
    Ok(Layout { train: root.clone(), test: None, flat: true, root, notes })
}

/// The one folder, if no pictures lie beside it.
fn only_folder(found: &[Entry]) -> Option<&Entry> {
    let mut folders = found.iter().filter(|entry| entry.is_folder);
    let first = folders.next()?;
    let alone = folders.next().is_none();
    let loose = found.iter().any(|entry| !entry.is_folder && is_picture(&entry.path));
    Some(first).filter(|_| alone && !loose)
}

/// Whether a folder holds folders and no pictures, so that it is not a class with groups only by
/// accident.
fn holds_folders(folder: &Entry) -> bool {
    let found = entries(&folder.path, true, &mut Unread::default()).unwrap_or_default();
    found.iter().any(|entry| entry.is_folder)
        && !found.iter().any(|entry| !entry.is_folder && is_picture(&entry.path))
}

/// The parts of a folder; `None` if no folder is named like a part.
fn parts(root: &Path, found: &[Entry]) -> Result<Option<Layout>, FolderError> {
    let role = |names: &[&str], fits: fn(&str, &[&str]) -> bool| {
        let named = found.iter().filter(|entry| entry.is_folder);
        named.filter(|entry| fits(&entry.name.to_lowercase(), names)).collect::<Vec<_>>()
    };
    let exactly = |name: &str, names: &[&str]| names.contains(&name);
    let roles = |fits| (role(TRAIN, fits), role(TEST, fits), role(VAL, fits));
    let (mut train, mut test, mut val) = roles(exactly);
    if train.is_empty() && test.is_empty() && val.is_empty() {
        // Such names alone may be those of classes: together they are parts.
        let (named_train, named_test, named_val) = roles(begins_or_ends);
        let tested = !named_test.is_empty() || !named_val.is_empty();
        if tested && !named_train.is_empty() {
            (train, test, val) = (named_train, named_test, named_val);
        }
    }
    let train_folder = one(root, "training", &train)?;
    let Some(train_folder) = train_folder else {
        return match test.first().or(val.first()) {
            None => folds(root, found).map(|()| None),
            Some(part) => {
                Err(FolderError::NoTrain { path: root.to_owned(), test: part.name.clone() })
            }
        };
    };
    let (mut notes, mut unused) = (Vec::new(), Vec::new());
    let used = if test.is_empty() || (unlabelled(&test) && val.iter().any(|val| listed_val(val))) {
        unused.extend(&test);
        one(root, "validation", &val)?
    } else {
        unused.extend(&val);
        one(root, "test", &test)?
    };
    let known = |entry: &Entry| [&train, &test, &val].iter().any(|role| in_role(role, entry));
    let others = found.iter().filter(|entry| entry.is_folder && !known(entry));
    let unused: Vec<&str> =
        unused.into_iter().chain(others).map(|entry| entry.name.as_str()).collect();
    if used.is_none() && !unused.is_empty() {
        return class_or_part(root, train_folder, &unused);
    }
    match used {
        Some(part) => notes.push(format!("{} is the test part", part.name)),
        None => notes.push("no test part: all rows are one part".to_owned()),
    }
    if !unused.is_empty() {
        notes.push(format!("not used: {}", listed(&unused, ", ")));
    }
    let (root, train) = (root.to_owned(), train_folder.path.clone());
    let test = used.map(|entry| entry.path.clone());
    Ok(Some(Layout { root, train, test, flat: false, notes }))
}

/// Refuses folders that are called `fold1`, `fold2` and hold the same folders each: parts of a
/// cross-validation would be taken for classes, and the classes for groups.
fn folds(root: &Path, found: &[Entry]) -> Result<(), FolderError> {
    let folders: Vec<&Entry> = found.iter().filter(|entry| entry.is_folder).collect();
    let numbered = |entry: &&Entry| {
        let name = entry.name.to_lowercase();
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        stem.len() < name.len() && FOLDS.contains(&stem.trim_end_matches(['_', '-', ' ']))
    };
    let classes = |entry: &Entry| {
        let within = entries(&entry.path, true, &mut Unread::default()).unwrap_or_default();
        let folders = within.into_iter().filter(|entry| entry.is_folder);
        folders.map(|entry| entry.name).collect::<BTreeSet<_>>()
    };
    if folders.len() < 2 || !folders.iter().all(numbered) {
        return Ok(());
    }
    let first = classes(folders[0]);
    if first.is_empty() || !folders.iter().all(|folder| classes(folder) == first) {
        return Ok(());
    }
    let names = folders.iter().map(|entry| entry.name.clone()).collect();
    Err(FolderError::Folds { path: root.to_owned(), names })
}

/// Whether the first or last word of a name is one of `names`: `seg_train`, `train1`, `test_set`,
/// `trainset`.
fn begins_or_ends(name: &str, names: &[&str]) -> bool {
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let plain = |word: &&str| {
        let stem = ["set", "data", "images"].iter().find_map(|end| word.strip_suffix(end));
        names.contains(word) || stem.is_some_and(|stem| names.contains(&stem))
    };
    words.first().is_some_and(plain) || words.last().is_some_and(plain)
}

/// A folder `train` beside others that are not parts: a class (of vehicles, say) if it holds files,
/// else it could be either.
fn class_or_part(
    root: &Path,
    train: &Entry,
    others: &[&str],
) -> Result<Option<Layout>, FolderError> {
    let found = entries(&train.path, true, &mut Unread::default())?;
    if found.iter().any(|entry| !entry.is_folder) && !found.iter().any(|entry| entry.is_folder) {
        return Ok(None);
    }
    let (path, train) = (root.to_owned(), train.name.clone());
    let others = others.iter().map(|&name| name.to_owned()).collect();
    Err(FolderError::ClassOrPart { path, train, others })
}

fn in_role(role: &[&Entry], entry: &Entry) -> bool {
    role.iter().any(|known| known.path == entry.path)
}

/// The only folder for a part, or none.
fn one<'a>(
    root: &Path,
    part: &'static str,
    folders: &[&'a Entry],
) -> Result<Option<&'a Entry>, FolderError> {
    if folders.len() > 1 {
        let names = folders.iter().map(|entry| entry.name.clone()).collect();
        return Err(FolderError::Ambiguous { path: root.to_owned(), part, names });
    }
    Ok(folders.first().copied())
}

/// Whether the test part is that of Tiny ImageNet: pictures without labels.
fn unlabelled(test: &[&Entry]) -> bool {
    let within = |entry: &Entry| entries(&entry.path, true, &mut Unread::default());
    test.iter().all(|entry| {
        let found = within(entry).unwrap_or_default();
        found.iter().filter(|entry| entry.is_folder).map(|entry| &entry.name).eq(["images"])
    })
}

/// Whether a part is labelled by a list, as Tiny ImageNet's is.
fn listed_val(part: &Entry) -> bool {
    part.path.join(crate::data::formats::native::folder::tiny::ANNOTATIONS).is_file()
}

#[cfg(test)]
mod tests;
