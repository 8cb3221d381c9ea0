//! Cutting tensors into parts, and putting parts together.

use burn::backend::{Dispatch, ops::*};

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::{HostTensor, Part},
    shape::{Attempt, axis, checked, count, sides},
    value::{Context, Value},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("Concat", concat),
    ("Split", split),
    ("Slice", slice),
    ("Tile", tile),
    ("SplitToSequence", split_to_sequence),
];

fn concat(call: &Call<'_>) -> Outputs {
    let parts: Vec<Value> = call.given().cloned().collect();
    let rank = parts.first().ok_or("lacks its inputs")?.rank();
    one(joined(parts, axis(call.node.int("axis").unwrap_or(1), rank)?, call.context)?)
}

/// Several values, one after another along `axis`.
pub(super) fn joined(parts: Vec<Value>, axis: usize, context: &Context<'_>) -> Attempt<Value> {
    let first = parts.first().ok_or("lacks its inputs")?.dims();
    let fits = |part: &Value| {
        let dims = part.dims();
        dims.len() == first.len() && (0..dims.len()).all(|k| k == axis || dims[k] == first[k])
    };
    if !parts.iter().all(fits) {
        let shapes: Vec<_> = parts.iter().map(Value::dims).collect();
        return Err(format!("cannot join tensors of the shapes {shapes:?} along axis {axis}"));
    }
    let mut made = first.clone();
    made[axis] = parts.iter().map(|part| part.dims()[axis]).sum();
    checked(made)?;
    let hosts: Option<Vec<&HostTensor>> =
        parts.iter().map(|part| part.host().map(AsRef::as_ref)).collect();
    if let Some(hosts) = hosts {
        return Ok(HostTensor::concatenated(&hosts, axis)?.into());
    }
    // A device may not take a tensor without elements.
    let full: Vec<&Value> = parts.iter().filter(|part| count(&part.dims()) > 0).collect();
    match full.as_slice() {
        [] => return Ok(parts[0].clone()),
        [only] => return Ok((*only).clone()),
        _ => {}
    }
    let full = full.into_iter();
    Ok(if parts.iter().all(Value::is_int) {
        Value::Int(Dispatch::int_cat(full.map(|part| context.ints(part)).collect(), axis))
    } else if parts.iter().all(Value::is_bool) {
        Value::Bool(Dispatch::bool_cat(full.map(|part| context.bools(part)).collect(), axis))
    } else {
        Value::Float(Dispatch::float_cat(full.map(|part| context.floats(part)).collect(), axis))
    })
}

fn split(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let dims = value.dims();
    let axis = axis(call.node.int("axis").unwrap_or(0), dims.len())?;
    let lengths = match call.listed("split", 1)? {
        Some(lengths) => {
            let sizes = lengths.iter().map(|length| usize::try_from(*length).ok());
            let sizes: Option<Vec<usize>> = sizes.collect();
            sizes.ok_or_else(|| format!("splits into parts of {lengths:?}"))?
        }
        None => {
            let n = call.node.outputs.len().max(1);
            let each = dims[axis].div_ceil(n);
            (0..n).map(|i| each.min(dims[axis].saturating_sub(i * each))).collect()
        }
    };
    if lengths.iter().try_fold(0usize, |sum, n| sum.checked_add(*n)) != Some(dims[axis]) {
        return Err(format!("cannot split {} rows into {lengths:?}", dims[axis]));
    }
    let mut start = 0;
    let mut all = Vec::with_capacity(lengths.len());
    for length in lengths {
        all.push(value.clone().narrow(axis, start, length, call.context)?);
        start += length;
    }
    Ok(all)
}

/// All parts of a tensor; the graph takes them by their numbers.
fn split_to_sequence(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let dims = value.dims();
    let axis = axis(call.node.int("axis").unwrap_or(0), dims.len())?;
    let one_by_one = call.optional(1).is_none();
    let lengths: Vec<usize> = match call.optional(1) {
        None => vec![1; dims[axis]],
        Some(given) if given.rank() == 0 => {
            let each = call.ints(1)?.first().and_then(|each| usize::try_from(*each).ok());
            let each = each.filter(|each| *each > 0).ok_or("splits into parts of no length")?;
            (0..dims[axis].div_ceil(each)).map(|i| each.min(dims[axis] - i * each)).collect()
        }
        Some(_) => {
            let lengths = call.ints(1)?;
            let sizes: Option<Vec<usize>> =
                lengths.iter().map(|length| usize::try_from(*length).ok()).collect();
            sizes.ok_or_else(|| format!("splits into parts of {lengths:?}"))?
        }
    };
    if lengths.iter().try_fold(0usize, |sum, n| sum.checked_add(*n)) != Some(dims[axis]) {
        return Err(format!("cannot split {} rows into {lengths:?}", dims[axis]));
    }
    let (mut start, mut all) = (0, Vec::with_capacity(lengths.len()));
    for length in lengths {
        let mut part = value.clone().narrow(axis, start, length, call.context)?;
        if one_by_one && call.node.int("keepdims") == Some(0) {
            let mut left = part.dims();
            left.remove(axis);
            part = part.reshape(&left)?;
        }
        all.push(part);
        start += length;
    }
    Ok(all)
}

fn slice(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let dims = value.dims();
    let starts = call.listed("starts", 1)?.ok_or("lacks the starts")?;
    let ends = call.listed("ends", 2)?.ok_or("lacks the ends")?;
    let which = call.listed("axes", 3)?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = match call.optional(4) {
        Some(_) => call.ints(4)?,
        None => vec![1; starts.len()],
    };
    if [ends.len(), which.len(), steps.len()].iter().any(|n| *n != starts.len()) {
        return Err("has starts, ends, axes and steps of several lengths".to_owned());
    }
    let mut parts: Vec<Part> = dims.iter().map(|side| Part::whole(*side)).collect();
    for (i, number) in which.iter().enumerate() {
        let axis = axis(*number, dims.len())?;
        parts[axis] = part(starts[i], ends[i], steps[i], dims[axis])?;
    }
    one(value.clone().slice(&parts, call.context)?)
}

/// The part of an axis of `side` elements that `start..end` by `step` means.
fn part(start: i64, end: i64, step: i64, side: usize) -> Attempt<Part> {
    let length = side as i64;
    let place = |value: i64| if value < 0 { value.saturating_add(length) } else { value };
    let (first, room) = match step {
        0 => return Err("has a step of 0".to_owned()),
        1.. => {
            let (start, end) = (place(start).clamp(0, length), place(end).clamp(0, length));
            (start, end - start)
        }
        _ => {
            let start = place(start).clamp(-1, length - 1);
            let end = if end < -length { -1 } else { place(end).clamp(-1, length - 1) };
            (start, start - end)
        }
    };
    let size = step.unsigned_abs();
    let length = if room > 0 { (room as u64).div_ceil(size) as usize } else { 0 };
    let step = if length > 1 { step } else { step.signum() };
    Ok(Part { start: if length == 0 { 0 } else { first as usize }, length, step })
}

fn tile(call: &Call<'_>) -> Outputs {
    let mut value = call.input(0)?.clone();
    let times = sides(&call.ints(1)?)?;
    let dims = value.dims();
    if times.len() != dims.len() {
        return Err(format!("repeats {dims:?} {times:?} times"));
    }
    // Beside each axis one of the copies, which then become one axis.
    let apart: Vec<usize> = dims.iter().flat_map(|side| [1, *side]).collect();
    let copies: Vec<usize> = dims.iter().zip(&times).flat_map(|(side, n)| [*n, *side]).collect();
    let made: Vec<usize> =
        dims.iter().zip(&times).map(|(side, n)| side.saturating_mul(*n)).collect();
    let made = checked(made)?;
    if count(&made) == 0 {
        let empty = dims.iter().map(|_| Part { start: 0, length: 0, step: 1 }).collect::<Vec<_>>();
        return one(value.slice(&empty, call.context)?.reshape(&made)?);
    }
    value = value.reshape(&apart)?.expand(&copies)?.reshape(&made)?;
    one(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_numpy() {
        // len(range(10)[start:end:step]) and its first element in Python.
        let cases = [
            ((0, 10, 3), (0, 4)),
            ((-3, i64::MAX, 1), (7, 3)),
            ((8, 0, -2), (8, 4)),
            ((i64::MAX, i64::MIN, -1), (9, 10)),
            ((5, 2, 1), (0, 0)),
        ];
        for ((start, end, step), (first, length)) in cases {
            let part = part(start, end, step, 10).unwrap();
            assert_eq!((part.start, part.length), (first, length), "{start}:{end}:{step}");
        }
        assert!(part(0, 1, 0, 10).is_err());
        assert_eq!(part(0, 5, -1, 0).unwrap().length, 0);
    }
}
