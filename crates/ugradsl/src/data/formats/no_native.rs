//! Stands in for the formats that need folders or crates of their own, in builds without them.

use std::path::{Path, PathBuf};

use super::{Format, FormatError};
use crate::data::groups::Groups;

pub(super) static FORMATS: &[Format] = &[];

/// The error of a format that is left out. It has no values, because such files are never read.
#[derive(Debug, thiserror::Error)]
#[error("left out")]
pub enum NativeError {}

impl NativeError {
    pub(super) fn names_path(&self) -> bool {
        match *self {}
    }
}

pub(in crate::data) fn groups_files(_: &Path) -> Vec<PathBuf> {
    Vec::new()
}

pub(in crate::data) fn read_groups(path: &Path, _: usize) -> Result<Groups, FormatError> {
    Err(FormatError::at(path)(std::io::Error::from(std::io::ErrorKind::Unsupported)))
}

pub(in crate::data) fn row_list(_: &[u8]) -> Option<Result<Vec<String>, NativeError>> {
    None
}
