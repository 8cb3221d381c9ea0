//! Data sets, the files they come from, and requests to forget parts of them.
//!
//! Everything here starts as plain host memory: bytes are parsed and checked once, and every later
//! module may rely on what [`Dataset::new`] promises. Parsing and splitting need neither threads
//! nor a terminal, so the same code serves the command line, a desktop app and a browser tab.
//!
//! * [`open`] finds a [`Dataset`] by its name or directory; [`formats`] holds the parsers behind
//!   it.
//! * Its rows are [`Samples`]: an [`ImageSet`] or a [`TextSet`], whose tokens come from a
//!   [`Tokenizer`].
//! * [`ForgetRequest`] says what to forget; its [`split`](ForgetRequest::split) turns that
//!   into row numbers.

mod catalog;
mod dataset;
mod forget;
pub mod formats;
mod groups;
mod image_set;
mod resident;
mod samples;
mod text_set;
mod tokenizer;

pub use catalog::{DataError, OpenOptions, from_idx, from_images, names, open};
pub use dataset::{Dataset, DatasetError, Normalisation, NormalisationError, VALIDATION};
pub use forget::{ForgetError, ForgetKind, ForgetRequest, Split};
pub use formats::{CifarError, CifarKind, FormatError, FormatErrorKind, IdxError, IdxImages};
pub use groups::Groups;
pub use image_set::{ImageSet, ImageSetError};
pub use resident::ResidentSet;
pub use samples::Samples;
pub use text_set::{TextSet, TextSetError};
pub use tokenizer::{TextConfig, Tokenizer, TokenizerError};
