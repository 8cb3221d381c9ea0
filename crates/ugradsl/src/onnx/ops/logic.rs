//! Choosing between values, and changing their type.

use burn::backend::{Dispatch, ops::*};

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::{Elements, HostTensor},
    proto::ElementType,
    shape::broadcast,
    value::{Context, Value},
};

pub(super) const OPERATORS: &[(&str, Operator)] =
    &[("Not", not), ("Where", choose), ("Cast", cast), ("CastLike", cast_like)];

fn not(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    if let Some(host) = value.host() {
        let values = host.to_bools().into_iter().map(|truth| !truth).collect();
        return one(HostTensor::bools(host.dims.clone(), values));
    }
    one(Value::Bool(Dispatch::bool_not(call.context.bools(value))))
}

fn choose(call: &Call<'_>) -> Outputs {
    let (mask, yes, no) = (call.input(0)?, call.input(1)?, call.input(2)?);
    let to = broadcast(&broadcast(&mask.dims(), &yes.dims())?, &no.dims())?;
    let (mask, yes, no) =
        (mask.clone().expand(&to)?, yes.clone().expand(&to)?, no.clone().expand(&to)?);
    if let (Some(mask), Some(yes), Some(no)) = (mask.host(), yes.host(), no.host()) {
        let n = yes.count();
        let flat = [yes.reshaped(vec![n]), no.reshaped(vec![n])];
        let both = HostTensor::concatenated(&[&flat[0], &flat[1]], 0)?;
        let places = mask.to_bools().into_iter().enumerate();
        let places: Vec<usize> = places.map(|(i, truth)| if truth { i } else { n + i }).collect();
        return one(both.pick(to, &places));
    }
    let context = call.context;
    let mask = context.bools(&mask);
    one(if yes.is_bool() && no.is_bool() {
        Value::Bool(Dispatch::bool_mask_where(context.bools(&no), mask, context.bools(&yes)))
    } else if yes.is_int() && no.is_int() {
        Value::Int(Dispatch::int_mask_where(context.ints(&no), mask, context.ints(&yes)))
    } else {
        Value::Float(Dispatch::float_mask_where(context.floats(&no), mask, context.floats(&yes)))
    })
}

fn cast(call: &Call<'_>) -> Outputs {
    let to = call.node.int("to").unwrap_or(1);
    let Some(kind) = ElementType::of(to) else {
        return Err("casts to a type that is not supported".to_owned());
    };
    one(converted(call.input(0)?, kind, call.context))
}

fn cast_like(call: &Call<'_>) -> Outputs {
    let like = call.input(1)?;
    let kind = match (like.is_int(), like.is_bool()) {
        (true, _) => ElementType::I64,
        (_, true) => ElementType::Bool,
        _ => ElementType::F32,
    };
    one(converted(call.input(0)?, kind, call.context))
}

fn converted(value: &Value, kind: ElementType, context: &Context<'_>) -> Value {
    if let Some(host) = value.host() {
        let elements = match kind {
            ElementType::Bool => Elements::Bools(host.to_bools()),
            kind if kind.is_float() => Elements::Floats(host.to_floats()),
            _ => Elements::Ints(host.to_ints()),
        };
        return HostTensor { dims: host.dims.clone(), elements }.into();
    }
    match kind {
        ElementType::Bool => Value::Bool(context.bools(value)),
        kind if kind.is_float() => Value::Float(context.floats(value)),
        _ => Value::Int(context.ints(value)),
    }
}
