//! The graph of a file: its order checked, its names resolved, and no more of it than the answer
//! needs.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::onnx::{
    OnnxError,
    head::Head,
    host::HostTensor,
    ops::{constant, find},
    proto::{ModelProto, Node, TensorProto, ValueInfo, is_onnx},
};

/// The graph, its names resolved.
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<Node>,
    pub(super) initializers: HashMap<&'a str, &'a TensorProto>,
    pub(super) inputs: Vec<ValueInfo>,
    pub(super) outputs: Vec<ValueInfo>,
    /// Initializers that go by several names: the exporter merged them, or the network ties them.
    pub(super) aliases: usize,
}

impl<'a> Graph<'a> {
    pub(super) fn read(file: &[u8], model: &'a ModelProto) -> Result<Self, OnnxError> {
        let graph = model.graph.as_ref().ok_or(OnnxError::NoGraph)?;
        if let [first, ..] = model.functions.as_slice() {
            let count = model.functions.len();
            let what =
                format!("{count} functions of its own, such as {first:?}: export without them");
            return Err(OnnxError::Operators(vec![what]));
        }
        if graph.sparse > 0 {
            return Err(OnnxError::Operators(vec!["sparse initializers".to_owned()]));
        }
        let mut initializers = HashMap::new();
        for tensor in &graph.initializers {
            if initializers.insert(tensor.name.as_str(), tensor).is_some() {
                return Err(OnnxError::Graph(format!(
                    "two tensors have the name {:?}",
                    tensor.name
                )));
            }
        }
        // Before version 4 of the format all initializers are among the inputs.
        let own = |input: &&ValueInfo| !initializers.contains_key(input.name.as_str());
        let inputs: Vec<ValueInfo> = graph.inputs.iter().filter(own).cloned().collect();
        let mut read = Self {
            nodes: graph.nodes.clone(),
            initializers,
            inputs,
            outputs: graph.outputs.clone(),
            aliases: 0,
        };
        read.check_order()?;
        read.resolve_sequences(file);
        read.resolve_identities();
        Ok(read)
    }

    /// Each name is made once, and before it is used.
    fn check_order(&self) -> Result<(), OnnxError> {
        let mut known: HashSet<&str> =
            self.inputs.iter().map(|input| input.name.as_str()).collect();
        known.extend(self.initializers.keys());
        let made: HashSet<&str> =
            self.nodes.iter().flat_map(|node| &node.outputs).map(String::as_str).collect();
        for node in &self.nodes {
            let missing =
                node.inputs.iter().find(|name| !name.is_empty() && !known.contains(name.as_str()));
            if let Some(name) = missing {
                let why = match made.contains(name.as_str()) {
                    true => "is made only later, or in a circle",
                    false => "nothing makes",
                };
                return Err(OnnxError::Graph(format!(
                    "{} takes {name:?}, which {why}",
                    node.title()
                )));
            }
            for name in node.outputs.iter().filter(|name| !name.is_empty()) {
                if !known.insert(name) {
                    return Err(OnnxError::Graph(format!(
                        "{} makes {name:?} a second time",
                        node.title()
                    )));
                }
            }
        }
        match self.outputs.iter().find(|output| !known.contains(output.name.as_str())) {
            Some(output) => {
                Err(OnnxError::Graph(format!("nothing makes its output {:?}", output.name)))
            }
            None => Ok(()),
        }
    }

    /// What takes a part of a sequence by its number takes that output of the node that splits.
    /// Sequences that are used in another way stay, and are refused as operators.
    fn resolve_sequences(&mut self, file: &[u8]) {
        const MOST: i64 = 1 << 12;
        let splits = |node: &&Node| node.op == "SplitToSequence" && is_onnx(&node.domain);
        let sequences: HashSet<String> = self
            .nodes
            .iter()
            .filter(splits)
            .filter_map(|node| node.outputs.first().cloned())
            .collect();
        if sequences.is_empty() {
            return;
        }
        let number = |name: &String| {
            let tensor = self.initializers.get(name.as_str());
            let node =
                self.nodes.iter().find(|node| node.op == "Constant" && node.outputs.contains(name));
            let value = match (tensor, node) {
                (Some(tensor), _) => HostTensor::decode(file, tensor).ok()?,
                (None, node) => constant(node?).ok()?,
            };
            value.to_ints().first().copied().filter(|number| (0..MOST).contains(number))
        };
        let part = |name: &str, number: i64| format!("{name}[{number}]");
        let mut most: HashMap<String, i64> = HashMap::new();
        let mut taken: Vec<(usize, String)> = Vec::new();
        for (k, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.op == "SequenceAt") {
            if let [sequence, place] = node.inputs.as_slice()
                && sequences.contains(sequence)
                && let Some(number) = number(place)
            {
                let last = most.entry(sequence.clone()).or_default();
                *last = number.max(*last);
                taken.push((k, part(sequence, number)));
            }
        }
        for (k, input) in taken {
            let node = &mut self.nodes[k];
            (node.op, node.inputs) = ("Identity".to_owned(), vec![input]);
        }
        for node in self.nodes.iter_mut().filter(|node| splits(&&**node)) {
            let name = node.outputs.first().cloned().unwrap_or_default();
            let last = most.get(&name).copied().unwrap_or(0);
            node.outputs = (0..=last).map(|number| part(&name, number)).collect();
        }
    }

    /// What an Identity makes gets the name of what it takes.
    fn resolve_identities(&mut self) {
        let mut names: HashMap<String, String> = HashMap::new();
        for node in &mut self.nodes {
            for input in &mut node.inputs {
                if let Some(name) = names.get(input) {
                    input.clone_from(name);
                }
            }
            if node.op == "Identity"
                && is_onnx(&node.domain)
                && let ([input], [output]) = (node.inputs.as_slice(), node.outputs.as_slice())
            {
                names.insert(output.clone(), input.clone());
                self.aliases += usize::from(self.initializers.contains_key(input.as_str()));
            }
        }
        self.nodes.retain(|node| !node.outputs.iter().any(|output| names.contains_key(output)));
        for output in &mut self.outputs {
            if let Some(name) = names.get(&output.name) {
                output.name.clone_from(name);
            }
        }
    }

    /// The values that follow from the inputs.
    pub(super) fn following(&self) -> HashSet<&str> {
        let mut names: HashSet<&str> =
            self.inputs.iter().map(|input| input.name.as_str()).collect();
        for node in &self.nodes {
            if node.inputs.iter().any(|input| names.contains(input.as_str())) {
                names.extend(node.outputs.iter().map(String::as_str));
            }
        }
        names
    }

    /// Keeps the nodes that the head needs.
    pub(super) fn prune(&mut self, head: &Head) {
        let mut needed: HashSet<String> = head.features.iter().cloned().collect();
        needed.insert(head.logits.clone());
        let mut kept = vec![false; self.nodes.len()];
        for (k, node) in self.nodes.iter().enumerate().rev() {
            if node.outputs.iter().any(|output| needed.contains(output)) {
                kept[k] = true;
                needed.extend(node.inputs.iter().cloned());
            }
        }
        let mut kept = kept.into_iter();
        self.nodes.retain(|_| kept.next().unwrap_or(false));
    }

    /// Every operator is known.
    pub(super) fn check_operators(&self) -> Result<(), OnnxError> {
        let mut missing: BTreeMap<&str, (String, usize)> = BTreeMap::new();
        for node in &self.nodes {
            match node.domain.as_str() {
                domain if is_onnx(domain) => {}
                domain => {
                    return Err(OnnxError::Optimised {
                        node: node.title(),
                        domain: domain.to_owned(),
                    });
                }
            }
            if find(&node.op).is_none() {
                missing.entry(&node.op).or_insert((node.title(), 0)).1 += 1;
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let words = |(_, (title, count)): (&str, (String, usize))| match count {
            1 => title,
            _ => format!("{title} and {} more of this kind", count - 1),
        };
        Err(OnnxError::Operators(missing.into_iter().map(words).collect()))
    }
}
