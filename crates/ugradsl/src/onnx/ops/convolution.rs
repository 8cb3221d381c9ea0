//! Convolutions over one to three axes, and their transposes.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};

use super::{
    Call, Operator, Outputs, one,
    window::{Window, pad_places},
};
use crate::layers::{Convolution, convolve};
use crate::onnx::{
    shape::{Attempt, checked, count},
    value::{Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] =
    &[("Conv", convolution), ("ConvTranspose", transposed)];

/// Groups of channels.
fn groups(call: &Call<'_>) -> Attempt<usize> {
    let given = call.node.int("group").unwrap_or(1);
    usize::try_from(given).ok().filter(|groups| *groups > 0).ok_or(format!("has {given} groups"))
}

fn convolution(call: &Call<'_>) -> Outputs {
    let (x, w) = (call.floats(0)?, call.floats(1)?);
    let bias = call.optional(2).map(|bias| call.context.floats(bias));
    let (xd, wd, groups) = (dims(&x), dims(&w), groups(call)?);
    if xd.len() < 3 || xd.len() != wd.len() || xd[1] != wd[1] * groups || wd[0] % groups != 0 {
        return Err(format!("convolves {xd:?} with weights of {wd:?} in {groups} groups"));
    }
    if bias.as_ref().is_some_and(|bias| dims(bias) != [wd[0]]) {
        return Err(format!("has a bias that is not one number for each of {} channels", wd[0]));
    }
    let window = Window::of(call, &wd[2..], &xd[2..])?;
    checked([&[xd[0], wd[0]][..], &window.windows(&xd[2..])].concat())?;
    // Not every device convolves with a padding that differs before and after.
    let (x, padding) = match window.even() {
        Some(padding) => (x, padding),
        None => (pad_places(x, &xd, &window.padding, 0.0)?, vec![0; window.kernel.len()]),
    };
    let (stride, dilation) = (&window.stride, &window.dilation);
    one(Value::Float(match *padding.as_slice() {
        [p] => {
            let options = ConvOptions::new([stride[0]], [p], [dilation[0]], groups);
            Dispatch::conv1d(x, w, bias, options)
        }
        [p, q] => {
            let (stride, dilation) = ([stride[0], stride[1]], [dilation[0], dilation[1]]);
            let simple = stride[0] == stride[1] && dilation == [1, 1] && groups == 1;
            let kernel = Convolution { stride: stride[0], pad: [p, q], has_bias: bias.is_some() };
            let own = simple.then(|| convolve(&x, &w, bias.as_ref(), kernel)).flatten();
            own.unwrap_or_else(|| {
                Dispatch::conv2d(x, w, bias, ConvOptions::new(stride, [p, q], dilation, groups))
            })
        }
        [p, q, r] => {
            let stride = [stride[0], stride[1], stride[2]];
            let dilation = [dilation[0], dilation[1], dilation[2]];
            Dispatch::conv3d(x, w, bias, ConvOptions::new(stride, [p, q, r], dilation, groups))
        }
        _ => {
            return Err(format!(
                "convolves over {} axes; one to three are supported",
                padding.len()
            ));
        }
    }))
}

/// The sizes of a transposed convolution.
struct Transposed {
    stride: Vec<usize>,
    dilation: Vec<usize>,
    /// Cut off before and after.
    cut: Vec<(usize, usize)>,
    /// Places that are added behind, which no weight reaches.
    more: Vec<usize>,
    /// Places before anything is cut off, with those that are added.
    plain: Vec<usize>,
}

impl Transposed {
    fn of(call: &Call<'_>, kernel: &[usize], places: &[usize]) -> Attempt<Self> {
        let axes = kernel.len();
        let sizes = |name: &str, default: usize, least: i64| {
            let given =
                call.node.ints(name).map_or_else(|| vec![default as i64; axes], <[i64]>::to_vec);
            let sizes =
                given.iter().map(|size| (least..1 << 20).contains(size).then_some(*size as usize));
            let sizes: Option<Vec<usize>> = sizes.collect();
            sizes.filter(|sizes| sizes.len() == axes).ok_or_else(|| format!("has {name} {given:?}"))
        };
        let (stride, dilation) = (sizes("strides", 1, 1)?, sizes("dilations", 1, 1)?);
        let mut more = sizes("output_padding", 0, 0)?;
        let whole = |axis: usize| {
            (places[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 + more[axis]
        };
        let mode = call.node.text("auto_pad").unwrap_or("NOTSET");
        let wanted = match (call.node.ints("output_shape"), mode) {
            (Some(_), _) => Some(sizes("output_shape", 1, 1)?),
            (None, "SAME_UPPER" | "SAME_LOWER") => {
                Some((0..axes).map(|axis| places[axis] * stride[axis]).collect())
            }
            _ => None,
        };
        let plain: Vec<usize> = (0..axes).map(whole).collect();
        let before = more.clone();
        let cut = match wanted {
            None => cuts(call, axes)?,
            Some(wanted) => {
                let axis = |axis: usize| {
                    more[axis] += wanted[axis].saturating_sub(plain[axis]);
                    let all = plain[axis].saturating_sub(wanted[axis]);
                    match mode == "SAME_UPPER" {
                        true => (all / 2, all - all / 2),
                        false => (all - all / 2, all / 2),
                    }
                };
                (0..axes).map(axis).collect()
            }
        };
        match (0..axes).all(|axis| plain[axis] > cut[axis].0 + cut[axis].1) {
            true => {
                let plain = (0..axes).map(|axis| plain[axis] + more[axis] - before[axis]).collect();
                Ok(Self { stride, dilation, cut, more, plain })
            }
            false => Err("cuts off more than there is".to_owned()),
        }
    }
}

fn cuts(call: &Call<'_>, axes: usize) -> Attempt<Vec<(usize, usize)>> {
    let given = call.node.ints("pads").map_or_else(|| vec![0; 2 * axes], <[i64]>::to_vec);
    let sizes: Option<Vec<usize>> = given.iter().map(|size| usize::try_from(*size).ok()).collect();
    match sizes.filter(|sizes| sizes.len() == 2 * axes && sizes.iter().all(|size| *size < 1 << 20))
    {
        Some(sizes) => Ok((0..axes).map(|axis| (sizes[axis], sizes[axis + axes])).collect()),
        None => Err(format!("has pads {given:?} for {axes} axes")),
    }
}

fn transposed(call: &Call<'_>) -> Outputs {
    let (x, w) = (call.floats(0)?, call.floats(1)?);
    let (xd, wd, groups) = (dims(&x), dims(&w), groups(call)?);
    let axes = xd.len().saturating_sub(2);
    let fits = (1..=3).contains(&axes) && wd.len() == xd.len() && xd[1] == wd[0];
    if !fits || wd[0] % groups != 0 || count(&xd) == 0 || count(&wd) == 0 {
        return Err(format!("convolves {xd:?} with weights of {wd:?} in {groups} groups"));
    }
    let sizes = Transposed::of(call, &wd[2..], &xd[2..])?;
    let made = [&[xd[0], wd[1] * groups][..], &sizes.plain].concat();
    checked(made.clone())?;
    // As bodies of one layer and pictures of one row, if there are fewer axes than three.
    let front = 3 - axes;
    let body = |dims: &[usize]| [&dims[..2], &[1; 2][..front], &dims[2..]].concat();
    let three = |values: &[usize], default: usize| {
        let value = |k: usize| k.checked_sub(front).map_or(default, |k| values[k]);
        [value(0), value(1), value(2)]
    };
    let x = Dispatch::float_reshape(x, shape(&body(&xd)));
    let w = Dispatch::float_reshape(w, shape(&body(&wd)));
    let (stride, dilation) = (three(&sizes.stride, 1), three(&sizes.dilation, 1));
    let y = if front == 0 {
        let options = ConvTransposeOptions::new(stride, [0; 3], [0; 3], dilation, groups);
        Dispatch::conv_transpose3d(x, w, None, options)
    } else {
        let flat = |dims: &[usize]| [&dims[..2], &dims[3..]].concat();
        let (xd, wd) = (flat(&dims(&x)), flat(&dims(&w)));
        let (x, w) =
            (Dispatch::float_reshape(x, shape(&xd)), Dispatch::float_reshape(w, shape(&wd)));
        let pair = |values: [usize; 3]| [values[1], values[2]];
        let options =
            ConvTransposeOptions::new(pair(stride), [0; 2], [0; 2], pair(dilation), groups);
        Dispatch::conv_transpose2d(x, w, None, options)
    };
    let whole: Vec<usize> =
        sizes.plain.iter().zip(&sizes.more).map(|(plain, more)| plain - more).collect();
    let y = Value::Float(y).reshape(&[&made[..2], &whole].concat())?;
    let more: Vec<(usize, usize)> = sizes.more.iter().map(|more| (0, *more)).collect();
    let padded = pad_places(call.context.floats(&y), &y.dims(), &more, 0.0)?;
    let mut y = Value::Float(padded);
    for (axis, (before, after)) in sizes.cut.iter().enumerate() {
        let length = y.dims()[axis + 2] - before - after;
        y = y.narrow(axis + 2, *before, length, call.context)?;
    }
    one(Value::Float(with_bias(call, call.context.floats(&y))?))
}

/// Adds a number to each channel.
fn with_bias(call: &Call<'_>, y: DispatchTensor) -> Attempt<DispatchTensor> {
    let Some(bias) = call.optional(2) else { return Ok(y) };
    let made = dims(&y);
    if bias.dims() != [made[1]] {
        return Err(format!("has a bias that is not one number for each of {} channels", made[1]));
    }
    let mut line = vec![1; made.len()];
    line[1] = made[1];
    let bias = call.context.floats(bias);
    Ok(Dispatch::float_add(y, Dispatch::float_reshape(bias, shape(&line))))
}
