//! Classifiers that were exported to ONNX: any graph of the operators below `ops`, evaluated and
//! differentiated by burn on every device, and written back into the same file.
//!
//! [`OnnxModel`] is a file that was read: what the network takes, which of its tensors are weights
//! and what for. It builds the network, [`OnnxNetwork`], a module of burn whose parameters have the
//! names of the file's tensors, and writes new weights where the old ones were: every other byte
//! stays as it was.

#![cfg_attr(not(feature = "onnx"), allow(dead_code, reason = "what only operators use"))]

mod error;
mod evaluate;
mod external;
mod head;
mod host;
mod input;
mod model;
mod network;
mod ops;
mod program;
mod proto;
mod roles;
mod shape;
#[cfg(test)]
mod tests;
mod value;
mod weight;
mod wire;
mod write;

pub use error::OnnxError;
#[doc(hidden)]
pub use evaluate::{Given, evaluate};
pub use input::Inputs;
pub use model::{OnnxModel, Trained};
pub use network::OnnxNetwork;
pub use roles::Role;
pub use wire::WireError;

/// The names of all operators that are supported, in alphabetical order.
///
/// ```
/// assert!(ugradsl::onnx::operators().contains(&"Conv"));
/// ```
pub fn operators() -> Vec<&'static str> {
    ops::names()
}
