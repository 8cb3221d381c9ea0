//! Single pictures: PNG, JPEG, WebP, GIF, BMP, TIFF and PNM.
//!
//! The first bytes decide which of them it is, because names may be wrong. What a camera says of
//! its position is applied. What changes values is noted; what would have to be guessed is refused.

mod error;
mod resample;
mod sniff;
mod tif;

use std::fmt;
use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader};

pub(crate) use self::error::LARGEST;
pub use self::error::PictureError;
use self::resample::Raster;
use self::sniff::Sniffed;
use crate::data::formats::native::arrays::what_is;
use crate::data::formats::native::folder::reading::{Channels, PictureReading};

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// Channels (1 or 3), height, width.
    pub shape: [usize; 3],
    /// All pixels, `[channels, height, width]`, row-major.
    pub pixels: Vec<u8>,
    /// What was done that one may want to know, each once.
    pub notes: Vec<PictureNote>,
}

/// Something that was done to a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PictureNote {
    /// Turned or mirrored as its EXIF data say.
    Turned,
    /// 16 bits per channel became 8.
    Scaled,
    /// Of those 16 bits the upper four are zero everywhere.
    Dim,
    /// Printing colours became red, green and blue.
    Cmyk,
    /// Put on the background.
    Background,
    /// The short side was shorter than the size asked for.
    Enlarged,
    /// Colour became grey.
    Greyed,
}

impl fmt::Display for PictureNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Turned => "turned upright as the EXIF data say",
            Self::Scaled => "16 bits per channel scaled to 8",
            Self::Dim => {
                "no value above 4095 of 65535, so that the picture is nearly black: if the camera has \
                 12 bits or fewer, scale the files to 16 first"
            }
            Self::Cmyk => "CMYK converted to RGB without a colour profile",
            Self::Background => "transparent pixels put on the background",
            Self::Enlarged => "enlarged, because it is smaller than the size asked for",
            Self::Greyed => "colour made grey",
        })
    }
}

/// Decodes a picture.
///
/// # Errors
/// When the bytes are not a picture, are damaged, hold several pictures, or need a decision that
/// `reading` does not make.
pub fn decode(bytes: &[u8], reading: &PictureReading) -> Result<Picture, PictureError> {
    reading.check()?;
    let mut notes = Vec::new();
    let raster = opaque(unpack(bytes, &mut notes)?, reading.background, &mut notes)?;
    let mut raster = recolour(raster, reading.channels, &mut notes);
    if let Some(side) = reading.resize.map(|side| side as usize) {
        if raster.width.min(raster.height) < side {
            notes.push(PictureNote::Enlarged);
        }
        raster = resample::resize(&raster, side);
    }
    let Raster { width, height, samples, pixels } = raster;
    let planes = (0..samples).flat_map(|at| pixels.iter().skip(at).step_by(samples).copied());
    Ok(Picture { shape: [samples, height, width], pixels: planes.collect(), notes })
}

/// Decodes to interleaved pixels of 8 bits, upright, with alpha if the file has it.
fn unpack(bytes: &[u8], notes: &mut Vec<PictureNote>) -> Result<Raster, PictureError> {
    let (kind, format) = whole(bytes)?;
    let (mut picture, orientation) = match kind {
        ImageFormat::Tiff => tif::decode(bytes, notes)?,
        _ => by_image(bytes, kind, format, notes)?,
    };
    if orientation != Orientation::NoTransforms {
        notes.push(PictureNote::Turned);
        picture.apply_orientation(orientation);
    }
    let color = picture.color();
    interleaved(picture, notes).ok_or(PictureError::Depth { color })
}

/// The picture and how it is to be turned, by the crate `image`.
fn by_image(
    bytes: &[u8],
    kind: ImageFormat,
    format: &'static str,
    notes: &mut Vec<PictureNote>,
) -> Result<(DynamicImage, Orientation), PictureError> {
    let refuse = |reason| match reason {
        ImageError::Unsupported(_) | ImageError::Limits(_) => {
            PictureError::Unsupported { format, reason }
        }
        reason => PictureError::Damaged { format, reason },
    };
    let reader = ImageReader::with_format(Cursor::new(bytes), kind);
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    let (size, total) = (decoder.dimensions(), decoder.total_bytes());
    if total > LARGEST {
        return Err(PictureError::TooLarge { size, bytes: total });
    }
    let cmyk = [ExtendedColorType::Cmyk8, ExtendedColorType::Cmyk16];
    if cmyk.contains(&decoder.original_color_type()) || has_four_inks(bytes, kind) {
        notes.push(PictureNote::Cmyk);
    }
    // EXIF data that cannot be read say nothing; the picture itself may be whole.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(refuse)?, orientation))
}

/// The format of a file that seems to hold one picture.
fn whole(bytes: &[u8]) -> Result<(ImageFormat, &'static str), PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    let (kind, format) = match sniff::sniff(bytes) {
        Sniffed::Known(kind, format) => (kind, format),
        Sniffed::Foreign(format) => return Err(PictureError::Foreign { format }),
        Sniffed::Unknown => {
            return Err(
                what_is(bytes).map_or(PictureError::Format, |kind| PictureError::Other { kind })
            );
        }
    };
    if kind == ImageFormat::Jpeg && !has_end_marker(bytes) {
        return Err(PictureError::Truncated { format });
    }
    match sniff::frames(bytes, kind) {
        None => Err(PictureError::Truncated { format }),
        Some(2..) => Err(PictureError::Frames { format }),
        Some(_) => Ok((kind, format)),
    }
}

/// Whether a JPEG has its end marker after the last scan. Neither marker can occur within a scan,
/// where 0xff is always escaped.
fn has_end_marker(bytes: &[u8]) -> bool {
    let last = |marker| bytes.windows(2).rposition(|pair| pair == [0xff, marker]);
    matches!((last(0xda), last(0xd9)), (Some(scan), Some(end)) if end > scan)
}

/// Whether the frame header of a JPEG names four components.
fn has_four_inks(bytes: &[u8], kind: ImageFormat) -> bool {
    if kind != ImageFormat::Jpeg {
        return false;
    }
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = *rest {
        match marker {
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => return rest.get(9) == Some(&4),
            0xda => return false,
            _ => {}
        }
        let size = usize::from(high) << 8 | usize::from(low);
        rest = rest.get(2 + size..).unwrap_or_default();
    }
    false
}

fn interleaved(picture: DynamicImage, notes: &mut Vec<PictureNote>) -> Option<Raster> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let samples = usize::from(picture.color().channel_count());
    let mut scaled = |values: Vec<u16>| {
        notes.push(PictureNote::Scaled);
        if values.iter().max().is_some_and(|&most| most > 0 && most < 4096) {
            notes.push(PictureNote::Dim);
        }
        values.into_iter().map(|value| ((u32::from(value) + 128) / 257) as u8).collect()
    };
    let pixels: Vec<u8> = match picture {
        DynamicImage::ImageLuma8(buffer) => buffer.into_raw(),
        DynamicImage::ImageLumaA8(buffer) => buffer.into_raw(),
        DynamicImage::ImageRgb8(buffer) => buffer.into_raw(),
        DynamicImage::ImageRgba8(buffer) => buffer.into_raw(),
        DynamicImage::ImageLuma16(buffer) => scaled(buffer.into_raw()),
        DynamicImage::ImageLumaA16(buffer) => scaled(buffer.into_raw()),
        DynamicImage::ImageRgb16(buffer) => scaled(buffer.into_raw()),
        DynamicImage::ImageRgba16(buffer) => scaled(buffer.into_raw()),
        _ => return None,
    };
    Some(Raster { width, height, samples, pixels })
}

/// Takes the alpha channel away: as it is if it hides nothing, else over the background.
fn opaque(
    raster: Raster,
    background: Option<[u8; 3]>,
    notes: &mut Vec<PictureNote>,
) -> Result<Raster, PictureError> {
    let Raster { width, height, samples, pixels } = raster;
    if !samples.is_multiple_of(2) {
        return Ok(Raster { width, height, samples, pixels });
    }
    let mut through = pixels.chunks_exact(samples);
    let through = through.position(|pixel| pixel.last().is_some_and(|&alpha| alpha != 255));
    let behind = match (through, background) {
        (None, _) => [0; 3],
        (Some(at), None) => {
            return Err(PictureError::Transparent { column: at % width, line: at / width });
        }
        (Some(_), Some(colour)) => {
            notes.push(PictureNote::Background);
            colour
        }
    };
    // Grey over a colour is coloured.
    let grey = samples == 2 && behind.iter().all(|&value| value == behind[0]);
    let kept = if grey { 1 } else { 3 };
    let mut flat = Vec::with_capacity(kept * width * height);
    for pixel in pixels.chunks_exact(samples) {
        let alpha = u32::from(pixel.last().copied().unwrap_or(255));
        let colours = pixel.iter().take(samples - 1).cycle();
        flat.extend(colours.zip(&behind[..kept]).map(|(&front, &back)| {
            ((u32::from(front) * alpha + u32::from(back) * (255 - alpha) + 127) / 255) as u8
        }));
    }
    Ok(Raster { width, height, samples: kept, pixels: flat })
}

/// Grey or coloured, as asked for.
fn recolour(raster: Raster, channels: Option<Channels>, notes: &mut Vec<PictureNote>) -> Raster {
    let (samples, pixels) = match (channels, raster.samples) {
        (Some(Channels::Grey), 3) => {
            notes.push(PictureNote::Greyed);
            (1, raster.pixels.chunks_exact(3).map(luma).collect())
        }
        (Some(Channels::Rgb), 1) => (3, raster.pixels.iter().flat_map(|&grey| [grey; 3]).collect()),
        _ => return raster,
    };
    Raster { samples, pixels, ..raster }
}

/// The luma of ITU-R 601 in PIL's whole numbers.
fn luma(pixel: &[u8]) -> u8 {
    let weighted = pixel.iter().zip([19595, 38470, 7471]).map(|(&v, w)| u32::from(v) * w);
    ((weighted.sum::<u32>() + 0x8000) >> 16) as u8
}

#[cfg(test)]
pub(crate) mod tests;
