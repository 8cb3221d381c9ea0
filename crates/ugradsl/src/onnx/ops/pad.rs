//! Padding.

use burn::backend::{Dispatch, ops::*};
use burn::tensor::ops::PadMode;

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::{HostTensor, Part},
    shape::{Attempt, axis, checked},
    value::Value,
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[("Pad", pad)];

/// Places before and after each axis; negative ones cut off.
fn amounts(call: &Call<'_>, dims: &[usize]) -> Attempt<Vec<(i64, i64)>> {
    let pads = call.listed("pads", 1)?.ok_or("lacks the pads")?;
    let which = match call.optional(3) {
        Some(_) => {
            let axes = call.ints(3)?;
            axes.iter().map(|value| axis(*value, dims.len())).collect::<Attempt<Vec<usize>>>()?
        }
        None => (0..dims.len()).collect(),
    };
    let most = 1 << 20;
    if pads.len() != 2 * which.len() || pads.iter().any(|n| !(-most..=most).contains(n)) {
        return Err(format!("has pads {pads:?} for {} axes", which.len()));
    }
    let mut all = vec![(0, 0); dims.len()];
    for (i, axis) in which.iter().enumerate() {
        all[*axis] = (pads[i], pads[i + which.len()]);
    }
    Ok(all)
}

fn pad(call: &Call<'_>) -> Outputs {
    let value = call.input(0)?;
    let dims = value.dims();
    let all = amounts(call, &dims)?;
    let cut = |(side, (before, after)): (&usize, &(i64, i64))| {
        let (before, after) = ((-before).max(0) as usize, (-after).max(0) as usize);
        let length = side.checked_sub(before + after);
        length.map(|length| Part::range(before, length)).ok_or("cuts off more than there is")
    };
    let parts = dims.iter().zip(&all).map(cut).collect::<Result<Vec<_>, _>>()?;
    let mut value = value.clone().slice(&parts, call.context)?;
    let more: Vec<(usize, usize)> = all
        .iter()
        .map(|(before, after)| {
            (before.max(&0).to_owned() as usize, after.max(&0).to_owned() as usize)
        })
        .collect();
    let own = value.dims();
    checked(own.iter().zip(&more).map(|(side, (before, after))| side + before + after).collect())?;
    if more.iter().all(|pair| *pair == (0, 0)) {
        return one(value);
    }
    let mode = call.node.text("mode").unwrap_or("constant");
    if mode == "constant" {
        return one(filled(call, &value, &more)?);
    }
    // Other modes take what is there already, at other places.
    for (axis, (before, after)) in more.iter().enumerate().filter(|(_, pair)| **pair != (0, 0)) {
        let places = places(mode, own[axis], *before, *after)
            .ok_or_else(|| format!("cannot pad {} places in mode {mode:?}", own[axis]))?;
        value =
            super::indices::gathered(&value, &HostTensor::list(places).into(), axis, call.context)?;
    }
    one(value)
}

fn filled(call: &Call<'_>, value: &Value, more: &[(usize, usize)]) -> Attempt<Value> {
    let number = match call.optional(2) {
        Some(_) => call.host(2)?.single().unwrap_or(0.0),
        None => call.node.float("value").unwrap_or(0.0),
    };
    let context = call.context;
    Ok(if value.is_int() {
        let whole = PadMode::Constant(number);
        Value::Int(Dispatch::int_pad(context.ints(value), more, whole))
    } else if value.is_bool() {
        let padded = Dispatch::int_pad(context.ints(value), more, PadMode::Constant(number));
        Value::Bool(context.bools(&Value::Int(padded)))
    } else {
        Value::Float(Dispatch::float_pad(context.floats(value), more, PadMode::Constant(number)))
    })
}

/// Where the elements of a padded axis come from.
fn places(mode: &str, side: usize, before: usize, after: usize) -> Option<Vec<i64>> {
    let side = side as i64;
    let all = -(before as i64)..side + after as i64;
    let place = |i: i64| match mode {
        "edge" => i.clamp(0, side - 1),
        "wrap" => i.rem_euclid(side),
        // There and back again, without the ends twice.
        "reflect" if side > 1 => {
            let period = 2 * (side - 1);
            let i = i.rem_euclid(period);
            i.min(period - i)
        }
        _ => 0,
    };
    let known = ["edge", "wrap", "reflect"].contains(&mode) && side > 0;
    known.then(|| all.map(place).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn modes_are_those_of_numpy() {
        // numpy.pad(range(3), (2, 2), mode)
        let places = |mode| super::places(mode, 3, 2, 2).unwrap();
        assert_eq!(places("reflect"), [2, 1, 0, 1, 2, 1, 0]);
        assert_eq!(places("edge"), [0, 0, 0, 1, 2, 2, 2]);
        assert_eq!(places("wrap"), [1, 2, 0, 1, 2, 0, 1]);
        assert!(super::places("mirror", 3, 1, 1).is_none());
    }
}
