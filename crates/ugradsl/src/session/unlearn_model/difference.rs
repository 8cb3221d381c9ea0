//! Whether the file of a deletion is what a task would make.

use thiserror::Error;

use super::task::UnlearnModel;
use crate::{digest, models::ModelFile, unlearn::TrainingConfig};

/// How the file of a deletion differs from the one that a task would make.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Difference {
    /// Its network has forgotten nothing.
    #[error("it has forgotten nothing")]
    NothingForgotten,
    /// Its last request is another, or it was carried out by another method or seed.
    #[error("its last request is {request}, by {method}, seed {seed}")]
    Request {
        /// The request as given.
        request: String,
        /// By which method.
        method: String,
        /// Seed of the run.
        seed: u64,
    },
    /// It was made of a network with other weights.
    #[error("it was made of another network")]
    Network,
    /// The method, its guards or training had other settings.
    #[error("it was made by other settings of the method, its guards or training")]
    Settings,
    /// It is of an earlier version, which did not note the network and the settings.
    #[error("of which network and by which settings it was made, the file does not say")]
    Unknown,
}

impl UnlearnModel {
    /// How a file that has forgotten differs from the one that this task would make, if it does.
    ///
    /// ```
    /// use ugradsl::data::ForgetRequest;
    /// use ugradsl::models::{Architecture, ModelFile, ModelSpec};
    /// use ugradsl::session::{Difference, UnlearnModel};
    ///
    /// let spec = ModelSpec::new(Architecture::Mlp, [1, 28, 28], 10);
    /// let model = ModelFile::new(spec, 0, Default::default());
    /// let task = UnlearnModel::new(model.clone(), ForgetRequest::Class(3));
    /// assert_eq!(task.difference(&model), Some(Difference::NothingForgotten));
    /// ```
    pub fn difference(&self, made: &ModelFile) -> Option<Difference> {
        let Some((last, before)) = made.ledger.entries().split_last() else {
            return Some(Difference::NothingForgotten);
        };
        let asked = (self.name.as_str(), self.method.method().name(), self.seed);
        if asked != (last.request.as_str(), last.method.as_str(), last.seed)
            || before != self.model.ledger.entries()
        {
            return Some(Difference::Request {
                request: last.request.clone(),
                method: last.method.clone(),
                seed: last.seed,
            });
        }
        let (weights_before, settings) = self.provenance();
        if last.weights_before.is_none() || last.settings.is_none() {
            return Some(Difference::Unknown);
        }
        match (last.weights_before == weights_before, last.settings == settings) {
            (true, true) => None,
            (false, _) => Some(Difference::Network),
            (true, false) => Some(Difference::Settings),
        }
    }

    /// SHA-256 of the weights that the run begins with, and of its settings.
    pub(super) fn provenance(&self) -> (Option<String>, Option<String>) {
        let training = TrainingConfig::or_of(self.training.as_ref(), &self.model).ok();
        let settings = serde_json::to_vec(&(&self.method, training, &self.guards)).ok();
        (Some(self.model.digest()), settings.map(|settings| digest::bytes(&settings)))
    }
}
