//! The newsgroups of the training and of the test part, in the order of their names.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use thiserror::Error;

use super::super::folder::TextError;
use crate::data::formats::{FormatError, Texts};

/// The most bytes that a message may have.
const LARGEST: u64 = 1 << 24;

/// Why folders are not the newsgroups. The messages name the paths.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NewsgroupsError {
    /// A part without folders.
    #[error("{path} holds no folders; it needs one for each newsgroup")]
    NoGroups {
        /// The part.
        path: PathBuf,
    },
    /// The two parts do not have the same newsgroups.
    #[error("{path} lacks newsgroups that {other} has: {}", lacking.join(", "))]
    Groups {
        /// The part that lacks them.
        path: PathBuf,
        /// The part that has them.
        other: PathBuf,
        /// Their names.
        lacking: Vec<String>,
    },
    /// A newsgroup without messages.
    #[error("{path} holds no messages")]
    Empty {
        /// Its folder.
        path: PathBuf,
    },
    /// Something that is not in the folder of a newsgroup, or not a message.
    #[error("{path} is out of place: messages belong in the folders of their newsgroups")]
    OutOfPlace {
        /// The file or folder.
        path: PathBuf,
    },
}

impl From<NewsgroupsError> for FormatError {
    fn from(error: NewsgroupsError) -> Self {
        let (NewsgroupsError::NoGroups { path }
        | NewsgroupsError::Groups { path, .. }
        | NewsgroupsError::Empty { path }
        | NewsgroupsError::OutOfPlace { path }) = &error;
        Self { path: path.clone(), kind: Box::new(error.into()) }
    }
}

/// The training or the test part.
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) groups: Vec<String>,
    /// The messages and the numbers of their newsgroups.
    pub(super) messages: Vec<(PathBuf, u32)>,
}

impl Part {
    /// The files below `path`.
    pub(super) fn list(path: &Path) -> Result<Self, FormatError> {
        let mut part = Self { path: path.to_owned(), groups: Vec::new(), messages: Vec::new() };
        for folder in entries(path)? {
            if !folder.is_dir() {
                return Err(NewsgroupsError::OutOfPlace { path: folder }.into());
            }
            let before = part.messages.len();
            let label = part.groups.len() as u32;
            part.groups.push(name(&folder));
            for path in entries(&folder)? {
                if path.is_dir() {
                    return Err(NewsgroupsError::OutOfPlace { path }.into());
                }
                part.messages.push((path, label));
            }
            if part.messages.len() == before {
                return Err(NewsgroupsError::Empty { path: folder }.into());
            }
        }
        match part.groups.is_empty() {
            true => Err(NewsgroupsError::NoGroups { path: part.path }.into()),
            false => Ok(part),
        }
    }

    /// The newsgroup of every message.
    pub(super) fn labels(&self) -> Vec<u32> {
        self.messages.iter().map(|(_, label)| *label).collect()
    }

    /// The messages as texts.
    pub(super) fn read(&self) -> Result<Texts, FormatError> {
        let read = |(path, _): &(PathBuf, u32)| {
            let bytes = File::open(path).and_then(bytes).map_err(FormatError::at(path))?;
            latin1(&bytes).map_err(FormatError::at(path))
        };
        let texts: Vec<_> = self.messages.par_iter().map(read).collect();
        // In order, so that of several bad files always the same one is named.
        let texts = texts.into_iter().collect::<Result<_, FormatError>>()?;
        Ok(Texts { texts, labels: self.labels() })
    }

    fn covers(&self, other: &Self) -> Result<(), NewsgroupsError> {
        let known: BTreeSet<&String> = self.groups.iter().collect();
        let lacking = other.groups.iter().filter(|group| !known.contains(group));
        let lacking: Vec<String> = lacking.cloned().collect();
        match lacking.is_empty() {
            true => Ok(()),
            false => {
                let (path, other) = (self.path.clone(), other.path.clone());
                Err(NewsgroupsError::Groups { path, other, lacking })
            }
        }
    }
}

/// Both parts, if neither has a newsgroup that the other lacks.
pub(super) fn same_groups(train: Part, test: Part) -> Result<[Part; 2], NewsgroupsError> {
    train.covers(&test)?;
    test.covers(&train)?;
    Ok([train, test])
}

/// A message as text: Latin-1, which numbers its characters as Unicode does.
pub(super) fn latin1(bytes: &[u8]) -> Result<String, TextError> {
    if bytes.len() as u64 > LARGEST {
        return Err(TextError::TooLarge);
    }
    match bytes.iter().position(|&byte| byte == 0) {
        Some(position) => Err(TextError::Binary { position }),
        None => Ok(bytes.iter().copied().map(char::from).collect()),
    }
}

/// All bytes of a message, but at most one more than it may have.
pub(super) fn bytes(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The content of a folder, sorted by name, without hidden files.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FormatError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(FormatError::at(folder))? {
        let path = entry.map_err(FormatError::at(folder))?.path();
        if !name(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
