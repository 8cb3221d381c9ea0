//! What stands in for the formats that need folders, or crates of their own, where they are left out.

use std::path::{Path, PathBuf};

use super::{Format, FormatError};
use crate::data::groups::Groups;

pub(super) static FORMATS: &[Format] = &[];

/// What is wrong with a file of a format that is left out: nothing, for it is never read.
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
