//! Operators that change shapes, or ask for them. They touch no value.

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::HostTensor,
    shape::{Attempt, axes, axis, broadcast, count, sides},
    value::Value,
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("Identity", |call| one(call.input(0)?.clone())),
    ("Shape", shape),
    ("Size", |call| one(HostTensor::int(count(&call.input(0)?.dims()) as i64))),
    ("Reshape", reshape),
    ("Flatten", flatten),
    ("Squeeze", squeeze),
    ("Unsqueeze", unsqueeze),
    ("Transpose", transpose),
    ("Expand", expand),
    ("DepthToSpace", depth_to_space),
    ("SpaceToDepth", space_to_depth),
];

fn shape(call: &Call<'_>) -> Outputs {
    let dims = call.input(0)?.dims();
    let rank = dims.len() as i64;
    let bound = |name: &str, default: i64| {
        let value = call.node.int(name).unwrap_or(default);
        (if value < 0 { value.saturating_add(rank) } else { value }).clamp(0, rank) as usize
    };
    let (start, end) = (bound("start", 0), bound("end", rank));
    let part = dims.get(start..end).unwrap_or_default();
    one(HostTensor::list(part.iter().map(|side| *side as i64).collect()))
}

fn reshape(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let from = value.dims();
    let mut to = call.listed("shape", 1)?.ok_or("lacks the shape")?;
    if !call.node.is_set("allowzero") {
        for (place, side) in to.iter_mut().enumerate().filter(|(_, side)| **side == 0) {
            let own =
                from.get(place).ok_or_else(|| format!("copies a side that {from:?} lacks"))?;
            *side = *own as i64;
        }
    }
    one(value.clone().reshape(&filled(&to, &from)?)?)
}

/// `to`, with what is left of `from` for a side of -1.
fn filled(to: &[i64], from: &[usize]) -> Attempt<Vec<usize>> {
    let open = to.iter().filter(|side| **side == -1).count();
    let known: Vec<i64> = to.iter().filter(|side| **side != -1).copied().collect();
    let (known, all) = (count(&sides(&known)?), count(from));
    match open {
        0 => return sides(to),
        1 if known > 0 && all.is_multiple_of(known) => {}
        _ => return Err(format!("cannot give a tensor of shape {from:?} the shape {to:?}")),
    }
    let rest = (all / known) as i64;
    sides(&to.iter().map(|side| if *side == -1 { rest } else { *side }).collect::<Vec<_>>())
}

fn flatten(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let dims = value.dims();
    let at = call.node.int("axis").unwrap_or(1);
    // The axis may also be the number of axes.
    let at = if at == dims.len() as i64 { dims.len() } else { axis(at, dims.len())? };
    one(value.clone().reshape(&[count(&dims[..at]), count(&dims[at..])])?)
}

fn squeeze(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let dims = value.dims();
    let gone = match call.listed("axes", 1)? {
        Some(values) => axes(&values, dims.len())?,
        None => (0..dims.len()).filter(|axis| dims[*axis] == 1).collect(),
    };
    let left: Vec<usize> =
        (0..dims.len()).filter(|axis| !gone.contains(axis)).map(|axis| dims[axis]).collect();
    one(value.clone().reshape(&left)?)
}

fn unsqueeze(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let mut dims = value.dims();
    let new = call.listed("axes", 1)?.ok_or("lacks the axes")?;
    for axis in axes(&new, dims.len() + new.len())? {
        dims.insert(axis, 1);
    }
    one(value.clone().reshape(&dims)?)
}

fn transpose(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let rank = value.rank();
    let order = match call.node.ints("perm") {
        None => (0..rank).rev().collect(),
        Some(order) => {
            let order =
                order.iter().map(|value| axis(*value, rank)).collect::<Attempt<Vec<usize>>>()?;
            let mut sorted = order.clone();
            sorted.sort_unstable();
            if sorted != (0..rank).collect::<Vec<_>>() {
                return Err(format!("orders {rank} axes as {order:?}"));
            }
            order
        }
    };
    one(value.clone().permute(&order))
}

fn expand(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let to = broadcast(&value.dims(), &sides(&call.ints(1)?)?)?;
    one(value.clone().expand(&to)?)
}

/// The side of a block, and the shape.
fn block(call: &Call<'_>) -> Attempt<(Value, [usize; 4], usize)> {
    let value = call.input(0)?;
    let size = call.node.int("blocksize").unwrap_or(0);
    let size = usize::try_from(size).ok().filter(|size| (1..=1 << 10).contains(size));
    match (<[usize; 4]>::try_from(value.dims()), size) {
        (Ok(dims), Some(size)) => Ok((value.clone(), dims, size)),
        _ => Err(format!("rearranges blocks of {:?}", value.dims())),
    }
}

fn depth_to_space(call: &Call<'_>) -> Outputs {
    let (value, [n, c, h, w], b) = block(call)?;
    if c % (b * b) != 0 {
        return Err(format!("cannot spread {c} channels over blocks of {b} x {b}"));
    }
    let (depth, made) = (c / (b * b), [n, c / (b * b), h * b, w * b]);
    let (split, order) = match call.node.text("mode").unwrap_or("DCR") {
        "DCR" => ([n, b, b, depth, h, w], [0, 3, 4, 1, 5, 2]),
        "CRD" => ([n, depth, b, b, h, w], [0, 1, 4, 2, 5, 3]),
        other => return call.unknown("mode", other),
    };
    one(value.reshape(&split)?.permute(&order).reshape(&made)?)
}

fn space_to_depth(call: &Call<'_>) -> Outputs {
    let (value, [n, c, h, w], b) = block(call)?;
    if h % b != 0 || w % b != 0 {
        return Err(format!("cannot cut {h} x {w} places into blocks of {b} x {b}"));
    }
    let split = [n, c, h / b, b, w / b, b];
    let order = match call.node.text("mode").unwrap_or("DCR") {
        "DCR" => [0, 3, 5, 1, 2, 4],
        "CRD" => [0, 1, 3, 5, 2, 4],
        other => return call.unknown("mode", other),
    };
    one(value.reshape(&split)?.permute(&order).reshape(&[n, c * b * b, h / b, w / b])?)
}
