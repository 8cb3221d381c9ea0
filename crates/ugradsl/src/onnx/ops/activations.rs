//! Activations.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::Scalar;

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    shape::{Attempt, axis, broadcast, count},
    value::{Value, dims, each_element, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("Relu", |call| map(call, Dispatch::relu)),
    ("Sigmoid", |call| map(call, Dispatch::sigmoid)),
    ("Tanh", |call| map(call, Dispatch::float_tanh)),
    ("Softsign", |call| map(call, softsign)),
    ("Softplus", |call| map(call, softplus)),
    ("Mish", |call| map(call, |x| mul(x.clone(), Dispatch::float_tanh(softplus(x))))),
    ("HardSwish", |call| map(call, |x| mul(x.clone(), hard_sigmoid(x, 1.0 / 6.0, 0.5)))),
    ("HardSigmoid", |call| {
        let (alpha, beta) = (float(call, "alpha", 0.2), float(call, "beta", 0.5));
        map(call, |x| hard_sigmoid(x, alpha, beta))
    }),
    ("LeakyRelu", |call| {
        let slope = float(call, "alpha", 0.01);
        map(call, |x| piecewise(x, |x| Dispatch::float_mul_scalar(x, slope.into())))
    }),
    ("Swish", |call| {
        let alpha = float(call, "alpha", 1.0);
        map(call, |x| {
            let inner = Dispatch::float_mul_scalar(x.clone(), alpha.into());
            mul(x, Dispatch::sigmoid(inner))
        })
    }),
    ("Elu", |call| {
        let alpha = float(call, "alpha", 1.0);
        map(call, |x| piecewise(x, |x| exponential(x, alpha)))
    }),
    ("Celu", |call| {
        let alpha = float(call, "alpha", 1.0);
        map(call, |x| {
            piecewise(x, |x| exponential(Dispatch::float_div_scalar(x, alpha.into()), alpha))
        })
    }),
    ("Selu", |call| {
        let (alpha, gamma) = (float(call, "alpha", 1.673_263_2), float(call, "gamma", 1.050_701));
        map(call, |x| {
            let x = piecewise(x, |x| exponential(x, alpha));
            Dispatch::float_mul_scalar(x, gamma.into())
        })
    }),
    ("ThresholdedRelu", thresholded),
    ("Shrink", shrink),
    ("PRelu", prelu),
    ("Gelu", gelu),
    ("Clip", clip),
    ("Softmax", |call| over_axis(call, Dispatch::softmax)),
    ("LogSoftmax", |call| over_axis(call, Dispatch::log_softmax)),
    ("Hardmax", hardmax),
    ("Dropout", dropout),
];

fn float(call: &Call<'_>, name: &str, default: f32) -> f32 {
    call.node.float(name).unwrap_or(default)
}

fn map(call: &Call<'_>, function: impl FnOnce(DispatchTensor) -> DispatchTensor) -> Outputs {
    one(Value::Float(each_element(call.floats(0)?, function)))
}

fn mul(x: DispatchTensor, y: DispatchTensor) -> DispatchTensor {
    Dispatch::float_mul(x, y)
}

/// The number itself where it is positive, and a function of it where it is negative. That is given
/// the negative part alone, 0 elsewhere: it cannot overflow, and its gradient is that of the part.
fn piecewise(
    x: DispatchTensor,
    negative: impl FnOnce(DispatchTensor) -> DispatchTensor,
) -> DispatchTensor {
    let below = Dispatch::float_neg(Dispatch::relu(Dispatch::float_neg(x.clone())));
    Dispatch::float_add(Dispatch::relu(x), negative(below))
}

/// `alpha (e^x - 1)`
fn exponential(x: DispatchTensor, alpha: f32) -> DispatchTensor {
    let minus_one = Dispatch::float_sub_scalar(Dispatch::float_exp(x), Scalar::Float(1.0));
    Dispatch::float_mul_scalar(minus_one, alpha.into())
}

/// `log(1 + e^x)`, as `max(x, 0) + log(1 + e^-|x|)`, which does not overflow.
pub(super) fn softplus(x: DispatchTensor) -> DispatchTensor {
    let small = Dispatch::float_exp(Dispatch::float_neg(Dispatch::float_abs(x.clone())));
    Dispatch::float_add(Dispatch::relu(x), Dispatch::float_log1p(small))
}

pub(super) fn softsign(x: DispatchTensor) -> DispatchTensor {
    let size = Dispatch::float_add_scalar(Dispatch::float_abs(x.clone()), Scalar::Float(1.0));
    Dispatch::float_div(x, size)
}

/// `alpha x + beta`, cut to 0 to 1.
pub(super) fn hard_sigmoid(x: DispatchTensor, alpha: f32, beta: f32) -> DispatchTensor {
    let line = Dispatch::float_add_scalar(Dispatch::float_mul_scalar(x, alpha.into()), beta.into());
    Dispatch::float_clamp(line, Scalar::Float(0.0), Scalar::Float(1.0))
}

fn thresholded(call: &Call<'_>) -> Outputs {
    let (x, alpha) = (call.floats(0)?, float(call, "alpha", 1.0));
    let off = Dispatch::float_lower_equal_elem(x.clone(), alpha.into(), call.context.bool_type());
    one(Value::Float(Dispatch::float_mask_fill(x, off, Scalar::Float(0.0))))
}

fn shrink(call: &Call<'_>) -> Outputs {
    let (x, truth) = (call.floats(0)?, call.context.bool_type());
    let (lambda, bias) = (float(call, "lambd", 0.5), float(call, "bias", 0.0));
    let part = |part: DispatchTensor, off| Dispatch::float_mask_fill(part, off, Scalar::Float(0.0));
    let not_below = Dispatch::float_greater_equal_elem(x.clone(), (-lambda).into(), truth);
    let not_above = Dispatch::float_lower_equal_elem(x.clone(), lambda.into(), truth);
    let below = part(Dispatch::float_add_scalar(x.clone(), bias.into()), not_below);
    let above = part(Dispatch::float_sub_scalar(x, bias.into()), not_above);
    one(Value::Float(Dispatch::float_add(below, above)))
}

fn prelu(call: &Call<'_>) -> Outputs {
    let (x, mut slope) = (call.input(0)?, call.input(1)?.clone());
    let sides = x.dims();
    // Before version 7 there is a slope for each channel.
    if call.opset < 7 && sides.len() > 2 && slope.dims() == [sides[1]] {
        let mut line = vec![1; sides.len()];
        line[1] = sides[1];
        slope = slope.reshape(&line)?;
    }
    let to = broadcast(&x.dims(), &slope.dims())?;
    if to != x.dims() {
        return Err(format!("has slopes of shape {:?} for {:?}", slope.dims(), x.dims()));
    }
    let slope = call.context.floats(&slope.of_rank(to.len())?);
    one(Value::Float(piecewise(call.context.floats(x), |x| mul(x, slope))))
}

fn gelu(call: &Call<'_>) -> Outputs {
    let x = call.floats(0)?;
    match call.node.text("approximate").unwrap_or("none") {
        "none" => one(Value::Float(Dispatch::gelu(x))),
        "tanh" => one(Value::Float(gelu_tanh(x))),
        other => call.unknown("approximate", other),
    }
}

/// `0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`
fn gelu_tanh(x: DispatchTensor) -> DispatchTensor {
    let cube = mul(mul(x.clone(), x.clone()), x.clone());
    let inner =
        Dispatch::float_add(x.clone(), Dispatch::float_mul_scalar(cube, Scalar::Float(0.044715)));
    let scale = (2.0 / std::f64::consts::PI).sqrt();
    let tanh = Dispatch::float_tanh(Dispatch::float_mul_scalar(inner, Scalar::Float(scale)));
    let half = Dispatch::float_mul_scalar(x, Scalar::Float(0.5));
    mul(half, Dispatch::float_add_scalar(tanh, Scalar::Float(1.0)))
}

fn clip(call: &Call<'_>) -> Outputs {
    let bound = |name: &str, index: usize| -> Attempt<Option<f32>> {
        match (call.node.float(name), call.optional(index)) {
            (Some(value), _) => Ok(Some(value)),
            (None, Some(_)) => Ok(call.host(index)?.single()),
            (None, None) => Ok(None),
        }
    };
    let (min, max) = (bound("min", 1)?, bound("max", 2)?);
    let value = call.input(0)?;
    if value.is_int() {
        return clip_ints(call, value, min, max);
    }
    let finite = |bound: Option<f32>| bound.filter(|bound| bound.is_finite());
    // Where the bounds contradict each other the upper one counts.
    let min = finite(min).map(|min| finite(max).map_or(min, |max| min.min(max)));
    let mut x = call.context.floats(value);
    if let Some(min) = min {
        x = Dispatch::float_clamp_min(x, min.into());
    }
    if let Some(max) = finite(max) {
        x = Dispatch::float_clamp_max(x, max.into());
    }
    one(Value::Float(x))
}

fn clip_ints(call: &Call<'_>, value: &Value, min: Option<f32>, max: Option<f32>) -> Outputs {
    let mut x = call.context.ints(value);
    if let Some(min) = min {
        x = Dispatch::int_clamp_min(x, Scalar::Int(min as i64));
    }
    if let Some(max) = max {
        x = Dispatch::int_clamp_max(x, Scalar::Int(max as i64));
    }
    one(Value::Int(x))
}

/// The axis of a softmax. Before version 13 all axes from it on count as one.
fn softmax_axis(call: &Call<'_>, rank: usize) -> Attempt<(usize, bool)> {
    let flat = call.opset < 13;
    let default = if flat { 1 } else { -1 };
    Ok((axis(call.node.int("axis").unwrap_or(default), rank)?, flat))
}

fn over_axis(call: &Call<'_>, function: fn(DispatchTensor, usize) -> DispatchTensor) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    let (axis, flat) = softmax_axis(call, sides.len())?;
    if !flat || axis + 1 == sides.len() {
        return one(Value::Float(function(x, axis)));
    }
    let matrix = [count(&sides[..axis]), count(&sides[axis..])];
    let made = function(Dispatch::float_reshape(x, shape(&matrix)), 1);
    one(Value::Float(Dispatch::float_reshape(made, shape(&sides))))
}

fn hardmax(call: &Call<'_>) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    let (axis, flat) = softmax_axis(call, sides.len())?;
    let (matrix, axis) = match flat {
        true => (vec![count(&sides[..axis]), count(&sides[axis..])], 1),
        false => (sides.clone(), axis),
    };
    let x = Dispatch::float_reshape(x, shape(&matrix));
    let best = Dispatch::float_argmax(x, axis, call.context.int_type());
    let places = (0..matrix[axis] as i64).collect();
    let mut line = vec![1; matrix.len()];
    line[axis] = matrix[axis];
    let places: Value = crate::onnx::host::HostTensor::ints(line, places).into();
    let places = call.context.ints(&places.expand(&matrix)?);
    let best = call.context.ints(&Value::Int(best).expand(&matrix)?);
    let hit = Value::Bool(Dispatch::int_equal(places, best, call.context.bool_type()));
    one(Value::Float(Dispatch::float_reshape(call.context.floats(&hit), shape(&sides))))
}

/// Nothing is dropped: unlearning compares networks as they answer.
fn dropout(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let mut outputs = vec![value.clone()];
    if call.node.outputs.len() > 1 {
        let dims = value.dims();
        let kept = crate::onnx::host::HostTensor::bools(vec![], vec![true]);
        outputs.push(Value::from(kept).expand(&dims)?);
    }
    Ok(outputs)
}
