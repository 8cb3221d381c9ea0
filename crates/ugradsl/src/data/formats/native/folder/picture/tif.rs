//! TIFF, by the crate `tiff` itself: a version that needs nothing else, where `image` would bring
//! one that does.

use std::io::Cursor;

use image::error::{DecodingError, ImageFormatHint, UnsupportedError, UnsupportedErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer, ImageError, ImageFormat};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::{LARGEST, PictureError, PictureNote};

const FORMAT: &str = "TIFF";

/// The picture and how it is to be turned.
pub(super) fn decode(
    bytes: &[u8],
    notes: &mut Vec<PictureNote>,
) -> Result<(DynamicImage, Orientation), PictureError> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = LARGEST as usize;
    limits.intermediate_buffer_size = LARGEST as usize;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(refuse)?.with_limits(limits);
    let size = decoder.dimensions().map_err(refuse)?;
    let color = decoder.colortype().map_err(refuse)?;
    let bytes = bytes_of(color).ok_or_else(unsupported)?;
    let total = u64::from(size.0) * u64::from(size.1) * bytes;
    if total > LARGEST {
        return Err(PictureError::TooLarge { size, bytes: total });
    }
    let tag = decoder.find_tag_unsigned::<u16>(Tag::Orientation).ok().flatten();
    let turn = tag.and_then(|tag| Orientation::from_exif(u8::try_from(tag).ok()?));
    let picture = match decoder.read_image().map_err(refuse)? {
        DecodingResult::U8(values) => eight(color, size, values, notes),
        DecodingResult::U16(values) => sixteen(color, size, values),
        _ => None,
    };
    Ok((picture.ok_or_else(unsupported)?, turn.unwrap_or(Orientation::NoTransforms)))
}

/// Bytes of a pixel; `None` where values are not of 8 or 16 bits, or mean something else.
fn bytes_of(color: ColorType) -> Option<u64> {
    let (samples, bits) = match color {
        ColorType::Gray(bits) => (1, bits),
        ColorType::GrayA(bits) => (2, bits),
        ColorType::RGB(bits) => (3, bits),
        ColorType::RGBA(bits) => (4, bits),
        ColorType::CMYK(8) => (4, 8),
        _ => return None,
    };
    matches!(bits, 8 | 16).then(|| samples * u64::from(bits / 8))
}

fn eight(
    color: ColorType,
    (width, height): (u32, u32),
    values: Vec<u8>,
    notes: &mut Vec<PictureNote>,
) -> Option<DynamicImage> {
    Some(match color {
        ColorType::Gray(_) => {
            DynamicImage::ImageLuma8(ImageBuffer::from_raw(width, height, values)?)
        }
        ColorType::GrayA(_) => {
            DynamicImage::ImageLumaA8(ImageBuffer::from_raw(width, height, values)?)
        }
        ColorType::RGB(_) => DynamicImage::ImageRgb8(ImageBuffer::from_raw(width, height, values)?),
        ColorType::RGBA(_) => {
            DynamicImage::ImageRgba8(ImageBuffer::from_raw(width, height, values)?)
        }
        ColorType::CMYK(_) => {
            notes.push(PictureNote::Cmyk);
            let light =
                |ink: u8, black: u8| (u32::from(255 - ink) * u32::from(255 - black) / 255) as u8;
            let inks =
                values.chunks_exact(4).flat_map(|ink| [0, 1, 2].map(|at| light(ink[at], ink[3])));
            DynamicImage::ImageRgb8(ImageBuffer::from_raw(width, height, inks.collect())?)
        }
        _ => return None,
    })
}

fn sixteen(
    color: ColorType,
    (width, height): (u32, u32),
    values: Vec<u16>,
) -> Option<DynamicImage> {
    Some(match color {
        ColorType::Gray(_) => {
            DynamicImage::ImageLuma16(ImageBuffer::from_raw(width, height, values)?)
        }
        ColorType::GrayA(_) => {
            DynamicImage::ImageLumaA16(ImageBuffer::from_raw(width, height, values)?)
        }
        ColorType::RGB(_) => {
            DynamicImage::ImageRgb16(ImageBuffer::from_raw(width, height, values)?)
        }
        ColorType::RGBA(_) => {
            DynamicImage::ImageRgba16(ImageBuffer::from_raw(width, height, values)?)
        }
        _ => return None,
    })
}

fn hint() -> ImageFormatHint {
    ImageFormatHint::Exact(ImageFormat::Tiff)
}

fn unsupported() -> PictureError {
    let kind = UnsupportedErrorKind::GenericFeature("its kind of pixels".to_owned());
    let reason = ImageError::Unsupported(UnsupportedError::from_format_and_kind(hint(), kind));
    PictureError::Unsupported { format: FORMAT, reason }
}

fn refuse(error: tiff::TiffError) -> PictureError {
    match error {
        tiff::TiffError::UnsupportedError(_) => unsupported(),
        error => PictureError::Damaged {
            format: FORMAT,
            reason: ImageError::Decoding(DecodingError::new(hint(), error)),
        },
    }
}
