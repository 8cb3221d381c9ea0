//! Single pictures: PNG, JPEG and WebP, grey or in colour, with 8 bits per channel.
//!
//! The first bytes decide which of the three it is, because names may be wrong. No conversion
//! changes what is seen: 16 bits are not cut to 8, and transparency gets no invented background.

use std::io::Cursor;

use image::{ColorType, ImageDecoder, ImageFormat, ImageReader};
use thiserror::Error;

/// The largest number of bytes that a picture may unpack to.
const LARGEST: u64 = 1 << 28;

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// Channels (1 or 3), height, width.
    pub shape: [usize; 3],
    /// All pixels, `[channels, height, width]`, row-major.
    pub pixels: Vec<u8>,
}

/// Why bytes are not a picture that can be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PictureError {
    /// None of the three formats.
    #[error("neither PNG nor JPEG nor WebP, whatever its name says")]
    Format,
    /// The decoder refuses it.
    #[error("damaged {format}: {reason}")]
    Damaged {
        /// PNG, JPEG or WebP.
        format: &'static str,
        /// What the decoder says.
        reason: image::ImageError,
    },
    /// The file ends before the picture does. JPEG decoders would fill the rest with grey.
    #[error("damaged JPEG: the file ends before the picture does")]
    Truncated,
    /// Not the expected size. Checked before anything is decoded.
    #[error("{} x {} pixels, not {} x {}", found.0, found.1, expected.0, expected.1)]
    Size {
        /// Width and height expected.
        expected: (u32, u32),
        /// Width and height found.
        found: (u32, u32),
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
    /// More than 8 bits per channel.
    #[error("{color:?} has more than 8 bits per channel: save it with 8")]
    Depth {
        /// What a pixel consists of.
        color: ColorType,
    },
    /// Not opaque.
    #[error(
        "the pixel at column {column}, line {line} is transparent: put the picture on a background"
    )]
    Transparent {
        /// Column, from 0.
        column: usize,
        /// Line, from 0.
        line: usize,
    },
}

/// Decodes a picture; with a `size` (width, height), only one of that size.
///
/// # Errors
/// When the bytes are none of the three formats, are damaged, or hold a picture of another size,
/// with more than 8 bits per channel, or with transparency.
pub fn parse(bytes: &[u8], size: Option<(u32, u32)>) -> Result<Picture, PictureError> {
    let kind = image::guess_format(bytes).map_err(|_| PictureError::Format)?;
    let format = match kind {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        _ => return Err(PictureError::Format),
    };
    let damaged = |reason| PictureError::Damaged { format, reason };
    if kind == ImageFormat::Jpeg && !has_end_marker(bytes) {
        return Err(PictureError::Truncated);
    }
    let reader = ImageReader::with_format(Cursor::new(bytes), kind);
    let decoder = reader.into_decoder().map_err(damaged)?;
    let found = decoder.dimensions();
    if let Some(expected) = size.filter(|&expected| expected != found) {
        return Err(PictureError::Size { expected, found });
    }
    let (color, total) = (decoder.color_type(), decoder.total_bytes());
    let samples = match color {
        ColorType::L8 => 1,
        ColorType::La8 => 2,
        ColorType::Rgb8 => 3,
        ColorType::Rgba8 => 4,
        color => return Err(PictureError::Depth { color }),
    };
    if total > LARGEST {
        return Err(PictureError::TooLarge { size: found, bytes: total });
    }
    let mut interleaved = vec![0; total as usize];
    decoder.read_image(&mut interleaved).map_err(damaged)?;
    let (width, height) = (found.0 as usize, found.1 as usize);
    planar(&interleaved, samples, width, height)
}

/// Whether a JPEG has its end marker after the last scan. Neither marker can occur within a scan,
/// where 0xff is always escaped.
fn has_end_marker(bytes: &[u8]) -> bool {
    let last = |marker| bytes.windows(2).rposition(|pair| pair == [0xff, marker]);
    matches!((last(0xda), last(0xd9)), (Some(scan), Some(end)) if end > scan)
}

/// Converts interleaved pixels to planes. An alpha channel that hides nothing is left out.
fn planar(
    interleaved: &[u8],
    samples: usize,
    width: usize,
    height: usize,
) -> Result<Picture, PictureError> {
    let alpha = samples.is_multiple_of(2);
    let see_through = |pixel: &[u8]| alpha && pixel.last().is_some_and(|&alpha| alpha != 255);
    if let Some(at) = interleaved.chunks_exact(samples).position(see_through) {
        return Err(PictureError::Transparent { column: at % width, line: at / width });
    }
    let channels = samples - usize::from(alpha);
    let mut pixels = Vec::with_capacity(channels * width * height);
    for channel in 0..channels {
        pixels.extend(interleaved.iter().skip(channel).step_by(samples));
    }
    Ok(Picture { shape: [channels, height, width], pixels })
}

#[cfg(test)]
mod tests;
