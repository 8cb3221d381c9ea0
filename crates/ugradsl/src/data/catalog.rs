//! Data sets by name or directory. What a person types is resolved here and nowhere else, so that
//! every front end understands the same names and explains itself in the same words.

// A page in a browser fetches what it shows: carrying it in the module would be paid for twice.
#[cfg(not(target_family = "wasm"))]
mod embedded;
mod files;
#[cfg(not(target_family = "wasm"))]
mod user_data;

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::dataset::{Dataset, DatasetError, Normalisation};
use super::formats::{CifarKind, FormatError, idx};
use super::image_set::ImageSet;
use super::text_set::TextSetError;
use super::tokenizer::{TextConfig, Tokenizer, TokenizerError};

const NAMES: [&str; 7] = [
    "mnist-subset",
    "fashion-mnist-subset",
    "mnist",
    "fashion-mnist",
    "cifar10",
    "cifar100",
    "20newsgroups",
];

/// Why a data set cannot be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DataError {
    /// Neither a known name nor a directory.
    #[error(
        "`{name}` is neither a data set nor an existing directory; the data sets are {}",
        NAMES.join(", ")
    )]
    UnknownName {
        /// What was asked for.
        name: String,
    },
    /// The data set does not ship with the library, and no directory was named.
    #[error(
        "`{name}` does not ship with ugradsl: say which directory holds it, or give the directory of its \
         files instead of the name"
    )]
    NoRoot {
        /// What was asked for.
        name: String,
    },
    /// A file of the data set is not where it should be.
    #[error("`{name}` lacks a file: there is no {}", list(paths, " nor "))]
    Missing {
        /// What was asked for.
        name: String,
        /// All places where the file could have been.
        paths: Vec<PathBuf>,
    },
    /// A directory without any file that is known.
    #[error(
        "{path} holds no data set: no idx files (train-images-idx3-ubyte[.gz] and its companions), no \
         CIFAR-10 (data_batch_1.bin and on), no CIFAR-100 (train.bin, test.bin), no folders of pictures \
         or texts (train/<class>/ and test/<class>/), no 20 Newsgroups (20news-bydate-train/), no tables \
         (train.csv or train.tsv[.gz] and test), no arrays (train.npz and test.npz, or train-images.npy and its \
         companions)"
    )]
    Unrecognised {
        /// The directory.
        path: PathBuf,
    },
    /// A directory with files of several data sets.
    #[error(
        "{path} holds more than one data set, going by {}: give each a directory of its own",
        list(found, " and ")
    )]
    Ambiguous {
        /// The directory.
        path: PathBuf,
        /// One file of each.
        found: Vec<PathBuf>,
    },
    /// A single file where a directory should be.
    #[error(
        "{path} is a file, but a data set is a directory: with train.csv and test.csv, train.npz and test.npz, \
         or the like. Nothing is split by itself: put the rows to test on into a file of their own"
    )]
    SingleFile {
        /// The file.
        path: PathBuf,
    },
    /// Training rows, but none to test on.
    #[error(
        "`{name}` has {train}, but there is no {}: put the rows to test on into a file of their own, for \
         nothing is split by itself",
        list(test, " nor ")
    )]
    NoTest {
        /// What was asked for.
        name: String,
        /// The training rows.
        train: PathBuf,
        /// All places where the test rows could have been.
        test: Vec<PathBuf>,
    },
    /// Several places say whom the rows belong to.
    #[error("{path} says whom the training rows belong to, and so does {other}: keep one of them")]
    GroupsTwice {
        /// The file of groups.
        path: PathBuf,
        /// The other place, in words.
        other: String,
    },
    /// A list of groups beside pictures or texts, whose rows have no order of their own.
    #[error(
        "{path}: the groups of {what} are the folders they lie in, as in train/<class>/<group>/"
    )]
    GroupsOfFiles {
        /// The file of groups.
        path: PathBuf,
        /// `pictures` or `texts`.
        what: &'static str,
    },
    /// Texts cannot be turned into tokens.
    #[error("`{name}`: {reason}")]
    Tokenizer {
        /// What was asked for.
        name: String,
        /// Why not.
        reason: TokenizerError,
    },
    /// Tokens do not make a set.
    #[error("`{name}`: {reason}")]
    Texts {
        /// What was asked for.
        name: String,
        /// Why not.
        reason: TextSetError,
    },
    /// A file cannot be read or is damaged.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The files do not make a data set.
    #[error("`{name}` is not a valid data set: {reason}")]
    Dataset {
        /// What was asked for.
        name: String,
        /// What is wrong with it.
        reason: DatasetError,
    },
}

fn list(paths: &[PathBuf], between: &str) -> String {
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(between)
}

/// The names that [`open`] knows.
pub fn names() -> &'static [&'static str] {
    &NAMES
}

/// How texts are to become tokens.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(target_family = "wasm", allow(dead_code, reason = "a browser has no folders of texts"))]
struct Texts<'a> {
    config: &'a TextConfig,
    /// One that is there already; else it is trained on the training texts.
    tokenizer: Option<&'a Tokenizer>,
}

/// Opens a data set by its name or by the directory of its files.
///
/// `mnist-subset` ships with the library (in a browser it must be fetched, see [`from_idx`]). All other
/// names look below `root`: `mnist`, `fashion-mnist` and `fashion-mnist-subset` (which lies in this
/// repository's `assets`) in the directory of that name (four idx files, gzipped or not), `cifar10` in
/// `cifar-10-batches-bin` or `cifar10`, `cifar100` in `cifar-100-binary` (the binary versions), `20newsgroups` in
/// `20newsgroups` or in the root itself (`20news-bydate-train` and `20news-bydate-test`, or the archive
/// `20news-bydate.tar.gz` or `.tar.xz` as it is; headers, footers and quotes are taken off).
///
/// A directory is recognised by the names of its files: idx, CIFAR, a folder of images or texts, tables or
/// arrays (see [`formats`](super::formats)). Of these nothing but CIFAR is known beforehand: the classes go up to the
/// highest label of the training set, or are as many as there are folders, and the normalisation is
/// [measured](Normalisation::measure) on the pixels. A name wins over a directory of the same name; write
/// `./mnist` for the directory.
///
/// # Errors
/// When the name is unknown, a file is missing, unreadable or damaged, the files do not fit together, or
/// there are several data sets in a directory.
pub fn open(name_or_path: &str, root: Option<&Path>) -> Result<Dataset, DataError> {
    open_with(name_or_path, root, &TextConfig::default(), None)
}

/// As [`open`], where texts are cut as `text` says and by `tokenizer`, that of a trained network. Without one it
/// is trained on all training texts of the data set.
///
/// # Errors
/// As [`open`], and when there can be no tokenizer or no rows of that size, or the one given is damaged.
pub fn open_with(
    name_or_path: &str,
    root: Option<&Path>,
    text: &TextConfig,
    tokenizer: Option<&Tokenizer>,
) -> Result<Dataset, DataError> {
    let name = name_or_path;
    let texts = Texts { config: text, tokenizer };
    let root = || root.ok_or_else(|| DataError::NoRoot { name: name.to_owned() });
    match name {
        #[cfg(not(target_family = "wasm"))]
        "mnist-subset" => embedded::open(name),
        #[cfg(target_family = "wasm")]
        "mnist-subset" | "20newsgroups" => Err(DataError::NoRoot { name: name.to_owned() }),
        "mnist" | "fashion-mnist" | "fashion-mnist-subset" => {
            let known = known(name).map(|normalisation| (10, normalisation));
            files::open_idx(name, &root()?.join(name), known)
        }
        "cifar10" => {
            let root = root()?;
            let directories = [root.join("cifar-10-batches-bin"), root.join("cifar10")];
            files::open_cifar(name, &directories, CifarKind::Cifar10)
        }
        "cifar100" => {
            let directories = [root()?.join("cifar-100-binary")];
            files::open_cifar(name, &directories, CifarKind::Cifar100)
        }
        #[cfg(not(target_family = "wasm"))]
        "20newsgroups" => user_data::open_named_newsgroups(name, root()?, texts),
        _ if Path::new(name).is_dir() => files::open_directory(Path::new(name), texts),
        _ if Path::new(name).is_file() => Err(DataError::SingleFile { path: name.into() }),
        _ => Err(DataError::UnknownName { name: name.to_owned() }),
    }
}

/// A data set from the bytes of its idx files, gzipped or not, in the order training images, training
/// labels, test images, test labels: for places without a file system. Under a name that [`open`] knows it
/// is the very same data set.
///
/// # Errors
/// When a file is damaged or the files do not fit together.
pub fn from_idx(name: &str, files: [&[u8]; 4]) -> Result<Dataset, DataError> {
    let pair = |set: &str, images, labels| {
        idx::parse_pair(images, labels).map_err(FormatError::idx(&Path::new(name).join(set)))
    };
    from_images(name, pair("train", files[0], files[1])?, pair("test", files[2], files[3])?)
}

/// The same from images that are in memory. What the name does not say is taken from the training set: the
/// classes go up to its highest label, and the normalisation is [measured](Normalisation::measure).
///
/// # Errors
/// When the two sets do not fit together.
pub fn from_images(name: &str, train: ImageSet, test: ImageSet) -> Result<Dataset, DataError> {
    files::assemble(name, train, test, known(name).map(|normalisation| (10, normalisation)))
}

/// How the pixels of the idx sets with a name are normalised.
fn known(name: &str) -> Option<Normalisation> {
    match name {
        "mnist" | "mnist-subset" => Some(mnist()),
        "fashion-mnist" | "fashion-mnist-subset" => Some(fashion_mnist()),
        _ => None,
    }
}

// The constants are those of the training sets, rounded as they are quoted everywhere.

fn mnist() -> Normalisation {
    Normalisation { mean: vec![0.1307], std: vec![0.3081] }
}

fn fashion_mnist() -> Normalisation {
    Normalisation { mean: vec![0.2860], std: vec![0.3530] }
}

fn cifar(kind: CifarKind) -> Normalisation {
    let (mean, std) = match kind {
        CifarKind::Cifar10 => ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
        CifarKind::Cifar100 => ([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
    };
    Normalisation { mean: mean.to_vec(), std: std.to_vec() }
}

#[cfg(test)]
mod tests;
