//! Graphs of any kind, evaluated as they are: for checks against other programs.

use burn::backend::{Dispatch, ops::*};
use burn::tensor::{Device, Int, Tensor};

use super::{
    OnnxError,
    host::{Elements, HostTensor},
    program::Plain,
    proto::{ElementType, ModelProto},
    shape::count,
    value::{Uploads, Value, shape},
};

/// A tensor that goes into a graph or comes out of it.
#[derive(Debug, Clone, PartialEq)]
#[doc(hidden)]
pub struct Given {
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its elements, whatever their type.
    pub values: Vec<f64>,
}

/// All outputs of the graph in `file` for these inputs.
#[doc(hidden)]
pub fn evaluate(file: &[u8], inputs: &[Given], device: &Device) -> Result<Vec<Given>, OnnxError> {
    let model = ModelProto::read(file)?;
    let plain = Plain::compile(file, &model)?;
    let uploads = Uploads::new(device);
    plain.code.with_context(device, &uploads, |context| {
        let values = plain.inputs.iter().zip(inputs);

        let values = values.map(|(kind, given)| {
            let kind = *kind;
            let host = of_type(kind, given);
            // Rows of numbers are on the device; bounds and sizes are on the host, as constants
            // are.
            let rows = given.shape.len() > 1 && !given.values.is_empty();
            if matches!(host.elements, Elements::Floats(_)) && rows {
                context.on_device(&host.into())
            } else {
                host.into()
            }
        });
        let weight = |_| {
            Dispatch::float_reshape(Tensor::<1>::zeros([1], device).into_dispatch(), shape(&[1]))
        };
        let answers = plain.code.run(values.collect(), &weight, &[], context)?;
        let bools = |value: Value| match value {
            // Devices store truth values in several ways; they read integers alike.
            Value::Bool(_) => Value::Int(context.ints(&value)),
            value => value,
        };
        answers
            .into_iter()
            .map(|value| value.map(bools).map_or_else(missing, |value| Ok(read(value))))
            .collect()
    })
}

fn missing() -> Result<Given, OnnxError> {
    Err(OnnxError::Graph("it makes fewer outputs than it says".to_owned()))
}

fn of_type(kind: i64, given: &Given) -> HostTensor {
    let elements = match ElementType::of(kind) {
        Some(ElementType::Bool) => {
            Elements::Bools(given.values.iter().map(|value| *value != 0.0).collect())
        }
        Some(kind) if kind.is_float() => {
            Elements::Floats(given.values.iter().map(|value| *value as f32).collect())
        }
        _ => Elements::Ints(given.values.iter().map(|value| *value as i64).collect()),
    };
    HostTensor { dims: given.shape.clone(), elements }
}

fn read(value: Value) -> Given {
    let dims = value.dims();
    let n = count(&dims);
    let values = match value {
        Value::Host(host) => match &host.elements {
            Elements::Ints(values) => values.iter().map(|value| *value as f64).collect(),
            _ => host.to_floats().into_iter().map(f64::from).collect(),
        },
        Value::Float(tensor) => {
            let flat = Tensor::<1>::from_dispatch(Dispatch::float_reshape(tensor, shape(&[n])));
            flat.into_data().iter::<f64>().collect()
        }
        Value::Int(tensor) | Value::Bool(tensor) => {
            let flat = Dispatch::int_reshape(tensor, shape(&[n]));
            Tensor::<1, Int>::from_dispatch(flat).into_data().iter::<f64>().collect()
        }
    };
    Given { shape: dims, values }
}
