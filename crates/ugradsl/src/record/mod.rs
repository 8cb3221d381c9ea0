//! Pages that show a request to forget to people: pictures of rows, and the record of a deletion.
//!
//! A [`DeletionRecord`] says who asked, what was asked, which rows these are, what was done, what
//! came of it, and what is not proven: as a page for whoever answers for the protection of data,
//! and as JSON, which can be signed and checked.

mod check;
pub mod contact_sheet;
pub mod deletion;
mod of_run;
mod text;

pub use self::deletion::{
    Asked, Copies, DataFacts, DeletionRecord, Done, Figures, Kind, ModelFacts, Outcome,
    RecordError, RowFacts, SCHEMA_VERSION, not_proven,
};
pub use self::of_run::About;
