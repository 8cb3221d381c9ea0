//! Where a classifier's logits and features are in its graph.

use super::{
    OnnxError,
    proto::{Node, ValueInfo},
};

/// The values that a classifier answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) logits: String,
    /// What the last layer is given.
    pub(crate) features: Option<String>,
    pub(crate) cut: Option<Cut>,
    /// What was decided, in sentences.
    pub(crate) notes: Vec<String>,
}

/// What was cut off behind the logits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    Softmax,
    Sigmoid,
}

/// So many nodes before the end the last layer is looked for.
const FAR: usize = 12;

/// Operators between the logits and the output that change no value.
const PLAIN: [&str; 3] = ["Identity", "Cast", "Dropout"];

/// Operators that change the shape alone.
const SHAPES: [&str; 4] = ["Reshape", "Flatten", "Squeeze", "Unsqueeze"];

impl Head {
    /// Finds the head of a graph with these outputs; the nodes are sorted.
    pub(crate) fn find(nodes: &[Node], outputs: &[ValueInfo]) -> Result<Self, OnnxError> {
        let output = chosen(outputs)?;
        let maker =
            |name: &str| nodes.iter().find(|node| node.outputs.iter().any(|own| own == name));
        let mut notes = Vec::new();
        if outputs.len() > 1 {
            let others = outputs.iter().filter(|other| other.name != output.name);
            let others: Vec<String> = others.map(|other| format!("{:?}", other.name)).collect();
            notes.push(format!(
                "its output {:?} is taken for the classes, not {}",
                output.name,
                others.join(", ")
            ));
        }
        let (mut logits, mut cut) = (output.name.clone(), None);
        for _ in 0..FAR {
            let Some(node) = maker(&logits) else { break };
            let Some(input) = node.inputs.first() else { break };
            let kind = match node.op.as_str() {
                "Softmax" | "LogSoftmax" => Some(Cut::Softmax),
                "Sigmoid" => Some(Cut::Sigmoid),
                op if PLAIN.contains(&op) => None,
                _ => break,
            };
            if let Some(kind) = kind {
                if cut.is_some() {
                    break;
                }
                cut = Some(kind);
                notes.push(format!(
                    "{} at its end is left out: the loss is computed from what it is given",
                    node.title()
                ));
            }
            logits.clone_from(input);
        }
        if cut.is_none() {
            refuse_reshaped_probabilities(nodes, &logits)?;
        }
        let features = features(nodes, &logits);
        if features.is_none() {
            notes.push(
                "no last layer with weights was found: its outputs are taken for its features, too, which self-adaptive \
                 smoothing rates compare"
                    .to_owned(),
            );
        }
        Ok(Self { logits, features, cut, notes })
    }
}

/// Refuses answers that a softmax or sigmoid makes and something reshapes: taken for logits they
/// would be wrong without a word.
fn refuse_reshaped_probabilities(nodes: &[Node], output: &str) -> Result<(), OnnxError> {
    let maker = |name: &str| nodes.iter().find(|node| node.outputs.iter().any(|own| own == name));
    let (mut at, mut reshape) = (output.to_owned(), None);
    for _ in 0..FAR {
        let Some(node) = maker(&at) else { break };
        let op = node.op.as_str();
        if let (true, Some(reshape)) =
            (["Softmax", "LogSoftmax", "Sigmoid"].contains(&op), &reshape)
        {
            let (softmax, reshape) = (node.title(), String::clone(reshape));
            return Err(OnnxError::Probabilities { softmax, reshape });
        }
        if SHAPES.contains(&op) {
            reshape = Some(node.title());
        } else if !PLAIN.contains(&op) {
            break;
        }
        let Some(input) = node.inputs.first() else { break };
        at.clone_from(input);
    }
    Ok(())
}

/// The output that has the classes.
fn chosen(outputs: &[ValueInfo]) -> Result<&ValueInfo, OnnxError> {
    let named = |name: &str| outputs.iter().find(|output| output.name == name);
    let rank = |output: &&ValueInfo| output.shape.as_ref().is_some_and(|shape| shape.len() == 2);
    let found = named("logits").or_else(|| outputs.iter().find(rank)).or(outputs.first());
    found.ok_or_else(|| OnnxError::Graph("it has no output".to_owned()))
}

/// The data input of the last layer before `logits`.
fn features(nodes: &[Node], logits: &str) -> Option<String> {
    let maker = |name: &str| nodes.iter().find(|node| node.outputs.iter().any(|own| own == name));
    let mut at = logits.to_owned();
    for _ in 0..FAR {
        let node = maker(&at)?;
        at = match node.op.as_str() {
            "Gemm" | "MatMul" | "Conv" => return node.inputs.first().cloned(),
            // Of two operands the one that a node makes.
            "Add" | "Sub" | "Mul" | "Div" => node
                .inputs
                .iter()
                .find(|name| maker(name).is_some_and(|node| node.op != "Constant"))?
                .clone(),
            _ => node.inputs.first()?.clone(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(op: &str, inputs: &[&str], output: &str) -> Node {
        let inputs = inputs.iter().map(|name| (*name).to_owned()).collect();
        Node { op: op.to_owned(), inputs, outputs: vec![output.to_owned()], ..Node::default() }
    }

    #[test]
    fn a_softmax_at_the_end_is_cut_off() {
        let nodes = [
            node("Relu", &["x"], "h"),
            node("Gemm", &["h", "w", "b"], "z"),
            node("Softmax", &["z"], "p"),
        ];
        let output = ValueInfo { name: "p".to_owned(), ..ValueInfo::default() };
        let head = Head::find(&nodes, &[output]).unwrap();
        assert_eq!((head.logits.as_str(), head.features.as_deref()), ("z", Some("h")));
        assert_eq!(head.cut, Some(Cut::Softmax));
    }

    #[test]
    fn probabilities_that_are_reshaped_are_refused() {
        let output = || [ValueInfo { name: "y".to_owned(), ..ValueInfo::default() }];
        for (last, reshape) in
            [("Softmax", "Reshape"), ("Sigmoid", "Squeeze"), ("LogSoftmax", "Flatten")]
        {
            let nodes = [
                node("Gemm", &["h", "w", "b"], "z"),
                node(last, &["z"], "p"),
                node("Identity", &["p"], "q"),
                node(reshape, &["q"], "y"),
            ];
            let error = Head::find(&nodes, &output()).unwrap_err().to_string();
            assert!(error.contains("probabilities, not logits"), "{error}");
        }
        let logits = [node("Gemm", &["h", "w", "b"], "z"), node("Flatten", &["z"], "y")];
        assert_eq!(Head::find(&logits, &output()).unwrap().logits, "y");
        // A softmax within the network is none at its end.
        let attention = [
            node("Softmax", &["s"], "p"),
            node("MatMul", &["p", "v"], "z"),
            node("Reshape", &["z"], "y"),
        ];
        assert!(Head::find(&attention, &output()).is_ok());
    }
}
