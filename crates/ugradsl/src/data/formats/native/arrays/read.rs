//! Files from paths, for readers that work on bytes.

use std::fs;
use std::path::Path;

use super::ArraysError;

type File = (String, Vec<u8>);

/// The names and bytes of all files.
pub(super) fn read_all(paths: &[&Path]) -> Result<Vec<File>, ArraysError> {
    let read = |path: &&Path| match fs::read(path) {
        Ok(bytes) => Ok((path.display().to_string(), bytes)),
        Err(reason) => Err(ArraysError::Read { path: path.to_path_buf(), reason }),
    };
    paths.iter().map(read).collect()
}

pub(super) fn borrowed(files: &[File]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}
