//! Where a run keeps what must survive it: a folder, or memory where there is no file system.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// Why something could not be written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Reading failed.
    #[error("{path}: cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Writing failed; what was there before is untouched.
    #[error("{path}: cannot be written: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
}

/// Named entries of bytes. Writing replaces an entry whole or not at all.
///
/// ```
/// use ugradsl::run::{MemoryStore, Store, StoreError};
///
/// /// Moves an entry to another store.
/// fn hand_over(name: &str, from: &mut dyn Store, to: &mut dyn Store) -> Result<(), StoreError> {
///     if let Some(bytes) = from.read(name)? {
///         to.write(name, &bytes)?;
///         from.remove(name)?;
///     }
///     Ok(())
/// }
///
/// let (mut here, mut there) = (MemoryStore::default(), MemoryStore::default());
/// here.write("run", b"state")?;
/// hand_over("run", &mut here, &mut there)?;
/// assert_eq!(here.read("run")?, None);
/// assert_eq!(there.read("run")?.as_deref(), Some(b"state".as_slice()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Store: Send + Sync {
    /// Stores `bytes` under `name`.
    ///
    /// # Errors
    ///
    /// If they cannot be written; an earlier entry of that name is then unchanged.
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError>;

    /// The bytes stored under `name`, if any.
    ///
    /// # Errors
    ///
    /// If they are there and cannot be read.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Removes `name`, if it is there.
    ///
    /// # Errors
    ///
    /// If it is there and cannot be removed.
    fn remove(&mut self, name: &str) -> Result<(), StoreError>;
}

/// Entries in memory.
///
/// ```
/// use ugradsl::run::{MemoryStore, Store};
///
/// let mut store = MemoryStore::default();
/// assert_eq!(store.read("run")?, None);
/// store.write("run", b"first")?;
/// store.write("run", b"second")?;
/// assert_eq!(store.read("run")?.as_deref(), Some(b"second".as_slice()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryStore(BTreeMap<String, Vec<u8>>);

impl Store for MemoryStore {
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.0.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.0.get(name).cloned())
    }

    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        self.0.remove(name);
        Ok(())
    }
}

/// Entries as files of a folder.
///
/// ```
/// use ugradsl::run::{FolderStore, Store};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("results");
/// let mut store = FolderStore::new(&path)?; // created if it is missing
/// store.write("report.json", b"{}")?;
/// assert_eq!(std::fs::read(path.join("report.json"))?, b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct FolderStore(PathBuf);

impl FolderStore {
    /// Uses `folder`, creating it if it is missing.
    ///
    /// # Errors
    ///
    /// If it cannot be created.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = folder.into();
        if path.is_file() {
            let source = std::io::Error::other("this is a file: give the name of a folder");
            return Err(StoreError::Write { path, source });
        }
        match std::fs::create_dir_all(&path) {
            Ok(()) => Ok(Self(path)),
            Err(source) => Err(StoreError::Write { path, source }),
        }
    }

    /// Fails where nothing can be written, so that this shows before the work is done.
    ///
    /// # Errors
    ///
    /// If no file can be created in the folder.
    pub fn check_writable(&self) -> Result<(), StoreError> {
        let attempt = temporary(&self.0);
        attempt.map(drop).map_err(|source| StoreError::Write { path: self.0.clone(), source })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Store for FolderStore {
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        write_atomically(&self.0.join(name), bytes)
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.0.join(name);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Read { path, source }),
        }
    }

    fn remove(&mut self, name: &str) -> Result<(), StoreError> {
        let path = self.0.join(name);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Write { path, source })
            }
            _ => Ok(()),
        }
    }
}

/// Writes a whole file or nothing: the bytes go to a temporary file in the same folder, are forced
/// to the disk, and then replace the file, or the one that a link points to. Missing parent folders
/// are created. What is not a regular file, such as a device, is never replaced.
///
/// # Errors
///
/// [`StoreError::Write`]; a file that was there before is untouched.
///
/// # Example
///
/// ```
/// use ugradsl::run::write_atomically;
///
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("models/forgotten.safetensors");
/// write_atomically(&path, b"weights")?;
/// assert_eq!(std::fs::read(path)?, b"weights");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let attempt = || {
        let target = path.canonicalize().unwrap_or_else(|_| linked(path));
        if target.metadata().is_ok_and(|about| !about.is_file()) {
            return Err(std::io::Error::other("it is not a regular file"));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = temporary(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        keep_permissions(&file, &target)?;
        file.persist(&target).map_err(|error| error.error)?;
        Ok(())
    };
    attempt().map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

/// The file that `path` names. If `path` is a link, this is the file that it points to, which need
/// not exist yet.
fn linked(path: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new(""));
    std::fs::read_link(path).map_or_else(|_| path.to_owned(), |target| folder.join(target))
}

/// A temporary file in `folder`, gone when dropped. Its permissions follow the user's umask, like
/// those of any new file.
fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.prefix(".ugradsl-").tempfile_in(folder);
    // The original error would name the temporary file, which means nothing to the user.
    file.map_err(|error| error.kind().into())
}

/// Gives a replacement the permissions of the file that it replaces.
fn keep_permissions(file: &tempfile::NamedTempFile, target: &Path) -> std::io::Result<()> {
    match target.metadata() {
        Ok(about) => file.as_file().set_permissions(about.permissions()),
        Err(_) => Ok(()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_link_stays_a_link_even_if_its_file_is_not_there_yet() {
        let folder = tempfile::tempdir().expect("a folder");
        let [link, file] = ["link", "file"].map(|name| folder.path().join(name));
        std::os::unix::fs::symlink("file", &link).expect("a link");
        for text in ["1", "2"] {
            write_atomically(&link, text.as_bytes()).expect("written");
            assert!(link.is_symlink());
            assert_eq!(std::fs::read_to_string(&file).expect("a file"), text);
        }
    }

    #[test]
    fn a_private_file_stays_private_and_a_new_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("record.json");
        let mode = || std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
        write_atomically(&path, b"1").expect("written");
        let plain = folder.path().join("plain");
        std::fs::write(&plain, b"1").expect("written");
        let usual = std::fs::metadata(&plain).expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode(), usual, "as the umask says");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("private");
        write_atomically(&path, b"2").expect("written");
        assert_eq!((mode(), std::fs::read(&path).expect("a file")), (0o600, b"2".to_vec()));
    }
}
