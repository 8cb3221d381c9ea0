//! Why an ONNX file cannot be used.

use thiserror::Error;

use super::WireError;

/// The line of Python that exports a network so that everything in it can be trained.
pub(crate) const EXPORT: &str = "torch.onnx.export(model.eval(), (x,), \"net.onnx\", dynamo=True, optimize=False, \
     dynamic_shapes=({0: torch.export.Dim.DYNAMIC},))";

/// Why an ONNX file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OnnxError {
    /// Damaged, or something else altogether.
    #[error("not a valid ONNX file: {0}")]
    Format(#[from] WireError),
    /// The library was compiled without the operators.
    #[error(
        "it is an ONNX file, and this program was built without them: cargo's feature onnx brings them"
    )]
    LeftOut,
    /// A protocol buffer without a graph.
    #[error("not an ONNX file: it has no graph")]
    NoGraph,
    /// Something in the graph contradicts itself.
    #[error("the graph is damaged: {0}")]
    Graph(String),
    /// Operators that are not supported.
    #[error("the graph needs what is not supported: {}", .0.join("; "))]
    Operators(Vec<String>),
    /// What another program made of the graph.
    #[error("{node} is an operator of {domain:?}, {}", foreign(domain))]
    Optimised {
        /// Which node.
        node: String,
        /// Whose operators.
        domain: String,
    },
    /// Probabilities that are reshaped, so that the logits are not at the end.
    #[error(
        "its answers are probabilities, not logits: {softmax} is followed by {reshape}, so that it cannot be left out: \
         export the network without both"
    )]
    Probabilities {
        /// The node that makes probabilities.
        softmax: String,
        /// The node behind it.
        reshape: String,
    },
    /// A tensor cannot be read.
    #[error("tensor {name:?} {problem}")]
    Tensor {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// A node cannot be computed.
    #[error("{node} {problem}; its inputs are {inputs}")]
    Node {
        /// Operator and name.
        node: String,
        /// What is wrong.
        problem: String,
        /// Shapes of the inputs.
        inputs: String,
    },
    /// The inputs are not those of a classifier of pictures, features or texts.
    #[error("its input {name:?} {problem}")]
    Input {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// The outputs are not those of a classifier.
    #[error("its output {name:?} {problem}")]
    Output {
        /// Its name.
        name: String,
        /// What is wrong.
        problem: String,
    },
    /// Made for one number of rows alone.
    #[error(
        "{what}: a network is trained on batches of any size. Export it with a free batch size, {}",
        EXPORT
    )]
    FixedBatch {
        /// Where this shows.
        what: String,
    },
    /// No weights to train.
    #[error("no tensor of the graph is a weight that could be trained")]
    NoWeights,
    /// A pattern that names nothing.
    #[error("{pattern:?} is to be frozen, but no trained tensor has such a name; there are {}", names.join(", "))]
    Freeze {
        /// The pattern.
        pattern: String,
        /// Some of the names that there are.
        names: Vec<String>,
    },
    /// Weights that cannot be written into the file.
    #[error("tensor {name:?} of shape {found:?} does not fit its place in the file, {needed:?}")]
    Place {
        /// Its name.
        name: String,
        /// Shape that it has.
        found: Vec<usize>,
        /// Shape in the file.
        needed: Vec<usize>,
    },
    /// Another file of the network cannot be used.
    #[error("the values of tensor {name:?} lie in {file:?}, {problem}")]
    External {
        /// Name of a tensor.
        name: String,
        /// The other file.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Where operators of a domain of their own come from, as far as that is known.
fn foreign(domain: &str) -> &'static str {
    match domain.starts_with("com.microsoft") || domain.starts_with("com.ms") {
        true => {
            "which onnxruntime puts there when it optimises a graph: give the file from before the optimisation"
        }
        false => "which ONNX itself does not have: export the network with ONNX's own operators",
    }
}
