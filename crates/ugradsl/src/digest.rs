//! Every SHA-256 of the crate. Reports name the exact rows and weights of a run, so digests have to
//! be the same on every platform: numbers are hashed little-endian and in 64, 32 or 16 bits, never
//! as `usize`.

use sha2::{Digest as _, Sha256};

/// A SHA-256 under construction.
#[derive(Default)]
pub(crate) struct Digest(Sha256);

impl Digest {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A count or a dimension.
    pub(crate) fn size(&mut self, value: usize) {
        self.0.update((value as u64).to_le_bytes());
    }

    pub(crate) fn numbers(&mut self, values: &[u32]) {
        for value in values {
            self.0.update(value.to_le_bytes());
        }
    }

    /// Two bytes each, or four where one of them needs more.
    pub(crate) fn tokens(&mut self, tokens: &[u32]) {
        let short: Option<Vec<u16>> =
            tokens.iter().map(|token| u16::try_from(*token).ok()).collect();
        match short {
            Some(short) => short.iter().for_each(|token| self.0.update(token.to_le_bytes())),
            None => self.numbers(tokens),
        }
    }

    pub(crate) fn floats(&mut self, values: &[f32]) {
        for value in values {
            self.0.update(value.to_le_bytes());
        }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The first 128 bits of the digest.
    pub(crate) fn half(self) -> u128 {
        let bytes: [u8; 32] = self.0.finalize().into();
        let (half, _) = bytes.split_at(16);
        half.iter().fold(0, |number, &byte| number << 8 | u128::from(byte))
    }

    /// The digest as 64 hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// SHA-256 of bytes, as 64 hexadecimal digits.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let mut digest = Digest::new();
    digest.bytes(bytes);
    digest.hex()
}

/// SHA-256 of a list of row numbers, as 64 hexadecimal digits.
pub(crate) fn rows(rows: &[u32]) -> String {
    let mut digest = Digest::new();
    digest.numbers(rows);
    digest.hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_vector() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(bytes(b"abc"), expected);
    }

    #[test]
    fn numbers_are_little_endian() {
        let mut numbers = Digest::new();
        numbers.numbers(&[1, 0x0203]);
        numbers.size(4);
        let expected = bytes(&[1, 0, 0, 0, 3, 2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(numbers.hex(), expected);
    }
}
