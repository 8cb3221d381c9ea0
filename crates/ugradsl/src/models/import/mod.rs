//! Weights that were trained elsewhere: read from safetensors and PyTorch files, fitted to a built-in
//! network tensor by tensor, and nothing guessed in silence.

mod fit;
#[cfg(test)]
mod tests;
mod weights;

pub use fit::{Import, Mapping};
pub use weights::Weights;

use thiserror::Error;

use super::{ModelFileError, SpecError, StateError};

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
        architecture: super::Architecture,
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
