use std::io::Write;

use proptest::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::super::npy::tests::file;
use super::*;

fn archive(arrays: &[(&str, Vec<u8>)], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).expect("an entry");
        writer.write_all(bytes).expect("writes to memory");
    }
    writer.finish().expect("writes to memory").into_inner()
}

fn packed(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    archive(arrays, zip::CompressionMethod::Deflated)
}

fn images() -> Vec<u8> {
    file("|u1", &[2, 1, 2], &[1, 2, 3, 4])
}

fn labels() -> Vec<u8> {
    file("<i8", &[2], &[[7, 0, 0, 0, 0, 0, 0, 0], [0; 8]].concat())
}

#[test]
fn both_names_and_both_ways_to_pack_are_read() {
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        for [x, y] in [["images.npy", "labels.npy"], ["x.npy", "y.npy"], ["x.npy", "labels.npy"]] {
            let other = ("other.npy", b"whatever".to_vec());
            let bytes = archive(&[(y, labels()), other, (x, images())], method);
            let set = parse(&bytes).expect("an archive");
            assert_eq!((set.pixels(), set.labels()), (&[1, 2, 3, 4][..], &[7, 0][..]));
        }
    }
}

#[test]
fn refuses_hostile_archives() {
    let good = packed(&[("x.npy", images()), ("y.npy", labels())]);
    let mut damaged = good.clone();
    let at = damaged.windows(5).position(|bytes| bytes == b"x.npy").expect("the first entry") + 20;
    damaged[at] ^= 0xff;
    let cases: [(Vec<u8>, &str); 8] = [
        (vec![], "not an npz file: "),
        (b"\x93NUMPY\x01\0".to_vec(), "not an npz file: "),
        (good[..good.len() / 2].to_vec(), "not an npz file: "),
        (damaged, "array `x`: "),
        (
            packed(&[("a.npy", images()), ("y.npy", labels()), ("readme.txt", Vec::new())]),
            "there is no array `images` or `x`; the arrays are a, y",
        ),
        (
            packed(&[("x.npy", images()), ("images.npy", images()), ("y.npy", labels())]),
            "the arrays `images` and `x` mean the same: keep one of them",
        ),
        (
            packed(&[("x.npy", images()), ("y.npy", file("|u1", &[3], &[0; 3]))]),
            "2 images, but 3 labels",
        ),
        (
            packed(&[("x.npy", file("|u1", &[2, 1, 1], &[0; 1 << 20])), ("y.npy", labels())]),
            "array `x`: the header promises ",
        ),
    ];
    for (bytes, message) in cases {
        let error = parse(&bytes).expect_err(message).to_string();
        assert!(error.starts_with(message), "{error}\nexpected {message}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, at: prop::sample::Index, value: u8) {
        let _ = parse(&bytes);
        let mut damaged = packed(&[("x.npy", images()), ("y.npy", labels())]);
        let at = at.index(damaged.len());
        damaged[at] = value;
        let _ = parse(&damaged);
        let _ = parse(&damaged[..at]);
        let _ = parse(&packed(&[("x.npy", bytes.clone()), ("y.npy", bytes)]));
    }
}
