//! Why a request cannot be understood or fulfilled.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::super::class_names::ClassNames;
use super::{ForgetKind, ForgetRequest};

/// Why a request cannot be understood or fulfilled.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ForgetError {
    /// Not one of the forms.
    #[error("`{request}` is not a forget request; use {}{}", examples(), nearest_kind(request))]
    Syntax {
        /// What was written.
        request: String,
    },
    /// `class:` without a number or a name, or `class:index=` without a number.
    #[error("`{text}` is not a class: write its number or its name, as in class:3")]
    ClassNumber {
        /// What was written.
        text: String,
    },
    /// A number that is also the name of another class.
    #[error(
        "`class:{text}` can be read in two ways: write class:index={text} for class {}, or \
         class:name={text} for class {}",
        .names.shown(*.index), .names.shown(*.named)
    )]
    ClassAmbiguous {
        /// What was written.
        text: String,
        /// The class with that number.
        index: u32,
        /// The class with that name.
        named: u32,
        /// All classes.
        names: ClassNames,
    },
    /// A name that no class has.
    #[error("no class is called `{name}`{}: the classes are {names}", meant(&.names.near(name)))]
    UnknownClassName {
        /// The name.
        name: String,
        /// All classes.
        names: ClassNames,
    },
    /// A request that can only be understood beside the data.
    #[error("`{request}` can only be understood beside the data it speaks of")]
    NeedsData {
        /// What was written.
        request: String,
    },
    /// Names of files where the rows are not files.
    #[error(
        "`{request}` names files, but the rows of {data} are not files: name rows by ids:FILE or \
         rows:FILE"
    )]
    NoFiles {
        /// What was written.
        request: String,
        /// The data set.
        data: String,
    },
    /// Names or patterns that fit no row.
    #[error(
        "{} of the forget request {} not in the training set of {data}: {}",
        counted(entries.len(), "entry", "entries"),
        if entries.len() == 1 { "is" } else { "are" },
        listed(entries)
    )]
    UnknownNames {
        /// All of them, with what was meant where that is likely.
        entries: Vec<String>,
        /// The data set.
        data: String,
    },
    /// Ids, but the rows have no names.
    #[error(
        "the training rows of {data} have no ids: give them some when the data are read, or name the rows by their \
         numbers"
    )]
    NoNames {
        /// The data set.
        data: String,
    },
    /// Names that fit several rows.
    #[error(
        "which row is meant? {}: write more of the path, or a pattern with * for all",
        listed(entries)
    )]
    SeveralRows {
        /// Each name with rows that it fits.
        entries: Vec<String>,
    },
    /// A table whose names are not those of its row numbers.
    #[error("{path} contradicts itself: {}", listed(clashes))]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// Each clash in words.
        clashes: Vec<String>,
    },
    /// A table that marks lines, where each line counts.
    #[error(
        "{path} has a column `{column}`, but every line of the table would be forgotten: keep only \
         the lines that are meant, without that column"
    )]
    Marks {
        /// The file.
        path: PathBuf,
        /// The heading.
        column: String,
    },
    /// A table with two columns of one name.
    #[error("{path} has two columns `{column}`: leave the one out that is not meant")]
    ColumnTwice {
        /// The file.
        path: PathBuf,
        /// The heading.
        column: String,
    },
    /// A line that may be one number or several.
    #[error(
        "{path}, line {line}: `{text}` may be one number or several: write one number without commas, or \
         one number per line"
    )]
    Thousands {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The line's text.
        text: String,
    },
    /// Ids that a list names twice.
    #[error("named more than once in the list of ids: {}", listed(ids))]
    IdTwice {
        /// The ids.
        ids: Vec<String>,
    },
    /// Terms after `but not` that are joined.
    #[error(
        "`{0}` can be read in two ways: write `but not` before each term that is excluded, and put \
         terms that are added before the first `but not`"
    )]
    JoinedExclusions(String),
    /// A number where classes are called by other numbers.
    #[error(
        "no class is called `{text}`: the classes are {names}; class:index={text} is the one in that \
         place from 0"
    )]
    NoClassNumber {
        /// What was written.
        text: String,
        /// All classes.
        names: ClassNames,
    },
    /// `where:` without a column and a value.
    #[error("`{text}` is not a column and a value: write where:COLUMN=VALUE")]
    Where {
        /// What was written.
        text: String,
    },
    /// A value that other cells of the column hold beside another.
    #[error(
        "`where:{column}={value}` takes the {rows} rows with exactly that, but {others} more have it \
         beside another: write group:{value} for all of them"
    )]
    SharedCells {
        /// The column.
        column: String,
        /// The value.
        value: String,
        /// Rows with exactly that value.
        rows: usize,
        /// Rows with that value among others.
        others: usize,
    },
    /// Conditions of which all or any may be meant.
    #[error(
        "`{0}` can be read in two ways: write where:A=1&B=2 for rows with both, or `or` instead of \
         `and` for rows with either"
    )]
    Conditions(String),
    /// A column that the data do not have.
    #[error("{data} has no column `{column}`{}{}", meant(near), columns_are(columns))]
    UnknownColumn {
        /// The data set.
        data: String,
        /// The column.
        column: String,
        /// The columns with the most similar names.
        near: Vec<String>,
        /// All columns.
        columns: Vec<String>,
    },
    /// A value that no training row has in that column.
    #[error(
        "no training row has `{value}` in column `{column}`{} (rows of the test part are not forgotten: \
         the network never saw them)",
        meant(near)
    )]
    UnknownValue {
        /// The column.
        column: String,
        /// The value.
        value: String,
        /// The most similar values.
        near: Vec<String>,
    },
    /// `random:` without a number.
    #[error("`{text}` is not a share: write random:10% or random:0.1")]
    ShareNumber {
        /// What was written.
        text: String,
    },
    /// A share that is 0 or less, 1 or more, or not a number.
    #[error(
        "the share {share} ({}%) is not between 0 and 1; a share in per cent is written as in \
         random:1%",
        share * 100.0
    )]
    Share {
        /// The share.
        share: f64,
    },
    /// A share so small that it rounds to no row.
    #[error("the share {share} of {rows} training rows is less than one row")]
    ShareEmpty {
        /// The share.
        share: f64,
        /// Number of training rows.
        rows: usize,
    },
    /// A list of ids that cannot be read.
    #[error("cannot read {path}: {reason}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// Something in a list of ids that is not an id.
    #[error("{path}, line {line}: `{token}` is not a row number{}", more(*.others))]
    Token {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The text found, cut after 40 characters.
        token: String,
        /// How many more there are.
        others: usize,
    },
    /// Ranges of a list that name more rows than any data set here has.
    #[error("{path}: with {range}, the ranges of the list name more than {most} rows")]
    LongRanges {
        /// The file.
        path: PathBuf,
        /// The range that was too many.
        range: String,
        /// The most rows that they may name in all.
        most: usize,
    },
    /// Rows that are excluded and are copies of rows that are not.
    #[error(
        "{} excluded (`but not`), but an exact copy of a row that the request takes: leave out `with copies`, or \
         the exclusion",
        some_rows(rows, "is", "are")
    )]
    ExcludedCopies {
        /// The rows.
        rows: Vec<u32>,
    },
    /// A list of row numbers where the rows have ids, under a heading that may mean either.
    #[error(
        "{path} is headed `{heading}`, and the rows have ids: for ids type ids:{path}, for numbers of rows call \
         the column `row`"
    )]
    RowsOrIds {
        /// The file.
        path: PathBuf,
        /// Its heading.
        heading: String,
    },
    /// A list of ids for rows whose ids are not known as such.
    #[error(
        "the rows have no ids, although the column `{column}` may hold them: read it with --id {column}; or \
         type rows:{path} if these are numbers of rows"
    )]
    IdsIgnored {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A list of ids for rows that were renumbered.
    #[error(
        "{path} numbers the rows of the whole training set, but rows between others were left out (by `limit_train`, \
         because they are sorted by class; or because they are damaged or lack a value), so that the others have \
         other numbers; leave out the limit, or name what to forget in another way"
    )]
    Renumbered {
        /// The file.
        path: PathBuf,
    },
    /// A list without ids.
    #[error("{path} names no rows")]
    NoIds {
        /// The file.
        path: PathBuf,
    },
    /// An array of ids that cannot be used.
    #[error("{path}: {reason}")]
    Array {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A table of ids that breaks off or has lines of different length.
    #[cfg(all(feature = "formats", not(target_family = "wasm")))]
    #[error("{path}: {reason}")]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: csv::Error,
    },
    /// A request for a group of a data set without groups.
    #[error(
        "cannot forget group `{group}`: the data set names no groups; add a column `group` to \
         a table, put pictures or texts into a folder of the group within that of their class, or \
         put a groups.txt with one name per row beside other files"
    )]
    NoGroups {
        /// The group.
        group: String,
    },
    /// A group that the data set does not have.
    #[error("no group is called `{group}`, {}", similar(near, *groups))]
    UnknownGroup {
        /// The group.
        group: String,
        /// The groups with the most similar names.
        near: Vec<String>,
        /// Number of groups.
        groups: usize,
    },
    /// A group without training rows, because the set has been cut.
    #[error("cannot forget group `{group}`: none of the {rows} training rows belongs to it")]
    AbsentGroup {
        /// The group.
        group: String,
        /// Number of training rows.
        rows: usize,
    },
    /// A class that the data set does not have.
    #[error(
        "cannot forget class {class}: the data set has {} classes (from 0){}",
        names.len(), if names.are_numbers() { String::new() } else { format!(": {names}") }
    )]
    UnknownClass {
        /// The class.
        class: u32,
        /// All classes.
        names: ClassNames,
    },
    /// A class without training rows.
    #[error("cannot forget class {class} (of {classes} classes): no training row belongs to it")]
    AbsentClass {
        /// The class, with its name.
        class: String,
        /// Number of classes.
        classes: usize,
    },
    /// Rows that the training set does not have.
    #[error(
        "{} not exist: the training set has {rows} rows (from 0)",
        some_rows(ids, "does", "do")
    )]
    UnknownId {
        /// The rows.
        ids: Vec<u32>,
        /// Number of training rows.
        rows: usize,
    },
    /// Rows named twice.
    #[error("{} named more than once in the forget request", some_rows(ids, "is", "are"))]
    DuplicateId {
        /// The rows.
        ids: Vec<u32>,
    },
    /// A request for no rows.
    #[error("the forget request names no rows")]
    Empty,
    /// A request for rows that have all been forgotten already.
    #[error(
        "this network is done with all {rows} rows of the forget request: they are forgotten, or were never known by heart"
    )]
    NothingNew {
        /// Number of rows that the request names.
        rows: usize,
    },
    /// A request for all rows.
    #[error("the forget request covers all {rows} training rows: nothing would be retained")]
    NothingRetained {
        /// Number of training rows.
        rows: usize,
    },
    /// No test row belongs to a class that is retained.
    #[error(
        "all {rows} test rows belong to the forgotten classes {classes:?}: nothing is left to test \
         on"
    )]
    NothingToTest {
        /// Number of test rows.
        rows: usize,
        /// The forgotten classes.
        classes: Vec<u32>,
    },
}

/// Entries that a message shows.
const SHOWN: usize = 10;

/// At most ten entries, and how many more there are.
pub(in crate::data) fn listed(entries: &[String]) -> String {
    let shown = entries.len().min(SHOWN);
    format!("{}{}", entries[..shown].join(", "), more(entries.len() - shown))
}

fn more(others: usize) -> String {
    if others == 0 { String::new() } else { format!(" and {others} more") }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `row 7 does`, `rows 7, 9 do`.
fn some_rows(ids: &[u32], one: &str, many: &str) -> String {
    let numbers: Vec<String> = ids.iter().map(u32::to_string).collect();
    match ids.len() {
        1 => format!("row {} {one}", numbers[0]),
        _ => format!("rows {} {many}", listed(&numbers)),
    }
}

/// What may have been meant.
fn meant(near: &[String]) -> String {
    match near {
        [] => String::new(),
        _ => format!(" (did you mean {}?)", near.join(", ")),
    }
}

fn columns_are(columns: &[String]) -> String {
    match columns {
        [] => ": there are no columns to ask for".to_owned(),
        _ => format!("; its columns are {}", listed(columns)),
    }
}

/// One request of each kind.
fn examples() -> String {
    let [first @ .., last] = ForgetRequest::KINDS.map(|kind| kind.example);
    format!("{} or {last}", first.join(", "))
}

/// The kind that may have been meant.
fn nearest_kind(request: &str) -> String {
    let written = request.split(':').next().unwrap_or_default();
    let distance = |kind: &ForgetKind| {
        let name = kind.prefix.trim_end_matches(':');
        strsim::damerau_levenshtein(name, &written.to_lowercase())
    };
    let is_typo = |kind: &ForgetKind| distance(kind) <= 2 && !request.starts_with(kind.prefix);
    let nearest = ForgetRequest::KINDS.into_iter().min_by_key(distance).filter(is_typo);
    nearest.map_or_else(String::new, |kind| format!(" (did you mean `{}`?)", kind.prefix))
}

/// Names that may have been meant, or how many groups there are to choose from.
fn similar(near: &[String], groups: usize) -> String {
    let count = if groups == 1 { "1 group".to_owned() } else { format!("{groups} groups") };
    match near {
        [] => format!("and none of the {count} is called anything like it"),
        _ => format!("did you mean {}? (of {count})", near.join(", ")),
    }
}
