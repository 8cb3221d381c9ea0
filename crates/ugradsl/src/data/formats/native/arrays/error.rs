//! What can be wrong with files of arrays.

use std::{io, path::PathBuf};

use thiserror::Error;
use zip::result::ZipError;

use super::{Kind, Listed, MatError, NpyError, PickleError, SparseError};

/// Why files are not arrays that can be used. `place` is the file, and the array within.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are named for what the messages say of them")]
pub enum ArraysError {
    /// The system cannot read a file.
    #[error("{}: {reason}", path.display())]
    Read { path: PathBuf, reason: io::Error },
    /// Another kind of file.
    #[error("{place}: this is {kind}")]
    Other { place: String, kind: Kind },
    /// A file that cannot be told.
    #[error("{place}: this is not {expected}")]
    Unknown { place: String, expected: &'static str },
    /// A part that is scaled in another way than the training part.
    #[error(
        "{place}: its pixels are {here}, those of the training part {training}: scale both in the same way"
    )]
    Scales { place: String, here: &'static str, training: &'static str },
    /// A damaged archive.
    #[error("{place}: the archive is damaged: {reason}")]
    Zip { place: String, reason: ZipError },
    /// A damaged array.
    #[error("{place}: {reason}")]
    Npy { place: String, reason: NpyError },
    /// A pickle that cannot be used.
    #[error("{place}: {reason}")]
    Pickle { place: String, reason: PickleError },
    /// A file of MATLAB that cannot be used.
    #[error("{place}: {reason}")]
    Mat { place: String, reason: MatError },
    /// A sparse matrix that cannot be used.
    #[error("{place}: {reason}")]
    Sparse { place: String, reason: SparseError },
    /// An array that is not there.
    #[error(
        "there is not an array of {what}; found: {found}; call it for example {example} and read \
         again"
    )]
    Missing { what: String, found: Listed, example: &'static str },
    /// Two arrays for one purpose.
    #[error("{first} and {second} mean the same: keep one of them")]
    Twice { first: String, second: String },
    /// The names of a file and of an array within contradict each other.
    #[error(
        "{place}: the file is called {file} and the array {array}: rename the file, or call the \
         array only `x` or `y`"
    )]
    SplitClash { place: String, file: &'static str, array: &'static str },
    /// Arrays that differ in their number of rows.
    #[error("{first} has {first_rows} rows, but {second} has {second_rows}")]
    Rows { first: String, first_rows: usize, second: String, second_rows: usize },
    /// No rows.
    #[error("{place} has no rows")]
    Empty { place: String },
    /// More rows than can be numbered.
    #[error("{place} has {rows} rows, more than the {} that can be numbered", u32::MAX)]
    TooManyRows { place: String, rows: usize },

    /// Labels of a shape that means nothing.
    #[error(
        "{place}: labels of shape {dims:?}; labels are [n], [n, 1], or [n, classes] with one 1 \
         per row"
    )]
    LabelDims { place: String, dims: Vec<usize> },
    /// Labels that are not whole numbers.
    #[error(
        "{place}: labels are classes, but these are not whole numbers: {rows}; a number to be \
         predicted (regression) is not supported: save classes as `y.astype(int)` or as text"
    )]
    LabelFraction { place: String, rows: Listed },
    /// Labels without a value.
    #[error("{place}: labels are missing: {rows}; give each row a label, or leave the rows out")]
    LabelBlank { place: String, rows: Listed },
    /// Several labels per row.
    #[error(
        "{place}: {width} columns of 0 and 1, but these rows do not have one 1: {rows}; several \
         labels per row (multi-label) are not supported: keep one column, or one class per row"
    )]
    MultiLabel { place: String, width: usize, rows: Listed },
    /// Columns of labels that are not 0 or 1.
    #[error(
        "{place}: {width} columns of labels that are not 0 or 1: {rows}; save one class per row: \
         `y.argmax(axis=1)` if these are scores, `y[:, 0]` if only the first column is meant"
    )]
    NotOneHot { place: String, width: usize, rows: Listed },
    /// So many classes that the labels are hardly classes.
    #[error(
        "{place}: {classes} different labels in {rows} rows, more than one in five: this looks \
         like numbers or names of rows, not classes"
    )]
    TooManyClasses { place: String, classes: usize, rows: usize },
    /// Numbers in one part, texts in the other.
    #[error("the labels are numbers in {numbers} and texts in {texts}: save both alike")]
    LabelKinds { numbers: String, texts: String },
    /// Labels that the reading does not know.
    #[error("{place}: labels that training did not have: {labels}; the known ones are: {known}")]
    UnknownLabels { place: String, labels: Listed, known: Listed },
    /// As many names as there are not classes.
    #[error("{place}: {names} names of classes, but labels up to {largest}")]
    ClassNames { place: String, names: usize, largest: String },
    /// Texts that are not UTF-8 or Unicode.
    #[error("{place}: these are not texts (UTF-8): {rows}; save `x.astype(str)`")]
    Text { place: String, rows: Listed },
    /// Ids or groups of a shape or value that means nothing.
    #[error("{place}: {what} are one text or whole number per row; {problem}")]
    Column { place: String, what: &'static str, problem: String },
    /// Ids that occur twice.
    #[error(
        "{place}: ids that occur more than once: {ids}; ids name one row each: call the array \
         `groups` if several rows belong together"
    )]
    DuplicateIds { place: String, ids: Listed },

    /// Values that are texts.
    #[error("{place}: the values are texts; pictures and features are numbers")]
    TextValues { place: String },
    /// Values of a shape that means nothing.
    #[error("{place} has shape {dims:?}; {hint}")]
    Dimensions { place: String, dims: Vec<usize>, hint: &'static str },
    /// The channels could be in two places.
    #[error(
        "{place} has shape {dims:?}: the channels could come first (`--layout chw`) or last \
         (`--layout hwc`); say which, or save pictures of one channel as [n, height, width]"
    )]
    Layout { place: String, dims: Vec<usize> },
    /// Flat rows that could be colour pictures in two ways.
    #[error(
        "{place} has shape {dims:?}: a row could be a picture of 3 x {side} x {side} (channels \
         first: `--layout chw`), of {side} x {side} x 3 (channels last: `--layout hwc`), or {} \
         features (`--values features`); say which", dims.last().unwrap_or(&0)
    )]
    FlatColour { place: String, dims: Vec<usize>, side: usize },
    /// Pixels out of range.
    #[error("{place}: pixels are {expected}; these are not: {places}; {remedy}")]
    Range { place: String, expected: &'static str, places: Listed, remedy: &'static str },
    /// Sixteen bits of which few are used.
    #[error(
        "{place}: the pixels are uint16 and the largest is {largest}: they could have {bits} bits \
         or 16; save `(x / {}).astype('float32')` or `(x / 65535).astype('float32')`", (1_u32 << bits) - 1
    )]
    Depth { place: String, largest: u32, bits: u32 },
    /// Values that are not finite.
    #[error(
        "{place}: values that are not finite numbers: {places}; fill them in or leave out the rows"
    )]
    NotFinite { place: String, places: Listed },
    /// Features too large to be standardised.
    #[error("{place}: columns with values too large to compute with: {columns}")]
    TooLarge { place: String, columns: Listed },
    /// Features that never change.
    #[error("{place}: all {columns} columns are constant in the training part: nothing to learn")]
    Constant { place: String, columns: usize },
    /// Pictures of another size than those for training.
    #[error(
        "{place}: pictures of {found:?} (channels, height, width), but training has {wanted:?}"
    )]
    Shape { place: String, found: [usize; 3], wanted: [usize; 3] },
    /// Another number of columns than for training.
    #[error("{place}: shape {found:?}, but training has [n, {wanted}]")]
    Columns { place: String, found: Vec<usize>, wanted: usize },
    /// A reading that does not fit together.
    #[error("the saved reading is damaged: {problem}")]
    Reading { problem: &'static str },

    /// Files of CIFAR that are not there.
    #[error("files of CIFAR are missing: {files}; unpack the whole archive again")]
    CifarFiles { files: Listed },
    /// An entry of CIFAR that is not there or not as it should be.
    #[error("{place}: the entry `{key}` is not {expected}")]
    CifarEntry { place: String, key: &'static str, expected: &'static str },
}

impl ArraysError {
    /// A file that is not what it should be, by name if it can be told.
    pub(super) fn other(place: &str, bytes: &[u8], expected: &'static str) -> Self {
        let place = place.to_owned();
        match super::what_is(bytes) {
            Some(kind) => Self::Other { place, kind },
            None => Self::Unknown { place, expected },
        }
    }
}
