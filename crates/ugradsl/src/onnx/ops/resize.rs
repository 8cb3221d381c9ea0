//! Resizing pictures. Along one axis a resized line is a matrix times the line, whatever the mode;
//! so it has a gradient on every device.

use burn::backend::{Dispatch, DispatchTensor, ops::*};

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::HostTensor,
    shape::{Attempt, axis, checked, count},
    value::{Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[("Resize", resize), ("Upsample", upsample)];

/// How an axis is resized.
#[derive(Debug, Clone, Copy)]
struct Line {
    from: usize,
    to: usize,
    /// Output places for each input place.
    scale: f64,
    /// Part of the axis that `tf_crop_and_resize` takes, 0 to 1.
    region: (f64, f64),
}

/// What the node says of all axes.
struct Rules<'a> {
    mode: &'a str,
    coordinates: &'a str,
    rounding: &'a str,
    cubic: f64,
    exclude_outside: bool,
    antialias: bool,
    outside: f32,
}

impl<'a> Rules<'a> {
    fn of(call: &'a Call<'_>) -> Attempt<Self> {
        let text = |name: &str, default: &'a str| call.node.text(name).unwrap_or(default);
        let old = call.opset < 11;
        let rules = Self {
            mode: text("mode", "nearest"),
            coordinates: text(
                "coordinate_transformation_mode",
                if old { "asymmetric" } else { "half_pixel" },
            ),
            rounding: text("nearest_mode", if old { "floor" } else { "round_prefer_floor" }),
            cubic: f64::from(call.node.float("cubic_coeff_a").unwrap_or(-0.75)),
            exclude_outside: call.node.is_set("exclude_outside"),
            antialias: call.node.is_set("antialias"),
            outside: call.node.float("extrapolation_value").unwrap_or(0.0),
        };
        if !["nearest", "linear", "cubic"].contains(&rules.mode) {
            return call.unknown("mode", rules.mode);
        }
        Ok(rules)
    }

    /// Where in the input an output place lies.
    fn source(&self, place: usize, line: &Line) -> Option<f64> {
        let (x, scale) = (place as f64, line.scale);
        let (from, to) = (line.from as f64, scale * line.from as f64);
        Some(match self.coordinates {
            "half_pixel" => (x + 0.5) / scale - 0.5,
            "asymmetric" => x / scale,
            "align_corners" if line.to == 1 => 0.0,
            "align_corners" => x * (from - 1.0) / (to - 1.0),
            "pytorch_half_pixel" if line.to == 1 => 0.0,
            "pytorch_half_pixel" => (x + 0.5) / scale - 0.5,
            "half_pixel_symmetric" => {
                let adjusted = line.to as f64 / to;
                let centre = from / 2.0;
                centre * (1.0 - adjusted) + (x + 0.5) / scale - 0.5
            }
            "tf_half_pixel_for_nn" => (x + 0.5) / scale,
            "tf_crop_and_resize" => {
                let (start, end) = line.region;
                match line.to {
                    1 => 0.5 * (start + end) * (from - 1.0),
                    _ => {
                        start * (from - 1.0)
                            + x * (end - start) * (from - 1.0) / (to - 1.0).max(1.0)
                    }
                }
            }
            _ => return None,
        })
    }

    /// The input places that make an output place, and their weights.
    fn weights(&self, x: f64, line: &Line) -> Option<Vec<(i64, f64)>> {
        if self.mode == "nearest" {
            return Some(vec![(self.nearest(x)?, 1.0)]);
        }
        // When a line becomes shorter, antialiasing widens what each output place sees.
        let stretch = if self.antialias { line.scale.min(1.0) } else { 1.0 };
        let reach = if self.mode == "linear" { 1.0 } else { 2.0 };
        let kernel =
            |t: f64| if self.mode == "linear" { triangle(t) } else { cubic(t, self.cubic) };
        let (first, last) =
            ((x - reach / stretch).ceil() as i64, (x + reach / stretch).floor() as i64);
        let all = (first..=last).map(|i| (i, kernel((i as f64 - x) * stretch)));
        Some(all.filter(|(_, weight)| *weight != 0.0).collect())
    }

    fn nearest(&self, x: f64) -> Option<i64> {
        Some(match self.rounding {
            "round_prefer_floor" => (x - 0.5).ceil() as i64,
            "round_prefer_ceil" => (x + 0.5).floor() as i64,
            "floor" => x.floor() as i64,
            "ceil" => x.ceil() as i64,
            _ => return None,
        })
    }

    /// The matrix of a line: output places by input places, and which output places lie outside.
    fn matrix(&self, line: &Line) -> Attempt<(HostTensor, Vec<bool>)> {
        let unknown = || {
            format!(
                "has modes {:?} and {:?}, which are not supported",
                self.coordinates, self.rounding
            )
        };
        let mut matrix = vec![0.0; line.to * line.from];
        let mut outside = vec![false; line.to];
        let last = line.from as i64 - 1;
        for place in 0..line.to {
            let x = self.source(place, line).ok_or_else(unknown)?;
            let crops = self.coordinates == "tf_crop_and_resize";
            if crops && !(0.0..=last as f64).contains(&x) {
                outside[place] = true;
                continue;
            }
            let mut weights = self.weights(x, line).ok_or_else(unknown)?;
            if self.exclude_outside {
                weights.retain(|(i, _)| (0..=last).contains(i));
            }
            let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
            for (i, weight) in weights {
                let i = i.clamp(0, last) as usize;
                matrix[place * line.from + i] += (weight / sum) as f32;
            }
        }
        Ok((HostTensor::floats(vec![line.to, line.from], matrix), outside))
    }
}

fn triangle(t: f64) -> f64 {
    (1.0 - t.abs()).max(0.0)
}

/// Keys' kernel.
fn cubic(t: f64, a: f64) -> f64 {
    let t = t.abs();
    match t {
        t if t <= 1.0 => (a + 2.0) * t.powi(3) - (a + 3.0) * t.powi(2) + 1.0,
        t if t < 2.0 => a * t.powi(3) - 5.0 * a * t.powi(2) + 8.0 * a * t - 4.0 * a,
        _ => 0.0,
    }
}

fn upsample(call: &Call<'_>) -> Outputs {
    let scales = match call.node.floats("scales") {
        Some(scales) => scales.to_vec(),
        None => call.host(1)?.to_floats(),
    };
    let value = call.input(0)?;
    let axes: Vec<usize> = (0..value.rank()).collect();
    let lines = scaled(&value.dims(), &axes, &scales)?;
    let mode = call.node.text("mode").unwrap_or("nearest");
    let (coordinates, rounding) = ("asymmetric", "floor");
    let rules = Rules {
        mode: if mode == "bilinear" { "linear" } else { mode },
        coordinates,
        rounding,
        ..Rules::of(call)?
    };
    one(Value::Float(apply(call, &rules, &lines)?))
}

fn scaled(sides: &[usize], axes: &[usize], scales: &[f32]) -> Attempt<Vec<(usize, Line)>> {
    if scales.len() != axes.len() || scales.iter().any(|scale| !(1e-6..=1e6).contains(scale)) {
        return Err(format!("has the scales {scales:?}"));
    }
    let line = |(axis, scale): (&usize, &f32)| {
        let (from, scale) = (sides[*axis], f64::from(*scale));
        let to = (from as f64 * scale).floor() as usize;
        (*axis, Line { from, to, scale, region: (0.0, 1.0) })
    };
    Ok(axes.iter().zip(scales).map(line).collect())
}

fn resize(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let sides = value.dims();
    let axes = match call.node.ints("axes") {
        Some(axes) => {
            axes.iter().map(|value| axis(*value, sides.len())).collect::<Attempt<Vec<_>>>()?
        }
        None => (0..sides.len()).collect(),
    };
    // Before version 11 the scales are the second input.
    let (scales, sizes) = if call.opset < 11 { (1, 9) } else { (2, 3) };
    let given = |index: usize| call.optional(index).is_some_and(|value| count(&value.dims()) > 0);
    let mut lines = match (given(scales), given(sizes)) {
        (true, _) => scaled(&sides, &axes, &call.host(scales)?.to_floats())?,
        (_, true) => to_sizes(call, &sides, &axes, &call.ints(sizes)?)?,
        _ => return Err("lacks scales and sizes".to_owned()),
    };
    let rules = Rules::of(call)?;
    if rules.coordinates == "tf_crop_and_resize" {
        let region = call.host(1)?.to_floats();
        if region.len() != 2 * axes.len() {
            return Err(format!("has a region of {} numbers", region.len()));
        }
        for (k, (_, line)) in lines.iter_mut().enumerate() {
            line.region = (f64::from(region[k]), f64::from(region[k + axes.len()]));
        }
    }
    one(Value::Float(apply(call, &rules, &lines)?))
}

fn to_sizes(
    call: &Call<'_>,
    sides: &[usize],
    axes: &[usize],
    sizes: &[i64],
) -> Attempt<Vec<(usize, Line)>> {
    let wanted: Option<Vec<usize>> = sizes
        .iter()
        .map(|n| usize::try_from(*n).ok().filter(|n| (1..=1 << 16).contains(n)))
        .collect();
    let wanted = wanted.filter(|wanted| wanted.len() == axes.len());
    let wanted =
        wanted.ok_or_else(|| format!("has the sizes {sizes:?} for {} axes", axes.len()))?;
    let ratio = |(axis, to): (&usize, &usize)| *to as f64 / sides[*axis] as f64;
    let ratios = axes.iter().zip(&wanted).map(ratio);
    let common = match call.node.text("keep_aspect_ratio_policy").unwrap_or("stretch") {
        "stretch" => None,
        "not_larger" => ratios.reduce(f64::min),
        "not_smaller" => ratios.reduce(f64::max),
        other => return call.unknown("keep_aspect_ratio_policy", other),
    };
    let line = |(axis, to): (&usize, &usize)| {
        let from = sides[*axis];
        let scale = common.unwrap_or(*to as f64 / from as f64);
        let to = common.map_or(*to, |scale| (from as f64 * scale).round() as usize);
        (*axis, Line { from, to, scale, region: (0.0, 1.0) })
    };
    Ok(axes.iter().zip(&wanted).map(line).collect())
}

fn apply(call: &Call<'_>, rules: &Rules<'_>, lines: &[(usize, Line)]) -> Attempt<DispatchTensor> {
    let mut x = call.floats(0)?;
    let mut made = dims(&x);
    for (axis, line) in lines {
        made[*axis] = line.to;
    }
    let made = checked(made)?;
    if count(&made) == 0 || count(&dims(&x)) == 0 {
        return Err(format!("would make a picture of {made:?}"));
    }
    for (axis, line) in
        lines.iter().filter(|(_, line)| line.from != line.to || line.region != (0.0, 1.0))
    {
        let (matrix, outside) = rules.matrix(line)?;
        x = along(call, x, *axis, &matrix);
        if outside.contains(&true) {
            let mut column = vec![1; made.len()];
            column[*axis] = line.to;
            let mask: Value = HostTensor::bools(column, outside).into();
            let mask = call.context.bools(&mask.expand(&dims(&x))?);
            x = Dispatch::float_mask_fill(x, mask, rules.outside.into());
        }
    }
    Ok(x)
}

/// The matrix times each line along an axis.
fn along(call: &Call<'_>, x: DispatchTensor, axis: usize, matrix: &HostTensor) -> DispatchTensor {
    let last = dims(&x).len() - 1;
    let turned = Dispatch::float_swap_dims(x, axis, last);
    let mut sides = dims(&turned);
    let flat = Dispatch::float_reshape(turned, shape(&[count(&sides[..last]), sides[last]]));
    let matrix = Dispatch::float_transpose(call.context.floats(&matrix.clone().into()));
    let y = Dispatch::float_matmul(flat, matrix);
    sides[last] = dims(&y)[1];
    Dispatch::float_swap_dims(Dispatch::float_reshape(y, shape(&sides)), axis, last)
}
