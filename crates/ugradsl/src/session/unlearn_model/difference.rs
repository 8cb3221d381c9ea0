//! Whether the file of a deletion is what a task would make.

use thiserror::Error;

use super::task::UnlearnModel;
use crate::{
    data::Dataset,
    digest,
    models::{Forgotten, ModelFile},
    unlearn::TrainingConfig,
};

/// How the file of a deletion differs from the one that a task would make.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Difference {
    /// Its network has forgotten nothing.
    #[error("it has forgotten nothing")]
    NothingForgotten,
    /// Its last request is another, it was carried out by another method or seed, or the requests
    /// before it are not those of the task's file.
    #[error("its last request is {request}, by {method}, seed {seed}")]
    Request {
        /// The request as given.
        request: String,
        /// By which method.
        method: String,
        /// Seed of the run.
        seed: u64,
    },
    /// It was made from a network with other weights.
    #[error("it was made of another network")]
    Network,
    /// It was made on other data, or on more or fewer rows of them.
    #[error("it was made on other data, or on more or fewer rows of them")]
    Data,
    /// The same request names other rows now: a list that was changed since, say.
    #[error("the request named {then} rows when it was made, and names others now ({now})")]
    Rows {
        /// How many rows were forgotten.
        then: usize,
        /// How many the request names now.
        now: usize,
    },
    /// The method, its guards, training or the share for validation had other settings.
    #[error(
        "it was made by other settings of the method, its guards or training, or with another share \
         of rows for validation"
    )]
    Settings,
    /// It was written by an earlier version, which did not note the network and the settings.
    #[error("of which network and by which settings it was made, the file does not say")]
    Unknown,
}

impl UnlearnModel {
    /// How a file that has forgotten differs from the one that this task would make, if it does.
    ///
    /// ```
    /// use ugradsl::data::{self, ForgetRequest};
    /// use ugradsl::models::{Architecture, ModelFile, ModelSpec};
    /// use ugradsl::session::{Difference, UnlearnModel};
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
    /// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
    /// let model = ModelFile::new(spec, 0, Default::default());
    /// let task = UnlearnModel::new(model.clone(), ForgetRequest::Class(3));
    /// assert_eq!(task.difference(&model, &digits), Some(Difference::NothingForgotten));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn difference(&self, made: &ModelFile, dataset: &Dataset) -> Option<Difference> {
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
        let (weights_before, settings) = self.provenance(dataset);
        if last.weights_before.is_none() || last.settings.is_none() {
            return Some(Difference::Unknown);
        }
        if last.data != dataset.digest() {
            return Some(Difference::Data);
        }
        if let Some(rows) = self.rows(dataset).filter(|rows| *rows != last.rows) {
            return Some(Difference::Rows { then: last.rows.len(), now: rows.len() });
        }
        match (last.weights_before == weights_before, last.settings == settings) {
            (true, true) => None,
            (false, _) => Some(Difference::Network),
            (true, false) => Some(Difference::Settings),
        }
    }

    /// The rows of `dataset` that the task forgets: those of its request that the file's ledger does
    /// not have already. `None` where the request cannot be carried out on this data.
    ///
    /// ```
    /// use ugradsl::data::{self, ForgetRequest};
    /// use ugradsl::models::{Architecture, ModelFile, ModelSpec};
    /// use ugradsl::session::UnlearnModel;
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
    /// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
    /// let model = ModelFile::new(spec, 0, Default::default());
    /// let task = UnlearnModel::new(model, ForgetRequest::Ids(vec![7, 3]));
    /// assert_eq!(task.rows(&digits), Some(vec![3, 7]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rows(&self, dataset: &Dataset) -> Option<Vec<u32>> {
        let ledger = self.model.ledger.beside(dataset).ok()?;
        let (known, shown) = (ledger.fulfilled_rows(), ledger.rows());
        let split = self.request.split_beside(&known, &shown, dataset, self.seed);
        split.ok().map(|split| split.forget)
    }

    /// Whether what the entry of a ledger forgot is also forgotten in the file that this task makes:
    /// because its own file has the entry, or because the task forgets all of its rows. On other
    /// data, whose rows cannot be compared, the request must be the same.
    pub fn keeps(&self, entry: &Forgotten, dataset: &Dataset) -> bool {
        let again = || {
            // A request that cannot be carried out is refused with its own reason, and makes no file.
            let rows = self.rows(dataset);
            let takes =
                |row: &u32| rows.as_ref().is_none_or(|rows| rows.binary_search(row).is_ok());
            match entry.data == dataset.digest() {
                true => entry.rows.iter().all(takes),
                false => entry.request == self.name,
            }
        };
        self.model.ledger.entries().contains(entry) || again()
    }

    /// SHA-256 of the weights in the task's file, and of the settings of the run.
    pub(super) fn provenance(&self, dataset: &Dataset) -> (Option<String>, Option<String>) {
        let training = TrainingConfig::or_of(self.training.as_ref(), &self.model).ok();
        let settings =
            serde_json::to_vec(&(&self.method, training, &self.guards, dataset.validation)).ok();
        (Some(self.model.digest()), settings.map(|settings| digest::bytes(&settings)))
    }
}
