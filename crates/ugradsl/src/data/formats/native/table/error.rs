//! What can be wrong with a table.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

use super::listed::Listed;
use crate::data::formats::native::arrays::Kind;

/// Which table of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The rows to train on.
    Training,
    /// The rows to test on.
    Test,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Training => "training",
            Self::Test => "test",
        })
    }
}

/// Why tables are not a data set. Lines and columns are counted from 1, as editors do.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{part} table: {problem}")]
#[non_exhaustive]
pub struct TableError {
    /// The table it is about.
    pub part: Part,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Why tables in files are not a data set.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableFileError {
    /// The system cannot read the file.
    #[error("{}: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file is not a table that can be used.
    #[error("{}: {problem}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Which table it was read as.
        part: Part,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A test table without a training table.
    #[error(
        "{test} is a test table, but no table is called train{}: call the one to train on train.csv, or give its \
         file alone",
        among(others)
    )]
    NoTrain {
        /// The name of the test table.
        test: String,
        /// The names of further tables.
        others: Vec<String>,
    },
    /// A table beside pictures.
    #[error(
        "{table} lies beside {pictures} pictures, and a table of their labels is not read: put the pictures of each \
         class in a folder of its own; or give the file {table} itself to learn from its columns alone"
    )]
    Pictures {
        /// The name of the table.
        table: String,
        /// How many pictures there are.
        pictures: usize,
    },
    /// The file is something else.
    #[error("{}: this is {kind} ({problem})", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What it is.
        kind: Kind,
        /// What is wrong with it as a table.
        problem: Box<Problem>,
    },
}

fn among(others: &[String]) -> String {
    if others.is_empty() { String::new() } else { format!(" (there are {})", others.join(", ")) }
}

/// What is wrong with a table, and what to do about it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the messages say what the fields are")]
pub enum Problem {
    /// No lines.
    #[error("the file is empty")]
    Empty,
    /// No rows.
    #[error("there is a heading line ({names}), but there are no rows below it")]
    HeadingOnly { names: Listed },
    /// A longer text than is read.
    #[error("the text is longer than {limit} bytes: split the table")]
    TooLarge { limit: u64 },
    /// More cells than are read.
    #[error("line {line}: the table is too large to be read: use an array file (.npz)")]
    TooManyCells { line: usize },
    /// More columns than are read.
    #[error("line {line} has more than {limit} cells")]
    TooManyColumns { line: usize, limit: usize },
    /// More numbers than fit into memory.
    #[error(
        "{rows} rows of {width} numbers are too many: leave out columns of many categories with \
         --ignore"
    )]
    TooManyValues { rows: usize, width: usize },
    /// Not text.
    #[error(
        "line {line} holds a zero byte: this is not a table of text, or UTF-16 without a byte order \
         mark; save it as CSV in UTF-8"
    )]
    Binary { line: usize },
    /// A zip file.
    #[error("this is a zip file or an Excel workbook: unpack it, or save the sheet as CSV")]
    Workbook,
    /// A damaged gzip file.
    #[error("unpacking failed: {reason}: the gzip file is damaged or cut off")]
    Packed { reason: String },
    /// Damaged UTF-16.
    #[error("the text begins as UTF-16 but is damaged: save it as UTF-8")]
    Utf16,
    /// Two ways of cutting lines.
    #[error(
        "cells could be separated by {readings}: put cells that hold such a mark between double \
         quotes"
    )]
    Separator { readings: String },
    /// A quote without an end.
    #[error(
        "line {line}, column {column}: a double quote opens a cell and is never closed: close it, \
         or write a literal quote as \"\"\"\""
    )]
    OpenQuote { line: usize, column: usize },
    /// Text after a quoted cell.
    #[error(
        "line {line}, column {column}: text follows the closing quote: quotes within cells are \
         doubled"
    )]
    AfterQuote { line: usize, column: usize },
    /// A line that sums up the others.
    #[error(
        "line {line}, the last one, has the label {label}: it seems to sum up the others; remove it"
    )]
    Totals { line: u32, label: String },
    /// Quotes of a text that are taken for the quotes of a cell.
    #[error(
        "lines {lines} are one row each, because a quote begins on the first of them and ends on the last, but every \
         line would be a row by itself: write quotes that belong to a text twice (\"\"), or blanks for the line \
         breaks of a text that has some"
    )]
    StrayQuotes { lines: Listed },
    /// Not one cell per column.
    #[error("the first line has {expected} cells, but {ragged}: all lines must have as many")]
    Ragged { expected: usize, ragged: Listed },
    /// Headings that repeat.
    #[error(
        "several columns have the same name: {twice}; rename them, or if the first line is a row, \
         put a heading line on top"
    )]
    SameName { twice: Listed },
    /// A JSON array with elements that are not objects with text, numbers and booleans.
    #[error("line {line} is not as an array of JSON objects should be: {reason}")]
    JsonObjects { line: usize, reason: String },
    /// A JSON array of lists.
    #[error(
        "this is a JSON array of lists, which name no columns: write objects, one on each line or as one array \
         (pandas: to_json(path, orient='records', lines=True))"
    )]
    JsonArray,
    /// A line that is not an object.
    #[error("line {line} is not a JSON object on one line: {reason}")]
    Json { line: usize, reason: String },
    /// Objects within objects.
    #[error(
        "line {line}: {name} holds a list or an object: only text, numbers and booleans can be"
    )]
    Nested { line: usize, name: String },
    /// Lines with other fields than the first.
    #[error("not all lines have the fields of the first: {other}; write null for an unknown value")]
    Fields { other: Listed },
    /// A column that is asked for and is not there.
    #[error("there is not a column {missing}: the columns are {known}")]
    UnknownColumn { missing: Listed, known: Listed },
    /// A column for two things.
    #[error("{name} is given as {first} and as {second}: a column can be only one of them")]
    TwoRoles { name: String, first: &'static str, second: &'static str },
    /// No label column.
    #[error(
        "no column is called label, target, class or y: the columns are {known}; say which one holds \
         the classes with --label NAME (if the first line is a row, put a heading line on top)"
    )]
    NoLabel { known: Listed },
    /// Several label columns.
    #[error("{found} could each be the label: say which with {remedy}")]
    TwoLabels { found: Listed, remedy: String },
    /// No headings, and nobody said where the label is.
    #[error(
        "there is not a heading line: the first line is a row ({row}). Either the first column holds \
         the labels ({first}): type --label first; or the last one does ({last}): type --label \
         last; else give its number, from 0, such as --label 2, or put a heading line on top"
    )]
    NoHeading { row: Listed, first: Listed, last: Listed },
    /// Rows without a label.
    #[error("the label {name} is missing on {lines}: fill it in or remove these lines")]
    NoClass { name: String, lines: Listed },
    /// Labels that are rather numbers or names.
    #[error(
        "the label {name} has {classes} different values in {rows} rows ({values}): it looks like an \
         id or a quantity, not a class; name another column with --label"
    )]
    ManyClasses { name: String, classes: usize, rows: usize, values: Listed },
    /// Labels that were never trained on.
    #[error("{found} not among the classes that were trained: {known}")]
    OtherClasses { found: String, known: Listed },
    /// Columns that are hardly features.
    #[error("these columns do not look like features; say for each what it is: {found}")]
    Suspects { found: String },
    /// Nothing to learn from.
    #[error("there is not a column of features besides the label and the columns named by options")]
    NoFeatures,
    /// Features that are the same everywhere.
    #[error("all feature columns are the same in every row: {names}")]
    AllConstant { names: Listed },
    /// Cells without a value.
    #[error(
        "values are missing: {columns}; type --missing mean to use the mean of the training rows, or \
         --missing drop to leave those rows out"
    )]
    Missing { columns: Listed },
    /// Texts without a word.
    #[error("the text {name} is empty on {lines}: remove these lines or type --missing drop")]
    EmptyTexts { name: String, lines: Listed },
    /// All rows lack a value.
    #[error("a value is missing in every row, so that none is left: type --missing mean instead")]
    AllDropped,
    /// Numbers that cannot be computed with.
    #[error(
        "infinite values, or ones too large or too small to compute with: {places}; remove those lines"
    )]
    Infinite { places: Listed },
    /// Columns that are neither numbers nor categories.
    #[error("these columns cannot be read as features: {columns}")]
    Odd { columns: Listed },
    /// Numbers with decimal points and others with decimal commas.
    #[error(
        "{point}, and {comma}: points and commas cannot both be decimal marks, and if one separates \
         thousands the number is another one; write all numbers with one mark and without others, or \
         leave a column out with --ignore"
    )]
    Marks { point: String, comma: String },
    /// Cells that are not what the training part has in this column.
    #[error("not as in the rows that were trained: {places}")]
    Unlike { places: Listed },
    /// Cells that are not pixels.
    #[error("pixels must be whole numbers from 0 to 255: {places}; or type --values features")]
    NotPixels { places: Listed },
    /// A kind of numbers for texts.
    #[error("--values {kind} was asked for, but {name} holds texts (--ignore leaves it out)")]
    KindOfText { kind: &'static str, name: String },
    /// Columns that differ from those trained on.
    #[error("the columns are not those that were trained: {difference}")]
    Columns { difference: String },
    /// An option that contradicts the model.
    #[error("{what} {given} was asked for, but the model was trained with {trained}")]
    ReadingClash { what: &'static str, given: String, trained: String },
    /// Rows without a name.
    #[error("the id {name} is missing on {lines}: fill it in")]
    NoId { name: String, lines: Listed },
    /// Rows with the same name.
    #[error("the id {name} must be different in every row: {twice}; or type --group {typed}")]
    SameId { name: String, typed: String, twice: Listed },
}
