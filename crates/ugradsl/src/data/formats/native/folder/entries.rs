//! The content of one folder, without what systems leave behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::data::formats::native::folder::error::FolderError;
use crate::data::formats::native::folder::names::left_behind;

/// Something in a folder.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) is_folder: bool,
}

/// How much was left unread, by kind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unread(BTreeMap<&'static str, usize>);

impl Unread {
    pub(crate) fn add(&mut self, kind: &'static str) {
        *self.0.entry(kind).or_default() += 1;
    }

    /// One line, if anything was left unread.
    pub(crate) fn note(&self) -> Option<String> {
        let kinds: Vec<_> = self.0.iter().map(|(kind, &many)| format!("{many} {kind}")).collect();
        let total: usize = self.0.values().sum();
        let what = if total == 1 { "entry" } else { "entries" };
        (total > 0).then(|| format!("not read: {total} {what} ({})", kinds.join(", ")))
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (kind, many) in other.0 {
            *self.0.entry(kind).or_default() += many;
        }
    }
}

/// The content of a folder, sorted by name. At the `top` of a data set or part, files for people
/// are left out as well.
pub(crate) fn entries(
    folder: &Path,
    top: bool,
    unread: &mut Unread,
) -> Result<Vec<Entry>, FolderError> {
    let refuse = |reason| FolderError::Read { path: folder.to_owned(), reason };
    let (mut found, mut strange) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(refuse)? {
        let entry = entry.map_err(refuse)?;
        let (path, name) = (entry.path(), entry.file_name());
        let is_folder = path.is_dir();
        let shown = name.to_string_lossy();
        if let Some(kind) = left_behind(&shown, is_folder, top) {
            unread.add(kind);
        } else if is_folder && leads_back(&path, folder) {
            unread.add("link back to a folder above it");
        } else {
            match name.to_str() {
                Some(name) => found.push(Entry { name: name.to_owned(), path, is_folder }),
                None => strange.push(shown.into_owned()),
            }
        }
    }
    if !strange.is_empty() {
        strange.sort();
        return Err(FolderError::NotUnicode { path: folder.to_owned(), names: strange });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Whether a link in `folder` leads to `folder` or to one above, where a walk would not end.
fn leads_back(path: &Path, folder: &Path) -> bool {
    path.is_symlink()
        && match (path.canonicalize(), folder.canonicalize()) {
            (Ok(target), Ok(from)) => from.starts_with(target),
            _ => false,
        }
}
