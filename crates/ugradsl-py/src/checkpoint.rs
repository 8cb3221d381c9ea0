//! Where the state of a run is kept.

use std::path::Path;

use ugradsl::run::{FolderStore, SessionError};

use crate::error::{Failure, Result};

/// The folder of the checkpoint `path`, and its name there. A folder that cannot be written to is
/// refused.
pub(crate) fn store(path: &Path) -> Result<(FolderStore, String)> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| {
        Failure::setting(format!("checkpoint {}: this is not the name of a file", path.display()))
    })?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let store = FolderStore::new(folder.unwrap_or(Path::new(".")))?;
    store.check_writable()?;
    Ok((store, name.to_owned()))
}

/// The error, with what to do about it if a checkpoint does not fit.
pub(crate) fn unfit(error: SessionError, store: &FolderStore, name: &str) -> Failure {
    match error {
        SessionError::Checkpoint { .. } | SessionError::CheckpointMismatch { .. } => {
            let path = store.path().join(name);
            let way = "without resume=True the run begins again and replaces it";
            Failure::new("RunError", format!("{error} ({}); {way}", path.display()))
        }
        error => error.into(),
    }
}
