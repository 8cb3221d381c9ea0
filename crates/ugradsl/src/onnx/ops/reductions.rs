//! Sums, means and the like over some axes.

use burn::backend::{Dispatch, DispatchTensor, ops::*};

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::{Elements, HostTensor},
    shape::{Attempt, axes, count},
    value::{Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("ReduceSum", |call| reduce(call, Kind::Sum)),
    ("ReduceMean", |call| reduce(call, Kind::Mean)),
    ("ReduceMax", |call| reduce(call, Kind::Max)),
    ("ReduceMin", |call| reduce(call, Kind::Min)),
    ("ReduceProd", |call| reduce(call, Kind::Product)),
    ("ReduceL1", |call| reduce(call, Kind::L1)),
    ("ReduceL2", |call| reduce(call, Kind::L2)),
    ("ReduceSumSquare", |call| reduce(call, Kind::SumSquare)),
    ("ReduceLogSum", |call| reduce(call, Kind::LogSum)),
    ("ReduceLogSumExp", |call| reduce(call, Kind::LogSumExp)),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sum,
    Mean,
    Max,
    Min,
    Product,
    L1,
    L2,
    SumSquare,
    LogSum,
    LogSumExp,
}

/// The axes to reduce; `None` if there are none.
fn reduced_axes(call: &Call<'_>, rank: usize) -> Attempt<Option<Vec<usize>>> {
    match call.listed("axes", 1)?.filter(|axes| !axes.is_empty()) {
        Some(values) => axes(&values, rank).map(Some),
        None if call.node.is_set("noop_with_empty_axes") => Ok(None),
        None => Ok(Some((0..rank).collect())),
    }
}

fn reduce(call: &Call<'_>, kind: Kind) -> Outputs {
    let value = call.input(0)?;
    let sides = value.dims();
    let over = reduced_axes(call, sides.len())?;
    let axes = over.clone().unwrap_or_default();
    let keep = call.node.int("keepdims").unwrap_or(1) == 1;
    let left = (0..sides.len()).filter(|axis| keep || !axes.contains(axis));
    let made: Vec<usize> =
        left.map(|axis| if axes.contains(&axis) { 1 } else { sides[axis] }).collect();
    if let Some(host) = value.host()
        && let Some(number) = on_host(host, kind, axes.len() == sides.len())
    {
        return one(HostTensor { dims: vec![1; count(&made)], elements: number }.reshaped(made));
    }
    if count(&sides) == 0 {
        return one(of_nothing(kind, made)?);
    }
    let whole = value.is_int();
    let reduced = Value::Float(apply(call.context.floats(value), kind, &axes));
    let reduced = reduced.reshape(&made)?;
    one(if whole { Value::Int(call.context.ints(&reduced)) } else { reduced })
}

/// Integers and lists of shapes, as a whole.
fn on_host(host: &HostTensor, kind: Kind, all: bool) -> Option<Elements> {
    let Elements::Ints(values) = &host.elements else { return None };
    if !all || values.is_empty() {
        return None;
    }
    let number = match kind {
        Kind::Sum => values.iter().fold(0i64, |sum, value| sum.wrapping_add(*value)),
        Kind::Product => values.iter().fold(1i64, |product, value| product.wrapping_mul(*value)),
        Kind::Max => *values.iter().max()?,
        Kind::Min => *values.iter().min()?,
        _ => return None,
    };
    Some(Elements::Ints(vec![number]))
}

/// What a reduction of no elements gives.
fn of_nothing(kind: Kind, made: Vec<usize>) -> Attempt<HostTensor> {
    let value = match kind {
        Kind::Sum | Kind::L1 | Kind::L2 | Kind::SumSquare => 0.0,
        Kind::Product => 1.0,
        Kind::Max | Kind::LogSum | Kind::LogSumExp => f32::NEG_INFINITY,
        Kind::Min => f32::INFINITY,
        Kind::Mean => return Err("takes the mean of nothing".to_owned()),
    };
    let n = count(&made);
    Ok(HostTensor::floats(made, vec![value; n]))
}

fn over(
    x: DispatchTensor,
    axes: &[usize],
    one: fn(DispatchTensor, usize) -> DispatchTensor,
) -> DispatchTensor {
    axes.iter().fold(x, |x, axis| one(x, *axis))
}

fn apply(x: DispatchTensor, kind: Kind, axes: &[usize]) -> DispatchTensor {
    let square = |x: DispatchTensor| Dispatch::float_mul(x.clone(), x);
    match kind {
        Kind::Sum => over(x, axes, Dispatch::float_sum_dim),
        Kind::Mean => mean(x, axes),
        Kind::Max => over(x, axes, Dispatch::float_max_dim),
        Kind::Min => over(x, axes, Dispatch::float_min_dim),
        Kind::Product => over(x, axes, Dispatch::float_prod_dim),
        Kind::L1 => over(Dispatch::float_abs(x), axes, Dispatch::float_sum_dim),
        Kind::L2 => Dispatch::float_sqrt(over(square(x), axes, Dispatch::float_sum_dim)),
        Kind::SumSquare => over(square(x), axes, Dispatch::float_sum_dim),
        Kind::LogSum => Dispatch::float_log(over(x, axes, Dispatch::float_sum_dim)),
        Kind::LogSumExp => {
            let most = over(Dispatch::float_detach(x.clone()), axes, Dispatch::float_max_dim);
            let small = Dispatch::float_exp(Dispatch::float_sub(x, most.clone()));
            let sum = Dispatch::float_log(over(small, axes, Dispatch::float_sum_dim));
            Dispatch::float_add(sum, most)
        }
    }
}

/// A mean over neighbouring axes is one reduction.
fn mean(x: DispatchTensor, axes: &[usize]) -> DispatchTensor {
    let sides = dims(&x);
    let (Some(first), Some(last)) = (axes.first(), axes.last()) else { return x };
    if last - first + 1 != axes.len() || axes.len() < 2 {
        return over(x, axes, Dispatch::float_mean_dim);
    }
    let flat = [&sides[..*first], &[count(&sides[*first..=*last])], &sides[last + 1..]].concat();
    let mut made = sides.clone();
    made[*first..=*last].fill(1);
    let pooled = Dispatch::float_mean_dim(Dispatch::float_reshape(x, shape(&flat)), *first);
    Dispatch::float_reshape(pooled, shape(&made))
}
