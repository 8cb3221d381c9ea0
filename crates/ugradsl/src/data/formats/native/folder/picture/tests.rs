use image::ExtendedColorType::{L8, L16, La8, Rgb8, Rgb16, Rgba8};
use image::ImageEncoder;
use image::ImageFormat::{Bmp, Gif, Jpeg, Png, Pnm, Tiff, WebP};
use proptest::prelude::*;

use super::resample::tests::{generated, hash};
use super::*;

/// What PIL's `convert("L")` gives.
const LUMA: u64 = 0xa581634dbcba3796;

const FORMATS: [ImageFormat; 7] = [Png, Jpeg, WebP, Gif, Bmp, Tiff, Pnm];

/// A picture of the given samples in one of the formats.
pub(crate) fn file(
    format: ImageFormat,
    size: (u32, u32),
    color: ExtendedColorType,
    samples: &[u8],
) -> Vec<u8> {
    if format == Tiff {
        return tif(size, color, samples);
    }
    let mut bytes = Cursor::new(Vec::new());
    image::write_buffer_with_format(&mut bytes, samples, size.0, size.1, color, format)
        .expect("encodes");
    bytes.into_inner()
}

fn tif((width, height): (u32, u32), color: ExtendedColorType, samples: &[u8]) -> Vec<u8> {
    use tiff::encoder::{TiffEncoder, colortype};
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).expect("a file");
    let wide: Vec<u16> =
        samples.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect();
    let written = match color {
        L8 => encoder.write_image::<colortype::Gray8>(width, height, samples),
        Rgb8 => encoder.write_image::<colortype::RGB8>(width, height, samples),
        Rgba8 => encoder.write_image::<colortype::RGBA8>(width, height, samples),
        L16 => encoder.write_image::<colortype::Gray16>(width, height, &wide),
        Rgb16 => encoder.write_image::<colortype::RGB16>(width, height, &wide),
        other => panic!("{other:?} is not written"),
    };
    written.expect("encodes");
    bytes.into_inner()
}

fn asked(resize: Option<u32>, channels: Option<Channels>) -> PictureReading {
    PictureReading { resize, channels, background: None }
}

fn plainly(bytes: &[u8]) -> Result<Picture, PictureError> {
    decode(bytes, &PictureReading::default())
}

#[test]
fn every_format_gives_planes() {
    let grey = file(Png, (2, 1), L8, &[7, 200]);
    let expected = Picture { shape: [1, 1, 2], pixels: vec![7, 200], notes: vec![] };
    assert_eq!(plainly(&grey).expect("grey"), expected);
    for format in [Png, WebP, Bmp, Tiff, Pnm, Gif] {
        let bytes = file(format, (1, 2), Rgb8, &[1, 2, 3, 4, 5, 6]);
        let expected = Picture { shape: [3, 2, 1], pixels: vec![1, 4, 2, 5, 3, 6], notes: vec![] };
        assert_eq!(plainly(&bytes).expect("colour"), expected, "{format:?}");
    }
    let bytes = file(Jpeg, (9, 5), L8, &[90; 45]);
    assert_eq!(plainly(&bytes).expect("a JPEG").shape, [1, 5, 9]);
    // Grey values saved as colour stay coloured.
    let bytes = file(Png, (1, 1), Rgb8, &[5, 5, 5]);
    assert_eq!(plainly(&bytes).expect("colour").shape, [3, 1, 1]);
}

#[test]
fn alpha_is_dropped_filled_or_refused() {
    let opaque = file(Png, (1, 2), Rgba8, &[1, 2, 3, 255, 4, 5, 6, 255]);
    assert_eq!(plainly(&opaque).expect("opaque").pixels, [1, 4, 2, 5, 3, 6]);
    let opaque = file(Png, (2, 1), La8, &[7, 255, 200, 255]);
    assert_eq!(plainly(&opaque).expect("opaque").pixels, [7, 200]);

    let through = file(Png, (2, 1), Rgba8, &[9, 9, 9, 255, 0, 100, 200, 127]);
    let error = plainly(&through).expect_err("transparent").to_string();
    assert!(error.starts_with("the pixel at column 1, line 0 is transparent"), "{error}");
    let over = |colour| PictureReading { background: Some(colour), ..PictureReading::default() };
    let white = decode(&through, &over([255; 3])).expect("filled");
    assert_eq!(
        (white.pixels, white.notes),
        (vec![9, 128, 9, 178, 9, 228], vec![PictureNote::Background])
    );
    assert_eq!(decode(&opaque, &over([1; 3])).expect("opaque").notes, []);

    let grey = file(Png, (1, 1), La8, &[100, 0]);
    assert_eq!(decode(&grey, &over([3; 3])).expect("grey").pixels, [3]);
    let coloured = decode(&grey, &over([1, 2, 3])).expect("coloured");
    assert_eq!((coloured.shape, coloured.pixels), ([3, 1, 1], vec![1, 2, 3]));
}

#[test]
fn depth_and_channels_are_converted_as_asked() {
    let words: Vec<u8> = [0_u16, 65535, 128, 129].iter().flat_map(|v| v.to_ne_bytes()).collect();
    let deep = plainly(&file(Png, (4, 1), L16, &words)).expect("16 bits");
    assert_eq!((deep.pixels, deep.notes), (vec![0, 255, 0, 1], vec![PictureNote::Scaled]));
    let deep = file(Tiff, (1, 1), Rgb16, &[7; 6]);
    assert_eq!(plainly(&deep).expect("16 bits").pixels, [7; 3]);

    let words: Vec<u8> = [0_u16, 4095].iter().flat_map(|v| v.to_ne_bytes()).collect();
    let dim = plainly(&file(Png, (2, 1), L16, &words)).expect("12 of 16 bits");
    assert_eq!(dim.notes, [PictureNote::Scaled, PictureNote::Dim]);

    let colour = generated(16, 16, 3);
    let bytes = file(Png, (16, 16), Rgb8, &colour.pixels);
    let grey = decode(&bytes, &asked(None, Some(Channels::Grey))).expect("grey");
    assert_eq!((grey.shape, hash(&grey.pixels)), ([1, 16, 16], LUMA));
    let bytes = file(Png, (1, 1), L8, &[8]);
    let rgb = decode(&bytes, &asked(None, Some(Channels::Rgb))).expect("rgb");
    assert_eq!((rgb.shape, rgb.pixels, rgb.notes), ([3, 1, 1], vec![8; 3], vec![]));
    let large = decode(&bytes, &asked(Some(3), None)).expect("enlarged");
    assert_eq!((large.pixels, large.notes), (vec![8; 9], vec![PictureNote::Enlarged]));
}

/// EXIF data with nothing but an orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let mut bytes = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    bytes.extend([orientation, 0, 0, 0, 0, 0, 0]);
    bytes
}

#[test]
fn all_orientations_are_applied() {
    // 1 2
    // 3 4
    // 5 6, with the wide shape 2 x 3 for the turned ones.
    let expected: [&[u8]; 8] = [
        &[1, 2, 3, 4, 5, 6],
        &[2, 1, 4, 3, 6, 5],
        &[6, 5, 4, 3, 2, 1],
        &[5, 6, 3, 4, 1, 2],
        &[1, 3, 5, 2, 4, 6],
        &[5, 3, 1, 6, 4, 2],
        &[6, 4, 2, 5, 3, 1],
        &[2, 4, 6, 1, 3, 5],
    ];
    for (orientation, pixels) in (1..).zip(expected) {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.set_exif_metadata(exif(orientation)).expect("supported");
        encoder.write_image(&[1, 2, 3, 4, 5, 6], 2, 3, L8).expect("encodes");
        let picture = plainly(&bytes).expect("a picture");
        let shape = if orientation > 4 { [1, 2, 3] } else { [1, 3, 2] };
        assert_eq!((picture.shape, &picture.pixels[..]), (shape, pixels), "{orientation}");
        assert_eq!(picture.notes.contains(&PictureNote::Turned), orientation > 1);
    }
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif(6)).expect("supported");
    encoder.write_image(&[50; 32], 8, 4, L8).expect("encodes");
    assert_eq!(plainly(&bytes).expect("a JPEG").shape, [1, 8, 4]);
}

/// A GIF of two frames.
pub(crate) fn animation() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for value in [1, 2] {
        encoder.encode(&[value; 12], 2, 2, Rgb8).expect("encodes");
    }
    drop(encoder);
    bytes
}

#[test]
fn what_is_not_one_picture_is_named() {
    let mut pages = file(Tiff, (1, 1), L8, &[1]);
    let directory = u32::from_le_bytes(pages[4..8].try_into().expect("four")) as usize;
    let entries = usize::from(pages[directory]);
    pages[directory + 2 + 12 * entries] = 8;
    let cases: [(&[u8], &str); 12] = [
        (&animation(), "GIF with several frames or pages"),
        (&pages, "TIFF with several frames or pages"),
        (b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0", "WebP with several frames"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x08acTL\0\0\0\x02\0\0\0\0____", "PNG with several frames"),
        (b"", "the file is empty"),
        (b"hello", "not a PNG, JPEG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC, which cannot be read: convert it to PNG or JPEG"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF, which cannot be read"),
        (b"<?xml version='1.0'?><SVG/>", "SVG, which cannot be read"),
        (b"8BPS\0\x01", "PSD, which cannot be read"),
        (b"II*\0\x10\0\0\0CR\x02\0", "raw (CR2), which cannot be read"),
        (b"qoif\0\0\0\0", "QOI, which cannot be read"),
    ];
    for (bytes, message) in cases {
        let error = plainly(bytes).expect_err(message).to_string();
        assert!(error.starts_with(message), "{error}\nexpected {message}");
    }
}

#[test]
fn truncated_files_are_damaged_in_every_format() {
    let noise: Vec<u8> = (0..32 * 32 * 3).map(|i: u32| ((i * i * 31) >> 3) as u8).collect();
    for format in FORMATS {
        let bytes = file(format, (32, 32), Rgb8, &noise);
        plainly(&bytes).expect("whole");
        for cut in [bytes.len() / 8, bytes.len() / 2, bytes.len() * 9 / 10] {
            let error = plainly(&bytes[..cut]).expect_err("cut");
            assert!(error.is_damage(), "{format:?} cut at {cut}: {error}");
        }
    }
}

#[test]
fn a_size_that_is_only_claimed_is_not_believed() {
    let mut bytes = file(Bmp, (2, 2), Rgb8, &[0; 12]);
    bytes[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    bytes[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
    let error = plainly(&bytes).expect_err("a bomb");
    assert!(matches!(error, PictureError::TooLarge { size: (60_000, 60_000), .. }), "{error}");
    let error = plainly(b"P5 99999 99999 255\n1").expect_err("a bomb");
    assert!(matches!(error, PictureError::TooLarge { .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, at: prop::sample::Index, value: u8) {
        let _ = plainly(&bytes);
        for magic in [
            &b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"RIFF\x20\0\0\0WEBPVP8L", b"GIF89a", b"BM",
            b"II*\0", b"MM\0*", b"II+\0", b"P6", b"P7\n", b"\0\0\0\x18ftyp", b"P1 2 2\n",
        ] {
            let _ = plainly(&[magic, &bytes].concat());
        }
        for format in FORMATS {
            let mut damaged = file(format, (3, 3), Rgb8, &[99; 27]);
            let at = at.index(damaged.len());
            damaged[at] = value;
            let _ = decode(&damaged, &asked(Some(2), Some(Channels::Grey)));
        }
    }

    #[test]
    fn resizing_any_shape_gives_a_square(width in 1_u32..40, height in 1_u32..40, side in 1_u32..40) {
        let bytes = file(Png, (width, height), L8, &vec![77; (width * height) as usize]);
        let picture = decode(&bytes, &asked(Some(side), None)).expect("a PNG");
        prop_assert_eq!(picture.shape, [1, side as usize, side as usize]);
        prop_assert!(picture.pixels.iter().all(|&pixel| pixel == 77));
    }
}
