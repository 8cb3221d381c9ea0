//! Weights that were trained elsewhere: read from safetensors and PyTorch files, fitted to a
//! built-in network tensor by tensor, and nothing guessed in silence.

mod fit;
#[cfg(not(target_family = "wasm"))]
mod not_weights;
#[cfg(test)]
mod tests;
mod unknown;
mod weights;

pub use fit::{Import, Mapping};
pub use weights::Weights;

use thiserror::Error;

use super::{Architecture, ModelFileError, SpecError, StateError};

/// What exports any PyTorch network to ONNX so that it can be trained further: BatchNorm is kept,
/// tensors keep their names, the batch size is free, and the weights are in the file itself.
pub const ONNX_EXPORT: &str = "torch.onnx.export(model.eval(), (example,), \"net.onnx\", dynamo=True, optimize=False, \
                               external_data=False, dynamic_shapes=({0: torch.export.Dim.DYNAMIC},))";

/// Why foreign weights cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Neither safetensors nor what PyTorch writes, or damaged.
    #[error("neither safetensors nor a PyTorch file that can be read: {0}")]
    Format(String),
    /// Not safetensors, where nothing else can be read.
    #[error(
        "not a safetensors file, and this program was built without the feature `import` of ugradsl, which reads \
         PyTorch's own formats: save it as safetensors"
    )]
    NoPytorch,
    /// It is known what the file is.
    #[error("this is {kind} ({problem})")]
    NotWeights {
        /// What it is, and the way out.
        kind: String,
        /// Why it cannot be read.
        problem: Box<Self>,
    },
    /// The tensors are not those of the network that was named, and more can be said of them.
    #[error("{problem}; {hint}")]
    Misnamed {
        /// Why it is not the network that was named.
        problem: Box<Self>,
        /// What it is instead, or how to go on.
        hint: String,
    },
    /// A damaged safetensors file.
    #[error(transparent)]
    SafeTensors(#[from] ModelFileError),
    /// No tensor at all.
    #[error("holds no tensor of floats")]
    Empty,
    /// None of the network's tensors is there.
    #[error(
        "nothing in it looks like {architecture}: no tensor is named {wanted:?}; the first names are {found}"
    )]
    Foreign {
        /// The network asked for.
        architecture: Architecture,
        /// The network's first tensor.
        wanted: String,
        /// Names in the file.
        found: String,
    },
    /// More than one complete network.
    #[error("several networks are in it, choose one by its prefix: {0:?}")]
    Ambiguous(Vec<String>),
    /// The network cannot be built.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A tensor is missing, left over, of another shape, or not finite.
    #[error(transparent)]
    State(#[from] StateError),
    /// A normalisation layer with values that cannot be applied.
    #[error("normalisation layer {layer:?}: {problem}")]
    Normalisation {
        /// The layer's name.
        layer: String,
        /// What is wrong.
        problem: String,
    },
}
