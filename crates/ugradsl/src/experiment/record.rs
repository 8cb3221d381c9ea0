//! What is kept of a finished run: a row of the table.

use serde::{Deserialize, Serialize};

use crate::{
    evaluate::{Measures, MembershipRoc, Similarity},
    run::StoppedBy,
    unlearn::Method,
};

/// A point of a run's history, as the guards saw it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    /// Steps taken.
    pub step: usize,
    /// Mean loss on retained rows.
    pub retain_loss: Option<f64>,
    /// Accuracy on forgotten rows, 0..1.
    pub forget_accuracy: Option<f64>,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// How the network was made.
    pub method: Method,
    /// Seed of the run.
    pub seed: u64,
    /// What was forgotten.
    pub forget: String,
    /// How many training rows that are.
    #[serde(default)]
    pub forgotten_rows: usize,
    /// SHA-256 of their numbers; empty in records of earlier versions.
    #[serde(default)]
    pub forget_list: String,
    /// UA, RA, TA and MIA, in per cent.
    #[serde(flatten)]
    pub measures: Measures,
    /// The original, where no network is retrained: what can be
    /// [expected](super::ExperimentConfig::retrain) of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Measures>,
    /// Average gap to the retrained network, or to what is expected of it, in points.
    pub gap: Option<f64>,
    /// Mean Jensen-Shannon divergence to the retrained network on the forget set, in nats.
    pub js_forget: Option<f64>,
    /// The same on the test set.
    pub js_test: Option<f64>,
    /// Further distances of the answers to the retrained network's.
    pub likeness: Option<Similarity>,
    /// The threshold attack; absent in records of earlier versions.
    pub roc: Option<MembershipRoc>,
    /// Wall time of the steps and of the guards in seconds, without evaluation.
    pub seconds: Option<f64>,
    /// That as a share of retraining's.
    pub retrain_share: Option<f64>,
    /// Largest number of bytes of the host's memory in use at once in steps and guards, beyond what was in use before.
    /// Networks and data that are there anyway do not count, nor does a GPU's own memory. Absent without a
    /// [meter](super::ExperimentBuilder::memory_meter).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<u64>,
    /// Why the run ended.
    pub stopped_by: Option<StoppedBy>,
    /// Steps taken.
    pub steps: usize,
    /// How often the guards went back to an earlier state.
    pub rollbacks: usize,
    /// Warnings and rollbacks, in the words of the events.
    pub warnings: Vec<String>,
    /// SHA-256 of the weights that the run began with, for a method that begins with the original's.
    #[serde(default)]
    pub weights_before: Option<String>,
    /// SHA-256 of the weights.
    pub weights: String,
    /// Name of the model file.
    pub model: String,
    /// Loss and forget accuracy over the steps.
    pub history: Vec<HistoryPoint>,
    /// Identifies the run: config, data, method, request and seed.
    pub digest: String,
}

/// What is known of a run only while it goes on.
#[derive(Debug, Default)]
pub(super) struct RunStats {
    pub(super) seconds: Option<f64>,
    pub(super) peak_memory: Option<u64>,
    pub(super) stopped_by: Option<StoppedBy>,
    pub(super) steps: usize,
    pub(super) rollbacks: usize,
    pub(super) warnings: Vec<String>,
    pub(super) history: Vec<HistoryPoint>,
}

impl From<RunRecord> for RunStats {
    fn from(record: RunRecord) -> Self {
        let RunRecord {
            seconds, peak_memory, stopped_by, steps, rollbacks, warnings, history, ..
        } = record;
        Self { seconds, peak_memory, stopped_by, steps, rollbacks, warnings, history }
    }
}
