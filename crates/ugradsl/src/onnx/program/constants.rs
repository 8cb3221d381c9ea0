//! What does not depend on the inputs is computed once.

use std::{collections::HashMap, sync::Arc};

use burn::tensor::Device;

use crate::onnx::{
    OnnxError,
    host::{Elements, HostTensor},
    ops::{Call, find},
    proto::Node,
    value::{Context, Uploads, Value},
};

/// Most elements that are computed beforehand.
const MOST: usize = 1 << 25;

/// Operators whose results are not on the host, whatever they are given.
const LAYERS: [&str; 6] =
    ["Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum", "BatchNormalization"];

/// Tensors that never change, by name.
pub(super) struct Constants {
    tensors: HashMap<String, Arc<HostTensor>>,
    /// Shapes of weights: a graph may ask for them.
    shapes: HashMap<String, Vec<usize>>,
    uploads: Uploads,
    device: Device,
    opset: i64,
    elements: usize,
}

impl Constants {
    pub(super) fn new(opset: i64) -> Self {
        let device = Device::flex();
        let uploads = Uploads::new(&device);
        Self {
            tensors: HashMap::new(),
            shapes: HashMap::new(),
            uploads,
            device,
            opset,
            elements: 0,
        }
    }

    pub(super) fn insert(&mut self, name: &str, tensor: HostTensor) {
        self.tensors.insert(name.to_owned(), Arc::new(tensor));
    }

    pub(super) fn know_shape(&mut self, name: &str, dims: &[usize]) {
        self.shapes.insert(name.to_owned(), dims.to_vec());
    }

    /// A tensor for a node that asks only for its shape.
    fn outline(&self, node: &Node, name: &str) -> Option<HostTensor> {
        let dims =
            self.shapes.get(name).filter(|_| ["Shape", "Size"].contains(&node.op.as_str()))?;
        Some(HostTensor { dims: dims.clone(), elements: Elements::Floats(Vec::new()) })
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<HostTensor>> {
        self.tensors.get(name)
    }

    /// Evaluates `node` if all its inputs are constants and its outputs stay on the host.
    pub(super) fn fold(&mut self, node: &Node) -> Result<bool, OnnxError> {
        let Some(operator) = find(&node.op) else { return Ok(false) };
        let tensor = |name: &String| match name.is_empty() {
            true => Some(None),
            false => match (self.tensors.get(name), self.outline(node, name)) {
                (Some(tensor), _) => Some(Some(Value::Host(tensor.clone()))),
                (None, outline) => outline.map(|outline| Some(outline.into())),
            },
        };
        let inputs: Option<Vec<Option<Value>>> = node.inputs.iter().map(tensor).collect();
        let Some(inputs) = inputs.filter(|_| !LAYERS.contains(&node.op.as_str())) else {
            return Ok(false);
        };
        let context = Context::new(&self.device, &self.uploads, &|_| false);
        let call = Call { node, inputs: &inputs, context: &context, opset: self.opset };
        let outputs =
            operator(&call).map_err(|problem| super::run::failed(node, &inputs, problem))?;
        let hosts: Option<Vec<Arc<HostTensor>>> =
            outputs.iter().map(|value| value.host().cloned()).collect();
        let Some(hosts) = hosts else { return Ok(false) };
        let more: usize = hosts.iter().map(|host| host.count()).sum();
        if self.elements + more > MOST {
            return Ok(false);
        }
        self.elements += more;
        let names = node.outputs.iter().filter(|name| !name.is_empty()).cloned();
        self.tensors.extend(names.zip(hosts));
        Ok(true)
    }
}
