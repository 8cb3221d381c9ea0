//! The files of a part, class by class.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::data::composed::composed;
use crate::data::formats::native::folder::Kind;
use crate::data::formats::native::folder::entries::{Entry, Unread, entries};
use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::names::{foreign_picture, is_picture};

/// A part: `train`, `test` or all of a folder.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) path: PathBuf,
    /// Names of the classes, composed, in their order.
    pub(crate) classes: Vec<String>,
    pub(crate) files: Vec<Listed>,
    /// Whether each class holds its files in `images/`, which is then not a group.
    pub(crate) tiny: bool,
}

/// A file, not read yet.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) path: PathBuf,
    /// The path below the part, with `/`.
    pub(crate) name: String,
    pub(crate) label: u32,
    pub(crate) group: Option<String>,
}

/// What is out of place in a part.
#[derive(Debug, Default)]
struct Amiss {
    deep: Vec<String>,
    foreign: Vec<String>,
    others: Vec<String>,
    pictures: Vec<String>,
}

/// Lists a part. `flat` is a folder without parts.
pub(crate) fn list(path: &Path, kind: Kind, unread: &mut Unread) -> Result<Part, FolderError> {
    let found = entries(path, true, unread)?;
    let (folders, loose): (Vec<_>, Vec<_>) = found.into_iter().partition(|entry| entry.is_folder);
    let belongs = |entry: &&Entry| kind == Kind::Texts || is_picture(&entry.path);
    let lost: Vec<String> = loose.iter().filter(belongs).map(|entry| entry.name.clone()).collect();
    if folders.is_empty() {
        return Err(FolderError::NoClasses { path: path.to_owned() });
    }
    if !lost.is_empty() {
        return Err(FolderError::Loose { path: path.to_owned(), files: lost });
    }
    loose.iter().for_each(|_| unread.add("file beside the class folders"));
    let folders = in_order(path, folders)?;
    let tiny = is_tiny(&folders);
    let (mut part, mut amiss) =
        (Part { path: path.to_owned(), tiny, ..Part::default() }, Amiss::default());
    let mut empty = Vec::new();
    for (name, folder) in folders {
        let before = part.files.len();
        let label = u32::try_from(part.classes.len()).unwrap_or(u32::MAX);
        let class = Class { folder: &folder, label, kind, tiny };
        class.list(&mut part.files, &mut amiss, unread)?;
        if part.files.len() == before {
            empty.push(folder.name.clone());
        }
        part.classes.push(name);
    }
    amiss.check(path, kind)?;
    if !empty.is_empty() {
        let (total, path) = (part.classes.len(), path.to_owned());
        return Err(FolderError::EmptyClasses { path, what: kind.what(), total, empty });
    }
    Ok(part)
}

/// The folders with their composed names, in the order of the classes.
fn in_order(path: &Path, folders: Vec<Entry>) -> Result<Vec<(String, Entry)>, FolderError> {
    let mut named: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for folder in folders {
        named.entry(composed(&folder.name)).or_default().push(folder);
    }
    let twice = named.iter().filter(|(_, folders)| folders.len() > 1);
    let twice: Vec<String> = twice.map(|(name, _)| name.clone()).collect();
    if !twice.is_empty() {
        return Err(FolderError::SameName { path: path.to_owned(), names: twice });
    }
    // In the order of text, as other loaders of such folders number them.
    Ok(named
        .into_iter()
        .flat_map(|(name, folders)| folders.into_iter().map(move |folder| (name.clone(), folder)))
        .collect())
}

/// The folder of a class.
struct Class<'a> {
    folder: &'a Entry,
    label: u32,
    kind: Kind,
    /// Whether all pictures are in `images/`, which is not a group then.
    tiny: bool,
}

impl Class<'_> {
    fn list(
        &self,
        files: &mut Vec<Listed>,
        amiss: &mut Amiss,
        unread: &mut Unread,
    ) -> Result<(), FolderError> {
        for entry in entries(&self.folder.path, false, unread)? {
            if !entry.is_folder {
                if self.tiny {
                    unread.add("file of boxes");
                } else {
                    self.add(entry, None, files, amiss);
                }
                continue;
            }
            let group = (!self.tiny).then(|| composed(&entry.name));
            for file in entries(&entry.path, false, unread)? {
                let name = format!("{}/{}/{}", self.folder.name, entry.name, file.name);
                if file.is_folder {
                    amiss.deep.push(name);
                } else {
                    self.add(
                        Entry { name, ..file },
                        Some((&entry.name, group.clone())),
                        files,
                        amiss,
                    );
                }
            }
        }
        Ok(())
    }

    /// Adds a file; one in a folder of the class has its whole name already.
    fn add(
        &self,
        file: Entry,
        within: Option<(&str, Option<String>)>,
        files: &mut Vec<Listed>,
        amiss: &mut Amiss,
    ) {
        let (name, group) = match within {
            Some((_, group)) => (file.name, group),
            None => (format!("{}/{}", self.folder.name, file.name), None),
        };
        let picture = is_picture(&file.path);
        if picture {
            amiss.pictures.push(name.clone());
        } else if let Some(format) = foreign_picture(&file.path) {
            amiss.foreign.push(format!("{name} ({format})"));
        } else {
            amiss.others.push(name.clone());
        }
        if picture == (self.kind == Kind::Pictures) {
            files.push(Listed { path: file.path, name, label: self.label, group });
        }
    }
}

impl Amiss {
    /// An error if anything is out of place; all of one sort is listed.
    fn check(self, path: &Path, kind: Kind) -> Result<(), FolderError> {
        let path = path.to_owned();
        let (pictures, others) = (self.pictures.len(), self.others.len());
        if !self.deep.is_empty() {
            return Err(FolderError::TooDeep { path, what: kind.what(), folders: self.deep });
        }
        if !self.foreign.is_empty() {
            return Err(FolderError::Unreadable { path, files: self.foreign });
        }
        if pictures > 0 && others > 0 {
            let (rarer, files) = match others <= pictures {
                true => ("other files", self.others),
                false => ("pictures", self.pictures),
            };
            return Err(FolderError::Mixed { path, pictures, others, rarer, files });
        }
        Ok(())
    }
}

/// Whether each class has one folder, `images`, and nothing else but lists of boxes, as in Tiny
/// ImageNet.
fn is_tiny(folders: &[(String, Entry)]) -> bool {
    folders.iter().all(|(_, folder)| {
        let found = entries(&folder.path, false, &mut Unread::default()).unwrap_or_default();
        let fits = |entry: &Entry| match entry.is_folder {
            true => entry.name == "images",
            false => entry.name.ends_with("_boxes.txt"),
        };
        found.iter().any(|entry| entry.is_folder) && found.iter().all(fits)
    })
}
