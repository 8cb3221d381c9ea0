//! Attention (version 23 of ONNX's operators).

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::Scalar;

use super::{Call, Operator, Outputs};
use crate::onnx::{
    host::HostTensor,
    shape::{Attempt, broadcast, count},
    value::{Value, dims},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[("Attention", attention)];

/// Stands for "not at all" before the softmax.
const NEVER: f32 = -1e30;

/// `[batch, heads, length, size]` of an input that may be `[batch, length, heads x size]`.
fn heads(call: &Call<'_>, index: usize, name: &str) -> Attempt<Value> {
    let value = call.input(index)?.clone();
    match *value.dims().as_slice() {
        [_, _, _, _] => Ok(value),
        [batch, length, all] => {
            let given = call.node.int(name).and_then(|n| usize::try_from(n).ok());
            let n =
                given.filter(|n| *n > 0 && all % n == 0).ok_or_else(|| format!("lacks {name}"))?;
            Ok(value.reshape(&[batch, length, n, all / n])?.permute(&[0, 2, 1, 3]))
        }
        _ => Err(format!("takes an input {index} of shape {:?}", value.dims())),
    }
}

fn attention(call: &Call<'_>) -> Outputs {
    let q = heads(call, 0, "q_num_heads")?;
    let mut k = heads(call, 1, "kv_num_heads")?;
    let mut v = heads(call, 2, "kv_num_heads")?;
    let flat = call.input(0)?.rank() == 3;
    for index in [4, 5] {
        if let Some(past) = call.optional(index) {
            let new = if index == 4 { &mut k } else { &mut v };
            *new = super::slices::joined(vec![past.clone(), new.clone()], 2, call.context)?;
        }
    }
    let (present_k, present_v) = (k.clone(), v.clone());
    let (qd, kd, vd) = (q.dims(), k.dims(), v.dims());
    let fits = kd[0] == qd[0]
        && kd[3] == qd[3]
        && vd[..3] == kd[..3]
        && qd[1].is_multiple_of(kd[1].max(1));
    if !fits || [&qd, &kd, &vd].iter().any(|sides| count(sides) == 0) {
        return Err(format!("attends with {qd:?} to {kd:?} and {vd:?}"));
    }
    let (k, v) = (repeated(k, qd[1])?, repeated(v, qd[1])?);
    let past = kd[2] - call.input(1)?.dims()[1 + usize::from(!flat)];
    let scores = scores(call, &q, &k);
    let bias = bias(call, [qd[0], qd[1], qd[2], kd[2]], past)?;
    let biased = match &bias {
        Some(bias) => Dispatch::float_add(scores.clone(), bias.clone()),
        None => scores.clone(),
    };
    let mut weights = Dispatch::softmax(biased.clone(), 3);
    if let Some(bias) = bias {
        weights = nothing_for_hidden_rows(call, weights, bias)?;
    }
    let y = Value::Float(Dispatch::float_matmul(weights.clone(), call.context.floats(&v)));
    let y = match flat {
        true => y.permute(&[0, 2, 1, 3]).reshape(&[qd[0], qd[2], qd[1] * vd[3]])?,
        false => y,
    };
    let shown = match call.node.int("qk_matmul_output_mode").unwrap_or(0) {
        3 => weights,
        2 => biased,
        _ => scores,
    };
    Ok(vec![y, present_k, present_v, Value::Float(shown)])
}

/// Heads of keys and values that several heads of queries share.
fn repeated(value: Value, heads: usize) -> Attempt<Value> {
    let [batch, own, length, size] = *value.dims().as_slice() else { return Ok(value) };
    let apart = value.reshape(&[batch, own, 1, length, size])?;
    let copies = apart.expand(&[batch, own, heads / own, length, size])?;
    copies.reshape(&[batch, heads, length, size])
}

/// The scores before masks are added.
fn scores(call: &Call<'_>, q: &Value, k: &Value) -> DispatchTensor {
    let (context, size) = (call.context, q.dims()[3] as f32);
    let given = call.node.float("scale").filter(|scale| *scale != 0.0);
    let q =
        Dispatch::float_mul_scalar(context.floats(q), given.unwrap_or(1.0 / size.sqrt()).into());
    let x = Dispatch::float_matmul(q, Dispatch::float_swap_dims(context.floats(k), 2, 3));
    match call.node.float("softcap").filter(|cap| *cap > 0.0) {
        Some(cap) => {
            let small = Dispatch::float_tanh(Dispatch::float_div_scalar(x, cap.into()));
            Dispatch::float_mul_scalar(small, cap.into())
        }
        None => x,
    }
}

/// What is added to the scores `[batch, heads, queries, keys]`, if anything is hidden.
fn bias(call: &Call<'_>, sides: [usize; 4], past: usize) -> Attempt<Option<DispatchTensor>> {
    let mask = call.optional(3).map(|mask| masked(call, &sides, mask)).transpose()?;
    let hidden = hidden(call, sides, past)?.map(|hidden| {
        let values = hidden.to_bools().into_iter().map(|gone| if gone { NEVER } else { 0.0 });
        HostTensor::floats(hidden.dims.clone(), values.collect())
    });
    let hidden = hidden.map(|hidden| call.context.floats(&hidden.into()));
    Ok(match (mask, hidden) {
        (Some(mask), Some(hidden)) => Some(Dispatch::float_add(mask, hidden)),
        (mask, hidden) => mask.or(hidden),
    })
}

/// Which keys are hidden because of their places: later ones, those outside of a window, and
/// padding.
fn hidden(
    call: &Call<'_>,
    [batch, _, rows, columns]: [usize; 4],
    past: usize,
) -> Attempt<Option<HostTensor>> {
    let causal = call.node.is_set("is_causal");
    let side = |name: &str| call.node.int(name).filter(|size| *size >= 0);
    let (left, right) = (side("left_window_size"), side("right_window_size"));
    let lengths = match call.optional(6) {
        Some(_) => Some(call.ints(6)?),
        None => None,
    };
    if !causal && left.is_none() && right.is_none() && lengths.is_none() {
        return Ok(None);
    }
    let batch = if lengths.is_some() { batch } else { 1 };
    let mut all = Vec::with_capacity(batch * rows * columns);
    for b in 0..batch {
        let length = match &lengths {
            Some(lengths) => Some(*lengths.get(b).ok_or("lacks the number of keys of a row")?),
            None => None,
        };
        let offset = length.map_or(past as i64, |length| length - rows as i64);
        for (i, j) in (0..rows as i64).flat_map(|i| (0..columns as i64).map(move |j| (i, j))) {
            let ahead = j - i - offset;
            let gone = (causal && ahead > 0)
                || left.is_some_and(|left| -ahead > left)
                || right.is_some_and(|right| ahead > right)
                || length.is_some_and(|length| j >= length);
            all.push(gone);
        }
    }
    Ok(Some(HostTensor::bools(vec![batch, 1, rows, columns], all)))
}

/// A query from which every key is hidden attends to nothing.
fn nothing_for_hidden_rows(
    call: &Call<'_>,
    weights: DispatchTensor,
    bias: DispatchTensor,
) -> Attempt<DispatchTensor> {
    let most = Dispatch::float_max_dim(Dispatch::float_detach(bias), 3);
    let gone = Dispatch::float_lower_elem(most, (0.9 * NEVER).into(), call.context.bool_type());
    let gone = Value::Bool(gone).expand(&dims(&weights))?;
    Ok(Dispatch::float_mask_fill(weights, call.context.bools(&gone), Scalar::Float(0.0)))
}

/// The mask of the third input as numbers to add.
fn masked(call: &Call<'_>, sides: &[usize; 4], mask: &Value) -> Attempt<DispatchTensor> {
    let context = call.context;
    let mut own = mask.dims();
    let mut mask = mask.clone();
    // A mask may end before the keys do.
    let short = own.last().map_or(0, |side| sides[3].saturating_sub(*side));
    if short > 0 {
        let last = own.len() - 1;
        own[last] = short;
        let n = count(&own);
        let rest = match mask.is_bool() {
            true => HostTensor::bools(own, vec![false; n]),
            false => HostTensor::floats(own, vec![NEVER; n]),
        };
        mask = super::slices::joined(vec![mask, rest.into()], last, context)?;
    }
    if broadcast(&mask.dims(), sides)? != sides {
        return Err(format!("has a mask of shape {:?} for scores of {sides:?}", mask.dims()));
    }
    let truth = mask.is_bool();
    let mask = context.floats(&mask.of_rank(4)?);
    if truth {
        let gone = Dispatch::float_sub_scalar(mask, Scalar::Float(1.0));
        return Ok(Dispatch::float_mul_scalar(gone, (-NEVER).into()));
    }
    Ok(Dispatch::float_clamp_min(mask, NEVER.into()))
}
