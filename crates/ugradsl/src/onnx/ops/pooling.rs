//! Pooling over one to three axes.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::Scalar;

use super::{
    Call, Operator, Outputs, one,
    window::{Window, pad_places},
};
use crate::onnx::{
    host::{HostTensor, Part},
    shape::{Attempt, checked, count},
    value::{Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("MaxPool", max),
    ("AveragePool", average),
    ("LpPool", lp),
    ("GlobalMaxPool", |call| global(call, Dispatch::float_max_dim)),
    ("GlobalAveragePool", |call| global(call, Dispatch::float_mean_dim)),
    ("GlobalLpPool", global_lp),
];

/// Stands for nothing where the largest value is looked for.
const LOWEST: f32 = f32::MIN;

fn window(call: &Call<'_>, places: &[usize]) -> Attempt<Window> {
    let kernel = call.node.ints("kernel_shape").ok_or("lacks kernel_shape")?;
    let sizes: Option<Vec<usize>> = kernel
        .iter()
        .map(|size| usize::try_from(*size).ok().filter(|size| *size < 1 << 16))
        .collect();
    Window::of(call, &sizes.ok_or_else(|| format!("has kernel_shape {kernel:?}"))?, places)
}

/// The tensor's places, and the window over them.
fn parts(call: &Call<'_>) -> Attempt<(DispatchTensor, Vec<usize>, Window)> {
    let x = call.floats(0)?;
    let sides = dims(&x);
    if !(3..=5).contains(&sides.len()) || count(&sides) == 0 {
        return Err(format!("pools {sides:?}; one to three axes of places are supported"));
    }
    let window = window(call, &sides[2..])?;
    checked([&sides[..2], window.windows(&sides[2..]).as_slice()].concat())?;
    Ok((x, sides, window))
}

fn max(call: &Call<'_>) -> Outputs {
    if call.node.outputs.get(1).is_some_and(|name| !name.is_empty()) {
        return Err(
            "has a second output, the places of the largest values, which is not supported"
                .to_owned(),
        );
    }
    let (x, sides, window) = parts(call)?;
    let plain = !window.ceil && sides.len() < 5;
    let halves = window.even().filter(|padding| {
        // Devices take no padding of more than half a window.
        plain && padding.iter().zip(&window.kernel).all(|(padding, kernel)| 2 * padding <= *kernel)
    });
    if let Some(p) = halves {
        let (k, s, d) = (&window.kernel, &window.stride, &window.dilation);
        return one(Value::Float(match k.len() {
            1 => Dispatch::max_pool1d(x, k[0], s[0], p[0], d[0], false),
            _ => {
                let pair = |v: &[usize]| [v[0], v[1]];
                Dispatch::max_pool2d(x, pair(k), pair(s), pair(&p), pair(d), false)
            }
        }));
    }
    let x = pad_places(x, &sides, &window.full_padding(&sides[2..]), LOWEST)?;
    one(Value::Float(max_by_axis(x, &window)))
}

/// The largest value under a window is the largest one along one axis, then along the next.
fn max_by_axis(mut x: DispatchTensor, window: &Window) -> DispatchTensor {
    for axis in 0..window.kernel.len() {
        let sides = dims(&x);
        let last = sides.len() - 1;
        let turned = Dispatch::float_swap_dims(x, axis + 2, last);
        let now = dims(&turned);
        let lines = Dispatch::float_reshape(turned, shape(&[1, count(&now[..last]), now[last]]));
        let (kernel, stride) = (window.kernel[axis], window.stride[axis]);
        let pooled = Dispatch::max_pool1d(lines, kernel, stride, 0, window.dilation[axis], false);
        let length = dims(&pooled)[2];
        let made = [&now[..last], &[length]].concat();
        x = Dispatch::float_swap_dims(
            Dispatch::float_reshape(pooled, shape(&made)),
            axis + 2,
            last,
        );
    }
    x
}

fn average(call: &Call<'_>) -> Outputs {
    let (x, sides, window) = parts(call)?;
    let padded = call.node.is_set("count_include_pad");
    let plain = !window.ceil && sides.len() < 5 && window.dilation.iter().all(|step| *step == 1);
    let halves = window.even().filter(|padding| {
        plain && padding.iter().zip(&window.kernel).all(|(padding, kernel)| 2 * padding <= *kernel)
    });
    if let Some(p) = halves {
        let (k, s) = (&window.kernel, &window.stride);
        return one(Value::Float(match k.len() {
            1 => Dispatch::avg_pool1d(x, k[0], s[0], p[0], padded, false),
            _ => {
                let pair = |v: &[usize]| [v[0], v[1]];
                Dispatch::avg_pool2d(x, pair(k), pair(s), pair(&p), padded, false)
            }
        }));
    }
    let sum = sum_under(call, x, &sides, &window)?;
    let counts = counts(&window, &sides[2..], padded);
    let counts = call.context.floats(&counts.into());
    one(Value::Float(Dispatch::float_div(sum, counts)))
}

/// The sum of the values under each window: of the tensor moved to each place of the window.
fn sum_under(
    call: &Call<'_>,
    x: DispatchTensor,
    sides: &[usize],
    window: &Window,
) -> Attempt<DispatchTensor> {
    let windows = window.windows(&sides[2..]);
    let x = Value::Float(pad_places(x, sides, &window.full_padding(&sides[2..]), 0.0)?);
    if count(&window.kernel) > 1 << 12 {
        return Err(format!("has a window of {:?}, which is too large", window.kernel));
    }
    let mut sum: Option<DispatchTensor> = None;
    for place in 0..count(&window.kernel) {
        let mut parts = vec![Part::whole(sides[0]), Part::whole(sides[1])];
        let mut rest = place;
        for axis in (0..window.kernel.len()).rev() {
            let start = rest % window.kernel[axis] * window.dilation[axis];
            rest /= window.kernel[axis];
            let part = Part { start, length: windows[axis], step: window.stride[axis] as i64 };
            parts.insert(2, part);
        }
        let moved = call.context.floats(&x.clone().slice(&parts, call.context)?);
        sum = Some(match sum {
            Some(sum) => Dispatch::float_add(sum, moved),
            None => moved,
        });
    }
    sum.ok_or_else(|| "has an empty window".to_owned())
}

/// How many places of the tensor are under each window; those of the padding count if `padded`.
fn counts(window: &Window, places: &[usize], padded: bool) -> HostTensor {
    let windows = window.windows(places);
    let mut all = vec![1.0f32];
    for (axis, windows) in windows.iter().enumerate() {
        let (before, after) = window.padding[axis];
        let inside =
            if padded { 0..places[axis] + before + after } else { before..before + places[axis] };
        let under = |i: usize| {
            let start = i * window.stride[axis];
            let place = |k: usize| inside.contains(&(start + k * window.dilation[axis]));
            (0..window.kernel[axis]).filter(|k| place(*k)).count().max(1) as f32
        };
        let line: Vec<f32> = (0..*windows).map(under).collect();
        all = all.iter().flat_map(|n| line.iter().map(move |m| n * m)).collect();
    }
    HostTensor::floats([&[1, 1][..], &windows].concat(), all)
}

/// The p-norm under each window.
fn lp(call: &Call<'_>) -> Outputs {
    let (x, sides, window) = parts(call)?;
    let p = f64::from(call.node.int("p").unwrap_or(2) as i32);
    let powers = Dispatch::float_powf_scalar(Dispatch::float_abs(x), Scalar::Float(p));
    let sum = sum_under(call, powers, &sides, &window)?;
    one(Value::Float(Dispatch::float_powf_scalar(sum, Scalar::Float(1.0 / p))))
}

/// All places of each channel.
fn global(call: &Call<'_>, reduce: fn(DispatchTensor, usize) -> DispatchTensor) -> Outputs {
    let x = call.floats(0)?;
    let sides = dims(&x);
    if sides.len() < 3 || count(&sides) == 0 {
        return Err(format!("pools {sides:?}, which has no places"));
    }
    let flat = [sides[0], sides[1], count(&sides[2..])];
    let pooled = reduce(Dispatch::float_reshape(x, shape(&flat)), 2);
    let mut made = vec![1; sides.len()];
    made[..2].copy_from_slice(&sides[..2]);
    one(Value::Float(Dispatch::float_reshape(pooled, shape(&made))))
}

fn global_lp(call: &Call<'_>) -> Outputs {
    let p = f64::from(call.node.int("p").unwrap_or(2) as i32);
    let x = Dispatch::float_powf_scalar(Dispatch::float_abs(call.floats(0)?), Scalar::Float(p));
    let inputs = [Some(Value::Float(x))];
    let sum = global(&Call { inputs: &inputs, ..*call }, Dispatch::float_sum_dim)?.remove(0);
    let sum = call.context.floats(&sum);
    one(Value::Float(Dispatch::float_powf_scalar(sum, Scalar::Float(1.0 / p))))
}
