//! The tables of a data set in a directory.

use std::path::{Path, PathBuf};

use super::{pair, read};
use crate::data::formats::format::{self, first};
use crate::data::formats::{Content, Format, FormatError, GroupSource};

/// Tables with commas.
pub const FORMAT_COMMAS: Format = Format {
    name: "tables with commas",
    files: "train.csv and test.csv, gzipped or not",
    find: |directory| either(directory, &["csv", "csv.gz"]),
    in_folders: None,
    open,
};

/// Tables with tabs.
pub const FORMAT_TABS: Format = Format {
    name: "tables with tabs",
    files: "train.tsv and test.tsv, gzipped or not",
    find: |directory| either(directory, &["tsv", "tsv.gz"]),
    in_folders: None,
    open,
};

const ENDINGS: [&str; 4] = ["csv", "csv.gz", "tsv", "tsv.gz"];

fn open(directory: &Path) -> Result<Content, FormatError> {
    let paths = |part| paths(directory, part, &ENDINGS);
    let [train, test] = format::pair(directory, paths("train"), paths("test"))?;
    let tables = pair(read(&train)?, read(&test)?).map_err(FormatError::at(directory))?;
    Ok(Content::Images {
        train: tables.train,
        test: tables.test,
        classes: None,
        normalisation: None,
        groups: GroupSource::List(tables.groups),
    })
}

fn either(directory: &Path, endings: &[&str]) -> Option<PathBuf> {
    let found = |part| first(&paths(directory, part, endings));
    found("train").or_else(|| found("test"))
}

fn paths(directory: &Path, part: &str, endings: &[&str]) -> Vec<PathBuf> {
    endings.iter().map(|end| directory.join(format!("{part}.{end}"))).collect()
}
