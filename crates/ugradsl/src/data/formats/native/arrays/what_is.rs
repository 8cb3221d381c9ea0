//! What a file is, by its first bytes, where it is not what was expected.

mod kind;
mod onnx;

use std::{
    fs::File,
    io::{Cursor, Read, Seek},
    path::Path,
};

use flate2::read::GzDecoder;
use zip::ZipArchive;

pub use kind::Kind;

/// Bytes of a file that is read whole to tell what it is.
pub(super) const READ_WHOLE: u64 = 1 << 28;
/// Bytes of a beginning that tells what a file is.
const START: u64 = 4096;

/// What a file is, if it can be told. Needs all bytes of it to tell whether it breaks off.
pub fn what_is(bytes: &[u8]) -> Option<Kind> {
    if bytes.is_empty() {
        return Some(Kind::Empty);
    }
    let half = |whole: bool, kind, half| if whole { kind } else { half };
    for (magic, kind) in MAGICS {
        if bytes.starts_with(magic) {
            return Some(match kind {
                Kind::Zip => archive(Cursor::new(bytes)),
                Kind::Gzip(_) => Kind::Gzip(inside(bytes).map(Box::new)),
                Kind::Parquet => half(bytes.ends_with(b"PAR1"), Kind::Parquet, Kind::HalfParquet),
                Kind::Arrow => half(bytes.ends_with(b"ARROW1"), Kind::Arrow, Kind::HalfArrow),
                kind => kind.clone(),
            });
        }
    }
    // HDF5 may have a block of the user's own before it.
    let at = |place: usize, what: &[u8]| bytes.get(place..).is_some_and(|b| b.starts_with(what));
    if at(512, b"\x89HDF\r\n\x1a\n") {
        return Some(Kind::Hdf5);
    }
    if at(257, b"ustar") {
        return Some(Kind::Tar);
    }
    by_structure(bytes)
}

const MAGICS: &[(&[u8], Kind)] = &[
    (b"version https://git-lfs.github.com/spec", Kind::LfsPointer),
    (b"\x89HDF\r\n\x1a\n", Kind::Hdf5),
    (b"MATLAB 7.3 MAT-file", Kind::Matlab73),
    (b"MATLAB 5.0 MAT-file", Kind::Matlab5),
    (b"\x93NUMPY", Kind::Npy),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"\x1f\x8b", Kind::Gzip(None)),
    (b"PAR1", Kind::Parquet),
    (b"ARROW1", Kind::Arrow),
    (b"FEA1", Kind::Feather),
    (b"GGUF", Kind::Gguf),
    (b"BZh", Kind::Bzip2),
    (b"\xfd7zXZ\0", Kind::Xz),
    (b"\x28\xb5\x2f\xfd", Kind::Zstandard),
    (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (b"Rar!\x1a\x07", Kind::Rar),
    (b"%PDF-", Kind::Pdf),
    (b"SQLite format 3\0", Kind::Sqlite),
    (b"\x89PNG\r\n\x1a\n", Kind::Picture("PNG")),
    (b"\xff\xd8\xff", Kind::Picture("JPEG")),
    (b"GIF8", Kind::Picture("GIF")),
    // The number that torch.save put first before it wrote zip files.
    (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", Kind::TorchOld),
];

fn by_structure(bytes: &[u8]) -> Option<Kind> {
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let text = String::from_utf8_lossy(start).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let page = ["<!doctype html", "<html", "<head", "<script"];
    let refused = text.starts_with("<?xml") && (text.contains("<error>") || text.contains("<html"));
    if page.iter().any(|page| text.starts_with(page)) || refused {
        return Some(Kind::Page);
    }
    let pickle = matches!(*bytes, [0x80, 2..=5, ..]);
    let old = [&b"(dp"[..], b"(lp", b"ccopy_reg\n", b"cnumpy"];
    if pickle || old.iter().any(|magic| bytes.starts_with(magic)) {
        return Some(Kind::Pickle);
    }
    if let Some((length, rest)) = bytes.split_first_chunk::<8>() {
        let length = u64::from_le_bytes(*length);
        if rest.starts_with(b"{\"") && length < 100_000_000 {
            return Some(Kind::Safetensors);
        }
    }
    if onnx::is(bytes) {
        return Some(Kind::Onnx);
    }
    bytes.iter().all(|&byte| byte == 0).then_some(Kind::Zeros)
}

/// What a zip file holds, by the names in it.
fn archive(file: impl Read + Seek) -> Kind {
    let Ok(archive) = ZipArchive::new(file) else { return Kind::HalfZip };
    let names: Vec<_> = archive.file_names().filter_map(Result::ok).take(10_000).collect();
    let ends = |end: &str| names.iter().any(|name| name.ends_with(end));
    let has = |whole: &str| names.iter().any(|name| name == whole);
    if ends("data.pkl") {
        let code = names.iter().any(|name| name.contains("/code/") || name.ends_with(".py"));
        return if code { Kind::TorchScript } else { Kind::TorchZip };
    }
    match () {
        () if !names.is_empty() && names.iter().all(|name| name.ends_with(".npy")) => Kind::Npz,
        () if has("config.json") && ends(".weights.h5") => Kind::Keras,
        () if has("[Content_Types].xml") || has("content.xml") => Kind::Office,
        () => Kind::Zip,
    }
}

/// What is packed in a gzip file, by its beginning. One layer only.
fn inside(bytes: &[u8]) -> Option<Kind> {
    let mut start = Vec::new();
    // A stream that breaks off still tells by what came before.
    let _ = GzDecoder::new(bytes).take(START).read_to_end(&mut start);
    if start.is_empty() || start.starts_with(b"\x1f\x8b") {
        return None;
    }
    of_start(&start)
}

/// What a file is of which only the beginning is known.
fn of_start(start: &[u8]) -> Option<Kind> {
    match what_is(start)? {
        // The rest is not missing.
        Kind::HalfParquet => Some(Kind::Parquet),
        Kind::HalfArrow => Some(Kind::Arrow),
        Kind::HalfZip => Some(Kind::Zip),
        Kind::Zeros => None,
        kind => Some(kind),
    }
}

/// What the file at `path` is, if it can be told. Of a large file only the beginning is read, and
/// of a zip file its end.
pub fn what_is_at(path: &Path) -> Option<Kind> {
    let mut file = File::open(path).ok()?;
    let whole = file.metadata().ok()?.len() <= READ_WHOLE;
    let mut bytes = Vec::new();
    file.by_ref().take(if whole { READ_WHOLE } else { START }).read_to_end(&mut bytes).ok()?;
    if whole {
        return what_is(&bytes);
    }
    // The names in a zip file are at its end.
    if bytes.starts_with(b"PK") { Some(archive(file)) } else { of_start(&bytes) }
}
