//! The subset of MNIST that ships with the library, so that a first run needs no download.

use std::path::Path;

use super::super::dataset::Dataset;
use super::super::formats::{FormatError, idx};
use super::super::image_set::ImageSet;
use super::{DataError, mnist};

/// Name and content of an embedded file. A macro, because `include_bytes!` wants a literal.
macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../../", $name)).as_slice())
    };
}

type File = (&'static str, &'static [u8]);

static TRAIN: [File; 2] = [
    file!("assets/mnist-subset/train-images-idx3-ubyte.gz"),
    file!("assets/mnist-subset/train-labels-idx1-ubyte.gz"),
];
static TEST: [File; 2] = [
    file!("assets/mnist-subset/t10k-images-idx3-ubyte.gz"),
    file!("assets/mnist-subset/t10k-labels-idx1-ubyte.gz"),
];

pub(super) fn open(name: &str) -> Result<Dataset, DataError> {
    Dataset::new(name, 10, pair(&TRAIN)?, pair(&TEST)?, mnist())
        .map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })
}

fn pair([(path, images), (_, labels)]: &[File; 2]) -> Result<ImageSet, FormatError> {
    idx::parse_pair(images, labels).map_err(FormatError::idx(Path::new(path)))
}
