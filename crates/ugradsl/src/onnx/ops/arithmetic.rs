//! Arithmetic of two and more operands, and comparisons.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::tensor::Scalar;

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::{Binary, binary},
    shape::{Attempt, broadcast},
    value::{Context, Value},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("Add", |call| two(call, Binary::Add)),
    ("Sub", |call| two(call, Binary::Sub)),
    ("Mul", |call| two(call, Binary::Mul)),
    ("Div", |call| two(call, Binary::Div)),
    ("Pow", |call| two(call, Binary::Pow)),
    ("Mod", |call| two(call, if call.node.is_set("fmod") { Binary::Fmod } else { Binary::Mod })),
    ("Min", |call| many(call, Binary::Min)),
    ("Max", |call| many(call, Binary::Max)),
    ("Sum", |call| many(call, Binary::Add)),
    ("Mean", mean),
    ("Equal", |call| two(call, Binary::Equal)),
    ("Less", |call| two(call, Binary::Less)),
    ("LessOrEqual", |call| two(call, Binary::LessOrEqual)),
    ("Greater", |call| two(call, Binary::Greater)),
    ("GreaterOrEqual", |call| two(call, Binary::GreaterOrEqual)),
    ("And", |call| two(call, Binary::And)),
    ("Or", |call| two(call, Binary::Or)),
    ("Xor", |call| two(call, Binary::Xor)),
];

fn two(call: &Call<'_>, op: Binary) -> Outputs {
    one(combine(op, call.input(0)?, call.input(1)?, call.context)?)
}

fn many(call: &Call<'_>, op: Binary) -> Outputs {
    let mut all = call.given().cloned();
    let first = all.next().ok_or("lacks its inputs")?;
    one(all.try_fold(first, |a, b| combine(op, &a, &b, call.context))?)
}

fn mean(call: &Call<'_>) -> Outputs {
    let n = call.given().count().max(1) as f64;
    let sum = many(call, Binary::Add)?.remove(0);
    one(Value::Float(Dispatch::float_div_scalar(call.context.floats(&sum), Scalar::Float(n))))
}

/// `a op b`, on the host if both are there.
pub(super) fn combine(op: Binary, a: &Value, b: &Value, context: &Context<'_>) -> Attempt<Value> {
    const MOST: usize = 1 << 22;
    if let (Some(x), Some(y)) = (a.host(), b.host())
        && x.count().max(y.count()) <= MOST
    {
        return Ok(binary(op, x, y)?.into());
    }
    let to = broadcast(&a.dims(), &b.dims())?;
    if to.is_empty() {
        // GPUs take no tensor without axes.
        let (a, b) = (a.clone().reshape(&[1])?, b.clone().reshape(&[1])?);
        return combine(op, &a, &b, context)?.reshape(&[]);
    }
    if let Some(value) = with_number(op, a, b, &to) {
        return Ok(value);
    }
    if a.is_bool() && b.is_bool() {
        return truths(op, a, b, &to, context);
    }
    if a.is_int() && b.is_int() {
        return ints(op, a, b, &to, context);
    }
    let rank = to.len();
    let (x, y) =
        (context.floats(&a.clone().of_rank(rank)?), context.floats(&b.clone().of_rank(rank)?));
    floats(op, x, y, &to, context)
}

/// With a single number on the host: it need not become a tensor.
fn with_number(op: Binary, a: &Value, b: &Value, to: &[usize]) -> Option<Value> {
    match (a, b) {
        (Value::Float(x), Value::Host(number)) if a.dims() == to => {
            let number = number.single()?;
            Some(Value::Float(tensor_number(op, x.clone(), number)?))
        }
        (Value::Host(number), Value::Float(x)) if b.dims() == to => {
            let number = number.single()?;
            Some(Value::Float(number_tensor(op, number, x.clone())?))
        }
        _ => None,
    }
}

fn tensor_number(op: Binary, x: DispatchTensor, number: f32) -> Option<DispatchTensor> {
    let scalar = Scalar::from(number);
    Some(match op {
        Binary::Add => Dispatch::float_add_scalar(x, scalar),
        Binary::Sub => Dispatch::float_sub_scalar(x, scalar),
        Binary::Mul => Dispatch::float_mul_scalar(x, scalar),
        Binary::Div => Dispatch::float_div_scalar(x, scalar),
        Binary::Pow if number == 2.0 => Dispatch::float_mul(x.clone(), x),
        Binary::Pow if number == 0.5 => Dispatch::float_sqrt(x),
        Binary::Pow => Dispatch::float_powf_scalar(x, scalar),
        Binary::Max if number.is_finite() => Dispatch::float_clamp_min(x, scalar),
        Binary::Min if number.is_finite() => Dispatch::float_clamp_max(x, scalar),
        _ => return None,
    })
}

fn number_tensor(op: Binary, number: f32, x: DispatchTensor) -> Option<DispatchTensor> {
    let scalar = Scalar::from(number);
    Some(match op {
        Binary::Add => Dispatch::float_add_scalar(x, scalar),
        Binary::Mul => Dispatch::float_mul_scalar(x, scalar),
        Binary::Sub => Dispatch::float_add_scalar(Dispatch::float_neg(x), scalar),
        Binary::Div => Dispatch::float_mul_scalar(Dispatch::float_recip(x), scalar),
        _ => return None,
    })
}

fn truths(op: Binary, a: &Value, b: &Value, to: &[usize], context: &Context<'_>) -> Attempt<Value> {
    let (x, y) = (context.bools(&a.clone().expand(to)?), context.bools(&b.clone().expand(to)?));
    Ok(Value::Bool(match op {
        Binary::And => Dispatch::bool_and(x, y),
        Binary::Or => Dispatch::bool_or(x, y),
        Binary::Xor => Dispatch::bool_xor(x, y),
        Binary::Equal => Dispatch::bool_equal(x, y),
        _ => return Err(format!("cannot {op:?} truth values")),
    }))
}

fn ints(op: Binary, a: &Value, b: &Value, to: &[usize], context: &Context<'_>) -> Attempt<Value> {
    let (x, y) = (context.ints(&a.clone().expand(to)?), context.ints(&b.clone().expand(to)?));
    let truth = context.bool_type();
    Ok(match op {
        Binary::Add => Value::Int(Dispatch::int_add(x, y)),
        Binary::Sub => Value::Int(Dispatch::int_sub(x, y)),
        Binary::Mul => Value::Int(Dispatch::int_mul(x, y)),
        Binary::Div => Value::Int(Dispatch::int_div(x, y)),
        Binary::Pow => Value::Int(Dispatch::int_powi(x, y)),
        Binary::Mod => Value::Int(Dispatch::int_remainder(x, y)),
        Binary::Fmod => {
            let whole = Dispatch::int_div(x.clone(), y.clone());
            Value::Int(Dispatch::int_sub(x, Dispatch::int_mul(whole, y)))
        }
        Binary::Min => {
            let less = Dispatch::int_lower(x.clone(), y.clone(), truth);
            Value::Int(Dispatch::int_mask_where(y, less, x))
        }
        Binary::Max => {
            let less = Dispatch::int_lower(x.clone(), y.clone(), truth);
            Value::Int(Dispatch::int_mask_where(x, less, y))
        }
        Binary::Equal => Value::Bool(Dispatch::int_equal(x, y, truth)),
        Binary::Less => Value::Bool(Dispatch::int_lower(x, y, truth)),
        Binary::LessOrEqual => Value::Bool(Dispatch::int_lower_equal(x, y, truth)),
        Binary::Greater => Value::Bool(Dispatch::int_greater(x, y, truth)),
        Binary::GreaterOrEqual => Value::Bool(Dispatch::int_greater_equal(x, y, truth)),
        Binary::And | Binary::Or | Binary::Xor => {
            return Err(format!("cannot {op:?} integers"));
        }
    })
}

/// Both have the rank of `to`, which they broadcast to.
fn floats(
    op: Binary,
    x: DispatchTensor,
    y: DispatchTensor,
    to: &[usize],
    context: &Context<'_>,
) -> Attempt<Value> {
    match op {
        Binary::Add => return Ok(Value::Float(Dispatch::float_add(x, y))),
        Binary::Sub => return Ok(Value::Float(Dispatch::float_sub(x, y))),
        Binary::Mul => return Ok(Value::Float(Dispatch::float_mul(x, y))),
        Binary::Div => return Ok(Value::Float(Dispatch::float_div(x, y))),
        _ => {}
    }
    let full = |tensor| Ok::<_, String>(context.floats(&Value::Float(tensor).expand(to)?));
    let (x, y) = (full(x)?, full(y)?);
    let truth = context.bool_type();
    Ok(match op {
        Binary::Pow => Value::Float(Dispatch::float_powf(x, y)),
        Binary::Mod => {
            let whole = Dispatch::float_floor(Dispatch::float_div(x.clone(), y.clone()));
            Value::Float(Dispatch::float_sub(x, Dispatch::float_mul(whole, y)))
        }
        Binary::Fmod => {
            let whole = Dispatch::float_trunc(Dispatch::float_div(x.clone(), y.clone()));
            Value::Float(Dispatch::float_sub(x, Dispatch::float_mul(whole, y)))
        }
        Binary::Min => {
            let less = Dispatch::float_lower(x.clone(), y.clone(), truth);
            Value::Float(Dispatch::float_mask_where(y, less, x))
        }
        Binary::Max => {
            let less = Dispatch::float_lower(x.clone(), y.clone(), truth);
            Value::Float(Dispatch::float_mask_where(x, less, y))
        }
        Binary::Equal => Value::Bool(Dispatch::float_equal(x, y, truth)),
        Binary::Less => Value::Bool(Dispatch::float_lower(x, y, truth)),
        Binary::LessOrEqual => Value::Bool(Dispatch::float_lower_equal(x, y, truth)),
        Binary::Greater => Value::Bool(Dispatch::float_greater(x, y, truth)),
        Binary::GreaterOrEqual => Value::Bool(Dispatch::float_greater_equal(x, y, truth)),
        _ => return Err(format!("cannot {op:?} floats")),
    })
}
