//! One folder per class, below `train/` and below `test/` or `val/`: the layout that pictures and
//! texts share.
//!
//! The classes are numbered in the byte order of their names, as other loaders of such folders do
//! (so `10` comes before `2`); rows are ordered by class, then by path. Folders within a class are
//! groups: `train/<class>/<group>/x.png`. Hidden files and those that operating systems leave
//! behind are ignored.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::FormatError;
use crate::data::groups::Groups;

/// Why folders are not the classes of a data set. The messages name the paths.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClassFolderError {
    /// No test part.
    #[error("{path} has a folder train, but neither test nor val")]
    NoTest {
        /// The whole folder.
        path: PathBuf,
    },
    /// A part without class folders.
    #[error("{path} holds no folders; it needs one for each class")]
    NoClasses {
        /// `train` or the test part.
        path: PathBuf,
    },
    /// The two parts do not have the same classes.
    #[error("{path} lacks {} that {other} has: {}", count(lacking), lacking.join(", "))]
    Classes {
        /// The part that lacks them.
        path: PathBuf,
        /// The part that has them.
        other: PathBuf,
        /// Their names.
        lacking: Vec<String>,
    },
    /// A class without files.
    #[error("{path} holds no {what}")]
    EmptyClass {
        /// The folder of the class.
        path: PathBuf,
        /// `pictures` or `texts`.
        what: &'static str,
    },
    /// A file outside the folders of the classes.
    #[error("{path} is not in the folder of a class")]
    NoClass {
        /// The file.
        path: PathBuf,
    },
    /// A folder within a group.
    #[error("{path} is nested too deeply: {what} belong in class/ or class/group/")]
    TooDeep {
        /// The folder.
        path: PathBuf,
        /// `pictures` or `texts`.
        what: &'static str,
    },
    /// A file whose name says that it is something else.
    #[error("{path} {why}")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What its name says.
        why: &'static str,
    },
}

impl From<ClassFolderError> for FormatError {
    fn from(error: ClassFolderError) -> Self {
        use ClassFolderError::{Classes, EmptyClass, Foreign, NoClass, NoClasses, NoTest, TooDeep};
        let (NoTest { path }
        | NoClasses { path }
        | Classes { path, .. }
        | EmptyClass { path, .. }
        | NoClass { path }
        | TooDeep { path, .. }
        | Foreign { path, .. }) = &error;
        FormatError { path: path.clone(), kind: Box::new(error.into()) }
    }
}

fn count(classes: &[String]) -> String {
    match classes.len() {
        1 => "a class".to_owned(),
        many => format!("{many} classes"),
    }
}

/// What the folders of classes hold.
pub(super) struct Kind {
    /// Its name, in the plural.
    pub(super) what: &'static str,
    /// Whether a file belongs there, by its name.
    pub(super) belongs: fn(&Path) -> bool,
    /// What the error says of a file that does not.
    pub(super) foreign: &'static str,
}

/// `train` or `test`.
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) classes: Vec<String>,
    pub(super) files: Vec<Listed>,
}

/// A file, not read yet.
pub(super) struct Listed {
    pub(super) path: PathBuf,
    pub(super) label: u32,
    pub(super) group: Option<String>,
}

/// The training and the test part of `directory`, which have the same classes.
pub(super) fn parts(directory: &Path, kind: &Kind) -> Result<[Part; 2], FormatError> {
    let train = Part::list(&directory.join("train"), kind)?;
    let tests = ["test", "val"].map(|name| directory.join(name));
    let test = tests.iter().find(|path| path.is_dir());
    let test = test.ok_or_else(|| ClassFolderError::NoTest { path: directory.to_owned() })?;
    Ok(same_classes(train, Part::list(test, kind)?)?)
}

/// Both parts, if neither has a class that the other lacks.
pub(super) fn same_classes(train: Part, test: Part) -> Result<[Part; 2], ClassFolderError> {
    train.covers(&test)?;
    test.covers(&train)?;
    Ok([train, test])
}

impl Part {
    pub(super) fn list(path: &Path, kind: &Kind) -> Result<Self, FormatError> {
        let mut part = Self { path: path.to_owned(), classes: Vec::new(), files: Vec::new() };
        for class in entries(path)? {
            if !class.is_dir() {
                if (kind.belongs)(&class) {
                    return Err(ClassFolderError::NoClass { path: class }.into());
                }
                continue;
            }
            let before = part.files.len();
            let label = part.classes.len() as u32;
            part.classes.push(name(&class));
            for entry in entries(&class)? {
                if entry.is_dir() {
                    let group = name(&entry);
                    for file in entries(&entry)? {
                        part.add(file, label, Some(group.clone()), kind)?;
                    }
                } else {
                    part.add(entry, label, None, kind)?;
                }
            }
            if part.files.len() == before {
                return Err(ClassFolderError::EmptyClass { path: class, what: kind.what }.into());
            }
        }
        if part.classes.is_empty() {
            return Err(ClassFolderError::NoClasses { path: part.path }.into());
        }
        Ok(part)
    }

    fn add(
        &mut self,
        path: PathBuf,
        label: u32,
        group: Option<String>,
        kind: &Kind,
    ) -> Result<(), ClassFolderError> {
        if path.is_dir() {
            return Err(ClassFolderError::TooDeep { path, what: kind.what });
        }
        if !(kind.belongs)(&path) {
            return Err(ClassFolderError::Foreign { path, why: kind.foreign });
        }
        self.files.push(Listed { path, label, group });
        Ok(())
    }

    /// Checks that this part has all classes of `other`.
    fn covers(&self, other: &Self) -> Result<(), ClassFolderError> {
        let known: BTreeSet<&String> = self.classes.iter().collect();
        let lacking = other.classes.iter().filter(|class| !known.contains(class));
        let lacking: Vec<String> = lacking.cloned().collect();
        if lacking.is_empty() {
            return Ok(());
        }
        let (path, other) = (self.path.clone(), other.path.clone());
        Err(ClassFolderError::Classes { path, other, lacking })
    }

    /// The class of every file.
    pub(super) fn labels(&self) -> Vec<u32> {
        self.files.iter().map(|file| file.label).collect()
    }

    /// The groups, if any file is in the folder of a group.
    pub(super) fn groups(&self) -> Option<Groups> {
        let owners: Vec<_> = self.files.iter().map(|file| file.group.as_deref()).collect();
        owners.iter().any(Option::is_some).then(|| Groups::new(&owners))
    }
}

/// Whether a training part holds texts: the folders of its classes have files, and none is named
/// like a picture.
pub(super) fn holds_texts(train: &Path) -> bool {
    holds(train, |_| true) && !holds(train, is_picture)
}

/// Whether a file is named like a picture.
pub(super) fn is_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    ["png", "jpg", "jpeg", "webp"].contains(&extension.as_str())
}

/// Whether a class's folder below `part`, or a group's within it, holds a file of this kind. A
/// folder that cannot be read counts as empty here; reading it later reports the error.
fn holds(part: &Path, belongs: fn(&Path) -> bool) -> bool {
    let within = |folder: &PathBuf| entries(folder).unwrap_or_default();
    let classes = entries(part).unwrap_or_default();
    let files = classes.iter().filter(|path| path.is_dir()).flat_map(within);
    files.into_iter().any(|entry| {
        if entry.is_dir() {
            within(&entry).iter().any(|path| belongs(path))
        } else {
            belongs(&entry)
        }
    })
}

/// The content of a folder, sorted by name, without hidden files and those that operating systems
/// leave behind.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, FormatError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(FormatError::at(folder))? {
        let path = entry.map_err(FormatError::at(folder))?.path();
        let name = name(&path);
        if !name.starts_with('.') && !["Thumbs.db", "desktop.ini"].contains(&name.as_str()) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
