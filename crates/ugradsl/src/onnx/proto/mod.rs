//! The messages of an ONNX file, as far as a network needs them. Nothing is recursive: graphs
//! inside of nodes are left unread, and the operators that have them are refused.

mod attribute;
mod graph;
mod tensor;

pub(crate) use attribute::Attribute;
pub(crate) use graph::{GraphProto, Node, Side, ValueInfo};
pub(crate) use tensor::{ElementType, TensorProto};

use std::ops::Range;

use super::wire::{Reader, Value, WireError};

/// A whole file.
#[derive(Debug, Clone, Default)]
pub(crate) struct ModelProto {
    /// Version of the operators of ONNX itself; 0 if the file does not say.
    pub(crate) opset: i64,
    /// The program that wrote the file.
    pub(crate) producer: String,
    /// `None` if there is none.
    pub(crate) graph: Option<GraphProto>,
    /// Where the graph lies.
    pub(crate) graph_place: Range<usize>,
    /// Entries of `metadata_props`: key, value, and all bytes of the entry.
    pub(crate) metadata: Vec<Entry>,
    /// Names of the functions that the file defines itself.
    pub(crate) functions: Vec<String>,
}

impl ModelProto {
    /// Reads `file`.
    pub(crate) fn read(file: &[u8]) -> Result<Self, WireError> {
        let mut model = Self::default();
        let mut reader = Reader::new(file, 0..file.len());
        while let Some(field) = reader.next()? {
            let Value::Bytes(range) = field.value else { continue };
            match field.number {
                2 => model.producer = text(file, range),
                7 => {
                    model.graph = Some(GraphProto::read(file, range.clone())?);
                    model.graph_place = range;
                }
                8 => {
                    if let Some(version) = opset(file, range)? {
                        model.opset = version;
                    }
                }
                14 => {
                    let (key, value) = pair(file, range)?;
                    model.metadata.push((key, value, field.whole));
                }
                25 => model.functions.push(first_text(file, range)?),
                _ => {}
            }
        }
        Ok(model)
    }
}

/// A key, its value, and all bytes of the entry.
pub(crate) type Entry = (String, String, Range<usize>);

/// The metadata of a file, whatever is in its graph.
pub(crate) fn metadata(file: &[u8]) -> Result<Vec<Entry>, WireError> {
    let mut all = Vec::new();
    let mut reader = Reader::new(file, 0..file.len());
    while let Some(field) = reader.next()? {
        if let (14, Value::Bytes(range)) = (field.number, field.value) {
            let (key, value) = pair(file, range)?;
            all.push((key, value, field.whole));
        }
    }
    Ok(all)
}

/// The version of an entry of `opset_import`, if it is that of ONNX's own operators.
fn opset(file: &[u8], range: Range<usize>) -> Result<Option<i64>, WireError> {
    let (mut domain, mut version) = (String::new(), 0);
    let mut reader = Reader::new(file, range);
    while let Some(field) = reader.next()? {
        match (field.number, field.value) {
            (1, Value::Bytes(range)) => domain = text(file, range),
            (2, Value::Varint(value)) => version = value as i64,
            _ => {}
        }
    }
    Ok(is_onnx(&domain).then_some(version))
}

/// Whether a domain is that of ONNX's own operators.
pub(crate) fn is_onnx(domain: &str) -> bool {
    domain.is_empty() || domain == "ai.onnx"
}

/// A key and its value.
fn pair(file: &[u8], range: Range<usize>) -> Result<(String, String), WireError> {
    let (mut key, mut value) = (String::new(), String::new());
    let mut reader = Reader::new(file, range);
    while let Some(field) = reader.next()? {
        match (field.number, field.value) {
            (1, Value::Bytes(range)) => key = text(file, range),
            (2, Value::Bytes(range)) => value = text(file, range),
            _ => {}
        }
    }
    Ok((key, value))
}

/// The text of a message's first field.
fn first_text(file: &[u8], range: Range<usize>) -> Result<String, WireError> {
    Ok(pair(file, range)?.0)
}

/// Text; what is not UTF-8 gets replacement characters, so that a message can show it.
fn text(file: &[u8], range: Range<usize>) -> String {
    String::from_utf8_lossy(&file[range]).into_owned()
}

/// Integers, alone or packed.
fn integers(file: &[u8], value: &Value, into: &mut Vec<i64>) -> Result<(), WireError> {
    match value {
        Value::Varint(value) => into.push(*value as i64),
        Value::Bytes(range) => {
            let mut reader = Reader::new(file, range.clone());
            while !reader.is_over() {
                into.push(reader.varint()? as i64);
            }
        }
        Value::Fixed32(_) | Value::Fixed64(_) => {}
    }
    Ok(())
}

/// Floats, alone or packed.
fn floats(file: &[u8], value: &Value, into: &mut Vec<f32>) {
    match value {
        Value::Fixed32(bits) => into.push(f32::from_bits(*bits)),
        Value::Bytes(range) => into.extend(
            file[range.clone()].as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)),
        ),
        Value::Varint(_) | Value::Fixed64(_) => {}
    }
}
