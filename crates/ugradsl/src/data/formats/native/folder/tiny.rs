//! What is particular to Tiny ImageNet: `images/` in each class, and a list of labels.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::data::formats::native::folder::entries::{Unread, entries};
use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::files;
use crate::data::formats::native::folder::list::{Listed, Part};

/// The list of the labels of the validation part.
pub(crate) const ANNOTATIONS: &str = "val_annotations.txt";

/// The most bytes that a list may have.
const LARGEST: u64 = 1 << 26;

/// The validation part that a list labels, if there is such a list.
pub(crate) fn annotated(
    path: &Path,
    classes: &[String],
    unread: &mut Unread,
) -> Result<Option<Part>, FolderError> {
    let list = path.join(ANNOTATIONS);
    if !list.is_file() {
        return Ok(None);
    }
    let mut wrong = Vec::new();
    let text = text(&list)?;
    let labels = labels(&text, classes, &mut wrong);
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in entries(&path.join("images"), false, unread)? {
        match labels.get(entry.name.as_str()) {
            Some(&label) => {
                let name = format!("images/{}", entry.name);
                files.push(Listed { path: entry.path, name, label, group: None });
            }
            None => wrong.push(format!("images/{} has no line", entry.name)),
        }
        seen.insert(entry.name);
    }
    let missing = labels.keys().filter(|&&name| !seen.contains(name));
    wrong.extend(missing.map(|name| format!("images/{name} is named, but does not exist")));
    if !wrong.is_empty() {
        return Err(FolderError::Annotations { path: list, entries: wrong });
    }
    files.sort_by(|one, other| (one.label, &one.name).cmp(&(other.label, &other.name)));
    Ok(Some(Part { path: path.to_owned(), classes: classes.to_vec(), files, tiny: false }))
}

/// The label of each file; what is wrong is added to `wrong`.
fn labels<'a>(
    text: &'a str,
    classes: &[String],
    wrong: &mut Vec<String>,
) -> BTreeMap<&'a str, u32> {
    let numbers: BTreeMap<&str, u32> = classes.iter().map(String::as_str).zip(0..).collect();
    let mut labels = BTreeMap::new();
    for (line, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty()) {
        let mut columns = row.split('\t').map(str::trim);
        match (columns.next(), columns.next()) {
            (Some(file), Some(class)) => match numbers.get(class) {
                None => wrong.push(format!("line {line}: train has no class {class}")),
                Some(&label) => {
                    if labels.insert(file, label).is_some_and(|before| before != label) {
                        wrong.push(format!("line {line}: {file} has two classes"));
                    }
                }
            },
            _ => wrong.push(format!("line {line}: not a file, a tab and a class")),
        }
    }
    labels
}

/// The names that `words.txt` gives the classes, if it names all and each differently.
pub(crate) fn words(root: &Path, classes: &[String]) -> Option<Vec<String>> {
    let text = text(&root.join("words.txt")).ok()?;
    let known: BTreeMap<&str, &str> = text.lines().filter_map(|row| row.split_once('\t')).collect();
    let name = |class: &String| known.get(class.as_str()).map(|name| name.trim().to_owned());
    let names: Vec<String> = classes.iter().map(name).collect::<Option<_>>()?;
    let different: BTreeSet<&String> = names.iter().collect();
    (different.len() == names.len()).then_some(names)
}

fn text(path: &Path) -> Result<String, FolderError> {
    let refuse = |reason| FolderError::Read { path: path.to_owned(), reason };
    let bytes = files::bytes(path, LARGEST).map_err(refuse)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
