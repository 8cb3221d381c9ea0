//! What is stored of a finished run: a row of the table.

use serde::{Deserialize, Serialize};

use crate::{
    evaluate::{Figure, Figures, Measures},
    run::{Finding, StoppedBy},
    unlearn::Contender,
};

/// A point of a run's history, from the events of its steps.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HistoryPoint {
    /// Steps taken.
    pub step: usize,
    /// Mean loss on retained rows.
    pub retain_loss: Option<f64>,
    /// Accuracy on forgotten rows, 0..1.
    pub forget_accuracy: Option<f64>,
}

/// One row of the table.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunRecord {
    /// How the network was made.
    #[cfg_attr(feature = "typescript", ts(type = "string"))]
    pub method: Contender,
    /// Seed of the run.
    pub seed: u64,
    /// What was forgotten.
    pub forget: String,
    /// Number of training rows that were forgotten.
    #[serde(default)]
    pub forgotten_rows: usize,
    /// SHA-256 of their numbers; empty in records of earlier versions.
    #[serde(default)]
    pub forget_list: String,
    /// For the original, where no network is retrained: the
    /// [estimate](super::ExperimentConfig::retrain) of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub expected: Option<Measures>,
    /// What was measured: the network by itself, its distances to the retrained network (without
    /// one, the gap to its [estimate](Self::expected)), and what the run cost. The host's memory
    /// is absent where nothing [counted](super::ExperimentBuilder::memory_meter) it.
    #[serde(flatten)]
    pub figures: Figures,
    /// Accuracy on the forget set (0..1) that the guards took as the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub target: Option<f64>,
    /// Why the run ended.
    pub stopped_by: Option<StoppedBy>,
    /// What became of the forget request. Where the run had no better estimate than the average of
    /// its classes, it is judged by the retrained network, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub finding: Option<Finding>,
    /// Steps taken.
    pub steps: usize,
    /// How often the guards went back to an earlier state.
    pub rollbacks: usize,
    /// Warnings and rollbacks, in the words of the events.
    pub warnings: Vec<String>,
    /// SHA-256 of the weights that the run began with, for a method that begins with the
    /// original's.
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

impl RunRecord {
    /// The value of `figure`, in its [unit](Figure::unit); `None` if it was not measured.
    pub fn figure(&self, figure: Figure) -> Option<f64> {
        self.figures.get(figure)
    }

    /// The four measures that make up the gap.
    pub fn measures(&self) -> Measures {
        self.figures.measures()
    }
}

/// What is known of a run only while it is in progress.
#[derive(Debug, Default)]
pub(super) struct RunStats {
    /// Figures of what the run cost.
    pub(super) costs: Figures,
    pub(super) target: Option<f64>,
    pub(super) stopped_by: Option<StoppedBy>,
    pub(super) finding: Option<Finding>,
    pub(super) steps: usize,
    pub(super) rollbacks: usize,
    pub(super) warnings: Vec<String>,
    pub(super) history: Vec<HistoryPoint>,
}

impl From<RunRecord> for RunStats {
    fn from(record: RunRecord) -> Self {
        let RunRecord { figures, target, stopped_by, finding, .. } = record;
        let RunRecord { steps, rollbacks, warnings, history, .. } = record;
        let costs = figures.iter().filter(|(figure, _)| figure.unit().is_cost()).collect();
        Self { costs, target, stopped_by, finding, steps, rollbacks, warnings, history }
    }
}

#[cfg(test)]
mod tests;
