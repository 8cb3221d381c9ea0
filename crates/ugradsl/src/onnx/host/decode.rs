//! Values of a tensor in the file.

use super::{Elements, HostTensor};
use crate::onnx::{
    proto::{ElementType, TensorProto},
    shape::{Attempt, count},
};

impl HostTensor {
    /// The values of `tensor`, which lies in `file`. Halves and doubles become f32.
    pub(crate) fn decode(file: &[u8], tensor: &TensorProto) -> Attempt<Self> {
        let dims = tensor.shape()?;
        let kind = ElementType::of(tensor.element_type).ok_or_else(|| {
            format!("has elements of type {}, which are not read", type_name(tensor.element_type))
        })?;
        let raw = tensor.place.as_ref().map(|place| &file[place.range.clone()]);
        let elements = match raw {
            Some(raw) if raw.len() % kind.size() == 0 => from_raw(kind, raw),
            Some(raw) => {
                return Err(format!("has {} bytes, which are not whole values", raw.len()));
            }
            None => from_numbers(kind, tensor),
        };
        let have = match &elements {
            Elements::Ints(values) => values.len(),
            Elements::Floats(values) => values.len(),
            Elements::Bools(values) => values.len(),
        };
        match have == count(&dims) {
            true => Ok(Self { dims, elements }),
            false => Err(format!("has {have} values for the shape {dims:?}")),
        }
    }
}

fn values<const N: usize, T>(raw: &[u8], of: fn([u8; N]) -> T) -> Vec<T> {
    raw.as_chunks::<N>().0.iter().map(|bytes| of(*bytes)).collect()
}

fn from_raw(kind: ElementType, raw: &[u8]) -> Elements {
    use ElementType as Kind;
    match kind {
        Kind::F32 => Elements::Floats(values(raw, f32::from_le_bytes)),
        Kind::F64 => Elements::Floats(values(raw, |bytes| f64::from_le_bytes(bytes) as f32)),
        Kind::F16 => Elements::Floats(values(raw, |bytes| half(u16::from_le_bytes(bytes)))),
        Kind::Bf16 => Elements::Floats(values(raw, |bytes| brain(u16::from_le_bytes(bytes)))),
        Kind::Bool => Elements::Bools(raw.iter().map(|byte| *byte != 0).collect()),
        Kind::U8 => Elements::Ints(raw.iter().map(|byte| i64::from(*byte)).collect()),
        Kind::I8 => Elements::Ints(values(raw, |bytes| i64::from(i8::from_le_bytes(bytes)))),
        Kind::U16 => Elements::Ints(values(raw, |bytes| i64::from(u16::from_le_bytes(bytes)))),
        Kind::I16 => Elements::Ints(values(raw, |bytes| i64::from(i16::from_le_bytes(bytes)))),
        Kind::I32 => Elements::Ints(values(raw, |bytes| i64::from(i32::from_le_bytes(bytes)))),
        Kind::U32 => Elements::Ints(values(raw, |bytes| i64::from(u32::from_le_bytes(bytes)))),
        Kind::I64 => Elements::Ints(values(raw, i64::from_le_bytes)),
        Kind::U64 => Elements::Ints(values(raw, |bytes| u64::from_le_bytes(bytes) as i64)),
    }
}

/// Values that the file has as single numbers.
fn from_numbers(kind: ElementType, tensor: &TensorProto) -> Elements {
    use ElementType as Kind;
    let ints = &tensor.ints;
    match kind {
        Kind::F32 => Elements::Floats(tensor.floats.clone()),
        Kind::F64 => Elements::Floats(tensor.doubles.iter().map(|value| *value as f32).collect()),
        Kind::F16 => Elements::Floats(ints.iter().map(|bits| half(*bits as u16)).collect()),
        Kind::Bf16 => Elements::Floats(ints.iter().map(|bits| brain(*bits as u16)).collect()),
        Kind::Bool => Elements::Bools(ints.iter().map(|value| *value != 0).collect()),
        _ => Elements::Ints(ints.clone()),
    }
}

/// A float of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

/// The upper half of an f32.
fn brain(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// What ONNX calls a type of elements.
pub(crate) fn type_name(number: i64) -> String {
    match number {
        0 => "unknown".to_owned(),
        8 => "string".to_owned(),
        14 => "complex64".to_owned(),
        15 => "complex128".to_owned(),
        17..=20 => "float8".to_owned(),
        21 | 22 => "int4".to_owned(),
        other => format!("number {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_those_of_ieee_754() {
        // Table "Half precision examples" of Wikipedia's article on binary16.
        let examples = [
            (0x3c00, 1.0),
            (0x0001, 5.960_464_5e-8),
            (0x7bff, 65504.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
        ];
        for (bits, value) in examples {
            assert_eq!(half(bits), value);
        }
        assert_eq!((half(0xfc00), brain(0x3f80)), (f32::NEG_INFINITY, 1.0));
    }

    #[test]
    fn a_tensor_must_have_as_many_values_as_its_shape_says() {
        let tensor = TensorProto {
            dims: vec![2, 2],
            element_type: 1,
            floats: vec![1.0; 3],
            ..Default::default()
        };
        assert!(HostTensor::decode(&[], &tensor).unwrap_err().contains("3 values"));
        let huge = TensorProto { dims: vec![i64::MAX, 8], element_type: 1, ..Default::default() };
        assert!(HostTensor::decode(&[], &huge).unwrap_err().contains("impossible"));
        let text = TensorProto { element_type: 8, ..Default::default() };
        assert!(HostTensor::decode(&[], &text).unwrap_err().contains("string"));
    }
}
