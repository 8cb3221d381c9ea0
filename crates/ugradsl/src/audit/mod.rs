//! What is still in there? Attacks that train: relearning, linear probes, shadow models.

mod linear_probe;
mod relearn;
mod shadow_models;

pub use linear_probe::{LinearProbe, ProbeError, linear_probe};
pub use relearn::{RelearnError, RelearnTime, relearn};
pub use shadow_models::{ShadowError, shadow_pairs};
