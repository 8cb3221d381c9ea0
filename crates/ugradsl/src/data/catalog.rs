//! Data sets by name or directory. User input is resolved here and nowhere else, so that every
//! front end understands the same names and gives the same error messages.

// A web page fetches the data it shows; embedded in its module, they would be downloaded twice.
mod directory;
#[cfg(not(target_family = "wasm"))]
mod embedded;
mod error;
mod files;
mod options;
mod parts;
mod test_share;

use std::path::{Path, PathBuf};

pub use self::error::DataError;
pub use self::options::OpenOptions;
use super::class_lists;
use super::class_names::ClassNames;
use super::dataset::Dataset;
use super::formats::{CifarKind, FormatError, How, cifar, idx};
use super::image_set::ImageSet;
use super::normalisation::Normalisation;

const NAMES: [&str; 7] = [
    "mnist-subset",
    "fashion-mnist-subset",
    "mnist",
    "fashion-mnist",
    "cifar10",
    "cifar100",
    "20newsgroups",
];

/// The names that [`open`] knows.
pub fn names() -> &'static [&'static str] {
    &NAMES
}

/// Opens a data set by its name or by the directory of its files.
///
/// `mnist-subset` ships with the library (in a browser it must be fetched, see [`from_idx`]). All
/// other names are looked up below the [root](OpenOptions::root): `mnist`, `fashion-mnist` and
/// `fashion-mnist-subset` (which is in this repository's `assets`) in the directory of that name
/// (four idx files, gzipped or not), `cifar10` in `cifar-10-batches-bin` or `cifar10`, `cifar100`
/// in `cifar-100-binary` (the binary versions), `20newsgroups` in `20newsgroups` or in the root
/// itself (`20news-bydate-train` and `20news-bydate-test`, or the archive `20news-bydate.tar.gz` or
/// `.tar.xz`, not unpacked; headers, footers and quotes are stripped).
///
/// A directory is recognised by the names of its files: idx, CIFAR, a folder of images or texts,
/// tables or arrays (see [`formats`](super::formats)); a table or a file of arrays can be given
/// alone. Classes and normalisation are known for CIFAR. Otherwise the normalisation is
/// [measured](Normalisation::measure) on the pixels. What was guessed is in
/// [`notes`](Dataset::notes). Without a test part, [`ReadConfig`](super::ReadConfig) says which
/// share of the rows becomes one. A name takes precedence over a directory of the same name; write
/// `./mnist` for the directory.
///
/// # Errors
/// When the name is unknown, a file is missing, unreadable or damaged, the files do not fit
/// together, or a directory holds several data sets.
pub fn open(name_or_path: &str, options: &OpenOptions) -> Result<Dataset, DataError> {
    let name = name_or_path;
    let root =
        || options.root.as_deref().ok_or_else(|| DataError::NoRoot { name: name.to_owned() });
    match name {
        #[cfg(not(target_family = "wasm"))]
        "mnist-subset" => {
            unread(name, options)?;
            embedded::open(name)
        }
        #[cfg(target_family = "wasm")]
        "mnist-subset" => Err(DataError::NoRoot { name: name.to_owned() }),
        "mnist" | "fashion-mnist" | "fashion-mnist-subset" => {
            let directory = root()?.join(name);
            let how = How { config: &options.read, saved: None };
            let content = (idx::FORMAT.open)(&directory, how).map_err(files::named(name))?;
            unread(name, options)?;
            files::dataset(name, &directory, content, known(name), None, options)
        }
        "cifar10" => {
            let root = root()?;
            let directories = [root.join("cifar-10-batches-bin"), root.join("cifar10")];
            open_cifar(name, &directories, CifarKind::Cifar10, options)
        }
        "cifar100" => {
            let directories = [root()?.join("cifar-100-binary")];
            open_cifar(name, &directories, CifarKind::Cifar100, options)
        }
        "20newsgroups" => open_newsgroups(name, root()?, options),
        _ if Path::new(name).exists() => directory::open(Path::new(name), options),
        _ => Err(DataError::UnknownName { name: name.to_owned() }),
    }
}

/// One of the CIFAR sets; each file comes from the first of the directories that has it.
fn open_cifar(
    name: &str,
    directories: &[PathBuf],
    kind: CifarKind,
    options: &OpenOptions,
) -> Result<Dataset, DataError> {
    let content = cifar::open(directories, kind).map_err(files::named(name))?;
    let home = cifar::home(directories, kind);
    unread(name, options)?;
    files::dataset(name, home, content, None, None, options)
}

/// Refuses settings that say how a data set is read which is known to be read in one way only.
fn unread(name: &str, options: &OpenOptions) -> Result<(), DataError> {
    let share = options.read.test_share.map(|_| "test_share".to_owned());
    let said = options.read.keys().into_iter().next().or(share);
    match said {
        Some(key) => Err(DataError::Unread {
            name: name.to_owned(),
            form: "always read in the same way",
            key,
            known: &[],
        }),
        None => Ok(()),
    }
}

/// 20 Newsgroups, from a folder below `root` or from `root` itself.
#[cfg(all(feature = "formats", not(target_family = "wasm")))]
fn open_newsgroups(name: &str, root: &Path, options: &OpenOptions) -> Result<Dataset, DataError> {
    use super::formats::newsgroups;
    let directories = [root.join(name), root.to_owned()];
    let found = directories.iter().find_map(|at| Some((at, newsgroups::found(at)?)));
    let Some((directory, found)) = found else {
        let paths = directories.iter().flat_map(|directory| newsgroups::places(directory));
        return Err(DataError::Missing { name: name.to_owned(), paths: paths.collect() });
    };
    let content = newsgroups::read(&found)?.into_content()?;
    unread(name, options)?;
    files::dataset(name, directory, content, None, Some("texts"), options)
}

#[cfg(not(all(feature = "formats", not(target_family = "wasm"))))]
fn open_newsgroups(name: &str, _: &Path, _: &OpenOptions) -> Result<Dataset, DataError> {
    Err(DataError::Feature { name: name.to_owned(), feature: "formats" })
}

/// A data set from the bytes of its idx files, gzipped or not, in the order training images,
/// training labels, test images, test labels, for environments without a file system. With a name
/// that [`open`] knows, the result is exactly the data set that it opens.
///
/// # Errors
/// When a file is damaged or the files do not fit together.
pub fn from_idx(name: &str, files: [&[u8]; 4]) -> Result<Dataset, DataError> {
    let pair = |set: &str, images, labels| {
        idx::parse_pair(images, labels).map_err(FormatError::at(&Path::new(name).join(set)))
    };
    from_images(name, pair("train", files[0], files[1])?, pair("test", files[2], files[3])?)
}

/// As [`from_idx`], from images in memory. For other names, classes and normalisation come from the
/// training set: the classes go up to its highest label, and the normalisation is
/// [measured](Normalisation::measure).
///
/// # Errors
/// When the two sets do not fit together.
pub fn from_images(name: &str, train: ImageSet, test: ImageSet) -> Result<Dataset, DataError> {
    files::assemble(name, train, test, known(name))
}

/// The classes and the normalisation of the named idx sets.
fn known(name: &str) -> Option<files::Known> {
    let fashion = || ClassNames::known(&class_lists::FASHION);
    match name {
        "mnist" | "mnist-subset" => Some((ClassNames::numbered(10), mnist())),
        "fashion-mnist" | "fashion-mnist-subset" => Some((fashion(), fashion_mnist())),
        _ => None,
    }
}

// The constants are those of the training sets, rounded as they are commonly quoted.

fn mnist() -> Normalisation {
    Normalisation { mean: vec![0.1307], std: vec![0.3081] }
}

fn fashion_mnist() -> Normalisation {
    Normalisation { mean: vec![0.2860], std: vec![0.3530] }
}

#[cfg(test)]
mod tests;
