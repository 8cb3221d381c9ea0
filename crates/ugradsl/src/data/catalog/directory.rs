//! Which data set a directory holds.

use std::path::Path;

use super::super::dataset::Dataset;
use super::super::formats::formats;
use super::error::DataError;
use super::files::{dataset, named, no_list_of_groups};
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
            // Before anything is read, which may take long.
            no_list_of_groups(directory, format.in_folders)?;
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
