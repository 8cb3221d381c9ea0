//! What flows along the edges of a graph: tensors on the device, whose ranks are known at run time
//! only, and small ones on the host. burn's [`Dispatch`] takes shapes and axes as values, and is
//! differentiated as burn's tensors are.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use burn::backend::{Dispatch, DispatchTensor, TensorMetadata, ops::*};
use burn::tensor::{
    Bool, BoolDType, DType, Device, FloatDType, Int, IntDType, Scalar, Shape, Slice, Tensor,
    TensorData,
};

use super::{
    host::{Elements, HostTensor, Part},
    shape::{Attempt, count, of_rank},
};

/// A value of a graph.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Host(Arc<HostTensor>),
    Float(DispatchTensor),
    Int(DispatchTensor),
    Bool(DispatchTensor),
}

/// The same done to a tensor of each type.
macro_rules! each {
    ($value:expr, $tensor:ident => $host:expr, $float:expr, $int:expr, $bool:expr) => {
        match $value {
            Value::Host($tensor) => Value::Host(Arc::new($host)),
            Value::Float($tensor) => Value::Float($float),
            Value::Int($tensor) => Value::Int($int),
            Value::Bool($tensor) => Value::Bool($bool),
        }
    };
}

impl From<HostTensor> for Value {
    fn from(tensor: HostTensor) -> Self {
        Self::Host(Arc::new(tensor))
    }
}

pub(crate) fn shape(dims: &[usize]) -> Shape {
    Shape::from(dims.to_vec())
}

impl Value {
    pub(crate) fn dims(&self) -> Vec<usize> {
        match self {
            Self::Host(tensor) => tensor.dims.clone(),
            Self::Float(tensor) | Self::Int(tensor) | Self::Bool(tensor) => dims(tensor),
        }
    }

    pub(crate) fn rank(&self) -> usize {
        self.dims().len()
    }

    /// The tensor, if it is on the host.
    pub(crate) fn host(&self) -> Option<&Arc<HostTensor>> {
        match self {
            Self::Host(tensor) => Some(tensor),
            _ => None,
        }
    }

    /// Whether its elements are integers.
    pub(crate) fn is_int(&self) -> bool {
        match self {
            Self::Host(tensor) => matches!(tensor.elements, Elements::Ints(_)),
            Self::Int(_) => true,
            Self::Float(_) | Self::Bool(_) => false,
        }
    }

    /// Whether its elements are truth values.
    pub(crate) fn is_bool(&self) -> bool {
        match self {
            Self::Host(tensor) => matches!(tensor.elements, Elements::Bools(_)),
            Self::Bool(_) => true,
            Self::Float(_) | Self::Int(_) => false,
        }
    }

    /// The same elements in another shape.
    pub(crate) fn reshape(self, to: &[usize]) -> Attempt<Self> {
        let from = self.dims();
        if count(&from) != count(to) {
            return Err(format!("cannot give a tensor of shape {from:?} the shape {to:?}"));
        }
        if from == to {
            return Ok(self);
        }
        Ok(each!(self, tensor => tensor.reshaped(to.to_vec()),
            Dispatch::float_reshape(tensor, shape(to)),
            Dispatch::int_reshape(tensor, shape(to)),
            Dispatch::bool_reshape(tensor, shape(to))))
    }

    /// Axes in another order, which must name each axis once.
    pub(crate) fn permute(self, order: &[usize]) -> Self {
        if order.iter().enumerate().all(|(place, axis)| place == *axis) {
            return self;
        }
        each!(self, tensor => tensor.permuted(order),
            Dispatch::float_permute(tensor, order),
            Dispatch::int_permute(tensor, order),
            Dispatch::bool_permute(tensor, order))
    }

    /// Repeated along axes of length one, to `to`, which it must broadcast to.
    pub(crate) fn expand(self, to: &[usize]) -> Attempt<Self> {
        let own = of_rank(&self.dims(), to.len());
        if own.len() != to.len() || own.iter().zip(to).any(|(own, to)| own != to && *own != 1) {
            return Err(format!("cannot repeat a tensor of shape {:?} to {to:?}", self.dims()));
        }
        let value = self.reshape(&own)?;
        if own == to {
            return Ok(value);
        }
        Ok(each!(value, tensor => tensor.expanded(to),
            Dispatch::float_expand(tensor, shape(to)),
            Dispatch::int_expand(tensor, shape(to)),
            Dispatch::bool_expand(tensor, shape(to))))
    }

    /// Ones in front of its shape, up to `rank` axes.
    pub(crate) fn of_rank(self, rank: usize) -> Attempt<Self> {
        let dims = of_rank(&self.dims(), rank);
        self.reshape(&dims)
    }

    /// A part of it. There must be a part for each axis, and it must lie within.
    pub(crate) fn slice(self, parts: &[Part], context: &Context<'_>) -> Attempt<Self> {
        let dims = self.dims();
        if dims.iter().zip(parts).all(|(length, part)| *part == Part::whole(*length)) {
            return Ok(self);
        }
        if let Self::Host(tensor) = &self {
            return Ok(tensor.sliced(parts).into());
        }
        // Devices differ in what they make of a tensor without elements: it stays on the host.
        if parts.iter().any(|part| part.length == 0) {
            return Ok(context.empty(&self, parts.iter().map(|part| part.length).collect()));
        }
        let backwards: Vec<usize> = (0..parts.len()).filter(|axis| parts[*axis].step < 0).collect();
        let slices: Vec<Slice> =
            parts.iter().zip(&dims).map(|(part, side)| slice(part, *side)).collect();
        let value = match backwards.is_empty() {
            true => self,
            false => each!(self, tensor => (*tensor).clone(),
                Dispatch::float_flip(tensor, &backwards),
                Dispatch::int_flip(tensor, &backwards),
                Dispatch::bool_flip(tensor, &backwards)),
        };
        Ok(each!(value, tensor => (*tensor).clone(),
            Dispatch::float_slice(tensor, &slices),
            Dispatch::int_slice(tensor, &slices),
            Dispatch::bool_slice(tensor, &slices)))
    }

    /// `length` neighbours along one axis, from `start` on.
    pub(crate) fn narrow(
        self,
        axis: usize,
        start: usize,
        length: usize,
        context: &Context<'_>,
    ) -> Attempt<Self> {
        let mut parts: Vec<Part> = self.dims().iter().map(|side| Part::whole(*side)).collect();
        parts[axis] = Part::range(start, length);
        self.slice(&parts, context)
    }
}

/// The slice of an axis of `side` elements, which was turned around if the step is negative.
fn slice(part: &Part, side: usize) -> Slice {
    let step = part.step.unsigned_abs() as usize;
    let start = if part.step < 0 { side - 1 - part.start } else { part.start };
    let end = start + (part.length - 1) * step + 1;
    Slice::new(start as isize, Some(end as isize), step as isize)
}

/// `function`, which works element by element, of a tensor that may be a single number: GPUs take
/// no tensor without axes.
pub(crate) fn each_element(
    tensor: DispatchTensor,
    function: impl FnOnce(DispatchTensor) -> DispatchTensor,
) -> DispatchTensor {
    match dims(&tensor).is_empty() {
        true => {
            let line = Dispatch::float_reshape(tensor, shape(&[1]));
            Dispatch::float_reshape(function(line), shape(&[]))
        }
        false => function(tensor),
    }
}

pub(crate) fn dims(tensor: &DispatchTensor) -> Vec<usize> {
    tensor.shape().to_vec()
}

/// Constants of a graph that are on the device already, by their address, and types of its elements
/// there.
#[derive(Debug)]
pub(crate) struct Uploads {
    tensors: Mutex<HashMap<(usize, bool), DispatchTensor>>,
    int: IntDType,
    bool: BoolDType,
}

impl Uploads {
    pub(crate) fn new(device: &Device) -> Self {
        let int = match Tensor::<1, Int>::zeros([1], device).dtype() {
            DType::I64 => IntDType::I64,
            _ => IntDType::I32,
        };
        let bool = match Tensor::<1, Bool>::from_data(TensorData::from([true]), device).dtype() {
            DType::Bool(kind) => kind,
            _ => BoolDType::Native,
        };
        Self { tensors: Mutex::default(), int, bool }
    }
}

/// Where a graph is evaluated.
pub(crate) struct Context<'a> {
    device: &'a Device,
    uploads: &'a Uploads,
    /// Whether a constant of this address stays as long as the uploads do.
    stays: &'a dyn Fn(usize) -> bool,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        device: &'a Device,
        uploads: &'a Uploads,
        stays: &'a dyn Fn(usize) -> bool,
    ) -> Self {
        Self { device, uploads, stays }
    }

    /// Type of truth values on the device.
    pub(crate) fn bool_type(&self) -> BoolDType {
        self.uploads.bool
    }

    /// Type of integers on the device.
    pub(crate) fn int_type(&self) -> IntDType {
        self.uploads.int
    }

    /// A tensor of this kind without elements.
    fn empty(&self, like: &Value, dims: Vec<usize>) -> Value {
        let elements = match like {
            value if value.is_int() => Elements::Ints(Vec::new()),
            value if value.is_bool() => Elements::Bools(Vec::new()),
            _ => Elements::Floats(Vec::new()),
        };
        HostTensor { dims, elements }.into()
    }

    fn send(&self, host: &HostTensor) -> DispatchTensor {
        let n = [host.count()];
        let to = shape(&host.dims);
        match &host.elements {
            Elements::Floats(values) => {
                let data = TensorData::new(values.clone(), n);
                Dispatch::float_reshape(
                    Tensor::<1>::from_data(data, self.device).into_dispatch(),
                    to,
                )
            }
            Elements::Ints(values) => {
                // A GPU has integers of 32 bits; what is beyond them is a bound such as "to the
                // end".
                let short = |value: &i64| (*value).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
                let data = TensorData::new(values.iter().map(short).collect::<Vec<i32>>(), n);
                let tensor = Tensor::<1, Int>::from_data(data, self.device).into_dispatch();
                Dispatch::int_reshape(tensor, to)
            }
            Elements::Bools(values) => {
                let data = TensorData::new(values.clone(), n);
                let tensor = Tensor::<1, Bool>::from_data(data, self.device).into_dispatch();
                Dispatch::bool_reshape(tensor, to)
            }
        }
    }

    fn sent(&self, host: &Arc<HostTensor>) -> DispatchTensor {
        let address = Arc::as_ptr(host) as usize;
        if !(self.stays)(address) {
            return self.send(host);
        }
        let key = (address, self.device.is_autodiff());
        let mut tensors = self.uploads.tensors.lock().unwrap_or_else(PoisonError::into_inner);
        tensors.entry(key).or_insert_with(|| self.send(host)).clone()
    }

    /// The value on the device.
    pub(crate) fn on_device(&self, value: &Value) -> Value {
        let Value::Host(host) = value else { return value.clone() };
        let tensor = self.sent(host);
        match host.elements {
            Elements::Floats(_) => Value::Float(tensor),
            Elements::Ints(_) => Value::Int(tensor),
            Elements::Bools(_) => Value::Bool(tensor),
        }
    }

    /// The value as floats on the device.
    pub(crate) fn floats(&self, value: &Value) -> DispatchTensor {
        match value {
            Value::Host(host) if matches!(host.elements, Elements::Floats(_)) => self.sent(host),
            Value::Host(host) => {
                self.send(&HostTensor::floats(host.dims.clone(), host.to_floats()))
            }
            Value::Float(tensor) => tensor.clone(),
            Value::Int(tensor) => Dispatch::int_into_float(tensor.clone(), FloatDType::F32),
            Value::Bool(tensor) => Dispatch::bool_into_float(tensor.clone(), FloatDType::F32),
        }
    }

    /// The value as integers on the device.
    pub(crate) fn ints(&self, value: &Value) -> DispatchTensor {
        match value {
            Value::Host(host) if matches!(host.elements, Elements::Ints(_)) => self.sent(host),
            Value::Host(host) => self.send(&HostTensor::ints(host.dims.clone(), host.to_ints())),
            Value::Int(tensor) => tensor.clone(),
            Value::Float(tensor) => Dispatch::float_into_int(tensor.clone(), self.int_type()),
            Value::Bool(tensor) => Dispatch::bool_into_int(tensor.clone(), self.int_type()),
        }
    }

    /// The value as truth values on the device.
    pub(crate) fn bools(&self, value: &Value) -> DispatchTensor {
        let kind = self.bool_type();
        match value {
            Value::Host(host) if matches!(host.elements, Elements::Bools(_)) => self.sent(host),
            Value::Host(host) => self.send(&HostTensor::bools(host.dims.clone(), host.to_bools())),
            Value::Bool(tensor) => tensor.clone(),
            Value::Float(tensor) => {
                Dispatch::float_not_equal_elem(tensor.clone(), Scalar::Float(0.0), kind)
            }
            Value::Int(tensor) => {
                Dispatch::int_not_equal_elem(tensor.clone(), Scalar::Int(0), kind)
            }
        }
    }
}
