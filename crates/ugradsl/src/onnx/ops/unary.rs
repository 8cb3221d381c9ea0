//! Functions of one number, element by element.

use std::sync::Arc;

use burn::backend::{Dispatch, DispatchTensor, ops::*};

use super::{Call, Operator, Outputs, one};
use crate::onnx::{
    host::{Elements, HostTensor},
    value::{Value, each_element},
};

pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("Sqrt", |call| map(call, f32::sqrt, Dispatch::float_sqrt)),
    ("Exp", |call| map(call, f32::exp, Dispatch::float_exp)),
    ("Log", |call| map(call, f32::ln, Dispatch::float_log)),
    ("Reciprocal", |call| map(call, f32::recip, Dispatch::float_recip)),
    ("Sin", |call| map(call, f32::sin, Dispatch::float_sin)),
    ("Cos", |call| map(call, f32::cos, Dispatch::float_cos)),
    ("Tan", |call| map(call, f32::tan, Dispatch::float_tan)),
    ("Sinh", |call| map(call, f32::sinh, Dispatch::float_sinh)),
    ("Cosh", |call| map(call, f32::cosh, Dispatch::float_cosh)),
    ("Asin", |call| map(call, f32::asin, Dispatch::float_asin)),
    ("Acos", |call| map(call, f32::acos, Dispatch::float_acos)),
    ("Atan", |call| map(call, f32::atan, Dispatch::float_atan)),
    ("Asinh", |call| map(call, f32::asinh, Dispatch::float_asinh)),
    ("Acosh", |call| map(call, f32::acosh, Dispatch::float_acosh)),
    ("Atanh", |call| map(call, f32::atanh, Dispatch::float_atanh)),
    ("Floor", |call| map(call, f32::floor, Dispatch::float_floor)),
    ("Ceil", |call| map(call, f32::ceil, Dispatch::float_ceil)),
    ("Round", |call| map(call, f32::round_ties_even, Dispatch::float_round)),
    ("Erf", |call| one(Value::Float(Dispatch::float_erf(call.floats(0)?)))),
    ("Neg", neg),
    ("Abs", abs),
    ("Sign", sign),
    ("IsNaN", |call| {
        one(Value::Bool(Dispatch::float_is_nan(call.floats(0)?, call.context.bool_type())))
    }),
];

fn map(
    call: &Call<'_>,
    number: fn(f32) -> f32,
    tensor: fn(DispatchTensor) -> DispatchTensor,
) -> Outputs {
    match call.all_on_host().as_deref() {
        Some([host]) => {
            let values = host.to_floats().into_iter().map(number).collect();
            one(HostTensor::floats(host.dims.clone(), values))
        }
        _ => one(Value::Float(each_element(call.floats(0)?, tensor))),
    }
}

/// A function of an integer, and that of a float.
type Numbers = (fn(i64) -> i64, fn(f32) -> f32);

/// A function that integers have, too.
fn of_both(
    call: &Call<'_>,
    numbers: Numbers,
    tensor: fn(DispatchTensor) -> DispatchTensor,
    int_tensor: fn(DispatchTensor) -> DispatchTensor,
) -> Outputs {
    match (call.all_on_host().as_deref(), call.input(0)?) {
        (Some([host]), _) => one(on_host(host, numbers)),
        (_, Value::Int(ints)) => one(Value::Int(int_tensor(ints.clone()))),
        (_, value) => one(Value::Float(each_element(call.context.floats(value), tensor))),
    }
}

fn on_host(host: &Arc<HostTensor>, (number, float): Numbers) -> HostTensor {
    let elements = match &host.elements {
        Elements::Ints(values) => {
            Elements::Ints(values.iter().map(|value| number(*value)).collect())
        }
        _ => Elements::Floats(host.to_floats().into_iter().map(float).collect()),
    };
    HostTensor { dims: host.dims.clone(), elements }
}

fn neg(call: &Call<'_>) -> Outputs {
    of_both(call, (i64::wrapping_neg, |x| -x), Dispatch::float_neg, Dispatch::int_neg)
}

fn abs(call: &Call<'_>) -> Outputs {
    of_both(call, (i64::wrapping_abs, f32::abs), Dispatch::float_abs, Dispatch::int_abs)
}

fn sign(call: &Call<'_>) -> Outputs {
    let float = |x: f32| if x == 0.0 { 0.0 } else { x.signum() };
    of_both(call, (i64::signum, float), Dispatch::float_sign, Dispatch::int_sign)
}
