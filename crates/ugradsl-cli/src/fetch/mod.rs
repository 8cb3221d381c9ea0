//! Downloads public data sets from their publishers into the layout that `--data-root` expects.
//!
//! This is the only part of the project that uses the network, and only when asked to. A file is
//! moved into place only when its checksum matches; an interrupted download is resumed.

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
    /// The server does not answer, or does not send the file.
    #[error("{url}: {reason}")]
    Request { url: String, reason: String },
    /// The connection ended too early.
    #[error("{url}: broke off after {have} bytes ({reason}); run the same command again to resume")]
    BrokeOff { url: String, have: u64, reason: String },
    /// More bytes than the file can have.
    #[error("{url}: sends more than {most} bytes, which cannot be the file")]
    TooMuch { url: String, most: u64 },
    /// Something other than the file.
    #[error("{url}: not the expected file: found {found}, expected {expected}; nothing was kept")]
    Checksum { url: String, expected: String, found: String },
    /// Something else is in the way.
    #[error("{path} already exists and is not the expected file ({found}): move it away first")]
    InTheWay { path: PathBuf, found: String },
    /// An archive whose checksum matches but whose content is not as expected.
    #[error("{path}: {reason}")]
    Archive { path: PathBuf, reason: String },
    /// The file system reports an error.
    #[error("{path}: {reason}")]
    Disk { path: PathBuf, reason: io::Error },
}

impl FetchError {
    fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Disk { path: path.to_owned(), reason }
    }
}

/// A step of a download, for display.
pub(crate) enum Step<'a> {
    /// The file is already there and correct.
    There { file: &'a str },
    /// So many bytes of the file have arrived; `of` is the total that the server announces.
    Arrived { file: &'a str, bytes: u64, of: Option<u64> },
    /// A source failed and the next one is tried.
    Failed { error: &'a FetchError },
    /// The file has arrived and is correct.
    Done { file: &'a str, bytes: u64 },
}

/// Downloads `set` into a folder below `root`, from `mirror` if one is given; returns that folder.
pub(crate) fn fetch(
    set: &PublicSet,
    mirror: Option<&str>,
    root: &Path,
    show: &mut dyn FnMut(Step<'_>),
) -> Result<PathBuf, FetchError> {
    let folder = root.join(set.folder);
    let base_urls: Vec<&str> = mirror.map_or_else(|| set.base_urls.to_vec(), |mirror| vec![mirror]);
    match &set.files {
        Files::Idx(files) => {
            std::fs::create_dir_all(&folder).map_err(FetchError::disk(&folder))?;
            for file in *files {
                fetch_idx(file, &base_urls, &folder, show)?;
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
            let wanted = Download { name, base_urls: &base_urls, check: &check, most: *most };
            download(&wanted, &part, show)?;
            archive::unpack(&part, root, set.folder, content)?;
            std::fs::remove_file(&part).map_err(FetchError::disk(&part))?;
        }
    }
    Ok(folder)
}

/// One of the four files of an idx set, kept gzipped as it arrives.
fn fetch_idx(
    file: &sets::Idx,
    base_urls: &[&str],
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
    // Gzip adds a few bytes per few thousand to data that it cannot compress.
    let most = file.bytes + file.bytes / 1000 + 1024;
    let wanted = Download { name: &name, base_urls, check: &check, most };
    download(&wanted, &part, show)?;
    std::fs::rename(&part, &path).map_err(FetchError::disk(&path))
}
