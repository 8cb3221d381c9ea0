use std::fs::File;

use super::super::what_is::READ_WHOLE;
use super::*;

fn says(bytes: &[u8], text: &str) {
    let kind = what_is(bytes).map(|kind| kind.to_string()).unwrap_or_default();
    assert!(kind.starts_with(text), "{kind}\nexpected {text}");
}

#[test]
fn other_files_are_named() {
    let mut hdf = vec![0; 600];
    hdf[512..520].copy_from_slice(b"\x89HDF\r\n\x1a\n");
    let mut tar = vec![b'a'; 600];
    tar[257..262].copy_from_slice(b"ustar");
    let cases: [(&[u8], &str); 24] = [
        (b"", "an empty file"),
        (&[0; 99], "a file of zero bytes only"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid",
            "a Git LFS pointer, not the file itself: run `git lfs pull`",
        ),
        (b"\n <!DOCTYPE html><html>", "a web page"),
        (b"\xef\xbb\xbf<html>", "a web page"),
        (b"<?xml version=\"1.0\"?><Error><Code>AccessDenied", "a web page or an error message"),
        (b"\x89HDF\r\n\x1a\n....", "an HDF5 file"),
        (&hdf, "an HDF5 file"),
        (b"MATLAB 7.3 MAT-file, Platform", "a MATLAB 7.3 file"),
        (b"\x80\x02}q\x00.", "a Python pickle"),
        (b"(dp0\nS'a'\n", "a Python pickle"),
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02", "a PyTorch file from before"),
        (b"PAR1....PAR1", "a Parquet table: save"),
        (b"PAR1....", "a Parquet table that breaks off"),
        (b"ARROW1..ARROW1", "an Arrow table: save"),
        (b"ARROW1..", "an Arrow table that breaks off"),
        (b"FEA1", "a Feather table"),
        (&tar, "a tar archive"),
        (b"PK\x03\x04.....", "a zip file (.zip, .npz, .pt) that breaks off"),
        (b"\x08\x07\x12\x07pytorch\x1a\x052.1.0:\x99\x01", "an ONNX model"),
        (b"\x10\0\0\0\0\0\0\0{\"a\":", "weights (.safetensors)"),
        (b"GGUF", "weights of a language model"),
        (b"\xff\xd8\xff\xe0", "one JPEG picture"),
        (b"BZh9", "packed as bzip2: unpack it with `bunzip2`"),
    ];
    for (bytes, text) in cases {
        says(bytes, text);
    }
    for bytes in [&b"a,b,c\n1,2,3\n"[..], b"{\"a\": 1}", b"\x08\x07", b"hello"] {
        assert_eq!(what_is(bytes), None);
    }
}

#[test]
fn archives_are_told_by_their_names() {
    let named =
        |names: &[&str]| zip(&names.iter().map(|name| (*name, b"x".to_vec())).collect::<Vec<_>>());
    says(&named(&["archive/data.pkl", "archive/data/0"]), "a PyTorch file");
    says(&named(&["m/data.pkl", "m/code/__torch__.py"]), "a TorchScript program");
    says(&named(&["x.npy", "y.npy"]), "an archive of NumPy arrays");
    says(&named(&["config.json", "model.weights.h5"]), "a Keras model");
    says(&named(&["[Content_Types].xml"]), "a file of an office program");
    says(&named(&["a/b.png"]), "a zip archive: unpack");
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).expect("writes to memory");
        encoder.finish().expect("writes to memory")
    };
    let mut tar = vec![b'a'; 600];
    tar[257..262].copy_from_slice(b"ustar");
    says(&gzip(&tar), "a tar archive packed as gzip: unpack it with `tar -xzf`");
    says(&gzip(b"PAR1...."), "a Parquet table packed as gzip: unpack it with `gunzip`");
    says(&gzip(b"hello"), "packed as gzip: unpack it with `gunzip`");
    says(&gzip(&gzip(b"hello")), "packed as gzip");
}

#[test]
fn readers_say_what_they_were_given() {
    refused(
        one(b"version https://git-lfs.github.com/spec/v1\n"),
        "set.npz: this is a Git LFS pointer, not the file itself: run `git lfs pull`",
    );
    let options = ArrayOptions::default();
    let hdf = b"MATLAB 7.3 MAT-file";
    refused(from_mat(&[("a.mat", hdf)], &options, None), "a.mat: this is a MATLAB 7.3 file");
    refused(from_mat(&[("a.mat", b"what")], &options, None), "a.mat: this is not a MATLAB file");
    refused(
        from_cifar_python(&[("train", b"<html>")], &options, None),
        "train: this is a web page",
    );
    refused(one(&zip(&[("a/data.pkl", vec![])])), "set.npz: this is a PyTorch file");
    let whole = npz(&[("x", u1(&[1], &[0]))]);
    refused(one(&whole[..whole.len() - 9]), "that breaks off: download it again");
}

#[test]
fn of_a_large_file_only_the_beginning_is_read() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("large");
    // A sparse file takes no room on the disk.
    let mut file = File::create(&path).expect("created");
    file.set_len(READ_WHOLE + 1).expect("made long");
    assert_eq!(what_is_at(&path), None);
    file.write_all(b"PAR1").expect("written");
    assert_eq!(what_is_at(&path), Some(Kind::Parquet));
    file.set_len(100).expect("cut");
    assert_eq!(what_is_at(&path), Some(Kind::HalfParquet));
    let path = dir.path().join("large.pt");
    let mut file = File::create(&path).expect("created");
    file.write_all(b"PK\x03\x04").expect("written");
    file.set_len(READ_WHOLE + 1).expect("made long");
    assert_eq!(what_is_at(&path), Some(Kind::HalfZip));
}
