use image::{ExtendedColorType, ImageEncoder};
use proptest::prelude::*;

use super::*;

/// A picture of the given samples in one of the formats.
fn file(
    format: ImageFormat,
    size: (u32, u32),
    color: ExtendedColorType,
    samples: &[u8],
) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let (width, height) = size;
    match format {
        ImageFormat::Png => image::codecs::png::PngEncoder::new(&mut bytes)
            .write_image(samples, width, height, color),
        ImageFormat::Jpeg => image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 100)
            .write_image(samples, width, height, color),
        _ => image::codecs::webp::WebPEncoder::new_lossless(&mut bytes)
            .write_image(samples, width, height, color),
    }
    .expect("encodes");
    bytes.into_inner()
}

use ExtendedColorType::{L8, L16, La8, Rgb8, Rgba8};
use ImageFormat::{Jpeg, Png, WebP};

#[test]
fn every_format_gives_planes() {
    let grey = file(Png, (2, 1), L8, &[7, 200]);
    let expected = Picture { shape: [1, 1, 2], pixels: vec![7, 200] };
    assert_eq!(parse(&grey, Some((2, 1))).expect("grey"), expected);
    for format in [Png, WebP] {
        let bytes = file(format, (1, 2), Rgb8, &[1, 2, 3, 4, 5, 6]);
        let expected = Picture { shape: [3, 2, 1], pixels: vec![1, 4, 2, 5, 3, 6] };
        assert_eq!(parse(&bytes, None).expect("colour"), expected);
        let opaque = file(format, (1, 2), Rgba8, &[1, 2, 3, 255, 4, 5, 6, 255]);
        assert_eq!(parse(&opaque, None).expect("opaque"), expected);
    }
    let opaque = file(Png, (2, 1), La8, &[7, 255, 200, 255]);
    assert_eq!(parse(&opaque, None).expect("opaque").pixels, [7, 200]);

    // Lossy, but an area of one colour is unchanged within rounding.
    for (color, channels) in [(L8, 1), (Rgb8, 3)] {
        let bytes = file(Jpeg, (9, 5), color, &vec![90; 9 * 5 * channels]);
        let picture = parse(&bytes, None).expect("a JPEG");
        assert_eq!(picture.shape, [channels, 5, 9]);
        assert!(picture.pixels.iter().all(|pixel| pixel.abs_diff(90) <= 2), "{picture:?}");
    }
}

#[test]
fn refuses_what_would_have_to_be_guessed() {
    let cases = [
        (b"GIF89a not for us".to_vec(), "neither PNG nor JPEG nor WebP, whatever its name says"),
        (Vec::new(), "neither PNG nor JPEG nor WebP"),
        (file(Png, (1, 1), L16, &[1, 2]), "L16 has more than 8 bits per channel: save it with 8"),
        (
            file(Png, (2, 2), Rgba8, &[[0, 0, 0, 255], [0; 4], [0; 4], [0; 4]].concat()),
            "the pixel at column 1, line 0 is transparent: put the picture on a background",
        ),
        (file(Png, (3, 2), L8, &[0; 6]), "3 x 2 pixels, not 2 x 2"),
    ];
    for (bytes, message) in cases {
        let error = parse(&bytes, Some((2, 2)).filter(|_| message.ends_with("2 x 2")))
            .expect_err(message)
            .to_string();
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
}

#[test]
fn truncated_files_are_refused_in_every_format() {
    let noise: Vec<u8> = (0..32 * 32 * 3).map(|i: u32| ((i * i * 31) >> 3) as u8).collect();
    for format in [Png, Jpeg, WebP] {
        let bytes = file(format, (32, 32), Rgb8, &noise);
        parse(&bytes, None).expect("whole");
        for cut in [bytes.len() / 8, bytes.len() / 2, bytes.len() * 9 / 10] {
            let error = parse(&bytes[..cut], None).expect_err("cut").to_string();
            assert!(error.starts_with("damaged"), "{format:?} cut at {cut}: {error}");
        }
    }
}

/// A PNG whose header claims another size than its data has.
fn lying(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = file(Png, (2, 2), L8, &[0; 4]);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    bytes
}

#[test]
fn a_size_that_is_only_claimed_is_not_believed() {
    let error = parse(&lying(60_000, 60_000), None).expect_err("a bomb").to_string();
    assert!(error.contains("60000 x 60000 pixels need 3600000000 bytes"), "{error}");
    let error = parse(&lying(60_000, 60_000), Some((2, 2))).expect_err("a bomb").to_string();
    assert_eq!(error, "60000 x 60000 pixels, not 2 x 2");
    parse(&lying(2, 3), None).expect_err("fewer pixels than claimed");
    parse(&lying(0, 3), None).expect_err("no pixels");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, at: prop::sample::Index, value: u8) {
        let _ = parse(&bytes, None);
        for (format, magic) in [
            (Png, &b"\x89PNG\r\n\x1a\n"[..]),
            (Jpeg, b"\xff\xd8\xff"),
            (WebP, b"RIFF\x20\0\0\0WEBPVP8L"),
        ] {
            let _ = parse(&[magic, &bytes].concat(), None);
            let mut damaged = file(format, (3, 3), Rgb8, &[99; 27]);
            let at = at.index(damaged.len());
            damaged[at] = value;
            let _ = parse(&damaged, Some((3, 3)));
        }
    }

    #[test]
    fn what_is_written_is_read(width in 1_u32..9, height in 1_u32..9, seed: u8, grey: bool) {
        let (color, channels) = if grey { (L8, 1) } else { (Rgb8, 3) };
        let count = width * height * channels;
        let samples: Vec<u8> = (0..count).map(|i| (i as u8).wrapping_mul(37) ^ seed).collect();
        let picture = parse(&file(Png, (width, height), color, &samples), None).expect("a PNG");
        prop_assert_eq!(picture.shape, [channels, height, width].map(|dim| dim as usize));
        for (i, &sample) in samples.iter().enumerate() {
            let (pixel, channel) = (i / channels as usize, i % channels as usize);
            prop_assert_eq!(picture.pixels[channel * (width * height) as usize + pixel], sample);
        }
    }
}
