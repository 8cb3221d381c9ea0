//! Values that lie in other files beside the graph. They are read into the file itself, so that
//! there is one file from then on.

use std::ops::Range;

use super::{
    OnnxError,
    proto::{ElementType, ModelProto, TensorProto},
    wire::{Reader, Value, put_bytes, put_varint},
};

/// Gives some bytes of a file beside the graph, by the name that the graph has for it: so many from
/// an offset on.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str, u64, usize) -> Result<Vec<u8>, String>;

/// The most bytes that a file may have, values from elsewhere included: that of protocol buffers.
const MOST: usize = i32::MAX as usize;

/// Number of the initializers in a graph, and of fields in a tensor.
const INITIALIZER: u64 = 5;
const RAW_DATA: u64 = 9;
const EXTERNAL_DATA: u64 = 13;
const DATA_LOCATION: u64 = 14;
const GRAPH: u64 = 7;

/// Whether values of the graph lie in other files.
pub(crate) fn is_split(model: &ModelProto) -> bool {
    let tensors = model.graph.iter().flat_map(|graph| &graph.initializers);
    tensors.into_iter().any(|tensor| !tensor.external.is_empty())
}

/// `file` with all values inside.
pub(crate) fn gather(
    file: &[u8],
    model: &ModelProto,
    lookup: Lookup<'_>,
) -> Result<Vec<u8>, OnnxError> {
    let graph = model.graph.as_ref().ok_or(OnnxError::NoGraph)?;
    let mut tensors = graph.initializers.iter();
    let mut whole = Vec::new();
    let mut reader = Reader::new(file, model.graph_place.clone());
    while let Some(field) = reader.next()? {
        match (field.number, &field.value) {
            (INITIALIZER, Value::Bytes(range)) => {
                let tensor = tensors.next().ok_or(OnnxError::NoGraph)?;
                match tensor.external.is_empty() {
                    true => whole.extend_from_slice(&file[field.whole]),
                    false => {
                        let values = values(tensor, MOST.saturating_sub(whole.len()), lookup)?;
                        put_bytes(
                            &mut whole,
                            INITIALIZER,
                            &with_values(file, range.clone(), &values)?,
                        );
                    }
                }
            }
            _ => whole.extend_from_slice(&file[field.whole]),
        }
    }
    replace_graph(file, &whole)
}

/// The file with another graph.
fn replace_graph(file: &[u8], graph: &[u8]) -> Result<Vec<u8>, OnnxError> {
    let mut out = Vec::with_capacity(file.len() + graph.len());
    let mut reader = Reader::new(file, 0..file.len());
    while let Some(field) = reader.next()? {
        match field.number {
            GRAPH => {
                put_varint(&mut out, GRAPH << 3 | 2);
                put_varint(&mut out, graph.len() as u64);
                out.extend_from_slice(graph);
            }
            _ => out.extend_from_slice(&file[field.whole]),
        }
    }
    Ok(out)
}

/// The tensor's message with `values` instead of the place where they are.
fn with_values(file: &[u8], message: Range<usize>, values: &[u8]) -> Result<Vec<u8>, OnnxError> {
    let mut out = Vec::with_capacity(values.len() + 64);
    let mut reader = Reader::new(file, message);
    while let Some(field) = reader.next()? {
        if ![RAW_DATA, EXTERNAL_DATA, DATA_LOCATION].contains(&field.number) {
            out.extend_from_slice(&file[field.whole]);
        }
    }
    put_bytes(&mut out, RAW_DATA, values);
    Ok(out)
}

/// The bytes of a tensor's values, which must be at most `room`.
fn values(tensor: &TensorProto, room: usize, lookup: Lookup<'_>) -> Result<Vec<u8>, OnnxError> {
    let entry = |key: &str| {
        tensor.external.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    };
    let name = entry("location").unwrap_or_default();
    let fail = |problem: String| OnnxError::External {
        name: tensor.name.clone(),
        file: name.to_owned(),
        problem,
    };
    if leaves_the_folder(name) {
        return Err(fail("which is not a file beside the graph".to_owned()));
    }
    let number = |key: &str| match entry(key) {
        None | Some("") => Ok(None),
        Some(text) => {
            text.parse::<u64>().map(Some).map_err(|_| fail(format!("with {key} {text:?}")))
        }
    };
    let offset = number("offset")?.unwrap_or(0);
    let (needed, length) = (size(tensor), number("length")?);
    let needed = needed
        .ok_or_else(|| fail("of which its shape and type do not tell the size".to_owned()))?;
    if needed > room {
        return Err(fail("with which all values need more than 2 GB".to_owned()));
    }
    if let Some(length) = length.filter(|length| *length != needed as u64) {
        return Err(fail(format!("with length {length}, but its shape needs {needed} bytes")));
    }
    lookup(name, offset, needed).map_err(|problem| fail(format!("which {problem}")))
}

/// Bytes that the values of a tensor take.
fn size(tensor: &TensorProto) -> Option<usize> {
    let element = ElementType::of(tensor.element_type)?.size();
    let dims = tensor.dims.iter().map(|dim| usize::try_from(*dim).ok());
    dims.into_iter().try_fold(element, |size, dim| size.checked_mul(dim?))
}

/// Whether the name is of a file elsewhere.
fn leaves_the_folder(name: &str) -> bool {
    let part = |part: &str| part == ".." || part.contains(':');
    name.is_empty()
        || name.starts_with(['/', '\\'])
        || name.split(['/', '\\']).any(part)
        || name.contains('\0')
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_that_leave_the_folder_are_refused() {
        for name in ["", "/etc/passwd", "../w.bin", "a/../../w", "C:\\w", "\\\\host\\w", "a\0b"] {
            assert!(super::leaves_the_folder(name), "{name:?}");
        }
        assert!(
            !super::leaves_the_folder("net.onnx.data") && !super::leaves_the_folder("data/w..bin")
        );
    }
}
