//! Which tensors of a graph are weights, and what for.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::proto::Node;

/// What a tensor is to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Multiplied with what comes in: convolutions, linear layers.
    Weight,
    /// Added to a layer's outputs.
    Bias,
    /// Multiplied after a normalisation.
    Scale,
    /// Added after a normalisation.
    Shift,
    /// A running mean or variance of a BatchNormalization: it follows the data.
    Statistic,
    /// Rows that are looked up.
    Embedding,
    /// Weights of a recurrent layer.
    Recurrent,
    /// Added to something else, such as positions.
    Added,
    /// Multiplied with something else.
    Factor,
    /// Slopes of an activation.
    Slope,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Weight => "weight",
            Self::Bias => "bias",
            Self::Scale => "scale",
            Self::Shift => "shift",
            Self::Statistic => "statistic",
            Self::Embedding => "embedding",
            Self::Recurrent => "recurrent",
            Self::Added => "added",
            Self::Factor => "factor",
            Self::Slope => "slope",
        })
    }
}

/// How a fresh tensor is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Draw {
    /// Uniform in `±1/sqrt(fan_in)`, PyTorch's default of layers.
    Uniform(usize),
    Normal(f32),
    Constant(f32),
}

/// A use of a tensor as a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Use {
    pub(crate) role: Role,
    pub(crate) draw: Draw,
    /// Whether a single number in this place may be a weight, too.
    pub(crate) single: bool,
}

/// What is known of a float tensor of the graph.
pub(crate) struct Candidate<'a> {
    pub(crate) name: &'a str,
    pub(crate) dims: &'a [usize],
    pub(crate) values: &'a [f32],
}

/// The nodes that use each value, and which values were learned from.
pub(crate) struct Uses<'a> {
    nodes: &'a [Node],
    users: HashMap<&'a str, Vec<(usize, usize)>>,
    makers: HashMap<&'a str, usize>,
    /// Values that follow from the inputs without any layer between.
    raw: HashSet<&'a str>,
    shapes: HashMap<&'a str, &'a [usize]>,
}

/// Operators with weights of their own.
const LAYERS: [&str; 9] =
    ["Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum", "Gather", "LSTM", "GRU", "RNN"];

/// Operators through which a weight goes on its way to a layer.
const PASSING: [&str; 14] = [
    "Identity",
    "Reshape",
    "Transpose",
    "Squeeze",
    "Unsqueeze",
    "Flatten",
    "Expand",
    "Tile",
    "Slice",
    "Split",
    "Concat",
    "Cast",
    "CastLike",
    "Dropout",
];

impl<'a> Uses<'a> {
    /// What the sorted `nodes` make of `inputs` and of tensors with these `shapes`.
    pub(crate) fn new(
        nodes: &'a [Node],
        inputs: &[&'a str],
        shapes: HashMap<&'a str, &'a [usize]>,
    ) -> Self {
        let mut users: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
        let mut makers = HashMap::new();
        let mut raw: HashSet<&str> = inputs.iter().copied().collect();
        for (k, node) in nodes.iter().enumerate() {
            for (place, name) in node.inputs.iter().enumerate() {
                users.entry(name).or_default().push((k, place));
            }
            makers.extend(node.outputs.iter().map(|name| (name.as_str(), k)));
            let learns = LAYERS.contains(&node.op.as_str())
                && node.inputs.iter().any(|name| shapes.contains_key(name.as_str()));
            let follows = node.inputs.iter().any(|name| raw.contains(name.as_str()));
            let data = |name: &String| {
                !shapes.contains_key(name.as_str()) && makers.contains_key(name.as_str())
            };
            let learned = node.inputs.iter().any(|name| data(name) && !raw.contains(name.as_str()));
            if follows && !learns && !learned {
                raw.extend(node.outputs.iter().map(String::as_str));
            }
        }
        Self { nodes, users, makers, raw, shapes }
    }

    /// What the tensor is used for as a weight, if it is one: the first use that says so.
    pub(crate) fn of(&self, candidate: &Candidate<'_>) -> Option<Use> {
        let numbers = candidate.values.len();
        if numbers == 0 || is_mask(candidate.values) {
            return None;
        }
        let mut seen = HashSet::from([candidate.name.to_owned()]);
        let mut next = vec![(candidate.name.to_owned(), candidate.dims.to_vec())];
        while let Some((name, dims)) = next.pop() {
            for (k, place) in self.users.get(name.as_str()).into_iter().flatten() {
                let node = &self.nodes[*k];
                if PASSING.contains(&node.op.as_str()) {
                    let moved = *place == 0 || node.op == "Concat";
                    let outputs = node.outputs.iter().filter(|output| moved && !output.is_empty());
                    let new: Vec<&String> =
                        outputs.filter(|output| seen.insert((*output).clone())).collect();
                    next.extend(new.into_iter().map(|name| (name.clone(), passed(node, &dims))));
                    continue;
                }
                let used = self.used(node, *place, &dims, candidate);
                if let Some(used) = used.filter(|used| numbers > 1 || used.single) {
                    return Some(used);
                }
            }
        }
        None
    }

    fn used(
        &self,
        node: &Node,
        place: usize,
        dims: &[usize],
        candidate: &Candidate<'_>,
    ) -> Option<Use> {
        let uniform = |fan_in: usize| Draw::Uniform(fan_in.max(1));
        let use_as = |role, draw, single| Some(Use { role, draw, single });
        let weight = |fan_in| use_as(Role::Weight, uniform(fan_in), true);
        match (node.op.as_str(), place) {
            ("Conv" | "ConvTranspose", 1) => weight(dims.iter().skip(1).product()),
            ("Gemm", 0 | 1) => {
                let turned = node.is_set(if place == 0 { "transA" } else { "transB" });
                let inner = usize::from(turned == (place == 1));
                weight(dims.get(inner).copied().unwrap_or(1))
            }
            ("MatMul", 0) => weight(dims.last().copied().unwrap_or(1)),
            ("MatMul", 1) => weight(dims.iter().rev().nth(1).copied().unwrap_or(1)),
            ("Einsum", _) => weight(dims.first().copied().unwrap_or(1)),
            ("Conv" | "ConvTranspose" | "Gemm", 2) => {
                use_as(Role::Bias, uniform(self.fan_in(node)), true)
            }
            ("LSTM" | "GRU" | "RNN", 1..=3) => {
                let hidden = node.int("hidden_size").and_then(|n| usize::try_from(n).ok());
                use_as(Role::Recurrent, uniform(hidden.unwrap_or(1)), false)
            }
            ("InstanceNormalization", 1) if all_are(candidate.values, 1.0) => None,
            ("InstanceNormalization", 2) if all_are(candidate.values, 0.0) => None,
            (op, 1) if op.ends_with("Normalization") => {
                use_as(Role::Scale, Draw::Constant(1.0), true)
            }
            (op, 2) if op.ends_with("Normalization") => {
                use_as(Role::Shift, Draw::Constant(0.0), true)
            }
            ("PRelu", 1) => use_as(Role::Slope, Draw::Constant(0.25), true),
            ("Gather", 0) if dims.len() > 1 => use_as(Role::Embedding, Draw::Normal(1.0), false),
            ("Add" | "Sub", _) => self.added(node, place),
            ("Mul" | "Div", _) if !self.beside_raw(node, place) => {
                use_as(Role::Factor, Draw::Constant(1.0), false)
            }
            _ => None,
        }
    }

    /// Whether the other operand follows from the inputs without any layer between: the tensor
    /// belongs to the normalisation of pixels, or to a mask.
    fn beside_raw(&self, node: &Node, place: usize) -> bool {
        let mut others = node.inputs.iter().enumerate().filter(|(k, _)| *k != place);
        others.any(|(_, name)| self.raw.contains(name.as_str()))
    }

    fn added(&self, node: &Node, place: usize) -> Option<Use> {
        if self.beside_raw(node, place) {
            return None;
        }
        let other = node.inputs.get(1 - place.min(1))?;
        let maker = self.makers.get(other.as_str()).map(|k| &self.nodes[*k]);
        let layer = maker.filter(|node| ["MatMul", "Conv", "Einsum"].contains(&node.op.as_str()));
        match layer {
            Some(layer) => {
                let draw = Draw::Uniform(self.fan_in(layer));
                Some(Use { role: Role::Bias, draw, single: true })
            }
            None => Some(Use { role: Role::Added, draw: Draw::Normal(0.02), single: false }),
        }
    }

    /// Number of inputs of a layer's sums.
    fn fan_in(&self, layer: &Node) -> usize {
        let dims = |place: usize| {
            let name = layer.inputs.get(place)?;
            self.shapes.get(name.as_str()).map(|dims| dims.to_vec()).or_else(|| {
                let maker = &self.nodes[*self.makers.get(name.as_str())?];
                let dims = self.shapes.get(maker.inputs.first()?.as_str())?;
                Some(passed(maker, dims))
            })
        };
        let fan_in = match (layer.op.as_str(), dims(1)) {
            ("Conv" | "ConvTranspose", Some(dims)) => dims.iter().skip(1).product(),
            ("Gemm", Some(dims)) => {
                dims.get(usize::from(layer.is_set("transB"))).copied().unwrap_or(1)
            }
            (_, Some(dims)) => dims.iter().rev().nth(1).copied().unwrap_or(1),
            (_, None) => 1,
        };
        fan_in.max(1)
    }
}

/// The shape after a node that only moves elements, as far as it matters for the number of inputs
/// of a layer.
fn passed(node: &Node, dims: &[usize]) -> Vec<usize> {
    let mut dims = dims.to_vec();
    if node.op == "Transpose" {
        match node.ints("perm") {
            Some(order) if order.len() == dims.len() => {
                let own = dims.clone();
                let side = |axis: &i64| {
                    usize::try_from(*axis).ok().and_then(|axis| own.get(axis)).copied()
                };
                dims = order.iter().map(|axis| side(axis).unwrap_or(1)).collect();
            }
            _ => dims.reverse(),
        }
    }
    dims
}

fn all_are(values: &[f32], number: f32) -> bool {
    values.iter().all(|value| *value == number)
}

/// Whether it only lets pass (0) or hides (a number far below any score).
fn is_mask(values: &[f32]) -> bool {
    values.iter().any(|value| *value <= -99.0)
        && values.iter().all(|value| *value == 0.0 || *value <= -99.0)
}

/// Whether `name` fits `pattern`, in which `*` stands for any text and `?` for one character.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[n] => {
                p += 1;
                n += 1;
            }
            // The last star takes one more.
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    (p, n) = (at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_a_shell() {
        assert!(fits("conv*", "conv1.weight") && fits("*.bias", "fc.bias") && fits("a?c", "abc"));
        assert!(fits("*1*2*", "x1y2z") && fits("", "") && fits("*", ""));
        assert!(!fits("conv", "conv1") && !fits("a?c", "ac") && !fits("*b", "abc"));
    }

    fn node(op: &str, inputs: &[&str], output: &str) -> Node {
        let inputs = inputs.iter().map(|name| (*name).to_owned()).collect();
        Node { op: op.to_owned(), inputs, outputs: vec![output.to_owned()], ..Node::default() }
    }

    #[test]
    fn weights_are_told_from_constants_by_what_they_are_beside() {
        let nodes = [
            node("Sub", &["x", "mean"], "centred"),
            node("MatMul", &["centred", "w"], "y"),
            node("Add", &["b", "y"], "z"),
            node("Mul", &["z", "gamma"], "scaled"),
            node("Add", &["scaled", "mask"], "out"),
        ];
        let vector = [3usize];
        let matrix = [5usize, 3];
        let shapes = HashMap::from([
            ("mean", &[5][..]),
            ("w", &matrix[..]),
            ("b", &vector[..]),
            ("gamma", &vector[..]),
            ("mask", &vector[..]),
        ]);
        let uses = Uses::new(&nodes, &["x"], shapes);
        let role = |name: &str, dims: &[usize], values: &[f32]| {
            uses.of(&Candidate { name, dims, values }).map(|used| (used.role, used.draw))
        };
        assert_eq!(role("mean", &[5], &[0.5; 5]), None); // normalises the pixels
        assert_eq!(role("w", &matrix, &[0.1; 15]), Some((Role::Weight, Draw::Uniform(5))));
        assert_eq!(role("b", &[3], &[0.0; 3]), Some((Role::Bias, Draw::Uniform(5))));
        assert_eq!(role("gamma", &[3], &[1.0; 3]), Some((Role::Factor, Draw::Constant(1.0))));
        assert_eq!(role("mask", &[3], &[0.0, -100.0, 0.0]), None);
    }
}
