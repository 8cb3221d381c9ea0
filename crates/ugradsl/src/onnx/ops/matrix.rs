//! Products of matrices.

use burn::backend::{Dispatch, DispatchTensor, ops::*};

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    shape::{Attempt, broadcast, count},
    value::{Context, Value, dims, shape},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[("MatMul", product), ("Gemm", general)];

fn product(call: &Call<'_>) -> Outputs {
    one(matmul(call.input(0)?, call.input(1)?, call.context)?)
}

/// `a b`, as numpy's `matmul`.
pub(super) fn matmul(a: &Value, b: &Value, context: &Context<'_>) -> Attempt<Value> {
    let (ad, bd) = (a.dims(), b.dims());
    let fail = || Err(format!("cannot multiply matrices of {ad:?} and {bd:?}"));
    if ad.is_empty() || bd.is_empty() {
        return fail();
    }
    let (a, b) = match (ad.len(), bd.len()) {
        (1, 1) => (a.clone().reshape(&[1, ad[0]])?, b.clone().reshape(&[bd[0], 1])?),
        (1, _) => (a.clone().reshape(&[1, ad[0]])?, b.clone()),
        (_, 1) => (a.clone(), b.clone().reshape(&[bd[0], 1])?),
        _ => (a.clone(), b.clone()),
    };
    let (xd, yd) = (a.dims(), b.dims());
    if xd[xd.len() - 1] != yd[yd.len() - 2] || count(&xd) == 0 || count(&yd) == 0 {
        return fail();
    }
    let y = Value::Float(multiplied(context.floats(&a), context.floats(&b))?);
    let mut made = y.dims();
    if ad.len() == 1 {
        made.remove(made.len() - 2);
    }
    if bd.len() == 1 {
        made.pop();
    }
    y.reshape(&made)
}

/// Both have two axes or more, and the inner sides agree.
fn multiplied(x: DispatchTensor, y: DispatchTensor) -> Attempt<DispatchTensor> {
    let (xd, yd) = (dims(&x), dims(&y));
    let (rows, inner, columns) = (xd[xd.len() - 2], xd[xd.len() - 1], yd[yd.len() - 1]);
    // Many vectors times one matrix are a single product.
    if yd.len() == 2 && xd.len() > 2 {
        let flat = Dispatch::float_reshape(x, shape(&[count(&xd) / inner, inner]));
        let made = [&xd[..xd.len() - 1], &[columns]].concat();
        return Ok(Dispatch::float_reshape(Dispatch::float_matmul(flat, y), shape(&made)));
    }
    let front = broadcast(&xd[..xd.len() - 2], &yd[..yd.len() - 2])?;
    let full = |tensor: DispatchTensor, matrix: [usize; 2]| {
        let wanted = [front.as_slice(), &matrix].concat();
        match Value::Float(tensor).expand(&wanted)? {
            Value::Float(tensor) => Ok(tensor),
            _ => Err("is not a matrix of floats".to_owned()),
        }
    };
    Ok(Dispatch::float_matmul(full(x, [rows, inner])?, full(y, [inner, columns])?))
}

/// `alpha a b + beta c`
fn general(call: &Call<'_>) -> Outputs {
    let matrix = |index: usize, turned: &str| {
        let x = call.floats(index)?;
        match dims(&x).len() {
            2 if call.node.is_set(turned) => Ok(Dispatch::float_transpose(x)),
            2 => Ok(x),
            _ => Err(format!("has an input {index} of shape {:?}, not a matrix", dims(&x))),
        }
    };
    let (a, b) = (matrix(0, "transA")?, matrix(1, "transB")?);
    let (ad, bd) = (dims(&a), dims(&b));
    if ad[1] != bd[0] || count(&ad) == 0 || count(&bd) == 0 {
        return Err(format!("cannot multiply matrices of {ad:?} and {bd:?}"));
    }
    let scaled = |x: DispatchTensor, name: &str| match call.node.float(name).unwrap_or(1.0) {
        1.0 => x,
        factor => Dispatch::float_mul_scalar(x, factor.into()),
    };
    let y = scaled(Dispatch::float_matmul(a, b), "alpha");
    let Some(c) = call.optional(2) else { return one(Value::Float(y)) };
    let made = [ad[0], bd[1]];
    if broadcast(&c.dims(), &made)? != made {
        return Err(format!("cannot add {:?} to a product of shape {made:?}", c.dims()));
    }
    let c = scaled(call.context.floats(&c.clone().of_rank(2)?), "beta");
    one(Value::Float(Dispatch::float_add(y, c)))
}
