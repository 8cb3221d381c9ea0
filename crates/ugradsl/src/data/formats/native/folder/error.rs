//! What can be wrong with a folder of pictures or texts.

use std::path::PathBuf;

use thiserror::Error;

use crate::data::formats::native::folder::names::{count, listed};
use crate::data::formats::native::folder::reading::ReadingError;

/// Why a folder is not a data set. The messages name all the paths, at most ten of them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A folder that cannot be listed.
    #[error("{path}: {reason}")]
    Read {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// Two folders for one part.
    #[error(
        "{path} has {} for the {part} part: rename or remove all but one",
        listed(names, " and ")
    )]
    Ambiguous {
        /// The whole folder.
        path: PathBuf,
        /// `training`, `test` or `validation`.
        part: &'static str,
        /// The names of the folders.
        names: Vec<String>,
    },
    /// A test part without a training part.
    #[error(
        "{path} has a folder {test}, but none named train: if {test} is the test part, put the \
         other classes below {path}/train; if it is a class, rename it"
    )]
    NoTrain {
        /// The whole folder.
        path: PathBuf,
        /// The test part found.
        test: String,
    },
    /// A folder `train` beside folders that are not parts.
    #[error(
        "{path} has a folder {train} and beside it {}, but no test part: if {train} is the training \
         part, move the others elsewhere; if it is a class, rename it",
        listed(others, ", ")
    )]
    ClassOrPart {
        /// The whole folder.
        path: PathBuf,
        /// The folder in question.
        train: String,
        /// The folders beside it.
        others: Vec<String>,
    },
    /// Folders that are called by what they hold.
    #[error(
        "{path}: the folders {} are called by what they hold rather than by classes, and each folder would be a \
         class: put the files of each class in a folder of its own (a list of labels beside them is not read). If \
         they are classes, rename them",
        listed(names, ", ")
    )]
    NotClasses {
        /// A part or the whole folder.
        path: PathBuf,
        /// The folders in question.
        names: Vec<String>,
    },
    /// Parts within the folders of classes.
    #[error(
        "{path}: the folders of the classes hold {}, which would be taken for groups of rows: parts come first, as in \
         train/CLASS/x.png and test/CLASS/y.png. If they are groups, rename them",
        listed(names, ", ")
    )]
    PartsWithin {
        /// A part or the whole folder.
        path: PathBuf,
        /// The folders in question.
        names: Vec<String>,
    },
    /// Parts of a cross-validation.
    #[error(
        "{path} holds {}, and each of them the same folders, as the parts of a cross-validation do: call the \
         one to test on `test`, and put what the others hold into a folder `train`. If they are classes, rename \
         them",
        listed(names, ", ")
    )]
    Folds {
        /// The whole folder.
        path: PathBuf,
        /// The folders in question.
        names: Vec<String>,
    },
    /// A part without class folders.
    #[error("{path} holds no folders; put each class in a folder of its own")]
    NoClasses {
        /// A part or the whole folder.
        path: PathBuf,
    },
    /// Classes of the test part that cannot be learnt.
    #[error("{path} lacks {} that {other} has: {}", classes(lacking), listed(lacking, ", "))]
    Classes {
        /// The training part.
        path: PathBuf,
        /// The test part.
        other: PathBuf,
        /// The names of the classes.
        lacking: Vec<String>,
    },
    /// Classes without files.
    #[error(
        "{} of the {total} class folders of {path} hold no {what}: {}; add some or remove them",
        empty.len(), listed(empty, ", ")
    )]
    EmptyClasses {
        /// The part.
        path: PathBuf,
        /// `pictures` or `texts`.
        what: &'static str,
        /// The number of class folders.
        total: usize,
        /// The empty ones.
        empty: Vec<String>,
    },
    /// Files outside the folders of classes.
    #[error(
        "{} beside the class folders of {path}: {}; move each into the folder of its class",
        loose_files(files),
        listed(files, ", ")
    )]
    Loose {
        /// The part.
        path: PathBuf,
        /// The files.
        files: Vec<String>,
    },
    /// Folders within groups.
    #[error(
        "{path}: nested too deeply: {}; {what} belong in class/ or class/group/",
        listed(folders, ", ")
    )]
    TooDeep {
        /// The part.
        path: PathBuf,
        /// `pictures` or `texts`.
        what: &'static str,
        /// The folders.
        folders: Vec<String>,
    },
    /// Pictures in formats that are not read.
    #[error(
        "{} of {path} cannot be read; convert them to PNG or JPEG: {}",
        count(files.len(), "picture"), listed(files, ", ")
    )]
    Unreadable {
        /// The part.
        path: PathBuf,
        /// The files, each with its format.
        files: Vec<String>,
    },
    /// Pictures and other files in the folders of classes.
    #[error(
        "the class folders of {path} mix {} and {}; move out what is not meant. Of the {}: {}",
        count(*pictures, "picture"), count(*others, "other file"), rarer, listed(files, ", ")
    )]
    Mixed {
        /// The part.
        path: PathBuf,
        /// The number of pictures.
        pictures: usize,
        /// The number of other files.
        others: usize,
        /// Which of the two are listed.
        rarer: &'static str,
        /// The files out of place.
        files: Vec<String>,
    },
    /// Names that look the same but are not.
    #[error(
        "{path} has names that are equal but for the way Unicode writes them: {}; rename or merge",
        listed(names, ", ")
    )]
    SameName {
        /// The part.
        path: PathBuf,
        /// The names.
        names: Vec<String>,
    },
    /// Names that are not Unicode, so that no request could name them.
    #[error("{path}: names that are not UTF-8: {}; rename them", listed(names, ", "))]
    NotUnicode {
        /// The folder.
        path: PathBuf,
        /// The names, as far as they can be shown.
        names: Vec<String>,
    },
    /// Damaged files.
    #[error(
        "{}, which can be left out with --skip-damaged:\n  {}",
        count(files.len(), "damaged file"), listed(files, "\n  ")
    )]
    Damaged {
        /// The files, each with what is wrong.
        files: Vec<String>,
    },
    /// Whole files that cannot be used as they are.
    #[error("{} cannot be used:\n  {}", count(files.len(), "file"), listed(files, "\n  "))]
    Unusable {
        /// The files, each with what is wrong and what helps.
        files: Vec<String>,
    },
    /// Pictures of several sizes.
    #[error(
        "the pictures are of {} sizes: {}; with --resize {short} all become {short} x {short} (the \
         short side to {short}, then the centre is cut out)",
        sizes.len(), listed(sizes, ", ")
    )]
    Sizes {
        /// Counts per size, the most frequent first.
        sizes: Vec<String>,
        /// The shortest side of all.
        short: usize,
    },
    /// Grey pictures and coloured ones.
    #[error(
        "{} grey and {} in colour, the rarer being {}; make all of them one with --channels grey \
         or --channels rgb",
        pictures(*grey), pictures(*colour), listed(files, ", ")
    )]
    ChannelsMixed {
        /// The number of grey pictures.
        grey: usize,
        /// The number of coloured pictures.
        colour: usize,
        /// The rarer ones.
        files: Vec<String>,
    },
    /// Nothing left of a part after damaged files were left out.
    #[error(
        "without its damaged files, {} of {part} would be empty: {}",
        classes(empty),
        listed(empty, ", ")
    )]
    AllDamaged {
        /// The part.
        part: String,
        /// The classes.
        empty: Vec<String>,
    },
    /// Entries of a list of labels that do not fit the files.
    #[error("{path}: {}", listed(entries, "; "))]
    Annotations {
        /// The list.
        path: PathBuf,
        /// What is wrong, by line.
        entries: Vec<String>,
    },
    /// A setting that cannot be used.
    #[error(transparent)]
    Reading(#[from] ReadingError),
}

fn classes(names: &[String]) -> String {
    match names.len() {
        1 => "a class".to_owned(),
        many => format!("{many} classes"),
    }
}

fn pictures(number: usize) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} {verb}", count(number, "picture"))
}

fn loose_files(files: &[String]) -> String {
    let verb = if files.len() == 1 { "lies" } else { "lie" };
    format!("{} {verb}", count(files.len(), "file"))
}
