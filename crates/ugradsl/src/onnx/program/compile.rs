//! From the graph of a file to a program: what is trained, what is a module, and what is constant.

use std::collections::{HashMap, HashSet};

use super::{
    Code, Norm, Parameter, Program,
    code::{Names, coded},
    constants::Constants,
    graph::Graph,
};
use crate::onnx::{
    OnnxError, Role,
    head::Head,
    host::{Elements, HostTensor},
    input::Reader,
    proto::{ElementType, ModelProto, Node, TensorProto, ValueInfo},
    roles::{Candidate, Draw, Use, Uses, fits},
};

/// Most axes of a weight.
const MOST_AXES: usize = 6;

impl Program {
    /// The program of the model in `file`. Tensors whose names fit one of the patterns `freeze` are
    /// not trained.
    pub(crate) fn compile(
        file: &[u8],
        model: &ModelProto,
        freeze: &[String],
    ) -> Result<Self, OnnxError> {
        let mut graph = Graph::read(file, model)?;
        let head = Head::find(&graph.nodes, &graph.outputs)?;
        graph.prune(&head);
        graph.check_operators()?;
        let inputs: Vec<&ValueInfo> = graph.inputs.iter().collect();
        let reader = Reader::find(&inputs, &graph.nodes)?;
        Compiler::new(file, model.opset, graph, head)?.finish(reader, freeze)
    }
}

/// Weights, normalisations, and the names and shapes of what could be trained but is not.
type Trainable = (Vec<Parameter>, Vec<Norm>, Vec<(String, Vec<usize>)>);

/// Makes steps of a graph.
struct Compiler<'a> {
    graph: Graph<'a>,
    head: Head,
    constants: Constants,
    opset: i64,
    /// Float tensors of the graph that may be weights.
    floats: Vec<(&'a TensorProto, HostTensor)>,
    notes: Vec<String>,
}

impl<'a> Compiler<'a> {
    fn new(file: &'a [u8], opset: i64, graph: Graph<'a>, head: Head) -> Result<Self, OnnxError> {
        let mut constants = Constants::new(opset);
        let used: HashSet<&str> =
            graph.nodes.iter().flat_map(|node| &node.inputs).map(String::as_str).collect();
        let mut floats = Vec::new();
        // In the order of the file, so that the same file gives the same modules.
        let mut tensors: Vec<&TensorProto> = graph
            .initializers
            .values()
            .copied()
            .filter(|t| used.contains(t.name.as_str()))
            .collect();
        tensors.sort_by_key(|tensor| tensor.message.start);
        for tensor in tensors {
            let fail = |problem| OnnxError::Tensor { name: tensor.name.clone(), problem };
            let values = HostTensor::decode(file, tensor).map_err(fail)?;
            match &values.elements {
                Elements::Floats(_) => floats.push((tensor, values)),
                _ => constants.insert(&tensor.name, values),
            }
        }
        let notes = head.notes.clone();
        Ok(Self { graph, head, constants, opset, floats, notes })
    }

    fn finish(mut self, reader: Reader, freeze: &[String]) -> Result<Program, OnnxError> {
        let uses = self.weights();
        self.check_patterns(&uses, freeze)?;
        let frozen = |name: &str| freeze.iter().any(|pattern| fits(pattern, name));
        let (norms, norm_of) = self.norms(&frozen);
        let normed: HashSet<String> =
            norms.iter().flat_map(|norm| &norm.tensors).map(|tensor| tensor.name.clone()).collect();
        let (mut parameters, mut left) = (Vec::new(), Vec::new());
        for (tensor, values) in std::mem::take(&mut self.floats) {
            if normed.contains(&tensor.name) {
                continue;
            }
            match uses.get(&tensor.name) {
                Some(used) if !frozen(&tensor.name) => {
                    parameters.push(self.parameter(tensor, &values, *used)?);
                }
                used => {
                    if used.is_some() {
                        left.push((tensor.name.clone(), values.dims.clone()));
                    }
                    self.constants.insert(&tensor.name, values);
                }
            }
        }
        if parameters.is_empty() && norms.is_empty() {
            return Err(OnnxError::NoWeights);
        }
        self.say_what_should_be_known(&norms);
        self.steps(reader, (parameters, norms, left), &norm_of)
    }

    /// What each float tensor is used for, if it is a weight.
    fn weights(&self) -> HashMap<String, Use> {
        let shapes: HashMap<&str, &[usize]> = self
            .floats
            .iter()
            .map(|(tensor, values)| (tensor.name.as_str(), values.dims.as_slice()))
            .collect();
        let inputs: Vec<&str> = self.graph.inputs.iter().map(|input| input.name.as_str()).collect();
        let uses = Uses::new(&self.graph.nodes, &inputs, shapes);
        let candidate_of = |(tensor, values): &(&TensorProto, HostTensor)| {
            let Elements::Floats(numbers) = &values.elements else { return None };
            let candidate = Candidate { name: &tensor.name, dims: &values.dims, values: numbers };
            Some((tensor.name.clone(), uses.of(&candidate)?))
        };
        self.floats.iter().filter_map(candidate_of).collect()
    }

    fn check_patterns(
        &self,
        uses: &HashMap<String, Use>,
        freeze: &[String],
    ) -> Result<(), OnnxError> {
        let all = || self.floats.iter().map(|(tensor, _)| &tensor.name);
        let statistic = |name: &String| {
            self.graph.nodes.iter().any(|node| {
                node.op == "BatchNormalization"
                    && node.inputs.iter().skip(1).any(|input| input == name)
            })
        };
        let trained: Vec<&String> =
            all().filter(|name| uses.contains_key(*name) || statistic(name)).collect();
        match freeze.iter().find(|pattern| !trained.iter().any(|name| fits(pattern, name))) {
            None => Ok(()),
            Some(pattern) => {
                let names = trained.iter().take(6).map(|name| (*name).clone()).collect();
                Err(OnnxError::Freeze { pattern: pattern.clone(), names })
            }
        }
    }

    fn parameter(
        &self,
        tensor: &TensorProto,
        values: &HostTensor,
        used: Use,
    ) -> Result<Parameter, OnnxError> {
        let fail = |problem: String| OnnxError::Tensor { name: tensor.name.clone(), problem };
        let kind = ElementType::of(tensor.element_type);
        let kind = kind
            .filter(|kind| matches!(kind, ElementType::F32 | ElementType::F64))
            .ok_or_else(|| {
                fail(
                    "is a weight of 16 bits: export the network in float32, in which it is trained"
                        .to_owned(),
                )
            })?;
        if values.dims.len() > MOST_AXES {
            return Err(fail(format!("is a weight of {} axes", values.dims.len())));
        }
        let place = tensor.place.as_ref().map(|place| place.range.clone());
        let place = place.ok_or_else(|| {
            fail("is a weight whose values are single numbers, which cannot be overwritten in place: export it with \
                  raw data".to_owned())
        })?;
        let (role, draw) = (used.role, used.draw);
        let module = self.module(&tensor.name);
        Ok(Parameter {
            name: tensor.name.clone(),
            role,
            draw,
            dims: values.dims.clone(),
            place,
            kind,
            module,
        })
    }

    /// The module in PyTorch of a tensor that the exporter gave a name of its own.
    fn module(&self, name: &str) -> Option<String> {
        let user =
            self.graph.nodes.iter().find(|node| node.inputs.iter().any(|input| input == name))?;
        // A list in Python: ['', 'layer.0.q_lin', 'linear']
        let scopes: Vec<&str> = user.scopes.as_deref()?.split('\'').skip(1).step_by(2).collect();
        scopes
            .len()
            .checked_sub(2)
            .map(|k| scopes[k].to_owned())
            .filter(|module| !module.is_empty())
    }

    /// Rows of the smallest table in which `ids` are looked up.
    fn vocabulary(&self, ids: &str) -> Option<usize> {
        let mut names = HashSet::from([ids]);
        let mut least: Option<usize> = None;
        for node in &self.graph.nodes {
            let takes = |place: usize| {
                node.inputs.get(place).is_some_and(|name| names.contains(name.as_str()))
            };
            if node.op == "Gather" && takes(1) && node.int("axis").unwrap_or(0) == 0 {
                let table = self.graph.initializers.get(node.inputs[0].as_str());
                let rows = table.and_then(|table| usize::try_from(*table.dims.first()?).ok());
                least = rows.map(|rows| least.map_or(rows, |least| least.min(rows))).or(least);
            } else if ["Cast", "Reshape", "Unsqueeze", "Squeeze", "Transpose", "Flatten"]
                .contains(&node.op.as_str())
                && takes(0)
            {
                names.extend(node.outputs.iter().map(String::as_str));
            }
        }
        least
    }

    /// The normalisations that become modules, and the nodes that they are.
    fn norms(&self, frozen: &dyn Fn(&str) -> bool) -> (Vec<Norm>, HashMap<usize, usize>) {
        let (mut norms, mut of) = (Vec::new(), HashMap::new());
        let follows = self.graph.following();
        for (k, node) in self.graph.nodes.iter().enumerate() {
            // What a graph does to its weights is not a normalisation of the data.
            if !node.inputs.first().is_some_and(|input| follows.contains(input.as_str())) {
                continue;
            }
            if let Some(norm) = self.norm(node, frozen) {
                of.insert(k, norms.len());
                norms.push(norm);
            }
        }
        (norms, of)
    }

    fn norm(&self, node: &Node, frozen: &dyn Fn(&str) -> bool) -> Option<Norm> {
        if node.op != "BatchNormalization" || node.inputs.len() != 5 {
            return None;
        }
        let names = &node.inputs[1..];
        // Tensors that several nodes share cannot follow the statistics of each.
        let alone = |name: &String| {
            let all = self.graph.nodes.iter().flat_map(|node| &node.inputs);
            all.filter(|input| *input == name).count() == 1
        };
        if !names.iter().all(alone) || names.iter().any(|name| frozen(name)) {
            return None;
        }
        let roles = [
            (Role::Scale, Draw::Constant(1.0)),
            (Role::Shift, Draw::Constant(0.0)),
            (Role::Statistic, Draw::Constant(0.0)),
            (Role::Statistic, Draw::Constant(1.0)),
        ];
        let part = |k: usize| {
            let (tensor, values) =
                self.floats.iter().find(|(tensor, _)| tensor.name == names[k])?;
            let (role, draw) = roles[k];
            let used = Use { single: true, role, draw };
            self.parameter(tensor, values, used).ok()
        };
        let tensors = [part(0)?, part(1)?, part(2)?, part(3)?];
        let dims = &tensors[0].dims;
        let fits =
            dims.len() == 1 && dims[0] > 0 && tensors.iter().all(|tensor| tensor.dims == *dims);
        let epsilon = f64::from(node.float("epsilon").unwrap_or(1e-5));
        let momentum = 1.0 - f64::from(node.float("momentum").unwrap_or(0.9));
        let numbers = epsilon.is_finite() && epsilon > 0.0 && (0.0..=1.0).contains(&momentum);
        (fits && numbers).then_some(Norm { tensors, epsilon, momentum })
    }

    fn say_what_should_be_known(&mut self, norms: &[Norm]) {
        let export = crate::onnx::error::EXPORT;
        let count = |op: &str| self.graph.nodes.iter().filter(|node| node.op == op).count();
        let fixed = count("BatchNormalization") - norms.len();
        let mut notes = Vec::new();
        if fixed > 0 {
            notes.push(format!(
                "{fixed} of its BatchNormalizations keep their statistics: they share tensors, which the exporter has \
                 merged, or are frozen. Exported with {export} each has its own"
            ));
        }
        let folded = norms.is_empty() && fixed == 0 && count("Conv") > 1;
        let normalised = self.graph.nodes.iter().any(|node| node.op.ends_with("Normalization"));
        if folded && !normalised {
            notes.push(format!(
                "it has convolutions but no normalisation. If it had BatchNorm, the exporter has folded it into the \
                 convolutions: it forgets well, but a network retrained from fresh weights would learn badly. {export} \
                 keeps it"
            ));
        }
        if count("Dropout") > 0 {
            notes.push("its Dropout drops nothing, in training neither".to_owned());
        }
        if self.graph.aliases > 0 {
            let n = self.graph.aliases;
            notes.push(format!(
                "{n} of its tensors are used under several names: they are tied, and stay so. If the network does not tie \
                 them, the exporter merged equal tensors; {export} does not"
            ));
        }
        let weights = self.graph.nodes.iter().filter(|node| {
            node.op == "Constant"
                && node.tensor("value").is_some_and(|tensor| {
                    tensor.element_type == 1 && tensor.dims.len() > 1 && tensor.inline.len() > 4096
                })
        });
        let weights = weights.count();
        if weights > 0 {
            notes.push(format!(
                "{weights} of its nodes are large constants, which are not trained: if they are weights, the exporter must \
                 write them as initializers"
            ));
        }
        self.notes.extend(notes);
    }

    fn steps(
        mut self,
        reader: Reader,
        (parameters, norms, frozen): Trainable,
        norm_of: &HashMap<usize, usize>,
    ) -> Result<Program, OnnxError> {
        let names = Names::new(&self.graph.inputs, &parameters);
        for parameter in &parameters {
            self.constants.know_shape(&parameter.name, &parameter.dims);
        }
        let mut asked = vec![self.head.logits.clone()];
        asked.extend(self.head.features.clone());
        let vocabulary = reader.ids.as_ref().and_then(|ids| self.vocabulary(ids));
        let nodes = std::mem::take(&mut self.graph.nodes);
        let code = coded(nodes, (names, self.constants, self.opset), norm_of, &asked)?;
        let (cut, notes) = (self.head.cut, self.notes);
        Ok(Program { code, reader, parameters, norms, frozen, cut, vocabulary, notes })
    }
}

/// A graph of any kind, without weights: for what is not a classifier.
pub(crate) struct Plain {
    pub(crate) code: Code,
    /// Types of the elements of the inputs.
    pub(crate) inputs: Vec<i64>,
}

impl Plain {
    /// The program of the model in `file`, which answers with all outputs.
    pub(crate) fn compile(file: &[u8], model: &ModelProto) -> Result<Self, OnnxError> {
        let graph = Graph::read(file, model)?;
        graph.check_operators()?;
        let mut constants = Constants::new(model.opset);
        for (name, tensor) in &graph.initializers {
            let fail = |problem| OnnxError::Tensor { name: (*name).to_owned(), problem };
            constants.insert(name, HostTensor::decode(file, tensor).map_err(fail)?);
        }
        let names = Names::new(&graph.inputs, &[]);
        let asked: Vec<String> = graph.outputs.iter().map(|output| output.name.clone()).collect();
        let inputs = graph.inputs.iter().map(|input| input.element_type).collect();
        let code = coded(graph.nodes, (names, constants, model.opset), &HashMap::new(), &asked)?;
        Ok(Self { code, inputs })
    }
}
