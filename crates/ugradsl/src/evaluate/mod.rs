//! How well was it forgotten? Accuracies, membership-inference attacks, distance to the retrained
//! network.
//!
//! Nothing here is "higher is better": every figure is read against the retrained network.

mod attack;
mod divergence;
mod metrics;
mod predict;
mod probabilities;
mod svm;

pub use attack::{Attack, AttackError, AttackFeatures, attack};
pub use divergence::{DivergenceError, jensen_shannon, kullback_leibler};
pub use metrics::{Measures, Mia, accuracy, average_gap, mean_and_deviation};
pub use predict::{EvaluateError, Predictions, features, logits, predict};
pub use probabilities::{Probabilities, ProbabilitiesError};
