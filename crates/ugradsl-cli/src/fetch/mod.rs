//! Public data sets, from where their makers keep them into the layout that `--data-root` expects.
//!
//! This is the only part of the project that reaches for a network, and only when asked to. Nothing is
//! put in its place before its checksum holds; what arrived before a break-off is gone on from.

mod archive;
mod check;
mod download;
mod sets;

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

pub(crate) use self::sets::{PublicSet, SETS};
use self::{
    check::Check,
    download::{Download, download},
    sets::Files,
};

/// Why a data set could not be fetched.
#[derive(Debug, Error)]
pub(crate) enum FetchError {
    /// The server does not answer, or not with the file.
    #[error("{url}: {reason}")]
    Request { url: String, reason: String },
    /// The connection ended too early.
    #[error("{url}: broke off after {have} bytes ({reason}); the same command goes on from there")]
    BrokeOff { url: String, have: u64, reason: String },
    /// More than the file can have.
    #[error("{url}: sends more than {most} bytes, which cannot be the file")]
    TooMuch { url: String, most: u64 },
    /// Something else than the file.
    #[error(
        "{url}: not the file that it should be: {found}, but {expected} is expected; nothing was kept"
    )]
    Checksum { url: String, expected: String, found: String },
    /// Something else is in the way.
    #[error("{path} is there already and is not what it should be ({found}): move it away first")]
    InTheWay { path: PathBuf, found: String },
    /// An archive whose checksum holds but whose content is not as expected.
    #[error("{path}: {reason}")]
    Archive { path: PathBuf, reason: String },
    /// The disk refuses.
    #[error("{path}: {reason}")]
    Disk { path: PathBuf, reason: io::Error },
}

impl FetchError {
    fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Disk { path: path.to_owned(), reason }
    }
}

/// What is going on.
pub(crate) enum Step<'a> {
    /// The file is there already and right.
    There { file: &'a str },
    /// Bytes of a file have arrived, of as many as the server promises.
    Arrived { file: &'a str, bytes: u64, of: Option<u64> },
    /// A source failed and the next one is asked.
    Failed { error: &'a FetchError },
    /// The file has arrived and is right.
    Done { file: &'a str, bytes: u64 },
}

/// Brings `set` into a folder below `root`, from `mirror` if one is given, and gives that folder.
pub(crate) fn fetch(
    set: &PublicSet,
    mirror: Option<&str>,
    root: &Path,
    show: &mut dyn FnMut(Step<'_>),
) -> Result<PathBuf, FetchError> {
    let folder = root.join(set.folder);
    let homes: Vec<&str> = mirror.map_or_else(|| set.homes.to_vec(), |mirror| vec![mirror]);
    match &set.files {
        Files::Idx(files) => {
            std::fs::create_dir_all(&folder).map_err(FetchError::disk(&folder))?;
            for file in *files {
                fetch_idx(file, &homes, &folder, show)?;
            }
        }
        Files::Archive { name, md5, most, content } => {
            if archive::is_there(&folder, content)? {
                show(Step::There { file: name });
                return Ok(folder);
            }
            std::fs::create_dir_all(root).map_err(FetchError::disk(root))?;
            let part = root.join(format!("{name}.part"));
            let check = Check::Md5(md5);
            let wanted = Download { name, homes: &homes, check: &check, most: *most };
            download(&wanted, &part, show)?;
            archive::unpack(&part, root, set.folder, content)?;
            std::fs::remove_file(&part).map_err(FetchError::disk(&part))?;
        }
    }
    Ok(folder)
}

/// One of the four files of an idx set, kept packed as it comes.
fn fetch_idx(
    file: &sets::Idx,
    homes: &[&str],
    folder: &Path,
    show: &mut dyn FnMut(Step<'_>),
) -> Result<(), FetchError> {
    let name = format!("{}.gz", file.name);
    let check = Check::Unpacked { sha256: file.sha256, bytes: file.bytes };
    for path in [folder.join(file.name), folder.join(&name)] {
        if !path.exists() {
            continue;
        }
        return match check.test(&path).map_err(FetchError::disk(&path))? {
            Ok(()) => {
                show(Step::There { file: &name });
                Ok(())
            }
            Err(found) => Err(FetchError::InTheWay { path, found }),
        };
    }
    let (part, path) = (folder.join(format!("{name}.part")), folder.join(&name));
    // What does not compress grows by a few bytes in every few thousand.
    let most = file.bytes + file.bytes / 1000 + 1024;
    let wanted = Download { name: &name, homes, check: &check, most };
    download(&wanted, &part, show)?;
    std::fs::rename(&part, &path).map_err(FetchError::disk(&path))
}
