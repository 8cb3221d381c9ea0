//! What can be wrong with a single picture.

use image::ColorType;
use thiserror::Error;

use crate::data::formats::native::{arrays::Kind, folder::reading::ReadingError};

/// The largest number of bytes that a picture may unpack to.
pub(crate) const LARGEST: u64 = 1 << 28;

/// Why bytes are not a picture that can be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PictureError {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// Not a picture.
    #[error("not a PNG, JPEG, WebP, GIF, BMP, TIFF or PNM file, whatever its name says")]
    Format,
    /// Something else, which is known.
    #[error("not a picture: {kind}")]
    Other {
        /// What it is.
        kind: Kind,
    },
    /// A picture of a format that is not read.
    #[error("{format}, which cannot be read: convert it to PNG or JPEG")]
    Foreign {
        /// The format.
        format: &'static str,
    },
    /// The decoder refuses it.
    #[error("damaged {format}: {reason}")]
    Damaged {
        /// The format.
        format: &'static str,
        /// What the decoder says.
        reason: image::ImageError,
    },
    /// A variant of a format that the decoder does not know.
    #[error("{format} of a kind that cannot be read ({reason}): convert it to PNG")]
    Unsupported {
        /// The format.
        format: &'static str,
        /// What the decoder says.
        reason: image::ImageError,
    },
    /// The file ends before the picture does. JPEG decoders would fill the rest with grey.
    #[error("damaged {format}: the file ends before the picture does")]
    Truncated {
        /// The format.
        format: &'static str,
    },
    /// More than one picture. Which of them is meant is not known.
    #[error("{format} with several frames or pages: save the one that is meant as PNG")]
    Frames {
        /// The format.
        format: &'static str,
    },
    /// A claimed size that no picture in a data set has.
    #[error(
        "{} x {} pixels need {bytes} bytes, more than the {LARGEST} that are allowed",
        size.0, size.1
    )]
    TooLarge {
        /// Width and height.
        size: (u32, u32),
        /// Bytes unpacked.
        bytes: u64,
    },
    /// Numbers with a point, which have no agreed range.
    #[error("{color:?} has no agreed range of values: save it with 8 bits per channel")]
    Depth {
        /// What a pixel consists of.
        color: ColorType,
    },
    /// Not opaque, and without a background.
    #[error(
        "the pixel at column {column}, line {line} is transparent: say what lies behind it with \
         --background white, black or #rrggbb"
    )]
    Transparent {
        /// Column, from 0.
        column: usize,
        /// Line, from 0.
        line: usize,
    },
    /// A setting that cannot be used.
    #[error(transparent)]
    Reading(#[from] ReadingError),
}

impl PictureError {
    /// Whether the file is damaged, so that a data set may be read without it.
    ///
    /// Anything else is a whole picture for which a decision is needed.
    pub fn is_damage(&self) -> bool {
        use PictureError::{Damaged, Empty, Format, Truncated};
        matches!(self, Empty | Format | Damaged { .. } | Truncated { .. })
    }
}
