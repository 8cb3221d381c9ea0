//! Whether a file is the expected one.

use std::{
    fmt,
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;
use md5::Md5;
use sha2::{Digest, Sha256};

/// What is known about a file beforehand.
pub(super) enum Check {
    /// SHA-256 and length of the unpacked content; the file may be gzipped or not.
    Unpacked { sha256: &'static str, bytes: u64 },
    /// MD5 of the file as it is.
    Md5(&'static str),
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unpacked { sha256, .. } => write!(f, "SHA-256 {sha256} unpacked"),
            Self::Md5(md5) => write!(f, "MD5 {md5}"),
        }
    }
}

impl Check {
    /// `Ok(Err(_))` says what the file is instead.
    pub(super) fn test(&self, path: &Path) -> io::Result<Result<(), String>> {
        let mut input = BufReader::with_capacity(1 << 16, File::open(path)?);
        match *self {
            Self::Md5(md5) => {
                let found = digest::<Md5>(&mut input)?;
                Ok(if found == md5 { Ok(()) } else { Err(format!("MD5 {found}")) })
            }
            Self::Unpacked { sha256, bytes } => {
                let packed = input.fill_buf()?.starts_with(&[0x1f, 0x8b]);
                // One byte more than expected, so that a gzip bomb is noticed but not unpacked.
                let found = if packed {
                    digest::<Sha256>(&mut MultiGzDecoder::new(input).take(bytes + 1))
                } else {
                    digest::<Sha256>(&mut input.take(bytes + 1))
                };
                Ok(match found {
                    Ok(found) if found == sha256 => Ok(()),
                    Ok(found) => Err(format!("SHA-256 {found}")),
                    Err(error) => Err(format!("a damaged gzip file ({error})")),
                })
            }
        }
    }
}

fn digest<D: Digest>(input: &mut impl Read) -> io::Result<String> {
    let mut digest = D::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match input.read(&mut buffer)? {
            0 => break,
            count => digest.update(&buffer[..count]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
