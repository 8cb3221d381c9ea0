//! CIFAR's archives: gzipped tar files with one folder each.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

use super::FetchError;

/// Whether `folder` holds all files at their full size.
pub(super) fn is_there(folder: &Path, content: &[(&str, u64)]) -> Result<bool, FetchError> {
    let mut missing = 0;
    for &(name, size) in content {
        let path = folder.join(name);
        match std::fs::metadata(&path) {
            Ok(data) if data.is_file() && data.len() == size => {}
            Ok(data) => {
                let found = format!("{} bytes, not {size}", data.len());
                return Err(FetchError::InTheWay { path, found });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing += 1,
            Err(error) => return Err(FetchError::Disk { path, reason: error }),
        }
    }
    Ok(missing == 0)
}

/// Unpacks the wanted files of the archive into `root/folder`. They are moved there once all of
/// them are complete. Paths in the archive are only compared, never followed.
pub(super) fn unpack(
    archive: &Path,
    root: &Path,
    folder: &str,
    content: &[(&str, u64)],
) -> Result<(), FetchError> {
    let fail = |reason: String| FetchError::Archive { path: archive.to_owned(), reason };
    let damaged = |error: io::Error| fail(error.to_string());
    let disk = |error| FetchError::disk(root)(error);
    let unpacked = tempfile::Builder::new().prefix(".ugradsl-").tempdir_in(root).map_err(disk)?;
    let mut missing: BTreeMap<&str, u64> = content.iter().copied().collect();
    let input = BufReader::new(File::open(archive).map_err(FetchError::disk(archive))?);
    let mut tar = tar::Archive::new(MultiGzDecoder::new(input));
    for entry in tar.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let path = entry.path().map_err(damaged)?.into_owned();
        let wanted = path.parent().is_some_and(|parent| parent == Path::new(folder));
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !wanted || !entry.header().entry_type().is_file() {
            continue;
        }
        let Some(size) = missing.remove(name) else { continue };
        let target = unpacked.path().join(name);
        let mut file = File::create(&target).map_err(disk)?;
        let copied = io::copy(&mut (&mut entry).take(size + 1), &mut file).map_err(damaged)?;
        if copied != size {
            let more = if copied > size { " or more" } else { "" };
            return Err(fail(format!("{name} has {copied} bytes{more}, not {size}")));
        }
        file.sync_all().map_err(disk)?;
    }
    if !missing.is_empty() {
        let names: Vec<&str> = missing.into_keys().collect();
        return Err(fail(format!("lacks {}", names.join(", "))));
    }
    let folder = root.join(folder);
    std::fs::create_dir_all(&folder).map_err(FetchError::disk(&folder))?;
    for (name, _) in content {
        let target = folder.join(name);
        std::fs::rename(unpacked.path().join(name), &target).map_err(FetchError::disk(&target))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
