//! Parsers for the files in which data sets are handed around.
//!
//! Each parser works on bytes, so that a browser can use it and arbitrary bytes can be thrown at it;
//! the readers beside them add the file's name to the error. A parser believes nothing that a file
//! says about its own size: it reads at most what the header promises and one byte more.
//!
//! [`formats`] lists the layouts of directories that [`open`](super::open) recognises. Without the feature `formats`,
//! and in a browser, these are idx and CIFAR.

pub mod cifar;
mod error;
mod format;
pub mod idx;
// A browser has no folders, and its module is to stay small.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
mod native;
#[cfg(not(all(feature = "formats", not(target_family = "wasm"))))]
#[path = "no_native.rs"]
mod native;

pub use cifar::{CifarError, CifarKind};
pub use error::{FormatError, FormatErrorKind};
pub(super) use format::{Content, GroupsOf};
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

/// All of them in words: `idx (train-images-idx3-ubyte …), CIFAR-10 (…)`.
pub fn in_words() -> String {
    let words = formats().map(|format| format!("{} ({})", format.name, format.files));
    words.collect::<Vec<_>>().join(", ")
}
