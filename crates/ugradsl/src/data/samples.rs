//! The rows of a data set: images or texts.

use super::image_set::ImageSet;
use super::text_set::TextSet;

/// Labelled rows of one kind and shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    /// Pixels.
    Images(ImageSet),
    /// Tokens.
    Texts(TextSet),
}

impl From<ImageSet> for Samples {
    fn from(images: ImageSet) -> Self {
        Self::Images(images)
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

    /// Channels, height, width of every image; for texts 1, 1 and the number of tokens per row.
    pub fn shape(&self) -> [usize; 3] {
        match self {
            Self::Images(images) => images.shape(),
            Self::Texts(texts) => [1, 1, texts.length()],
        }
    }

    /// One class number per row.
    pub fn labels(&self) -> &[u32] {
        match self {
            Self::Images(images) => images.labels(),
            Self::Texts(texts) => texts.labels(),
        }
    }

    /// The given rows, which must exist, in the given order.
    pub(super) fn select(&self, rows: &[u32]) -> Self {
        match self {
            Self::Images(images) => images.pick(rows).into(),
            Self::Texts(texts) => texts.select(rows).into(),
        }
    }

    /// The images, if they are images.
    pub fn images(&self) -> Option<&ImageSet> {
        match self {
            Self::Images(images) => Some(images),
            Self::Texts(_) => None,
        }
    }

    /// The texts, if they are texts.
    pub fn texts(&self) -> Option<&TextSet> {
        match self {
            Self::Images(_) => None,
            Self::Texts(texts) => Some(texts),
        }
    }
}
