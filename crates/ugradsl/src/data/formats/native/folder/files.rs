//! What reading pictures and reading texts have in common: files that fail.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::list::{Listed, Part};
use crate::data::formats::native::folder::{FolderOptions, FolderPart};

/// The bytes of a file, but at most `limit`. A pipe or device is refused: reading it may never end.
pub(crate) fn bytes(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Why a single file cannot be a row.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) damage: bool,
    pub(crate) reason: String,
}

/// The files that failed.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    damaged: Vec<(String, String)>,
    unusable: Vec<(String, String)>,
}

impl Failures {
    pub(crate) fn add(&mut self, part: &str, file: &Listed, failure: Failure) {
        let name =
            if part.is_empty() { file.name.clone() } else { format!("{part}/{}", file.name) };
        let list = if failure.damage { &mut self.damaged } else { &mut self.unusable };
        list.push((name, failure.reason));
    }

    /// The damaged files if they may be left out; an error for any others.
    pub(crate) fn settle(
        self,
        options: &FolderOptions,
    ) -> Result<Vec<(String, String)>, FolderError> {
        let lines = |list: &[(String, String)]| {
            list.iter().map(|(name, reason)| format!("{name}: {reason}")).collect()
        };
        if !options.skip_damaged && !self.damaged.is_empty() {
            return Err(FolderError::Damaged { files: lines(&self.damaged) });
        }
        if !self.unusable.is_empty() {
            return Err(FolderError::Unusable { files: lines(&self.unusable) });
        }
        Ok(self.damaged)
    }
}

/// The name of a part below the root, or nothing if it is the root.
pub(crate) fn part_name(root: &Path, part: &Part) -> String {
    let below = part.path.strip_prefix(root).unwrap_or(&part.path);
    below.to_string_lossy().into_owned()
}

/// A part of the files that were kept.
pub(crate) fn folder_part<R>(folder: &str, rows: R, kept: &[&Listed]) -> FolderPart<R> {
    let groups: Vec<_> = kept.iter().map(|file| file.group.clone()).collect();
    FolderPart {
        folder: folder.to_owned(),
        rows,
        labels: kept.iter().map(|file| file.label).collect(),
        paths: kept.iter().map(|file| file.name.clone()).collect(),
        groups: groups.iter().any(Option::is_some).then_some(groups),
    }
}

/// Checks that leaving files out has emptied no class.
pub(crate) fn not_emptied(name: &str, part: &Part, kept: &[&Listed]) -> Result<(), FolderError> {
    let mut left = vec![0_usize; part.classes.len()];
    let mut before = left.clone();
    for (counts, labels) in [
        (&mut before, part.files.iter().map(|file| file.label).collect::<Vec<_>>()),
        (&mut left, kept.iter().map(|file| file.label).collect()),
    ] {
        for label in labels {
            if let Some(count) = counts.get_mut(label as usize) {
                *count += 1;
            }
        }
    }
    let counts = before.iter().zip(&left).zip(&part.classes);
    let gone = counts.filter(|((before, left), _)| **before > 0 && **left == 0);
    let empty: Vec<String> = gone.map(|(_, class)| class.clone()).collect();
    if empty.is_empty() {
        return Ok(());
    }
    let part = if name.is_empty() { "the folder" } else { name }.to_owned();
    Err(FolderError::AllDamaged { part, empty })
}
