//! What does a network still know? Attacks that train: relearning, linear probes, shadow models.

mod evaluate_model;
mod hidden;
mod linear_probe;
mod relearn;
mod shadow_models;

pub use evaluate_model::{
    Described, Distance, EvaluateModel, EvaluateModelError, Evaluated, LabelLdp, Relearning,
};
pub use hidden::{HiddenMemory, MemoryFinding};
pub use linear_probe::{LinearProbe, ProbeError, linear_probe};
pub use relearn::{REGAINED, RelearnError, RelearnTime, relearn};
pub use shadow_models::{ShadowError, shadow_pairs};
