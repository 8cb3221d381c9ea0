//! What the first bytes of a file say: the format, and whether it holds more than one picture.

use image::ImageFormat;

/// A format as the first bytes give it.
pub(crate) enum Sniffed {
    /// One that is read.
    Known(ImageFormat, &'static str),
    /// A picture in a format that is not read.
    Foreign(&'static str),
    /// Nothing that is known.
    Unknown,
}

/// The format of a picture by its content; names may be wrong.
pub(crate) fn sniff(bytes: &[u8]) -> Sniffed {
    if let Some(format) = foreign(bytes) {
        return Sniffed::Foreign(format);
    }
    let Ok(format) = image::guess_format(bytes) else { return Sniffed::Unknown };
    let name = match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Pnm => "PNM",
        ImageFormat::Avif => return Sniffed::Foreign("AVIF"),
        ImageFormat::Ico => return Sniffed::Foreign("ICO"),
        ImageFormat::Hdr => return Sniffed::Foreign("HDR"),
        ImageFormat::OpenExr => return Sniffed::Foreign("OpenEXR"),
        ImageFormat::Qoi => return Sniffed::Foreign("QOI"),
        _ => return Sniffed::Foreign("of a rare format"),
    };
    Sniffed::Known(format, name)
}

/// Formats that cameras and drawing programs write, and that have marks of their own.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let at = |from: usize, mark: &[u8]| bytes.get(from..).is_some_and(|b| b.starts_with(mark));
    if at(4, b"ftyp") {
        let brand = bytes.get(8..12)?;
        return match brand {
            b"avif" | b"avis" => Some("AVIF"),
            b"crx " => Some("raw (CR3)"),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" => Some("HEIC"),
            _ => Some("a video or HEIC"),
        };
    }
    let start = &bytes[..bytes.len().min(512)];
    let svg = start.windows(4).any(|four| four.eq_ignore_ascii_case(b"<svg"));
    match () {
        () if at(0, b"8BPS") => Some("PSD"),
        () if at(8, b"CR\x02") && (at(0, b"II") || at(0, b"MM")) => Some("raw (CR2)"),
        () if at(0, b"\xff\x0a") || at(0, b"\0\0\0\x0cJXL ") => Some("JPEG XL"),
        () if at(0, b"\0\0\0\x0cjP  ") => Some("JPEG 2000"),
        () if svg && !at(0, b"\xff\xd8") && !at(0, b"\x89PNG") => Some("SVG"),
        () => None,
    }
}

/// The number of pictures in a file, as far as it matters: 0, 1 or 2 for more. `None` when the file
/// ends within a picture.
pub(crate) fn frames(bytes: &[u8], format: ImageFormat) -> Option<usize> {
    match format {
        ImageFormat::Gif => gif_frames(bytes),
        ImageFormat::Png => Some(png_frames(bytes)),
        ImageFormat::WebP => {
            let animated = bytes.get(12..16) == Some(b"VP8X")
                && bytes.get(20).is_some_and(|flags| flags & 2 != 0);
            Some(1 + usize::from(animated))
        }
        ImageFormat::Tiff => Some(tiff_frames(bytes)),
        _ => Some(1),
    }
}

/// Follows the blocks of a GIF. A missing end mark is forgiven, as viewers do.
fn gif_frames(bytes: &[u8]) -> Option<usize> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut frames = 0;
    while let Some(&block) = bytes.get(at) {
        at = match block {
            0x21 => skip_blocks(bytes, at + 2)?,
            0x2c => {
                frames += 1;
                if frames > 1 {
                    return Some(frames);
                }
                skip_blocks(bytes, at + 11 + table(*bytes.get(at + 9)?))?
            }
            _ => break,
        };
    }
    Some(frames)
}

/// The position behind a row of sub-blocks.
fn skip_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let size = usize::from(*bytes.get(at)?);
        at += 1 + size;
        if size == 0 {
            return Some(at);
        }
    }
}

/// 2 if a PNG has an animation of more than one frame.
fn png_frames(bytes: &[u8]) -> usize {
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((head, tail)) = rest.split_at_checked(8) {
        let (size, kind) = head.split_at(4);
        let size = size.iter().fold(0_usize, |size, &byte| size << 8 | usize::from(byte));
        match kind {
            b"acTL" if tail.get(..4).is_some_and(|count| count > &[0, 0, 0, 1][..]) => return 2,
            b"IDAT" | b"acTL" => return 1,
            _ => rest = tail.get(size.saturating_add(4)..).unwrap_or_default(),
        }
    }
    1
}

/// 2 if a TIFF has a second directory.
fn tiff_frames(bytes: &[u8]) -> usize {
    let little = bytes.starts_with(b"II");
    let number = |at: u64, size: u64| {
        let from = usize::try_from(at).ok()?;
        let digits = bytes.get(from..from.checked_add(size as usize)?)?;
        let join = |number: u64, &byte: &u8| number << 8 | u64::from(byte);
        Some(if little { digits.iter().rev().fold(0, join) } else { digits.iter().fold(0, join) })
    };
    let big = number(2, 2) == Some(43);
    let (first, counted, entry, offset) = if big { (8, 8, 20, 8) } else { (4, 2, 12, 4) };
    let next = || {
        let directory = number(first, offset)?;
        let entries = number(directory, counted)?;
        let end = directory.checked_add(counted)?.checked_add(entries.checked_mul(entry)?)?;
        number(end, offset)
    };
    1 + usize::from(next().is_some_and(|next| next != 0))
}
