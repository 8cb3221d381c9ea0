//! The encoding below ONNX: fields of a protocol buffer, read in place. A field is a range of the
//! file, so that a tensor's values keep their place and can be overwritten there.

use std::ops::Range;

use thiserror::Error;

/// Why bytes are not a protocol buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{problem} (byte {at})")]
#[non_exhaustive]
pub struct WireError {
    /// What is wrong.
    pub problem: &'static str,
    /// Where.
    pub at: usize,
}

/// The value of a field, as the encoding knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Bytes(Range<usize>),
}

/// A field: its number, its value, and all of its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) number: u64,
    pub(crate) value: Value,
    pub(crate) whole: Range<usize>,
}

/// Reads the fields of a message that lies in a range of `file`.
pub(crate) struct Reader<'a> {
    file: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// The fields of the message in `range`, which lies in `file`.
    pub(crate) fn new(file: &'a [u8], range: Range<usize>) -> Self {
        let end = range.end.min(file.len());
        Self { file, at: range.start.min(end), end }
    }

    /// Whether all fields were read.
    pub(crate) fn is_over(&self) -> bool {
        self.at >= self.end
    }

    fn fail<T>(&self, problem: &'static str) -> Result<T, WireError> {
        Err(WireError { problem, at: self.at })
    }

    /// A number of up to 64 bits, seven of them a byte.
    pub(crate) fn varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            if self.is_over() {
                return self.fail("the file ends within a number");
            }
            let byte = self.file[self.at];
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        self.fail("a number of more than 64 bits")
    }

    fn take(&mut self, length: u64) -> Result<Range<usize>, WireError> {
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        match end.filter(|end| *end <= self.end) {
            Some(end) => {
                let range = self.at..end;
                self.at = end;
                Ok(range)
            }
            None => self.fail("a field says that it is longer than what is left"),
        }
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let range = self.take(N as u64)?;
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.file[range]);
        Ok(bytes)
    }

    /// The next field; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Field>, WireError> {
        if self.is_over() {
            return Ok(None);
        }
        let start = self.at;
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.fixed()?)),
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.fixed()?)),
            _ => return self.fail("a field of unknown type"),
        };
        Ok(Some(Field { number: tag >> 3, value, whole: start..self.at }))
    }
}

/// A number as [`Reader::varint`] reads it.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A field of bytes.
pub(crate) fn put_bytes(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    put_varint(out, number << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8]) -> Result<Vec<(u64, Value)>, WireError> {
        let mut reader = Reader::new(bytes, 0..bytes.len());
        let mut all = Vec::new();
        while let Some(field) = reader.next()? {
            all.push((field.number, field.value));
        }
        Ok(all)
    }

    #[test]
    fn reads_the_examples_of_the_protobuf_documentation() {
        // protobuf.dev, "Encoding": field 1 = 150, and field 2 = "testing".
        assert_eq!(fields(&[0x08, 0x96, 0x01]).unwrap(), [(1, Value::Varint(150))]);
        let testing = [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67];
        assert_eq!(fields(&testing).unwrap(), [(2, Value::Bytes(2..9))]);
    }

    #[test]
    fn what_is_written_is_read() {
        for value in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = vec![0x08];
            put_varint(&mut bytes, value);
            assert_eq!(fields(&bytes).unwrap(), [(1, Value::Varint(value))]);
        }
    }

    #[test]
    fn refuses_what_is_cut_or_lies() {
        let problem = |bytes: &[u8]| fields(bytes).unwrap_err().problem;
        assert!(problem(&[0x08, 0x96]).contains("within a number"));
        assert!(problem(&[0x08; 1]).contains("within a number"));
        let eleven = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert!(problem(&eleven).contains("64 bits"));
        assert!(problem(&[0x12, 0x07, 0x74]).contains("longer"));
        let huge = [0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert!(problem(&huge).contains("longer"));
        assert!(problem(&[0x0b]).contains("unknown type"));
    }
}
