//! Which data set a directory holds.

use std::path::Path;

use super::super::dataset::Dataset;
use super::super::formats::{formats, groups_files};
use super::error::DataError;
use super::files::{dataset, named};
use super::options::OpenOptions;

/// The data set that the directory holds. One known file is enough to recognise it: if others are
/// missing, the error should name them. Two sets in one directory are ambiguous.
pub(super) fn open(directory: &Path, options: &OpenOptions) -> Result<Dataset, DataError> {
    // Paths such as `some/where/..` and `/` do not end in a name.
    let name = directory.file_name().unwrap_or(directory.as_os_str()).to_string_lossy();
    let found = formats().filter_map(|format| Some(((format.find)(directory)?, format)));
    let found: Vec<_> = found.collect();
    match found[..] {
        [] => Err(DataError::Unrecognised { path: directory.to_owned() }),
        [(_, format)] => {
            let beside = groups_files(directory).pop();
            if let Some((path, what)) = beside.zip(format.in_folders) {
                return Err(DataError::GroupsOfFiles { path, what });
            }
            let content = (format.open)(directory).map_err(named(&name))?;
            dataset(&name, directory, content, None, options)
        }
        _ => Err(DataError::Ambiguous {
            path: directory.to_owned(),
            found: found.into_iter().map(|(path, _)| path).collect(),
        }),
    }
}

#[cfg(all(test, feature = "text", feature = "formats"))]
mod tests;
