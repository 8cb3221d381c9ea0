//! A weight as burn's parameter, which has its number of axes in its type.

use burn::backend::{Dispatch, DispatchTensor, ops::*};
use burn::module::{Devices, Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor, TensorData};

use super::value::shape;

/// A weight of so many axes. A single number is a list of one here.
#[derive(Debug, Clone)]
pub(crate) enum Weight {
    R0(Param<Tensor<1>>),
    R1(Param<Tensor<1>>),
    R2(Param<Tensor<2>>),
    R3(Param<Tensor<3>>),
    R4(Param<Tensor<4>>),
    R5(Param<Tensor<5>>),
    R6(Param<Tensor<6>>),
}

/// The same done to a parameter of any number of axes.
macro_rules! each {
    ($weight:expr, $param:ident => $result:expr) => {
        match $weight {
            Weight::R0($param) => Weight::R0($result),
            Weight::R1($param) => Weight::R1($result),
            Weight::R2($param) => Weight::R2($result),
            Weight::R3($param) => Weight::R3($result),
            Weight::R4($param) => Weight::R4($result),
            Weight::R5($param) => Weight::R5($result),
            Weight::R6($param) => Weight::R6($result),
        }
    };
}

macro_rules! any {
    ($weight:expr, $param:ident => $result:expr) => {
        match $weight {
            Weight::R0($param) | Weight::R1($param) => $result,
            Weight::R2($param) => $result,
            Weight::R3($param) => $result,
            Weight::R4($param) => $result,
            Weight::R5($param) => $result,
            Weight::R6($param) => $result,
        }
    };
}

fn param<const D: usize>(data: TensorData, device: &Device) -> Param<Tensor<D>> {
    Param::from_tensor(Tensor::from_data(data, device))
}

impl Weight {
    /// A weight of these values; at most six axes.
    pub(crate) fn new(dims: &[usize], values: Vec<f32>, device: &Device) -> Self {
        let own = if dims.is_empty() { vec![1] } else { dims.to_vec() };
        let data = TensorData::new(values, own);
        match dims.len() {
            0 => Self::R0(param(data, device)),
            1 => Self::R1(param(data, device)),
            2 => Self::R2(param(data, device)),
            3 => Self::R3(param(data, device)),
            4 => Self::R4(param(data, device)),
            5 => Self::R5(param(data, device)),
            _ => Self::R6(param(data, device)),
        }
    }

    /// The tensor, of the shape that the file says.
    pub(crate) fn value(&self) -> DispatchTensor {
        match self {
            Self::R0(param) => Dispatch::float_reshape(param.val().into_dispatch(), shape(&[])),
            weight => any!(weight, param => param.val().into_dispatch()),
        }
    }

    pub(crate) fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        any!(self, param => param.visit(visitor));
    }

    pub(crate) fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        each!(self, param => Module::map(param, mapper))
    }

    pub(crate) fn collect_devices(&self, devices: Devices) -> Devices {
        any!(self, param => param.collect_devices(devices))
    }

    pub(crate) fn fork(self, device: &Device) -> Self {
        each!(self, param => Module::fork(param, device))
    }

    pub(crate) fn moved_to(self, device: &Device) -> Self {
        each!(self, param => Module::to_device(param, device))
    }

    pub(crate) fn train(self) -> Self {
        each!(self, param => Module::train(param))
    }

    pub(crate) fn valid(&self) -> Self {
        each!(self, param => Module::valid(param))
    }

    pub(crate) fn materialize(self) -> Self {
        each!(self, param => Module::materialize(param))
    }
}
