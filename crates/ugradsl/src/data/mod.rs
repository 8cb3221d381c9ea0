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
//! * [`ForgetRequest`] says what to forget; its [`split`](ForgetRequest::split) turns that into row
//!   numbers.

mod catalog;
mod class_lists;
mod class_names;
mod columns;
mod composed;
mod copies;
mod dataset;
mod dataset_digests;
mod feature_set;
mod forget;
pub mod formats;
mod groups;
mod image_set;
mod near_copies;
mod normalisation;
mod overview;
mod read_config;
mod reading;
mod resident;
mod row_digest;
mod row_names;
mod samples;
mod text_set;
mod tokenizer;
mod utf16;
mod windows_1252;

pub use catalog::{DataError, OpenOptions, from_idx, from_images, names, open};
pub use class_names::{ClassNames, ClassNamesError};
pub use columns::Columns;
pub use copies::Copies;
pub use dataset::{Dataset, DatasetError, VALIDATION};
pub use feature_set::{FeatureSet, FeatureSetError};
pub use forget::{ForgetError, ForgetKind, ForgetRequest, Split};
pub use formats::{CifarError, CifarKind, FormatError, FormatErrorKind, IdxError, IdxImages};
pub use groups::Groups;
pub use image_set::{ImageSet, ImageSetError};
pub use near_copies::NearCopies;
pub use normalisation::{Normalisation, NormalisationError};
pub use overview::{Count, Overview, Taken};
pub use read_config::{Channels, Layout, Missing, ReadConfig, UnknownChoice, ValueKind};
pub use reading::{Reading, TestPart};
pub use resident::{ResidentSet, TooLarge};
pub use row_digest::RowDigest;
pub(crate) use row_digest::RowIndex;
pub use row_names::{RowNameKind, RowNames, RowNamesError};
pub use samples::{RowKind, Samples};
pub use text_set::{TextSet, TextSetError};
pub use tokenizer::{TextConfig, Tokenizer, TokenizerError};
