//! Normalisation. BatchNormalization is a module of its own where its tensors are weights; the
//! operator here serves graphs that compute them.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::{Scalar, ops::PadMode};

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    shape::{Attempt, axis, count, of_rank},
    value::{Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("BatchNormalization", batch),
    ("LayerNormalization", layer),
    ("RMSNormalization", root_mean_square),
    ("InstanceNormalization", instance),
    ("GroupNormalization", group),
    ("LpNormalization", lp),
    ("MeanVarianceNormalization", mean_variance),
    ("LRN", local_response),
];

fn epsilon(call: &Call<'_>) -> f64 {
    f64::from(call.node.float("epsilon").unwrap_or(1e-5))
}

/// A number for each channel, in the shape that broadcasts to the tensor.
fn per_channel(call: &Call<'_>, index: usize, sides: &[usize]) -> Attempt<DispatchTensor> {
    let value = call.input(index)?;
    if value.dims() != [sides[1]] {
        return Err(format!(
            "has an input {index} of shape {:?}, not one number for each of {} channels",
            value.dims(),
            sides[1]
        ));
    }
    let mut line = vec![1; sides.len()];
    line[1] = sides[1];
    Ok(Dispatch::float_reshape(call.context.floats(value), shape(&line)))
}

fn batch(call: &Call<'_>) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    if sides.len() < 2 || count(&sides) == 0 {
        return Err(format!("normalises {sides:?}, which has no channels"));
    }
    let part = |index| per_channel(call, index, &sides);
    if call.node.is_set("training_mode") {
        return of_batch(call, x, &sides);
    }
    let std =
        Dispatch::float_sqrt(Dispatch::float_add_scalar(part(4)?, Scalar::Float(epsilon(call))));
    let normal = Dispatch::float_div(Dispatch::float_sub(x, part(3)?), std);
    one(Value::Float(Dispatch::float_add(Dispatch::float_mul(normal, part(1)?), part(2)?)))
}

/// By the statistics of the batch itself, which also enter the running ones.
fn of_batch(call: &Call<'_>, x: DispatchTensor, sides: &[usize]) -> Outputs {
    let part = |index| per_channel(call, index, sides);
    let others = || (0..sides.len()).filter(|axis| *axis != 1);
    let mean_of = |x: DispatchTensor| others().fold(x, Dispatch::float_mean_dim);
    let mean = mean_of(x.clone());
    let centred = Dispatch::float_sub(x, mean.clone());
    let variance = mean_of(Dispatch::float_mul(centred.clone(), centred.clone()));
    let std = Dispatch::float_add_scalar(variance.clone(), Scalar::Float(epsilon(call)));
    let normal = Dispatch::float_div(centred, Dispatch::float_sqrt(std));
    let y = Dispatch::float_add(Dispatch::float_mul(normal, part(1)?), part(2)?);
    let momentum = call.node.float("momentum").unwrap_or(0.9);
    let running = |old: DispatchTensor, new: DispatchTensor| {
        let old = Dispatch::float_mul_scalar(old, momentum.into());
        let new = Dispatch::float_mul_scalar(new, (1.0 - momentum).into());
        Value::Float(Dispatch::float_reshape(Dispatch::float_add(old, new), shape(&[sides[1]])))
    };
    Ok(vec![Value::Float(y), running(part(3)?, mean), running(part(4)?, variance)])
}

/// `(x - mean) / sqrt(variance + epsilon)` along the last axis, with mean and `1 / sqrt(variance +
/// epsilon)`.
fn standardised(x: DispatchTensor, epsilon: f64) -> [DispatchTensor; 3] {
    let last = dims(&x).len() - 1;
    let mean = Dispatch::float_mean_dim(x.clone(), last);
    let centred = Dispatch::float_sub(x, mean.clone());
    let squares = Dispatch::float_mul(centred.clone(), centred.clone());
    let variance = Dispatch::float_mean_dim(squares, last);
    let std = Dispatch::float_sqrt(Dispatch::float_add_scalar(variance, Scalar::Float(epsilon)));
    let inverse = Dispatch::float_recip(std.clone());
    [Dispatch::float_div(centred, std), mean, inverse]
}

/// The axis from which on a layer is normalised, and the tensor with those axes as one.
fn from_axis(call: &Call<'_>) -> Attempt<(DispatchTensor, Vec<usize>, usize)> {
    let x = call.floats(0)?;
    let sides = dims(&x);
    let from = axis(call.node.int("axis").unwrap_or(-1), sides.len())?;
    if count(&sides) == 0 {
        return Err(format!("normalises {sides:?}, which is empty"));
    }
    let flat = [count(&sides[..from]), count(&sides[from..])];
    Ok((Dispatch::float_reshape(x, shape(&flat)), sides, from))
}

/// Times an input of the shape that was normalised, if it is there, and plus another one.
fn scaled(call: &Call<'_>, normal: DispatchTensor, sides: &[usize]) -> Attempt<DispatchTensor> {
    let part = |index: usize| match call.optional(index) {
        None => Ok(None),
        Some(value) => {
            let own = of_rank(&value.dims(), sides.len());
            let fits = own.len() == sides.len()
                && own.iter().zip(sides).all(|(own, side)| own == side || *own == 1);
            match fits {
                true => Ok(Some(Dispatch::float_reshape(call.context.floats(value), shape(&own)))),
                false => {
                    Err(format!("has an input {index} of shape {:?} for {sides:?}", value.dims()))
                }
            }
        }
    };
    let mut y = Dispatch::float_reshape(normal, shape(sides));
    if let Some(scale) = part(1)? {
        y = Dispatch::float_mul(y, scale);
    }
    if let Some(shift) = part(2)? {
        y = Dispatch::float_add(y, shift);
    }
    Ok(y)
}

fn layer(call: &Call<'_>) -> Outputs {
    let (x, sides, from) = from_axis(call)?;
    if let Some(y) = fused(call, &x, &sides, from) {
        return one(Value::Float(Dispatch::float_reshape(y, shape(&sides))));
    }
    let [normal, mean, inverse] = standardised(x, epsilon(call));
    let mut statistics = sides.clone();
    statistics[from..].fill(1);
    let as_statistics = |tensor| Value::Float(Dispatch::float_reshape(tensor, shape(&statistics)));
    Ok(vec![
        Value::Float(scaled(call, normal, &sides)?),
        as_statistics(mean),
        as_statistics(inverse),
    ])
}

/// burn's own layer normalisation, where it has the same inputs and one output.
fn fused(
    call: &Call<'_>,
    x: &DispatchTensor,
    sides: &[usize],
    from: usize,
) -> Option<DispatchTensor> {
    let line = |index: usize| {
        let value = call.optional(index)?;
        let own = value.dims();
        (own == sides[from..])
            .then(|| Dispatch::float_reshape(call.context.floats(value), shape(&[count(&own)])))
    };
    let gamma = line(1)?;
    if call.node.outputs.len() > 1 {
        return None;
    }
    let beta = match call.optional(2) {
        Some(_) => Some(line(2)?),
        None => None,
    };
    Some(Dispatch::layer_norm(x.clone(), gamma, beta, epsilon(call)))
}

fn root_mean_square(call: &Call<'_>) -> Outputs {
    let (x, sides, _) = from_axis(call)?;
    let squares = Dispatch::float_mean_dim(Dispatch::float_mul(x.clone(), x.clone()), 1);
    let root =
        Dispatch::float_sqrt(Dispatch::float_add_scalar(squares, Scalar::Float(epsilon(call))));
    one(Value::Float(scaled(call, Dispatch::float_div(x, root), &sides)?))
}

fn instance(call: &Call<'_>) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    if sides.len() < 3 || count(&sides) == 0 {
        return Err(format!("normalises {sides:?}, which has no places"));
    }
    let flat = [sides[0] * sides[1], count(&sides[2..])];
    let [normal, ..] = standardised(Dispatch::float_reshape(x, shape(&flat)), epsilon(call));
    let normal = Dispatch::float_reshape(normal, shape(&sides));
    let scaled = Dispatch::float_mul(normal, per_channel(call, 1, &sides)?);
    one(Value::Float(Dispatch::float_add(scaled, per_channel(call, 2, &sides)?)))
}

fn group(call: &Call<'_>) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    let given = call.node.int("num_groups").unwrap_or(0);
    let groups = usize::try_from(given).unwrap_or(0);
    if sides.len() < 2 || groups == 0 || !sides[1].is_multiple_of(groups) || count(&sides) == 0 {
        return Err(format!("normalises {sides:?} in {given} groups"));
    }
    let flat = [sides[0] * groups, count(&sides) / (sides[0] * groups)];
    let [normal, ..] = standardised(Dispatch::float_reshape(x, shape(&flat)), epsilon(call));
    // Before version 21 there is one scale for each group, and one for each channel from then on.
    let line = match call.input(1)?.dims() == [sides[1]] {
        true => vec![sides[0], sides[1], count(&sides[2..])],
        false => vec![sides[0], groups, count(&sides[1..]) / groups],
    };
    let normal = Dispatch::float_reshape(normal, shape(&line));
    let scaled = Dispatch::float_mul(normal, per_channel(call, 1, &line)?);
    let y = Dispatch::float_add(scaled, per_channel(call, 2, &line)?);
    one(Value::Float(Dispatch::float_reshape(y, shape(&sides))))
}

fn lp(call: &Call<'_>) -> Outputs {
    let x = call.floats(0)?;
    let axis = axis(call.node.int("axis").unwrap_or(-1), dims(&x).len())?;
    let size = match call.node.int("p").unwrap_or(2) {
        1 => Dispatch::float_sum_dim(Dispatch::float_abs(x.clone()), axis),
        2 => {
            let squares = Dispatch::float_mul(x.clone(), x.clone());
            Dispatch::float_sqrt(Dispatch::float_sum_dim(squares, axis))
        }
        other => return call.unknown("p", &other.to_string()),
    };
    // Of nothing but zeros the operator makes zeros.
    let zero =
        Dispatch::float_equal_elem(size.clone(), Scalar::Float(0.0), call.context.bool_type());
    let size = Dispatch::float_mask_fill(size, zero, Scalar::Float(1.0));
    one(Value::Float(Dispatch::float_div(x, size)))
}

fn mean_variance(call: &Call<'_>) -> Outputs {
    let mut x = call.floats(0)?;
    let rank = dims(&x).len();
    let axes = call.node.ints("axes").unwrap_or(&[0, 2, 3]);
    let axes = axes.iter().map(|value| axis(*value, rank)).collect::<Attempt<Vec<usize>>>()?;
    let mean =
        |x: DispatchTensor| axes.iter().fold(x, |x, axis| Dispatch::float_mean_dim(x, *axis));
    x = Dispatch::float_sub(x.clone(), mean(x));
    let variance = mean(Dispatch::float_mul(x.clone(), x.clone()));
    let std = Dispatch::float_add_scalar(Dispatch::float_sqrt(variance), Scalar::Float(1e-9));
    one(Value::Float(Dispatch::float_div(x, std)))
}

/// `x / (bias + alpha / size sum x^2)^beta`, the sum over neighbouring channels.
fn local_response(call: &Call<'_>) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    let given = call.node.int("size").unwrap_or(0);
    let size = usize::try_from(given).ok().filter(|size| (1..=1 << 10).contains(size));
    let size = size.filter(|_| sides.len() > 1).ok_or(format!("has size {given} for {sides:?}"))?;
    let (alpha, beta) =
        (call.node.float("alpha").unwrap_or(1e-4), call.node.float("beta").unwrap_or(0.75));
    let bias = call.node.float("bias").unwrap_or(1.0);
    let mut padding = vec![(0, 0); sides.len()];
    padding[1] = ((size - 1) / 2, size - 1 - (size - 1) / 2);
    let squares = Dispatch::float_mul(x.clone(), x.clone());
    let squares = Value::Float(Dispatch::float_pad(squares, &padding, PadMode::Constant(0.0)));
    let mut sum = Dispatch::float_mul_scalar(x.clone(), Scalar::Float(0.0));
    for start in 0..size {
        let near = squares.clone().narrow(1, start, sides[1], call.context)?;
        sum = Dispatch::float_add(sum, call.context.floats(&near));
    }
    let scaled = Dispatch::float_mul_scalar(sum, (alpha / size as f32).into());
    let base = Dispatch::float_add_scalar(scaled, bias.into());
    one(Value::Float(Dispatch::float_div(x, Dispatch::float_powf_scalar(base, beta.into()))))
}
