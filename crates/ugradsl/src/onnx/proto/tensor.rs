//! Tensors in the file: what they are called, and where their values lie.

use std::ops::Range;

use super::{floats, integers, pair, text};
use crate::onnx::wire::{Reader, Value, WireError};

/// A tensor as the file has it; its values are decoded by
/// [`HostTensor::decode`](crate::onnx::host::HostTensor::decode).
#[derive(Debug, Clone, Default)]
pub(crate) struct TensorProto {
    pub(crate) name: String,
    pub(crate) dims: Vec<i64>,
    pub(crate) element_type: i64,
    /// Little-endian values, one after another.
    pub(crate) place: Option<Place>,
    /// Values of a file that wrote them as single numbers.
    pub(crate) ints: Vec<i64>,
    pub(crate) floats: Vec<f32>,
    pub(crate) doubles: Vec<f64>,
    /// Keys and values that say in which other file the values lie.
    pub(crate) external: Vec<(String, String)>,
    /// All bytes of the message, its tag and length excluded.
    pub(crate) message: Range<usize>,
    /// The values themselves, of a tensor that does not belong to the graph but to a node.
    pub(crate) inline: Vec<u8>,
}

/// Where in the file the values of a tensor lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) range: Range<usize>,
}

/// `TensorProto.DataType`, as far as networks use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ElementType {
    F32,
    U8,
    I8,
    U16,
    I16,
    I32,
    I64,
    Bool,
    F16,
    F64,
    U32,
    U64,
    Bf16,
}

impl ElementType {
    /// The type of this number; `None` for text, complex numbers and those of eight and fewer bits.
    pub(crate) fn of(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::F32,
            2 => Self::U8,
            3 => Self::I8,
            4 => Self::U16,
            5 => Self::I16,
            6 => Self::I32,
            7 => Self::I64,
            9 => Self::Bool,
            10 => Self::F16,
            11 => Self::F64,
            12 => Self::U32,
            13 => Self::U64,
            16 => Self::Bf16,
            _ => return None,
        })
    }

    /// Bytes of a value.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 | Self::F16 | Self::Bf16 => 2,
            Self::F32 | Self::I32 | Self::U32 => 4,
            Self::I64 | Self::F64 | Self::U64 => 8,
        }
    }

    /// Whether it is a floating-point number.
    pub(crate) fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F16 | Self::F64 | Self::Bf16)
    }
}

impl TensorProto {
    pub(super) fn read(file: &[u8], range: Range<usize>) -> Result<Self, WireError> {
        let mut tensor = Self { message: range.clone(), ..Self::default() };
        let mut reader = Reader::new(file, range);
        while let Some(field) = reader.next()? {
            match (field.number, field.value) {
                (1, value) => integers(file, &value, &mut tensor.dims)?,
                (2, Value::Varint(kind)) => tensor.element_type = kind as i64,
                // Packed floats lie as raw ones do, so that they can be overwritten, too.
                (4, Value::Bytes(range)) if tensor.place.is_none() && tensor.floats.is_empty() => {
                    tensor.place = Some(Place { range });
                }
                (4, value) => tensor.more_floats(file, &value),
                (5 | 7 | 11, value) => integers(file, &value, &mut tensor.ints)?,
                (8, Value::Bytes(range)) => tensor.name = text(file, range),
                (9, Value::Bytes(range)) => tensor.place = Some(Place { range }),
                (10, Value::Fixed64(bits)) => tensor.doubles.push(f64::from_bits(bits)),
                (10, Value::Bytes(range)) => tensor.place = Some(Place { range }),
                (13, Value::Bytes(range)) => tensor.external.push(pair(file, range)?),
                _ => {}
            }
        }
        Ok(tensor)
    }

    /// The tensor with its values, so that it can be decoded without the file.
    pub(super) fn with_values(mut self, file: &[u8]) -> Self {
        if let Some(Place { range }) = &mut self.place {
            self.inline = file[range.clone()].to_vec();
            *range = 0..self.inline.len();
        }
        self
    }

    /// Floats in several pieces: they have no one place any more.
    fn more_floats(&mut self, file: &[u8], value: &Value) {
        if let Some(Place { range }) = self.place.take() {
            floats(file, &Value::Bytes(range), &mut self.floats);
        }
        floats(file, value, &mut self.floats);
    }

    /// The shape.
    ///
    /// # Errors
    ///
    /// The words for a negative side, or for more values than any network has.
    pub(crate) fn shape(&self) -> Result<Vec<usize>, String> {
        let sides = self.dims.iter().map(|side| usize::try_from(*side).ok());
        let shape = sides.collect::<Option<Vec<usize>>>();
        let count = shape.as_ref().and_then(|shape| {
            shape.iter().try_fold(1usize, |count, side| count.checked_mul(*side))
        });
        match (shape, count) {
            (Some(shape), Some(count)) if count <= super::super::shape::MOST => Ok(shape),
            _ => Err(format!("has the impossible shape {:?}", self.dims)),
        }
    }
}
