use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::container::{GZIP, U8, elements};
use super::*;

/// An idx file with the given header and content, whether they match or not.
fn file(kind: u8, dims: &[u32], content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, dims.len() as u8];
    bytes.extend(dims.iter().flat_map(|dim| dim.to_be_bytes()));
    bytes.extend(content);
    bytes
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writes to memory");
    encoder.finish().expect("writes to memory")
}

#[test]
fn reads_every_layout_packed_and_plain() {
    let floats32: Vec<u8> = [0.0_f32, 1.0, 0.5, 0.2].iter().flat_map(|x| x.to_be_bytes()).collect();
    let floats64: Vec<u8> = [0.0_f64, 1.0, 0.5, 0.2].iter().flat_map(|x| x.to_be_bytes()).collect();
    let cases = [
        (file(U8, &[2, 1, 2], &[1, 2, 3, 4]), 2, [1, 1, 2], vec![1, 2, 3, 4]),
        (file(U8, &[1, 2, 2, 1], &[1, 2, 3, 4]), 1, [2, 2, 1], vec![1, 2, 3, 4]),
        (file(F32, &[1, 2, 2], &floats32), 1, [1, 2, 2], vec![0, 255, 128, 51]),
        (file(F64, &[2, 2, 1, 1], &floats64), 2, [2, 1, 1], vec![0, 255, 128, 51]),
        (file(U8, &[0, 28, 28], &[]), 0, [1, 28, 28], vec![]),
    ];
    for (bytes, rows, shape, pixels) in cases {
        let expected = IdxImages { rows, shape, pixels };
        assert_eq!(parse_images(&bytes).expect("plain"), expected);
        assert_eq!(parse_images(&gz(&bytes)).expect("gzipped"), expected);
    }
    let labels = file(U8, &[3], &[7, 0, 255]);
    assert_eq!(parse_labels(&labels).expect("plain"), [7, 0, 255]);
    assert_eq!(parse_labels(&gz(&labels)).expect("gzipped"), [7, 0, 255]);
}

#[test]
fn a_stream_of_several_gzip_members_is_one_file() {
    let (a, b) = (gz(&file(U8, &[3], &[7])), gz(&[8, 9]));
    assert_eq!(parse_labels(&[a, b].concat()).expect("two members"), [7, 8, 9]);
}

#[test]
fn refuses_hostile_images() {
    let max = u32::MAX;
    let cases: [(Vec<u8>, &str); 15] = [
        (vec![], "the idx header needs 4 bytes, but the file ends after 0"),
        (vec![0, 0, 8], "the idx header needs 4 bytes, but the file ends after 3"),
        (vec![0, 0, 8, 3, 0, 0], "the idx header needs 16 bytes, but the file ends after 6"),
        (b"PK\x03\x04".to_vec(), "not an idx file: bytes 0 and 1 must be 00 00, found 50 4b"),
        (
            file(0x0b, &[1, 1, 1], &[0, 0]),
            "byte 2, the element type, is 0x0b; images are 0x08 (u8), 0x0d (f32) or 0x0e (f64)",
        ),
        (
            file(U8, &[3], &[1, 2, 3]),
            "byte 3, the number of dimensions, is 1; images have 3 (rows, height, width) or 4 \
             (rows, channels, height, width)",
        ),
        (file(U8, &[1, 1, 0], &[]), "the dimension at byte 12 is 0"),
        (file(U8, &[1, 0, 1, 1], &[]), "the dimension at byte 8 is 0"),
        (
            file(U8, &[max, max, max], &[0; 9]),
            "dimensions [4294967295, 4294967295, 4294967295] with 1 bytes per element do not fit \
             into memory",
        ),
        (
            file(F64, &[max, max, 2], &[0; 9]),
            "dimensions [4294967295, 4294967295, 2] with 8 bytes per element do not fit into \
             memory",
        ),
        (
            file(U8, &[0, max, max, max], &[]),
            "dimensions [0, 4294967295, 4294967295, 4294967295] with 1 bytes per element do not \
             fit into memory",
        ),
        (file(U8, &[2, 2, 2], &[0; 7]), "promises 8 bytes after byte 16, but only 7 follow"),
        (file(F32, &[1, 2, 2], &[0; 4]), "promises 16 bytes after byte 16, but only 4 follow"),
        (
            file(U8, &[1 << 30, 1, 1], &[0; 4]),
            "promises 1073741824 bytes after byte 16, but only 4 follow",
        ),
        (
            file(U8, &[2, 2, 2], &[0; 9]),
            "promises 24 bytes in all, but the file goes on after them",
        ),
    ];
    for (bytes, message) in cases {
        for bytes in [gz(&bytes), bytes] {
            let error = parse_images(&bytes).expect_err(message).to_string();
            assert!(error.contains(message), "{error}\nexpected {message}");
        }
    }
}

#[test]
fn refuses_hostile_labels() {
    let cases: [(Vec<u8>, &str); 4] = [
        (file(U8, &[2, 1], &[0, 0]), "byte 3, the number of dimensions, is 2; labels have 1"),
        (file(F32, &[1], &[0; 4]), "byte 2, the element type, is 0x0d; labels are 0x08 (u8)"),
        (
            file(U8, &[u32::MAX], &[0; 4]),
            "promises 4294967295 bytes after byte 8, but only 4 follow",
        ),
        (file(U8, &[2], &[0; 3]), "promises 10 bytes in all, but the file goes on after them"),
    ];
    for (bytes, message) in cases {
        let error = parse_labels(&bytes).expect_err(message).to_string();
        assert!(error.contains(message), "{error}\nexpected {message}");
    }
}

#[test]
fn floats_out_of_range_are_named() {
    for value in [f64::NAN, f64::INFINITY, -0.001, 1.000_000_01, 255.0] {
        let content: Vec<u8> =
            [0.0, 0.5, 1.0, value].iter().flat_map(|x| x.to_be_bytes()).collect();
        let error = parse_images(&file(F64, &[2, 1, 2], &content)).expect_err("out of range");
        let message = format!("pixel 1 of row 1 is {value}, which is not between 0 and 1");
        assert_eq!(error.to_string(), message);
    }
    let nan = parse_images(&file(F32, &[1, 1, 1], &f32::NAN.to_be_bytes())).expect_err("NaN");
    assert_eq!(nan.to_string(), "pixel 0 of row 0 is NaN, which is not between 0 and 1");
}

#[test]
fn damaged_gzip_streams_are_refused() {
    let content: Vec<u8> = (0..=255_u8).cycle().map(|i| i.wrapping_mul(37)).take(4096).collect();
    let packed = gz(&file(U8, &[4, 32, 32], &content));
    for cut in [2, 9, 12, packed.len() / 2] {
        parse_images(&packed[..cut]).expect_err("cut within the data");
    }
    // All pixels are there, but their checksum is missing or wrong.
    let error = parse_images(&packed[..packed.len() - 4]).expect_err("cut within the checksum");
    assert!(error.to_string().starts_with("reading failed after 4112 unpacked bytes"), "{error}");
    let mut wrong = packed.clone();
    let crc = wrong.len() - 8;
    wrong[crc] ^= 1;
    let error = parse_images(&wrong).expect_err("a wrong checksum");
    assert!(error.to_string().starts_with("reading failed after 4112 unpacked bytes"), "{error}");
    let garbage = [&packed[..], b"garbage"].concat();
    parse_images(&garbage).expect_err("bytes after the stream");
}

#[test]
fn a_decompression_bomb_is_read_no_further_than_promised() {
    let mut bomb = file(U8, &[1, 2, 2], &[]);
    bomb.resize(64 << 20, 0);
    let packed = gz(&bomb);
    let mut input = Counting { bytes: &packed, read: 0 };
    let error = elements(MultiGzDecoder::new(BufReader::with_capacity(64, &mut input)), &IMAGES);
    assert!(matches!(error, Err(IdxError::Trailing { expected: 20 })));
    assert!(input.read < 1024, "{} of {} packed bytes were read", input.read, packed.len());
}

struct Counting<'a> {
    bytes: &'a [u8],
    read: usize,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.read += count;
        Ok(count)
    }
}

#[test]
fn the_name_decides_nothing_and_is_in_every_error() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (images, labels) = (dir.path().join("images.gz"), dir.path().join("labels"));
    std::fs::write(&images, file(U8, &[2, 1, 1], &[5, 6])).expect("written");
    std::fs::write(&labels, gz(&file(U8, &[2], &[0, 1]))).expect("written");
    let set = read_pair(&images, &labels).expect("a pair");
    assert_eq!((set.pixels(), set.labels()), (&[5, 6][..], &[0, 1][..]));

    std::fs::write(&labels, file(U8, &[3], &[0, 1, 2])).expect("written");
    let error = read_pair(&images, &labels).expect_err("2 images, 3 labels").to_string();
    let message = "images.gz: 2 images, but the label file holds 3 labels";
    assert!(error.ends_with(message), "{error}");

    std::fs::write(&labels, [0, 0]).expect("written");
    let error = read_pair(&images, &labels).expect_err("a short file").to_string();
    assert!(
        error.ends_with("labels: the idx header needs 4 bytes, but the file ends after 2"),
        "{error}"
    );

    for path in [dir.path(), &dir.path().join("none")] {
        let error = read_images(path).expect_err("not a file").to_string();
        assert!(error.starts_with(&format!("cannot read {}: ", path.display())), "{error}");
    }
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
        for bytes in [gz(&bytes), [&GZIP[..], &bytes].concat(), bytes] {
            let _ = parse_images(&bytes);
            let _ = parse_labels(&bytes);
        }
    }

    #[test]
    fn arbitrary_headers_never_panic(
        kind in prop::sample::select(vec![U8, F32, F64]),
        dims in prop::collection::vec(prop_oneof![0_u32..4, any::<u32>()], 1..5),
        content: Vec<u8>,
    ) {
        let bytes = file(kind, &dims, &content);
        let _ = parse_images(&bytes);
        let _ = parse_labels(&bytes);
        let _ = parse_images(&gz(&bytes));
    }

    #[test]
    fn what_is_written_is_read(
        rows in 0_u32..5, channels in 1_u32..4, height in 1_u32..5, width in 1_u32..5,
        seed: u8, planar: bool, packed: bool,
    ) {
        let channels = if planar { 1 } else { channels };
        let count = rows * channels * height * width;
        let content = (0..count).map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed));
        let content: Vec<u8> = content.collect();
        let dims = match planar {
            true => vec![rows, height, width],
            false => vec![rows, channels, height, width],
        };
        let floats = content.iter().flat_map(|&b| (f32::from(b) / 255.0).to_be_bytes());
        let floats: Vec<u8> = floats.collect();
        for (kind, elements) in [(U8, &content), (F32, &floats)] {
            let mut bytes = file(kind, &dims, elements);
            if packed {
                bytes = gz(&bytes);
            }
            let images = parse_images(&bytes).expect("a valid file");
            prop_assert_eq!(images.rows, rows as usize);
            prop_assert_eq!(images.shape, [channels, height, width].map(|dim| dim as usize));
            prop_assert_eq!(&images.pixels, &content);
        }
    }
}
