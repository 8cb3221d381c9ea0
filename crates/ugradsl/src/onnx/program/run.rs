//! Evaluates a graph.

use burn::backend::DispatchTensor;
use burn::nn::BatchNorm;
use burn::tensor::{Device, Tensor};

use super::{Action, Code, Source, Step};
use crate::layers;
use crate::onnx::{
    OnnxError,
    ops::Call,
    proto::Node,
    shape::Attempt,
    value::{Context, Uploads, Value, dims},
};

/// The error of a node.
pub(super) fn failed(node: &Node, inputs: &[Option<Value>], problem: String) -> OnnxError {
    let shape = |value: &Option<Value>| match value {
        Some(value) => format!("{:?}", value.dims()),
        None => "-".to_owned(),
    };
    let inputs: Vec<String> = inputs.iter().map(shape).collect();
    OnnxError::Node { node: node.title(), problem, inputs: inputs.join(", ") }
}

impl Code {
    /// Calls `action` with where the graph is evaluated.
    pub(crate) fn with_context<T>(
        &self,
        device: &Device,
        uploads: &Uploads,
        action: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        action(&Context::new(device, uploads, &|address| self.addresses.contains(&address)))
    }

    /// Evaluates the graph; `weight` gives the weights by number. An answer may be missing if a
    /// node made fewer outputs than it says.
    pub(crate) fn run(
        &self,
        inputs: Vec<Value>,
        weight: &dyn Fn(usize) -> DispatchTensor,
        norms: &[BatchNorm],
        context: &Context<'_>,
    ) -> Result<Vec<Option<Value>>, OnnxError> {
        let mut slots: Vec<Option<Value>> = vec![None; self.slots];
        for (slot, value) in slots.iter_mut().zip(inputs) {
            *slot = Some(value);
        }
        for step in &self.steps {
            let inputs: Vec<Option<Value>> =
                step.inputs.iter().map(|source| self.value(*source, &slots, weight)).collect();
            let node = &self.nodes[step.node];
            let outputs = self.step(step, node, &inputs, norms, context);
            let outputs = outputs.map_err(|problem| failed(node, &inputs, problem))?;
            drop(inputs);
            for (slot, value) in step.outputs.iter().zip(outputs) {
                if let Some(slot) = slot {
                    slots[*slot] = Some(value);
                }
            }
            for slot in &step.done {
                slots[*slot] = None;
            }
        }
        Ok(self.answers.iter().map(|source| self.value(*source, &slots, weight)).collect())
    }

    fn value(
        &self,
        source: Source,
        slots: &[Option<Value>],
        weight: &dyn Fn(usize) -> DispatchTensor,
    ) -> Option<Value> {
        match source {
            Source::Nothing => None,
            Source::Slot(slot) => slots[slot].clone(),
            Source::Weight(number) => Some(Value::Float(weight(number))),
            Source::Constant(number) => Some(Value::Host(self.constants[number].clone())),
        }
    }

    fn step(
        &self,
        step: &Step,
        node: &Node,
        inputs: &[Option<Value>],
        norms: &[BatchNorm],
        context: &Context<'_>,
    ) -> Attempt<Vec<Value>> {
        match step.action {
            Action::Call(operator) => operator(&Call { node, inputs, context, opset: self.opset }),
            Action::Norm(number) => {
                let value = inputs.first().and_then(Option::as_ref).ok_or("lacks its input")?;
                let norm = norms.get(number).ok_or("has lost its normalisation")?;
                Ok(vec![Value::Float(normalised(norm, context.floats(value))?)])
            }
        }
    }
}

fn normalised(norm: &BatchNorm, x: DispatchTensor) -> Attempt<DispatchTensor> {
    let sides = dims(&x);
    let [channels] = norm.gamma.shape().dims();
    if sides.get(1) != Some(&channels) || sides.contains(&0) {
        return Err(format!("normalises {channels} channels"));
    }
    Ok(match sides.len() {
        2 => norm.forward(Tensor::<2>::from_dispatch(x)).into_dispatch(),
        3 => norm.forward(Tensor::<3>::from_dispatch(x)).into_dispatch(),
        4 => layers::norm(norm, Tensor::from_dispatch(x)).into_dispatch(),
        5 => norm.forward(Tensor::<5>::from_dispatch(x)).into_dispatch(),
        rank => return Err(format!("normalises a tensor of {rank} axes")),
    })
}
