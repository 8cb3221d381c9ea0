//! From sorted nodes to steps: what each step calls, where its inputs are, and what nobody needs
//! after it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{Action, Code, Parameter, Source, Step, constants::Constants};
use crate::onnx::{
    OnnxError,
    host::HostTensor,
    ops::{constant, find},
    proto::{Node, ValueInfo},
};

/// The steps of sorted nodes, of which `norm_of` names those that are modules, to what is `asked`
/// for.
pub(super) fn coded(
    nodes: Vec<Node>,
    (mut names, mut constants, opset): (Names, Constants, i64),
    norm_of: &HashMap<usize, usize>,
    asked: &[String],
) -> Result<Code, OnnxError> {
    let mut steps = Vec::new();
    for (k, node) in nodes.iter().enumerate() {
        if node.op == "Constant" {
            let fail = |problem| super::run::failed(node, &[], problem);
            let value = constant(node).map_err(fail)?;
            node.outputs.iter().for_each(|name| constants.insert(name, value.clone()));
            continue;
        }
        if !norm_of.contains_key(&k) && constants.fold(node)? {
            continue;
        }
        let action = match (norm_of.get(&k), find(&node.op)) {
            (Some(norm), _) => Action::Norm(*norm),
            (None, Some(operator)) => Action::Call(operator),
            (None, None) => return Err(OnnxError::Operators(vec![node.title()])),
        };
        // What belongs to a normalisation is in its module.
        let taken = if norm_of.contains_key(&k) { &node.inputs[..1] } else { &node.inputs[..] };
        let inputs = taken.iter().map(|name| names.source(name, &constants)).collect();
        let outputs = node.outputs.iter().map(|name| names.slot(name)).collect();
        steps.push(Step { node: k, action, inputs, outputs, done: Vec::new() });
    }
    let answers: Vec<Source> = asked.iter().map(|name| names.source(name, &constants)).collect();
    free(&mut steps, &answers);
    let Names { constants, slots, .. } = names;
    let addresses = constants.iter().map(|tensor| Arc::as_ptr(tensor) as usize).collect();
    Ok(Code { nodes, steps, addresses, constants, slots, opset, answers })
}

/// Where each name's value is.
pub(super) struct Names {
    sources: HashMap<String, Source>,
    constants: Vec<Arc<HostTensor>>,
    slots: usize,
}

impl Names {
    pub(super) fn new(inputs: &[ValueInfo], parameters: &[Parameter]) -> Self {
        let slots =
            inputs.iter().enumerate().map(|(k, input)| (input.name.clone(), Source::Slot(k)));
        let weights = parameters
            .iter()
            .enumerate()
            .map(|(k, weight)| (weight.name.clone(), Source::Weight(k)));
        Self { sources: slots.chain(weights).collect(), constants: Vec::new(), slots: inputs.len() }
    }

    fn source(&mut self, name: &str, constants: &Constants) -> Source {
        if name.is_empty() {
            return Source::Nothing;
        }
        if let Some(source) = self.sources.get(name) {
            return *source;
        }
        let Some(tensor) = constants.get(name) else { return Source::Nothing };
        self.constants.push(tensor.clone());
        let source = Source::Constant(self.constants.len() - 1);
        self.sources.insert(name.to_owned(), source);
        source
    }

    /// A slot for what a node makes.
    fn slot(&mut self, name: &str) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        let slot = self.slots;
        self.slots += 1;
        self.sources.insert(name.to_owned(), Source::Slot(slot));
        Some(slot)
    }
}

/// Notes with each step which values nobody needs afterwards.
fn free(steps: &mut [Step], answers: &[Source]) {
    let mut kept: HashSet<usize> = HashSet::new();
    for source in answers {
        if let Source::Slot(slot) = source {
            kept.insert(*slot);
        }
    }
    for step in steps.iter_mut().rev() {
        let used = step.inputs.iter().filter_map(|source| match source {
            Source::Slot(slot) => Some(*slot),
            _ => None,
        });
        let made = step.outputs.iter().flatten().copied();
        for slot in used.chain(made) {
            if kept.insert(slot) {
                step.done.push(slot);
            }
        }
    }
}
