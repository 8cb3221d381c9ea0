//! Which data set a directory or a file holds.

use std::path::Path;

use super::super::dataset::Dataset;
use super::super::formats::{Format, How, formats};
use super::error::DataError;
use super::files::{dataset, named, no_list_of_groups};
use super::options::OpenOptions;

/// The data set that the directory or file holds. One known file is enough to recognise it: if
/// others are missing, the error should name them. Two sets in one directory are ambiguous.
pub(super) fn open(path: &Path, options: &OpenOptions) -> Result<Dataset, DataError> {
    // Paths such as `some/where/..` and `/` do not end in a name.
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let found = formats().filter_map(|format| Some(((format.find)(path)?, format)));
    let found: Vec<_> = found.collect();
    match found[..] {
        [] => Err(DataError::unrecognised(path)),
        [(_, format)] => {
            heeds(&name, format, options)?;
            as_before(&name, options)?;
            // Before anything is read, which may take long.
            no_list_of_groups(path, format.in_folders)?;
            let saved = options.saved.as_ref().and_then(|saved| saved.form.as_ref());
            let how = How { config: &options.read, saved };
            let content = (format.open)(path, how).map_err(named(&name))?;
            dataset(&name, path, content, None, format.in_folders, options)
        }
        _ => Err(DataError::Ambiguous {
            path: path.to_owned(),
            found: found.into_iter().map(|(path, _)| path).collect(),
        }),
    }
}

/// Refuses settings that say otherwise than the network's rows were read.
fn as_before(name: &str, options: &OpenOptions) -> Result<(), DataError> {
    let Some(saved) = &options.saved else { return Ok(()) };
    match options.said.differs_from(&saved.said) {
        Some(key) => Err(DataError::OtherReading { name: name.to_owned(), key }),
        None => Ok(()),
    }
}

/// Refuses settings that data of this format do not heed.
fn heeds(name: &str, format: &Format, options: &OpenOptions) -> Result<(), DataError> {
    let keys = options.read.keys();
    match keys.into_iter().find(|key| !format.reads.contains(&key.as_str())) {
        Some(key) => Err(DataError::Unread {
            name: name.to_owned(),
            form: format.name,
            key,
            known: format.reads,
        }),
        None => Ok(()),
    }
}

#[cfg(all(test, feature = "text", feature = "formats"))]
mod tests;
