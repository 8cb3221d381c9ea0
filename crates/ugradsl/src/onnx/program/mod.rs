//! A graph, ready to be evaluated: its nodes in their order, what each takes and makes, and which
//! tensors are constants, weights and normalisations.

mod code;
mod compile;
mod constants;
mod graph;
mod run;

use std::{collections::HashSet, ops::Range, sync::Arc};

use super::{
    Role,
    head::Cut,
    host::HostTensor,
    input::Reader,
    ops::Operator,
    proto::{ElementType, Node},
    roles::Draw,
};

pub(crate) use compile::Plain;

/// A tensor that is trained.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    /// Name of the initializer.
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) draw: Draw,
    pub(crate) dims: Vec<usize>,
    /// Where its values lie in the file.
    pub(crate) place: Range<usize>,
    pub(crate) kind: ElementType,
    /// The module that it belongs to in PyTorch, if the exporter noted it.
    pub(crate) module: Option<String>,
}

/// A BatchNormalization whose tensors are initializers: a module of burn's.
#[derive(Debug, Clone)]
pub(crate) struct Norm {
    /// Scale, shift, mean and variance.
    pub(crate) tensors: [Parameter; 4],
    pub(crate) epsilon: f64,
    /// Of the running statistics, as burn counts it.
    pub(crate) momentum: f64,
}

/// Where a node's input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Nothing,
    Slot(usize),
    Weight(usize),
    Constant(usize),
}

#[derive(Debug, Clone, Copy)]
enum Action {
    Call(Operator),
    Norm(usize),
}

/// A node to evaluate.
#[derive(Debug, Clone)]
struct Step {
    node: usize,
    action: Action,
    inputs: Vec<Source>,
    /// Slots of the outputs that are used.
    outputs: Vec<Option<usize>>,
    /// Slots whose values are not needed afterwards.
    done: Vec<usize>,
}

/// The steps of a graph.
#[derive(Debug)]
pub(crate) struct Code {
    nodes: Vec<Node>,
    steps: Vec<Step>,
    constants: Vec<Arc<HostTensor>>,
    /// Where the constants lie in memory: they may stay on the device.
    addresses: HashSet<usize>,
    slots: usize,
    opset: i64,
    /// What is asked for.
    answers: Vec<Source>,
}

/// A classifier's graph, ready to be evaluated: its answers are logits and, if they are known,
/// features.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) code: Code,
    pub(crate) reader: Reader,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) norms: Vec<Norm>,
    /// Weights that are left as they are, and why.
    pub(crate) frozen: Vec<(String, Vec<usize>)>,
    pub(crate) cut: Option<Cut>,
    /// Rows of the table in which token ids are looked up.
    pub(crate) vocabulary: Option<usize>,
    /// What was decided and what should be known, in sentences.
    pub(crate) notes: Vec<String>,
}

impl Program {
    /// All tensors that are trained, in the order of the modules.
    pub(crate) fn trained(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().chain(self.norms.iter().flat_map(|norm| &norm.tensors))
    }
}
