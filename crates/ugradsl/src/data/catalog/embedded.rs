//! The subset of MNIST that ships with the library, so that a first run needs no download.

use super::super::dataset::Dataset;
use super::{DataError, from_idx};

/// Content of an embedded file. A macro, because `include_bytes!` needs a literal.
macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../assets/mnist-subset/", $name)).as_slice()
    };
}

static FILES: [&[u8]; 4] = [
    file!("train-images-idx3-ubyte.gz"),
    file!("train-labels-idx1-ubyte.gz"),
    file!("t10k-images-idx3-ubyte.gz"),
    file!("t10k-labels-idx1-ubyte.gz"),
];

pub(super) fn open(name: &str) -> Result<Dataset, DataError> {
    from_idx(name, FILES)
}
