//! Writing elements at places that are known beforehand.

use burn::backend::{Dispatch, ops::*};
use burn::tensor::IndexingUpdateOp;

use super::{
    Call, Operator, Outputs,
    indices::{flat_places, gathered},
    one,
    slices::joined,
};
use crate::onnx::{
    host::HostTensor,
    shape::{Attempt, axis, count, from_end, strides},
    value::{Value, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("ScatterND", scatter_nd),
    ("ScatterElements", scatter_elements),
    ("Scatter", scatter_elements),
];

fn scatter_nd(call: &Call<'_>) -> Outputs {
    let (value, indices, updates) = (call.input(0)?, call.host(1)?, call.input(2)?);
    let sides = value.dims();
    let rows = flat_places(&sides, indices, 0)?;
    let depth = indices.dims[indices.dims.len() - 1];
    let inner = count(&sides[depth..]);
    let flat: Vec<usize> =
        rows.iter().flat_map(|row| (*row as usize * inner)..(*row as usize + 1) * inner).collect();
    one(written(call, value, &flat, updates)?)
}

fn scatter_elements(call: &Call<'_>) -> Outputs {
    let (value, indices, updates) = (call.input(0)?, call.host(1)?, call.input(2)?);
    let sides = value.dims();
    let axis = axis(call.node.int("axis").unwrap_or(0), sides.len())?;
    let own = &indices.dims;
    let fits = own.len() == sides.len() && (0..own.len()).all(|k| k == axis || own[k] <= sides[k]);
    if !fits || updates.dims() != *own {
        return Err(format!("writes {own:?} elements into {sides:?}"));
    }
    let (steps, own_steps) = (strides(&sides), strides(own));
    let place = |(i, index): (usize, &i64)| {
        let index = from_end(*index, sides[axis])?;
        let at = |k: usize| i / own_steps[k] % own[k];
        Some((0..own.len()).map(|k| if k == axis { index } else { at(k) } * steps[k]).sum())
    };
    let flat: Option<Vec<usize>> = indices.to_ints().iter().enumerate().map(place).collect();
    one(written(
        call,
        value,
        &flat.ok_or_else(|| format!("has indices beyond {sides:?}"))?,
        updates,
    )?)
}

/// `value`, with `updates` at these places of its elements.
fn written(call: &Call<'_>, value: &Value, places: &[usize], updates: &Value) -> Attempt<Value> {
    let (sides, n) = (value.dims(), count(&value.dims()));
    if count(&updates.dims()) != places.len() {
        return Err(format!("writes {:?} to {} places", updates.dims(), places.len()));
    }
    if places.is_empty() {
        return Ok(value.clone());
    }
    match call.node.text("reduction").unwrap_or("none") {
        "none" => {}
        "add" => return added(call, value, places, updates),
        other => return call.unknown("reduction", other),
    }
    // Of both, one after the other, each place takes the element that is written there last.
    let mut from: Vec<i64> = (0..n as i64).collect();
    for (i, place) in places.iter().enumerate() {
        from[*place] = (n + i) as i64;
    }
    let parts = vec![value.clone().reshape(&[n])?, updates.clone().reshape(&[places.len()])?];
    let both = joined(parts, 0, call.context)?;
    gathered(&both, &HostTensor::list(from).into(), 0, call.context)?.reshape(&sides)
}

fn added(call: &Call<'_>, value: &Value, places: &[usize], updates: &Value) -> Attempt<Value> {
    let (sides, n) = (value.dims(), count(&value.dims()));
    let flat = Dispatch::float_reshape(call.context.floats(value), shape(&[n]));
    let updates = Dispatch::float_reshape(call.context.floats(updates), shape(&[places.len()]));
    let places = HostTensor::list(places.iter().map(|place| *place as i64).collect());
    let places = call.context.ints(&places.into());
    let sum = Dispatch::float_select_assign(flat, 0, places, updates, IndexingUpdateOp::Add);
    Value::Float(sum).reshape(&sides)
}
