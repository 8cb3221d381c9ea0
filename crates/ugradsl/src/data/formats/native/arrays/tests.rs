mod cifar;
mod files;
mod fixtures;
mod hostile;
mod labels;
mod mat;
mod splits;
mod values;
mod what_is;

use std::io::{Cursor, Read, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

/// A file as NumPy writes it, whether header and content match or not.
fn npy(descr: &str, dims: &[usize], content: &[u8]) -> Vec<u8> {
    npy_in_order(descr, "False", dims, content)
}

fn npy_in_order(descr: &str, fortran: &str, dims: &[usize], content: &[u8]) -> Vec<u8> {
    let dims: String = dims.iter().map(|dim| format!("{dim}, ")).collect();
    let text = format!(
        "{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({}), }}\n",
        dims.trim_end()
    );
    let length = (text.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], text.as_bytes(), content].concat()
}

fn u1(dims: &[usize], content: &[u8]) -> Vec<u8> {
    npy("|u1", dims, content)
}

fn f4(dims: &[usize], values: &[f32]) -> Vec<u8> {
    npy("<f4", dims, &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

fn zip(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        writer.write_all(bytes).expect("writes to memory");
    }
    writer.finish().expect("writes to memory").into_inner()
}

fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let named: Vec<_> = arrays.iter().map(|(name, b)| (format!("{name}.npy"), b.clone())).collect();
    zip(&named.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect::<Vec<_>>())
}

fn one(bytes: &[u8]) -> Result<Arrays, ArraysError> {
    from_numpy(&[("set.npz", bytes)], &ArrayOptions::default(), None)
}

/// Values and labels of one file.
fn pair(x: Vec<u8>, y: Vec<u8>) -> Result<Arrays, ArraysError> {
    one(&npz(&[("x", x), ("y", y)]))
}

/// An error that begins with, or contains, a message.
fn refused(result: Result<Arrays, ArraysError>, message: &str) {
    let error = result.expect_err(message).to_string();
    assert!(error.contains(message), "{error}\nexpected {message}");
}

fn noted(arrays: &Arrays, note: &str) {
    assert!(arrays.notes.iter().any(|found| found.contains(note)), "{:?}\n{note}", arrays.notes);
}

fn pixels(part: &Part) -> ([usize; 3], &[u8]) {
    match &part.values {
        Values::Pixels { shape, values } => (*shape, values),
        other => panic!("{other:?}"),
    }
}

fn features(part: &Part) -> (Vec<&str>, &[f32]) {
    match &part.values {
        Values::Features { names, values } => (names.iter().map(String::as_str).collect(), values),
        other => panic!("{other:?}"),
    }
}

/// A file from its compressed form in base64.
fn fixture(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut packed = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        (bits, count) = ((bits << 6) | u32::from(digit(byte)), count + 6);
        if count >= 8 {
            count -= 8;
            packed.push((bits >> count) as u8);
        }
    }
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(&packed[..]).read_to_end(&mut bytes).expect("a fixture");
    bytes
}
