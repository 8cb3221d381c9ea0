//! Fingerprints. A report names the exact rows that a run has seen, so they have to be the same on
//! every platform: all numbers are hashed little-endian and in 64 or 32 bits, never as `usize`.

use sha2::{Digest, Sha256};

/// A SHA-256 under construction.
pub(super) struct Fingerprint(Sha256);

impl Fingerprint {
    pub(super) fn new() -> Self {
        Self(Sha256::new())
    }

    /// A count or a dimension.
    pub(super) fn size(&mut self, value: usize) {
        self.0.update((value as u64).to_le_bytes());
    }

    pub(super) fn numbers(&mut self, values: &[u32]) {
        for value in values {
            self.0.update(value.to_le_bytes());
        }
    }

    pub(super) fn tokens(&mut self, tokens: &[u16]) {
        for token in tokens {
            self.0.update(token.to_le_bytes());
        }
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest as 64 hexadecimal digits.
    pub(super) fn hex(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// SHA-256 of a list of row numbers, as 64 hexadecimal digits.
pub(crate) fn rows_digest(rows: &[u32]) -> String {
    let mut print = Fingerprint::new();
    print.numbers(rows);
    print.hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_vector() {
        let mut print = Fingerprint::new();
        print.bytes(b"abc");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(print.hex(), expected);
    }

    #[test]
    fn numbers_are_little_endian() {
        let (mut numbers, mut bytes) = (Fingerprint::new(), Fingerprint::new());
        numbers.numbers(&[1, 0x0203]);
        numbers.size(4);
        bytes.bytes(&[1, 0, 0, 0, 3, 2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(numbers.hex(), bytes.hex());
    }
}
