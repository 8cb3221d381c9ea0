//! The rows of a data set: images, features or texts.

use std::fmt;

use super::feature_set::FeatureSet;
use super::image_set::ImageSet;
use super::text_set::TextSet;

/// Labelled rows of one kind and shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Samples {
    /// Pixels.
    Images(ImageSet),
    /// Numbers that are not pixels.
    Features(FeatureSet),
    /// Tokens.
    Texts(TextSet),
}

/// What rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Pixels.
    Images,
    /// Numbers that are not pixels.
    Features,
    /// Tokens.
    Texts,
}

impl fmt::Display for RowKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Images => "images",
            Self::Features => "features",
            Self::Texts => "texts",
        })
    }
}

impl From<ImageSet> for Samples {
    fn from(images: ImageSet) -> Self {
        Self::Images(images)
    }
}

impl From<FeatureSet> for Samples {
    fn from(features: FeatureSet) -> Self {
        Self::Features(features)
    }
}

impl From<TextSet> for Samples {
    fn from(texts: TextSet) -> Self {
        Self::Texts(texts)
    }
}

impl Samples {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.labels().len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.labels().is_empty()
    }

    /// What the rows are.
    pub fn kind(&self) -> RowKind {
        match self {
            Self::Images(_) => RowKind::Images,
            Self::Features(_) => RowKind::Features,
            Self::Texts(_) => RowKind::Texts,
        }
    }

    /// Channels, height, width of every image; for features and texts 1, 1 and their number per
    /// row.
    pub fn shape(&self) -> [usize; 3] {
        match self {
            Self::Images(images) => images.shape(),
            Self::Features(features) => [1, 1, features.names().len()],
            Self::Texts(texts) => [1, 1, texts.length()],
        }
    }

    /// One class number per row.
    pub fn labels(&self) -> &[u32] {
        match self {
            Self::Images(images) => images.labels(),
            Self::Features(features) => features.labels(),
            Self::Texts(texts) => texts.labels(),
        }
    }

    /// The given rows, which must exist, in the given order.
    pub(crate) fn select(&self, rows: &[u32]) -> Self {
        match self {
            Self::Images(images) => images.pick(rows).into(),
            Self::Features(features) => features.select(rows).into(),
            Self::Texts(texts) => texts.select(rows).into(),
        }
    }

    /// Gives the rows other class numbers.
    pub(super) fn relabel(&mut self, number: impl Fn(u32) -> u32) {
        match self {
            Self::Images(images) => images.relabel(number),
            Self::Features(features) => features.relabel(number),
            Self::Texts(texts) => texts.relabel(number),
        }
    }

    /// The images, if they are images.
    pub fn images(&self) -> Option<&ImageSet> {
        match self {
            Self::Images(images) => Some(images),
            _ => None,
        }
    }

    /// The features, if they are features.
    pub fn features(&self) -> Option<&FeatureSet> {
        match self {
            Self::Features(features) => Some(features),
            _ => None,
        }
    }

    /// The texts, if they are texts.
    pub fn texts(&self) -> Option<&TextSet> {
        match self {
            Self::Texts(texts) => Some(texts),
            _ => None,
        }
    }
}
