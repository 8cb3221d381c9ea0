//! Picking elements by their places.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::Scalar;

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::HostTensor,
    shape::{Attempt, axis, checked, count, from_end, strides},
    value::{Context, Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("Gather", gather),
    ("GatherElements", gather_elements),
    ("GatherND", gather_nd),
    ("ArgMax", |call| best(call, Dispatch::float_argmax)),
    ("ArgMin", |call| best(call, Dispatch::float_argmin)),
    ("CumSum", running_sum),
    ("OneHot", one_hot),
];

fn gather(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let axis = axis(call.node.int("axis").unwrap_or(0), value.rank())?;
    one(gathered(value, call.input(1)?, axis, call.context)?)
}

/// Slices of `value` at `indices` along `axis`.
pub(super) fn gathered(
    value: &Value,
    indices: &Value,
    axis: usize,
    context: &Context<'_>,
) -> Attempt<Value> {
    if let (Some(value), Some(indices)) = (value.host(), indices.host()) {
        return Ok(value.gathered(indices, axis)?.into());
    }
    let (sides, own) = (value.dims(), indices.dims());
    let made = checked([&sides[..axis], &own, &sides[axis + 1..]].concat())?;
    if count(&made) == 0 {
        return Err(format!("gathers nothing from {sides:?}"));
    }
    let flat =
        Dispatch::int_reshape(on_axis(indices, sides[axis], context)?, shape(&[count(&own)]));
    match context.on_device(value) {
        Value::Float(tensor) => Value::Float(Dispatch::float_select(tensor, axis, flat)),
        Value::Int(tensor) => Value::Int(Dispatch::int_select(tensor, axis, flat)),
        // Not every device picks truth values; as integers they are picked everywhere.
        bools @ Value::Bool(_) => {
            let picked = Dispatch::int_select(context.ints(&bools), axis, flat);
            Value::Bool(context.bools(&Value::Int(picked)))
        }
        Value::Host(_) => return Err("has lost its tensor".to_owned()),
    }
    .reshape(&made)
}

/// Indices that may count from the end. On the host they are checked; those that follow from the
/// data are kept within the axis, since a device does not say that they are not.
fn on_axis(indices: &Value, length: usize, context: &Context<'_>) -> Attempt<DispatchTensor> {
    if let Some(host) = indices.host() {
        let found: Option<Vec<i64>> =
            host.to_ints().iter().map(|i| from_end(*i, length).map(|i| i as i64)).collect();
        let found = found.ok_or_else(|| format!("has indices beyond its {length} rows"))?;
        return Ok(context.ints(&HostTensor::ints(host.dims.clone(), found).into()));
    }
    let (indices, length) = (context.ints(indices), length as i64);
    let negative = Dispatch::int_lower_elem(indices.clone(), Scalar::Int(0), context.bool_type());
    let moved = Dispatch::int_add_scalar(indices.clone(), Scalar::Int(length));
    let indices = Dispatch::int_mask_where(indices, negative, moved);
    Ok(Dispatch::int_clamp(indices, Scalar::Int(0), Scalar::Int(length - 1)))
}

fn gather_elements(call: &Call<'_>) -> Outputs {
    let (value, indices) = (call.input(0)?, call.input(1)?);
    let (sides, own) = (value.dims(), indices.dims());
    let axis = axis(call.node.int("axis").unwrap_or(0), sides.len())?;
    let fits = own.len() == sides.len() && (0..own.len()).all(|k| k == axis || own[k] <= sides[k]);
    if !fits || count(&own) == 0 {
        return Err(format!("gathers {own:?} elements of {sides:?}"));
    }
    // Places in the tensor as one line: what an index adds to, and the index times its step.
    let (steps, own_steps) = (strides(&sides), strides(&own));
    let place = |i: usize| {
        let at = |k: usize| i / own_steps[k] % own[k];
        (0..own.len()).filter(|k| *k != axis).map(|k| at(k) * steps[k]).sum::<usize>() as i64
    };
    let base = HostTensor::list((0..count(&own)).map(place).collect());
    let context = call.context;
    let indices = on_axis(indices, sides[axis], context)?;
    let indices = Dispatch::int_reshape(indices, shape(&[count(&own)]));
    let moved = Dispatch::int_mul_scalar(indices, Scalar::Int(steps[axis] as i64));
    let flat = Value::Int(Dispatch::int_add(moved, context.ints(&base.into())));
    let line = context.on_device(value).reshape(&[count(&sides)])?;
    one(gathered(&line, &flat, 0, context)?.reshape(&own)?)
}

/// Each row of the indices is a place in the first axes behind those of the batch.
fn gather_nd(call: &Call<'_>) -> Outputs {
    let (value, indices) = (call.input(0)?, call.host(1)?);
    let sides = value.dims();
    let batch = usize::try_from(call.node.int("batch_dims").unwrap_or(0)).unwrap_or(usize::MAX);
    let flat = flat_places(&sides, indices, batch)?;
    let depth = indices.dims[indices.dims.len() - 1];
    let inner = &sides[batch + depth..];
    let rows = [&[count(&sides[..batch + depth])][..], inner].concat();
    let made = checked([&indices.dims[..indices.dims.len() - 1], inner].concat())?;
    let picked =
        gathered(&value.clone().reshape(&rows)?, &HostTensor::list(flat).into(), 0, call.context)?;
    one(picked.reshape(&made)?)
}

/// The places that rows of indices mean, in a tensor whose indexed axes are one.
pub(super) fn flat_places(
    sides: &[usize],
    indices: &HostTensor,
    batch: usize,
) -> Attempt<Vec<i64>> {
    let fail = || format!("has indices of shape {:?} for {sides:?}", indices.dims);
    let depth = *indices.dims.last().ok_or_else(fail)?;
    if depth == 0 || batch >= indices.dims.len() || batch.saturating_add(depth) > sides.len() {
        return Err(fail());
    }
    if indices.dims[..batch] != sides[..batch] {
        return Err(fail());
    }
    let steps = strides(&sides[..batch + depth]);
    let values = indices.to_ints();
    let rows = values.chunks(depth);
    let each = (values.len() / depth).checked_div(count(&sides[..batch])).ok_or_else(fail)?;
    let block = count(&sides[batch..batch + depth]);
    let place = |(row, at): (usize, &[i64])| {
        let start = row.checked_div(each).unwrap_or(0) * block;
        let inside = at.iter().enumerate().try_fold(0, |sum, (k, i)| {
            Some(sum + from_end(*i, sides[batch + k])? * steps[batch + k])
        });
        inside
            .map(|inside| (start + inside) as i64)
            .ok_or_else(|| format!("has indices beyond {sides:?}"))
    };
    rows.enumerate().map(place).collect()
}

fn best(
    call: &Call<'_>,
    find: fn(DispatchTensor, usize, burn::tensor::IntDType) -> DispatchTensor,
) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    let axis = axis(call.node.int("axis").unwrap_or(0), sides.len())?;
    if count(&sides) == 0 {
        return Err(format!("looks for the best of {sides:?}, which is empty"));
    }
    let last = call.node.is_set("select_last_index");
    let x = if last { Dispatch::float_flip(x, &[axis]) } else { x };
    let mut found = find(x, axis, call.context.int_type());
    if last {
        let end = Scalar::Int(sides[axis] as i64 - 1);
        found = Dispatch::int_add_scalar(Dispatch::int_neg(found), end);
    }
    let mut made = sides;
    match call.node.int("keepdims").unwrap_or(1) {
        0 => drop(made.remove(axis)),
        _ => made[axis] = 1,
    }
    one(Value::Int(Dispatch::int_reshape(found, shape(&made))))
}

fn running_sum(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let sides = value.dims();
    let number = *call.ints(1)?.first().ok_or("lacks its axis")?;
    let axis = axis(number, sides.len())?;
    let whole = value.is_int();
    let mut x = match whole {
        true => Value::Int(call.context.ints(value)),
        false => Value::Float(call.context.floats(value)),
    };
    let turn = |x: Value| match x {
        Value::Int(x) => Value::Int(Dispatch::int_flip(x, &[axis])),
        other => Value::Float(Dispatch::float_flip(call.context.floats(&other), &[axis])),
    };
    let backwards = call.node.is_set("reverse");
    if backwards {
        x = turn(x);
    }
    let mut sum = match x.clone() {
        Value::Int(x) => Value::Int(Dispatch::int_cumsum(x, axis)),
        other => Value::Float(Dispatch::float_cumsum(call.context.floats(&other), axis)),
    };
    if call.node.is_set("exclusive") {
        sum = super::arithmetic::combine(crate::onnx::host::Binary::Sub, &sum, &x, call.context)?;
    }
    one(if backwards { turn(sum) } else { sum })
}

fn one_hot(call: &Call<'_>) -> Outputs {
    let (indices, depth, values) = (call.input(0)?, call.ints(1)?, call.host(2)?);
    let depth =
        *depth.first().filter(|depth| (1..=1 << 20).contains(*depth)).ok_or("has no depth")?;
    let values = values.to_floats();
    let [off, on] = values.as_slice() else { return Err("needs two values".to_owned()) };
    let own = indices.dims();
    let place = call.node.int("axis").unwrap_or(-1);
    let place = if place == -1 { own.len() } else { axis(place, own.len() + 1)? };
    let mut column = own.clone();
    column.insert(place, 1);
    let mut line = vec![1; column.len()];
    line[place] = depth as usize;
    let mut made = column.clone();
    made[place] = depth as usize;
    let made = checked(made)?;
    let context = call.context;
    let indices = Value::Int(context.ints(indices)).reshape(&column)?;
    let indices = context.ints(&indices);
    let wrapped = Dispatch::int_remainder_scalar(
        Dispatch::int_add_scalar(indices.clone(), Scalar::Int(depth)),
        Scalar::Int(depth),
    );
    // Only -depth to -1 count from the end; what is beyond is nowhere.
    let negative = Dispatch::int_lower_elem(indices.clone(), Scalar::Int(0), context.bool_type());
    let near =
        Dispatch::int_greater_equal_elem(indices.clone(), Scalar::Int(-depth), context.bool_type());
    let indices = Dispatch::int_mask_where(indices, Dispatch::bool_and(negative, near), wrapped);
    let places: Value = HostTensor::ints(line, (0..depth).collect()).into();
    let (a, b) = (Value::Int(indices).expand(&made)?, places.expand(&made)?);
    let hit = Dispatch::int_equal(context.ints(&a), context.ints(&b), context.bool_type());
    let hit = Dispatch::float_mul_scalar(context.floats(&Value::Bool(hit)), (on - off).into());
    one(Value::Float(Dispatch::float_add_scalar(hit, (*off).into())))
}
