//! The binary versions of CIFAR-10 and CIFAR-100: records of one or two label bytes and 3,072
//! pixels (channels red, green, blue; 32 lines of 32 columns), without any header.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::FormatError;
use super::format::{Content, Format, first, need};
use crate::data::class_lists;
use crate::data::class_names::ClassNames;
use crate::data::image_set::{ImageSet, ImageSetError};
use crate::data::normalisation::Normalisation;

const SHAPE: [usize; 3] = [3, 32, 32];
const PIXELS: usize = 3 * 32 * 32;

/// The files of CIFAR-10.
pub const FORMAT_10: Format = Format {
    name: "CIFAR-10",
    files: "data_batch_1.bin to data_batch_5.bin, test_batch.bin",
    find: |directory| first(&CifarKind::Cifar10.paths(directory)),
    in_folders: None,
    reads: &[],
    open: |directory, _| open(&[directory.to_owned()], CifarKind::Cifar10),
};

/// The files of CIFAR-100.
pub const FORMAT_100: Format = Format {
    name: "CIFAR-100",
    files: "train.bin, test.bin",
    find: |directory| first(&CifarKind::Cifar100.paths(directory)),
    in_folders: None,
    reads: &[],
    open: |directory, _| open(&[directory.to_owned()], CifarKind::Cifar100),
};

/// Reads each file from the first of the directories that has it.
pub(in crate::data) fn open(
    directories: &[PathBuf],
    kind: CifarKind,
) -> Result<Content, FormatError> {
    let (train, test) = kind.files();
    let first = directories.first().map_or(Path::new(""), PathBuf::as_path);
    let file = |file: &str| need(first, directories.iter().map(|d| d.join(file)).collect());
    let train = train.iter().map(|name| file(name)).collect::<Result<Vec<_>, _>>()?;
    let test = [file(test)?];
    let content = Content::images(read(&train, kind)?, read(&test, kind)?);
    Ok(Content {
        classes: Some(kind.class_names()),
        normalisation: Some(kind.normalisation()),
        ..content
    })
}

/// The first of the directories that has a file of the set, else the first one.
pub(in crate::data) fn home(directories: &[PathBuf], kind: CifarKind) -> &Path {
    let has = |directory: &&PathBuf| first(&kind.paths(directory)).is_some();
    let home = directories.iter().find(has).or(directories.first());
    home.map_or(Path::new(""), PathBuf::as_path)
}

/// Which of the two layouts the file has. Nothing in the file says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CifarKind {
    /// One label byte, 0 to 9.
    Cifar10,
    /// A coarse label, which is skipped, and a fine label, 0 to 99.
    Cifar100,
}

impl CifarKind {
    /// Number of classes.
    pub fn classes(self) -> usize {
        match self {
            Self::Cifar10 => 10,
            Self::Cifar100 => 100,
        }
    }

    /// What its maker calls the classes.
    pub fn class_names(self) -> ClassNames {
        match self {
            Self::Cifar10 => ClassNames::known(&class_lists::CIFAR_10),
            Self::Cifar100 => ClassNames::known(&class_lists::CIFAR_100),
        }
    }

    /// Bytes of one record.
    pub fn record(self) -> usize {
        self.label_at() + 1 + PIXELS
    }

    /// The moments of the training set's channels, rounded as they are commonly quoted.
    pub fn normalisation(self) -> Normalisation {
        let (mean, std) = match self {
            Self::Cifar10 => ([0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
            Self::Cifar100 => ([0.5071, 0.4865, 0.4409], [0.2673, 0.2564, 0.2762]),
        };
        Normalisation { mean: mean.to_vec(), std: std.to_vec() }
    }

    /// Training files and test file.
    fn files(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Cifar10 => (
                &[
                    "data_batch_1.bin",
                    "data_batch_2.bin",
                    "data_batch_3.bin",
                    "data_batch_4.bin",
                    "data_batch_5.bin",
                ],
                "test_batch.bin",
            ),
            Self::Cifar100 => (&["train.bin"], "test.bin"),
        }
    }

    fn paths(self, directory: &Path) -> Vec<PathBuf> {
        let (train, test) = self.files();
        train.iter().chain([&test]).map(|file| directory.join(file)).collect()
    }

    fn label_at(self) -> usize {
        match self {
            Self::Cifar10 => 0,
            Self::Cifar100 => 1,
        }
    }
}

/// Why bytes are not a CIFAR file.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum CifarError {
    /// The file does not end where a record does.
    #[error(
        "{found} bytes are not a whole number of records of {record} bytes: {} are left over",
        found % record
    )]
    Length {
        /// Bytes of one record.
        record: usize,
        /// Bytes of the file.
        found: usize,
    },
    /// A file without records.
    #[error("the file is empty, but a record of {record} bytes was expected")]
    Empty {
        /// Bytes of one record.
        record: usize,
    },
    /// A label that is not a class.
    #[error("record {record} (from 0) has label {label}, but labels go from 0 to {last}")]
    Label {
        /// Number of the record, from 0.
        record: usize,
        /// The label found.
        label: u8,
        /// The highest label allowed.
        last: usize,
    },
    /// The records do not make a set.
    #[error(transparent)]
    ImageSet(ImageSetError),
}

/// Labelled images from the bytes of one file.
///
/// # Errors
/// When the bytes are not whole records, there are no records, or a label is too large.
pub fn parse(bytes: &[u8], kind: CifarKind) -> Result<ImageSet, CifarError> {
    let mut records = Records::default();
    records.append(bytes, kind)?;
    records.finish()
}

/// Labelled images from one or more files, in the given order.
///
/// # Errors
/// When a file cannot be read or parsed; the error names it.
pub fn read(paths: &[impl AsRef<Path>], kind: CifarKind) -> Result<ImageSet, FormatError> {
    let mut records = Records::default();
    let mut last = Path::new("");
    for path in paths {
        last = path.as_ref();
        let bytes = std::fs::read(last).map_err(FormatError::at(last))?;
        records.append(&bytes, kind).map_err(FormatError::at(last))?;
    }
    records.finish().map_err(FormatError::at(last))
}

#[derive(Default)]
struct Records {
    pixels: Vec<u8>,
    labels: Vec<u32>,
}

impl Records {
    fn append(&mut self, bytes: &[u8], kind: CifarKind) -> Result<(), CifarError> {
        let record = kind.record();
        if bytes.is_empty() {
            return Err(CifarError::Empty { record });
        }
        if !bytes.len().is_multiple_of(record) {
            return Err(CifarError::Length { record, found: bytes.len() });
        }
        self.pixels.reserve(bytes.len() / record * PIXELS);
        for (i, bytes) in bytes.chunks_exact(record).enumerate() {
            let (labels, pixels) = bytes.split_at(record - PIXELS);
            let (label, last) = (labels[kind.label_at()], kind.classes() - 1);
            if usize::from(label) > last {
                return Err(CifarError::Label { record: i, label, last });
            }
            self.labels.push(label.into());
            self.pixels.extend_from_slice(pixels);
        }
        Ok(())
    }

    fn finish(self) -> Result<ImageSet, CifarError> {
        ImageSet::new(SHAPE, self.pixels, self.labels).map_err(CifarError::ImageSet)
    }
}

#[cfg(test)]
mod tests;
