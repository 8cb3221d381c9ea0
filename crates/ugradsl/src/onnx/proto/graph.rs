//! The graph: nodes, tensors, inputs and outputs.

use std::ops::Range;

use super::{Attribute, TensorProto, pair, text};
use crate::onnx::wire::{Reader, Value, WireError};

/// A graph, as the file has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct GraphProto {
    pub(crate) nodes: Vec<Node>,
    pub(crate) initializers: Vec<TensorProto>,
    pub(crate) inputs: Vec<ValueInfo>,
    pub(crate) outputs: Vec<ValueInfo>,
    /// Number of sparse initializers, which are not read.
    pub(crate) sparse: usize,
}

/// An operation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub(crate) op: String,
    pub(crate) domain: String,
    pub(crate) name: String,
    /// Names of what goes in; an empty one stands for an input that is left out.
    pub(crate) inputs: Vec<String>,
    pub(crate) outputs: Vec<String>,
    pub(crate) attributes: Vec<(String, Attribute)>,
    /// Names of the modules around it, if PyTorch's exporter noted them.
    pub(crate) scopes: Option<String>,
}

/// Name, type and shape of an input or output.
#[derive(Debug, Clone, Default)]
pub(crate) struct ValueInfo {
    pub(crate) name: String,
    /// Type of the elements; 0 if it is not a tensor.
    pub(crate) element_type: i64,
    /// Each side, or what it is called where it is free. `None` if the number of axes is not said.
    pub(crate) shape: Option<Vec<Side>>,
}

/// A side of a tensor's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Side {
    Fixed(usize),
    Free,
}

/// Where PyTorch's exporter notes the modules around a node.
const SCOPES: &str = "pkg.torch.onnx.name_scopes";

impl GraphProto {
    pub(super) fn read(file: &[u8], range: Range<usize>) -> Result<Self, WireError> {
        let mut graph = Self::default();
        let mut reader = Reader::new(file, range);
        while let Some(field) = reader.next()? {
            let Value::Bytes(range) = field.value else { continue };
            match field.number {
                1 => graph.nodes.push(Node::read(file, range)?),
                5 => graph.initializers.push(TensorProto::read(file, range)?),
                11 => graph.inputs.push(ValueInfo::read(file, range)?),
                12 => graph.outputs.push(ValueInfo::read(file, range)?),
                15 => graph.sparse += 1,
                _ => {}
            }
        }
        Ok(graph)
    }
}

impl Node {
    fn read(file: &[u8], range: Range<usize>) -> Result<Self, WireError> {
        let mut node = Self::default();
        let mut reader = Reader::new(file, range);
        while let Some(field) = reader.next()? {
            let Value::Bytes(range) = field.value else { continue };
            match field.number {
                1 => node.inputs.push(text(file, range)),
                2 => node.outputs.push(text(file, range)),
                3 => node.name = text(file, range),
                4 => node.op = text(file, range),
                5 => node.attributes.push(Attribute::read(file, range)?),
                7 => node.domain = text(file, range),
                9 => {
                    let (key, value) = pair(file, range)?;
                    node.scopes = (key == SCOPES).then_some(value).or(node.scopes);
                }
                _ => {}
            }
        }
        Ok(node)
    }

    /// What messages call it: its operator, and its name if it has one.
    pub(crate) fn title(&self) -> String {
        match (self.name.as_str(), self.outputs.first()) {
            ("", None) => self.op.clone(),
            ("", Some(output)) => format!("{} (which makes {output:?})", self.op),
            (name, _) => format!("{} ({name:?})", self.op),
        }
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        match self.attribute(name) {
            Some(Attribute::Int(value)) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.int(name).is_some_and(|value| value != 0)
    }

    pub(crate) fn float(&self, name: &str) -> Option<f32> {
        match self.attribute(name) {
            Some(Attribute::Float(value)) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.attribute(name) {
            Some(Attribute::Text(value)) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn ints(&self, name: &str) -> Option<&[i64]> {
        match self.attribute(name) {
            Some(Attribute::Ints(values)) => Some(values),
            _ => None,
        }
    }

    pub(crate) fn floats(&self, name: &str) -> Option<&[f32]> {
        match self.attribute(name) {
            Some(Attribute::Floats(values)) => Some(values),
            _ => None,
        }
    }

    pub(crate) fn texts(&self, name: &str) -> Option<&[String]> {
        match self.attribute(name) {
            Some(Attribute::Texts(values)) => Some(values),
            _ => None,
        }
    }

    pub(crate) fn tensor(&self, name: &str) -> Option<&TensorProto> {
        match self.attribute(name) {
            Some(Attribute::Tensor(tensor)) => Some(tensor),
            _ => None,
        }
    }
}

impl ValueInfo {
    fn read(file: &[u8], range: Range<usize>) -> Result<Self, WireError> {
        let mut info = Self::default();
        let mut reader = Reader::new(file, range);
        while let Some(field) = reader.next()? {
            match (field.number, field.value) {
                (1, Value::Bytes(range)) => info.name = text(file, range),
                (2, Value::Bytes(range)) => info.read_type(file, range)?,
                _ => {}
            }
        }
        Ok(info)
    }

    /// A `TypeProto`, if it is that of a tensor.
    fn read_type(&mut self, file: &[u8], range: Range<usize>) -> Result<(), WireError> {
        let mut reader = Reader::new(file, range);
        while let Some(field) = reader.next()? {
            let (1, Value::Bytes(range)) = (field.number, field.value) else { continue };
            let mut reader = Reader::new(file, range);
            while let Some(field) = reader.next()? {
                match (field.number, field.value) {
                    (1, Value::Varint(kind)) => self.element_type = kind as i64,
                    (2, Value::Bytes(range)) => self.shape = Some(shape(file, range)?),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// A `TensorShapeProto`.
fn shape(file: &[u8], range: Range<usize>) -> Result<Vec<Side>, WireError> {
    let mut sides = Vec::new();
    let mut reader = Reader::new(file, range);
    while let Some(field) = reader.next()? {
        let (1, Value::Bytes(range)) = (field.number, field.value) else { continue };
        let mut side = Side::Free;
        let mut reader = Reader::new(file, range);
        while let Some(field) = reader.next()? {
            if let (1, Value::Varint(value)) = (field.number, field.value) {
                // Some exporters write -1 or 0 for a side that is free.
                side = match i64::try_from(value).ok().and_then(|value| usize::try_from(value).ok())
                {
                    Some(size) if size > 0 => Side::Fixed(size),
                    _ => Side::Free,
                };
            }
        }
        sides.push(side);
    }
    Ok(sides)
}
