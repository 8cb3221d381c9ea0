//! Limits the length of lines for the CSV reader, which keeps a whole record in memory.

use std::io::{self, Read};

/// The longest line that is read: a million cells of sixteen characters.
const LONGEST: usize = 1 << 24;

/// Passes bytes on until a line gets too long.
pub(super) struct Lines<R> {
    input: R,
    length: usize,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, length: 0 }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let after = buffer[..count].iter().rev().position(|&byte| byte == b'\n');
        self.length = after.unwrap_or(self.length + count);
        if self.length > LONGEST {
            let message = format!("a line is longer than {LONGEST} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(count)
    }
}
