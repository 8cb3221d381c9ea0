//! The operators, one file per family. An operator checks what it is given before burn sees it, and
//! answers in words.

#[cfg(feature = "onnx")]
mod activations;
#[cfg(feature = "onnx")]
mod arithmetic;
#[cfg(feature = "onnx")]
mod attention;
#[cfg(feature = "onnx")]
mod convolution;
#[cfg(feature = "onnx")]
mod einsum;
mod generate;
#[cfg(feature = "onnx")]
mod indices;
#[cfg(feature = "onnx")]
mod logic;
#[cfg(feature = "onnx")]
mod matrix;
#[cfg(feature = "onnx")]
mod normalisation;
#[cfg(feature = "onnx")]
mod pad;
#[cfg(feature = "onnx")]
mod pooling;
#[cfg(feature = "onnx")]
mod recurrent;
#[cfg(feature = "onnx")]
mod reductions;
#[cfg(feature = "onnx")]
mod resize;
#[cfg(feature = "onnx")]
mod scatter;
#[cfg(feature = "onnx")]
mod shapes;
#[cfg(feature = "onnx")]
mod slices;
#[cfg(feature = "onnx")]
mod unary;
#[cfg(feature = "onnx")]
mod window;

pub(crate) use generate::constant;

use std::sync::Arc;

use burn::backend::DispatchTensor;

use super::{
    host::HostTensor,
    proto::Node,
    shape::Attempt,
    value::{Context, Value},
};

/// A node that is evaluated, and what it is given.
pub(crate) struct Call<'a> {
    pub(crate) node: &'a Node,
    /// `None` where an input is left out.
    pub(crate) inputs: &'a [Option<Value>],
    pub(crate) context: &'a Context<'a>,
    /// Version of ONNX's operators that the file is written for.
    pub(crate) opset: i64,
}

/// What an operator makes: a value for each output, or for the first ones.
pub(crate) type Outputs = Attempt<Vec<Value>>;

/// An operator.
pub(crate) type Operator = fn(&Call<'_>) -> Outputs;

/// The families, each a list of names and what they do.
#[cfg(feature = "onnx")]
const FAMILIES: [&[(&str, Operator)]; 19] = [
    arithmetic::OPERATORS,
    unary::OPERATORS,
    activations::OPERATORS,
    logic::OPERATORS,
    convolution::OPERATORS,
    pooling::OPERATORS,
    normalisation::OPERATORS,
    matrix::OPERATORS,
    einsum::OPERATORS,
    shapes::OPERATORS,
    slices::OPERATORS,
    pad::OPERATORS,
    indices::OPERATORS,
    scatter::OPERATORS,
    generate::OPERATORS,
    reductions::OPERATORS,
    recurrent::OPERATORS,
    resize::OPERATORS,
    attention::OPERATORS,
];
#[cfg(not(feature = "onnx"))]
const FAMILIES: [&[(&str, Operator)]; 0] = [];

/// The operator of this name.
pub(crate) fn find(name: &str) -> Option<Operator> {
    let all = FAMILIES.iter().copied().flatten();
    all.copied().find(|(known, _)| *known == name).map(|(_, operator)| operator)
}

/// The names of all operators, in alphabetical order.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = FAMILIES.iter().copied().flatten().map(|(name, _)| *name).collect();
    names.sort_unstable();
    names
}

impl Call<'_> {
    /// An input that must be there.
    pub(crate) fn input(&self, index: usize) -> Attempt<&Value> {
        self.optional(index).ok_or_else(|| format!("lacks its input {index}"))
    }

    /// An input that may be left out.
    pub(crate) fn optional(&self, index: usize) -> Option<&Value> {
        self.inputs.get(index).and_then(Option::as_ref)
    }

    /// All inputs that are there.
    pub(crate) fn given(&self) -> impl Iterator<Item = &Value> {
        self.inputs.iter().flatten()
    }

    /// An input as floats on the device.
    pub(crate) fn floats(&self, index: usize) -> Attempt<DispatchTensor> {
        Ok(self.context.floats(self.input(index)?))
    }

    /// An input on the host: one that does not follow from the data.
    pub(crate) fn host(&self, index: usize) -> Attempt<&Arc<HostTensor>> {
        self.input(index)?.host().ok_or_else(|| {
            format!("takes its input {index} from the data: its shapes would follow from values")
        })
    }

    /// Integers that are an input.
    pub(crate) fn ints(&self, index: usize) -> Attempt<Vec<i64>> {
        Ok(self.host(index)?.to_ints())
    }

    /// Integers that older versions have as an attribute and newer ones as an input.
    pub(crate) fn listed(&self, name: &str, index: usize) -> Attempt<Option<Vec<i64>>> {
        match (self.node.ints(name), self.optional(index)) {
            (Some(values), _) => Ok(Some(values.to_vec())),
            (None, Some(_)) => self.ints(index).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// All inputs, if they are on the host and small enough to be computed with there.
    pub(crate) fn all_on_host(&self) -> Option<Vec<&Arc<HostTensor>>> {
        const MOST: usize = 1 << 22;
        let hosts: Option<Vec<_>> = self.given().map(Value::host).collect();
        hosts.filter(|hosts| !hosts.is_empty() && hosts.iter().all(|host| host.count() <= MOST))
    }

    /// A sentence about an attribute whose value is not known.
    pub(crate) fn unknown<T>(&self, attribute: &str, value: &str) -> Attempt<T> {
        Err(format!("has {attribute} {value:?}, which is not supported"))
    }
}

/// An operator with one output.
pub(crate) fn one(value: impl Into<Value>) -> Outputs {
    Ok(vec![value.into()])
}
