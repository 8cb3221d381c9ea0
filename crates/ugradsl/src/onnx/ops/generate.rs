//! Operators that make a tensor of their own.

use burn::backend::{Dispatch, ops::*};
use burn::tensor::Scalar;

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::{Elements, HostTensor},
    proto::{ElementType, Node},
    shape::{Attempt, MOST, count, sides},
    value::Value,
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("Constant", |call| one(constant(call.node)?)),
    ("ConstantOfShape", constant_of_shape),
    ("Range", range),
    ("EyeLike", eye),
    ("Trilu", triangle),
];

/// The value of a `Constant`.
pub(crate) fn constant(node: &Node) -> Attempt<HostTensor> {
    if let Some(tensor) = node.tensor("value") {
        return HostTensor::decode(&tensor.inline, tensor);
    }
    if let Some(value) = node.float("value_float") {
        return Ok(HostTensor::floats(vec![], vec![value]));
    }
    if let Some(values) = node.floats("value_floats") {
        return Ok(HostTensor::floats(vec![values.len()], values.to_vec()));
    }
    if let Some(value) = node.int("value_int") {
        return Ok(HostTensor::int(value));
    }
    if let Some(values) = node.ints("value_ints") {
        return Ok(HostTensor::list(values.to_vec()));
    }
    Err("has a value of a type that is not supported".to_owned())
}

fn constant_of_shape(call: &Call<'_>) -> Outputs {
    const MOST_HERE: usize = MOST >> 4;
    let dims = sides(&call.ints(0)?)?;
    let n = count(&dims);
    if n > MOST_HERE {
        return Err(format!("would fill a tensor of shape {dims:?}"));
    }
    let elements = match call.node.tensor("value") {
        None => Elements::Floats(vec![0.0; n]),
        Some(tensor) => match first(tensor)? {
            Elements::Ints(values) => Elements::Ints(vec![values[0]; n]),
            Elements::Floats(values) => Elements::Floats(vec![values[0]; n]),
            Elements::Bools(values) => Elements::Bools(vec![values[0]; n]),
        },
    };
    one(HostTensor { dims, elements })
}

/// The single element of a tensor.
fn first(tensor: &crate::onnx::proto::TensorProto) -> Attempt<Elements> {
    let host = HostTensor::decode(&tensor.inline, tensor)?;
    match host.count() {
        1 => Ok(host.elements),
        n => Err(format!("fills with {n} values instead of one")),
    }
}

fn range(call: &Call<'_>) -> Outputs {
    let (start, limit, step) = (call.host(0)?, call.host(1)?, call.host(2)?);
    if call.given().all(Value::is_int) {
        let first = |host: &HostTensor| host.to_ints().first().copied().ok_or("lacks a bound");
        let (start, limit, step) = (first(start)?, first(limit)?, first(step)?);
        return one(HostTensor::list(steps(start, limit, step)?));
    }
    let single = |host: &HostTensor| host.single().map(f64::from).ok_or("lacks a bound");
    let (start, limit, step) = (single(start)?, single(limit)?, single(step)?);
    let n = ((limit - start) / step).ceil().max(0.0);
    if step == 0.0 || !n.is_finite() || n > (MOST >> 4) as f64 {
        return Err(format!("counts from {start} to {limit} by {step}"));
    }
    let values: Vec<f32> = (0..n as usize).map(|i| (start + i as f64 * step) as f32).collect();
    one(HostTensor::floats(vec![values.len()], values))
}

fn steps(start: i64, limit: i64, step: i64) -> Attempt<Vec<i64>> {
    let fail = || format!("counts from {start} to {limit} by {step}");
    let room = i128::from(limit) - i128::from(start);
    let step_wide = i128::from(step);
    if step == 0 {
        return Err(fail());
    }
    let n = (room + step_wide - step_wide.signum()) / step_wide;
    let n = usize::try_from(n.max(0)).ok().filter(|n| *n <= MOST >> 4).ok_or_else(fail)?;
    Ok((0..n as i64).map(|i| start + i * step).collect())
}

fn eye(call: &Call<'_>) -> Outputs {
    let dims = call.input(0)?.dims();
    let [rows, columns] = dims.as_slice() else { return Err(format!("has the shape {dims:?}")) };
    let k = call.node.int("k").unwrap_or(0);
    let values = cells(*rows, *columns).map(|(i, j)| f32::from(j - i == k)).collect();
    let matrix = HostTensor::floats(dims, values);
    let kind = ElementType::of(call.node.int("dtype").unwrap_or(1));
    one(match kind {
        Some(kind) if !kind.is_float() => HostTensor::ints(matrix.dims.clone(), matrix.to_ints()),
        _ => matrix,
    })
}

fn cells(rows: usize, columns: usize) -> impl Iterator<Item = (i64, i64)> {
    (0..rows as i64).flat_map(move |i| (0..columns as i64).map(move |j| (i, j)))
}

/// Zeros below or above a diagonal.
fn triangle(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let dims = value.dims();
    let [.., rows, columns] = dims.as_slice() else {
        return Err(format!("has the shape {dims:?}"));
    };
    let k = match call.optional(1) {
        Some(_) => call.ints(1)?.first().copied().unwrap_or(0),
        None => 0,
    };
    if count(&dims) == 0 {
        return one(value.clone());
    }
    let upper = call.node.int("upper").unwrap_or(1) == 1;
    let kept = |(i, j): (i64, i64)| match upper {
        true => j >= i.saturating_add(k),
        false => j <= i.saturating_add(k),
    };
    let gone: Vec<bool> = cells(*rows, *columns).map(|cell| !kept(cell)).collect();
    let gone: Value = HostTensor::bools(vec![*rows, *columns], gone).into();
    let context = call.context;
    let gone = context.bools(&gone.expand(&dims)?);
    one(if value.is_int() {
        Value::Int(Dispatch::int_mask_fill(context.ints(value), gone, Scalar::Int(0)))
    } else if value.is_bool() {
        let off = Dispatch::bool_not(gone);
        Value::Bool(Dispatch::bool_and(context.bools(value), off))
    } else {
        Value::Float(Dispatch::float_mask_fill(context.floats(value), gone, Scalar::Float(0.0)))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts_as_python_does() {
        assert_eq!(super::steps(0, 7, 3).unwrap(), [0, 3, 6]);
        assert_eq!(super::steps(5, 0, -2).unwrap(), [5, 3, 1]);
        assert!(super::steps(3, 3, 1).unwrap().is_empty());
        assert!(super::steps(0, i64::MAX, 1).is_err() && super::steps(0, 1, 0).is_err());
    }
}
