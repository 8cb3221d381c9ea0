//! Reads the few pickles that data sets are made of, and executes nothing.
//!
//! A pickle is a program for a small machine with a stack. Here that machine can only build
//! dictionaries, lists, tuples, texts, numbers and NumPy arrays; a call of anything else is refused
//! by name. What it builds are nodes that refer to each other by number, so that neither a node
//! that contains itself nor one that is used twice costs anything.

mod call;
mod machine;
mod value;

use thiserror::Error;

pub(super) use machine::load;
pub(super) use value::Nodes;

/// Why a pickle was not read.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are named for what the messages say of them")]
pub enum PickleError {
    /// It wants something run.
    #[error(
        "the pickle asks for `{name}`, which is never run: load it in Python where you trust it, \
         and save arrays with `numpy.savez_compressed`"
    )]
    Call { name: String },
    /// A step that the pickles of data sets do not need.
    #[error(
        "the pickle uses the step {code:#04x} at byte {at}, which is not supported: load it in \
         Python where you trust it, and save arrays with `numpy.savez_compressed`"
    )]
    Step { code: u8, at: usize },
    /// It ends too early.
    #[error("the pickle ends after {at} bytes, in the middle: the file is not complete")]
    Short { at: usize },
    /// A step with something that it cannot work on.
    #[error("the pickle is damaged at byte {at}")]
    Damaged { at: usize },
    /// More values than any data set needs.
    #[error("the pickle builds more than {most} values")]
    TooMany { most: usize },
}
