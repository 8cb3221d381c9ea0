//! How well was it forgotten? Accuracies, membership-inference attacks, distance to the retrained
//! network.
//!
//! Nothing here is "higher is better": every figure is read against the retrained network.

mod attack;
mod bench;
mod divergence;
mod figures;
mod label_privacy;
mod lira;
mod measure;
mod metrics;
mod predict;
mod probabilities;
mod roc;
mod svm;

pub use attack::{Attack, AttackError, AttackFeatures, attack};
pub use bench::TestBench;
pub use divergence::{DivergenceError, Similarity, agreement, jensen_shannon, kullback_leibler};
pub use figures::Figures;
pub use label_privacy::{LabelLdpError, LabelOdds, label_ldp, label_odds};
pub use lira::{LiraError, MIN_SHADOWS, ShadowPair, log_odds_of_truth, u_lira};
pub use measure::{
    Explanation, Figure, FigureTable, Measure, Part, Unit, UnknownMeasure, WhenAbsent,
};
pub use metrics::{Measures, Mia, accuracy, average_gap, mean_and_deviation};
pub use predict::{EvaluateError, LayerOutputs, Predictions, features, layers, logits, predict};
pub(crate) use probabilities::predicted;
pub use probabilities::{Probabilities, ProbabilitiesError};
pub use roc::{MembershipRoc, Roc, RocError, RocFigures, RocPoint};
