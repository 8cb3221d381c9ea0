//! Parsers for the file formats of data sets.
//!
//! Each parser works on bytes, so that a browser can use it and it can be tested with arbitrary
//! bytes; the readers beside them add the file's name to the error. A parser does not trust what a
//! file says about its own size: it reads at most what the header promises and one byte more.
//!
//! [`formats`] lists the layouts of directories that [`open`](super::open) recognises. Without the
//! feature `formats`, and in a browser, these are idx and CIFAR.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub mod cifar;
mod format;
pub mod idx;
// A browser has no folders, and its module must stay small.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
mod native;
#[cfg(not(all(feature = "formats", not(target_family = "wasm"))))]
#[path = "no_native.rs"]
mod native;

pub use cifar::{CifarError, CifarKind};
pub(super) use format::{Content, How, Part, Rows};
pub use format::{Format, TextFolder, Texts};
pub use idx::{IdxError, IdxImages};
pub use native::*;

/// The layouts that are recognised, in this order.
static FORMATS: &[&[Format]] =
    &[&[idx::FORMAT, cifar::FORMAT_10, cifar::FORMAT_100], native::FORMATS];

/// The layouts of directories that [`open`](super::open) recognises.
pub fn formats() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().copied().flatten()
}

/// All layouts in words: `idx (train-images-idx3-ubyte …), CIFAR-10 (…)`.
pub fn in_words() -> String {
    let words = formats().map(|format| format!("{} ({})", format.name, format.files));
    words.collect::<Vec<_>>().join(", ")
}

/// Why a file or folder cannot be used. The message names it.
#[derive(Debug, Error)]
#[error("{}", message(path, kind))]
#[non_exhaustive]
pub struct FormatError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    #[source]
    pub kind: Box<FormatErrorKind>,
}

/// What can be wrong with a file or folder.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FormatErrorKind {
    /// It cannot be opened or read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// A folder that lacks a file.
    #[error("there is no {}", list(.0))]
    Missing(Vec<PathBuf>),
    /// Not the idx file that it should be.
    #[error(transparent)]
    Idx(#[from] IdxError),
    /// Not the CIFAR file that it should be.
    #[error(transparent)]
    Cifar(#[from] CifarError),
    /// Not the picture, text, table, array or folder that it should be. Never occurs without the
    /// feature `formats` or in a browser.
    #[error(transparent)]
    Native(NativeError),
}

impl FormatError {
    /// A function that turns what is wrong with `path` into an error.
    pub(in crate::data) fn at<E: Into<FormatErrorKind>>(path: &Path) -> impl Fn(E) -> Self {
        move |kind| Self { path: path.to_owned(), kind: Box::new(kind.into()) }
    }
}

fn message(path: &Path, kind: &FormatErrorKind) -> String {
    match kind {
        FormatErrorKind::Read(reason) => format!("cannot read {}: {reason}", path.display()),
        FormatErrorKind::Native(error) if error.names_path() => error.to_string(),
        kind => format!("{}: {kind}", path.display()),
    }
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" or ")
}

#[cfg(all(test, feature = "formats"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_format_heeds_are_settings_that_there_are() {
        for format in formats() {
            for key in format.reads {
                let config = serde_json::json!({ *key: null });
                let read = serde_json::from_value::<crate::data::ReadConfig>(config);
                let known = read.err().is_none_or(|error| !error.to_string().contains("unknown"));
                assert!(known, "{}: {key}", format.name);
            }
        }
    }

    #[test]
    fn the_documentation_lists_all_formats() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/data.md");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let page = words(&std::fs::read_to_string(path).expect("docs/data.md"));
        let list = words(&in_words());
        assert!(page.contains(&list), "docs/data.md must list the formats as\n{list}");
    }
}
