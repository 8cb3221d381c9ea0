//! What the rows of a file hold, before it is a set.

use std::path::Path;

use super::{FormatError, Rows, Texts};
use crate::data::{feature_set::FeatureSet, image_set::ImageSet};

/// What is learnt from, for all rows of a part.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Pictures of one size.
    Pixels {
        /// Channels, height, width.
        shape: [usize; 3],
        /// `[n, channels, height, width]`, row-major, 0 to 255.
        values: Vec<u8>,
    },
    /// Numbers that are not pixels, standardised by the training part.
    Features {
        /// The name of each column that was kept; of an array its number, from 0.
        names: Vec<String>,
        /// `[n, names.len()]`, row-major.
        values: Vec<f32>,
    },
    /// Texts. Arrays hold none.
    Texts(Vec<String>),
}

impl Values {
    /// The rows with these classes. Errors name `path`.
    pub(super) fn into_rows(self, labels: Vec<u32>, path: &Path) -> Result<Rows, FormatError> {
        Ok(match self {
            Self::Pixels { shape, values } => {
                Rows::Images(ImageSet::new(shape, values, labels).map_err(FormatError::at(path))?)
            }
            Self::Features { names, values } => Rows::Features(
                FeatureSet::new(names, values, labels).map_err(FormatError::at(path))?,
            ),
            Self::Texts(texts) => Rows::Texts(Texts { texts, labels }),
        })
    }
}
