//! Both parts of a data set, with the same numbers for the same classes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::data::formats::native::folder::Kind;
use crate::data::formats::native::folder::entries::{Unread, entries};
use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::layout::{self, Layout};
use crate::data::formats::native::folder::list::{self, Part};
use crate::data::formats::native::folder::names::{
    are_numbers, count, foreign_picture, is_picture, is_text_like, listed,
};
use crate::data::formats::native::folder::tiny;

/// A data set whose files are not read yet.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) layout: Layout,
    pub(crate) classes: Vec<String>,
    pub(crate) train: Part,
    pub(crate) test: Option<Part>,
    pub(crate) notes: Vec<String>,
}

/// Lists both parts of a data set.
pub(crate) fn list(directory: &Path, kind: Kind) -> Result<Parts, FolderError> {
    let mut unread = Unread::default();
    let mut layout = layout::locate(directory, &mut unread)?;
    let train = list::list(&layout.train, kind, &mut unread)?;
    let mut notes = std::mem::take(&mut layout.notes);
    check_folders(&train)?;
    let test = match &layout.test {
        Some(path) => Some(match tiny::annotated(path, &train.classes, &mut unread)? {
            Some(part) => part,
            None => list::list(path, kind, &mut unread)?,
        }),
        None => None,
    };
    let test = test.map(|test| same_classes(&train, test, &mut notes)).transpose()?;
    if train.tiny {
        notes.push("each class has one folder, images, which is not taken for a group".to_owned());
    }
    notes.extend(class_notes(&train.classes));
    notes.extend(group_note(&train));
    notes.extend(unread.note());
    let mut classes = train.classes.clone();
    if let Some(words) = tiny::words(&layout.root, &classes) {
        notes.push("the classes are named by words.txt".to_owned());
        classes = words;
    }
    Ok(Parts { layout, classes, train, test, notes })
}

/// Refuses folders that are called by what they hold rather than by classes, and parts within the
/// folders of classes, which would be taken for groups.
fn check_folders(train: &Part) -> Result<(), FolderError> {
    let are = |names: &[String], words: &[&str]| {
        !names.is_empty() && names.iter().all(|name| words.contains(&name.to_lowercase().as_str()))
    };
    let path = || train.path.clone();
    if are(&train.classes, HOLD) && !train.tiny {
        return Err(FolderError::NotClasses { path: path(), names: train.classes.clone() });
    }
    let groups = groups(train);
    if are(&groups, PARTS) {
        return Err(FolderError::PartsWithin { path: path(), names: groups });
    }
    Ok(())
}

/// What folders of pictures or texts are called where they are not classes.
const HOLD: &[&str] = &[
    "images",
    "image",
    "imgs",
    "img",
    "pictures",
    "photos",
    "masks",
    "labels",
    "annotations",
    "texts",
];
/// What parts are called.
pub(super) const PARTS: &[&str] =
    &["train", "training", "test", "testing", "val", "valid", "validation"];

/// The names of the groups, each once.
fn groups(part: &Part) -> Vec<String> {
    let names = part.files.iter().filter_map(|file| file.group.clone());
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Says that folders within those of classes are groups.
fn group_note(part: &Part) -> Option<String> {
    let names = groups(part);
    let shown: Vec<&str> = names.iter().map(String::as_str).collect();
    let classes: Vec<&str> = part.classes.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| {
        format!(
            "the folders {} are classes, and those within them groups: {}",
            listed(&classes, ", "),
            listed(&shown, ", ")
        )
    })
}

/// The test part with the numbers that the training part gives the classes.
fn same_classes(
    train: &Part,
    mut test: Part,
    notes: &mut Vec<String>,
) -> Result<Part, FolderError> {
    let numbers: BTreeMap<&String, u32> = train.classes.iter().zip(0..).collect();
    let lacking = test.classes.iter().filter(|class| !numbers.contains_key(class));
    let lacking: Vec<String> = lacking.cloned().collect();
    if !lacking.is_empty() {
        let (path, other) = (train.path.clone(), test.path);
        return Err(FolderError::Classes { path, other, lacking });
    }
    let new: Vec<u32> = test.classes.iter().filter_map(|name| numbers.get(name).copied()).collect();
    for file in &mut test.files {
        file.label = new.get(file.label as usize).copied().unwrap_or(file.label);
    }
    // Stable: within a class the order stays that of the names.
    test.files.sort_by_key(|file| file.label);
    let tested: BTreeSet<u32> = test.files.iter().map(|file| file.label).collect();
    let untested = numbers.iter().filter(|(_, number)| !tested.contains(number));
    let untested: Vec<&str> = untested.map(|(name, _)| name.as_str()).collect();
    if !untested.is_empty() {
        let many = if untested.len() == 1 { "class" } else { "classes" };
        let names = listed(&untested, ", ");
        notes.push(format!("the test part lacks {} {many}: {names}", untested.len()));
    }
    Ok(test)
}

/// What one may want to know of the classes.
fn class_notes(classes: &[String]) -> Vec<String> {
    let mut notes = Vec::new();
    if let [class] = classes {
        notes.push(format!("there is one class only: {class}"));
    }
    let numbered = classes.iter().zip(0..).all(|(name, class)| *name == class.to_string());
    if are_numbers(classes.iter().map(String::as_str)) && !numbered {
        notes.push(
            "the names of the classes are numbers, but not those of the classes, which are in the \
             order of text (10 before 2)"
                .to_owned(),
        );
    }
    notes
}

/// What the folders of classes hold.
pub(crate) fn find(directory: &Path) -> Option<Kind> {
    let Ok(layout) = layout::locate(directory, &mut Unread::default()) else {
        // Whoever reads it says what is wrong.
        let within = folders(directory);
        let pictures = within.iter().any(|part| peek(part).pictures > 0);
        return pictures.then_some(Kind::Pictures);
    };
    let seen = peek(&layout.train);
    // Any folders of files look like texts: without parts there must be two, of names like texts.
    let texts = seen.others > 0 && (!layout.flat || (seen.classes > 1 && seen.strange == 0));
    match (seen.pictures, texts) {
        (1.., _) => Some(Kind::Pictures),
        (0, true) => Some(Kind::Texts),
        (0, false) => None,
    }
}

/// Counts of what is in the folders of classes.
#[derive(Debug, Default)]
struct Seen {
    classes: usize,
    pictures: usize,
    others: usize,
    strange: usize,
}

fn folders(folder: &Path) -> Vec<std::path::PathBuf> {
    let found = entries(folder, true, &mut Unread::default()).unwrap_or_default();
    found.into_iter().filter(|entry| entry.is_folder).map(|entry| entry.path).collect()
}

fn peek(part: &Path) -> Seen {
    let mut seen = Seen::default();
    for class in folders(part) {
        let found = entries(&class, false, &mut Unread::default()).unwrap_or_default();
        let inner = found.iter().filter(|entry| entry.is_folder).flat_map(|group| {
            entries(&group.path, false, &mut Unread::default()).unwrap_or_default()
        });
        let files = found.iter().cloned().chain(inner).filter(|entry| !entry.is_folder);
        let before = seen.pictures + seen.others;
        for file in files {
            let picture = is_picture(&file.path) || foreign_picture(&file.path).is_some();
            seen.pictures += usize::from(picture);
            seen.others += usize::from(!picture);
            seen.strange += usize::from(!picture && !is_text_like(&file.path));
        }
        seen.classes += usize::from(seen.pictures + seen.others > before);
    }
    seen
}

/// A note with counts of what was left out for damage.
pub(crate) fn skipped_note(skipped: &[(String, String)]) -> Option<String> {
    let names: Vec<&str> = skipped.iter().map(|(name, _)| name.as_str()).collect();
    let what = count(names.len(), "damaged file");
    (!names.is_empty()).then(|| format!("left out: {what} ({})", listed(&names, ", ")))
}
