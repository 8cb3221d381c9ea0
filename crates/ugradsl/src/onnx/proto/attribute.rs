//! Attributes of nodes.

use std::ops::Range;

use super::{TensorProto, floats, integers, text};
use crate::onnx::wire::{Reader, Value, WireError};

/// The value of an attribute.
#[derive(Debug, Clone)]
pub(crate) enum Attribute {
    Float(f32),
    Int(i64),
    Text(String),
    Tensor(Box<TensorProto>),
    Floats(Vec<f32>),
    Ints(Vec<i64>),
    Texts(Vec<String>),
    /// A graph, a sparse tensor or a type.
    Other,
}

/// `AttributeProto.AttributeType`, as far as it is read.
const FLOAT: u64 = 1;
const INT: u64 = 2;
const STRING: u64 = 3;
const TENSOR: u64 = 4;
const FLOATS: u64 = 6;
const INTS: u64 = 7;
const STRINGS: u64 = 8;

impl Attribute {
    /// The attribute's name and value.
    pub(super) fn read(file: &[u8], range: Range<usize>) -> Result<(String, Self), WireError> {
        let (mut name, mut kind) = (String::new(), 0);
        let (mut float, mut int, mut string, mut tensor) = (0.0, 0, String::new(), None);
        let (mut all_floats, mut all_ints, mut all_texts) = (Vec::new(), Vec::new(), Vec::new());
        let mut reader = Reader::new(file, range);
        while let Some(field) = reader.next()? {
            match (field.number, field.value) {
                (1, Value::Bytes(range)) => name = text(file, range),
                (2, Value::Fixed32(bits)) => float = f32::from_bits(bits),
                (3, Value::Varint(value)) => int = value as i64,
                (4, Value::Bytes(range)) => string = text(file, range),
                (5, Value::Bytes(range)) => {
                    tensor = Some(TensorProto::read(file, range)?.with_values(file))
                }
                (7, value) => floats(file, &value, &mut all_floats),
                (8, value) => integers(file, &value, &mut all_ints)?,
                (9, Value::Bytes(range)) => all_texts.push(text(file, range)),
                (20, Value::Varint(value)) => kind = value,
                _ => {}
            }
        }
        let value = match (kind, tensor) {
            (FLOAT, _) => Self::Float(float),
            (INT, _) => Self::Int(int),
            (STRING, _) => Self::Text(string),
            (TENSOR, Some(tensor)) => Self::Tensor(Box::new(tensor)),
            (FLOATS, _) => Self::Floats(all_floats),
            (INTS, _) => Self::Ints(all_ints),
            (STRINGS, _) => Self::Texts(all_texts),
            _ => Self::Other,
        };
        Ok((name, value))
    }
}
