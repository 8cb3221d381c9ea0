//! Shadow pairs for U-LiRA, from a finished experiment: for each seed, the unlearned and the
//! retrained network.

use thiserror::Error;

use crate::experiment::{Experiment, RunRecord};
use crate::run::{Store, StoreError};
use crate::{
    evaluate::{EvaluateError, ShadowPair, log_odds_of_truth, predict},
    models::{ModelFile, ModelFileError, NetworkSpec},
    unlearn::{Contender, Method},
};

/// Why an experiment gives no shadow pairs.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ShadowError {
    /// A network of the pair is not in the store.
    #[error("{0} is not in the store")]
    Missing(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored model is damaged.
    #[error("{name}: {source}")]
    Model {
        /// Name of the entry in the store.
        name: String,
        /// What is wrong with it.
        source: ModelFileError,
    },
    /// A network's outputs cannot be used.
    #[error("{name}: {source}")]
    Evaluate {
        /// Name of the entry in the store.
        name: String,
        /// What went wrong.
        source: EvaluateError,
    },
}

/// The scores of the training rows `forgotten` by the networks of `experiment`, which are in
/// `store`: a pair for each seed for which a run of `method` and a retrained network are finished.
/// All seeds must have forgotten these very rows.
///
/// # Errors
///
/// [`ShadowError`] if a network is missing, damaged, or its outputs cannot be used.
pub async fn shadow_pairs<S: NetworkSpec>(
    experiment: &Experiment<S>,
    store: &dyn Store,
    method: impl Into<Contender>,
    forgotten: &[u32],
) -> Result<Vec<ShadowPair>, ShadowError> {
    let (method, mut pairs) = (method.into(), Vec::new());
    for &seed in &experiment.config().seeds {
        let run = |method: &Contender| {
            let mut records = experiment.records().iter();
            records.find(|record| record.method == *method && record.seed == seed)
        };
        if let (Some(unlearned), Some(retrained)) = (run(&method), run(&Method::Retrain.into())) {
            pairs.push(ShadowPair {
                unlearned: scores(experiment, store, unlearned, forgotten).await?,
                retrained: scores(experiment, store, retrained, forgotten).await?,
            });
        }
    }
    Ok(pairs)
}

async fn scores<S: NetworkSpec>(
    experiment: &Experiment<S>,
    store: &dyn Store,
    record: &RunRecord,
    rows: &[u32],
) -> Result<Vec<f64>, ShadowError> {
    let name = || record.model.clone();
    let bytes = store.read(&record.model)?.ok_or_else(|| ShadowError::Missing(name()))?;
    let damaged = |source| ShadowError::Model { name: name(), source };
    let file = ModelFile::<S>::decode(&bytes).map_err(damaged)?;
    let network = file.load(experiment.device()).map_err(damaged)?;
    let predictions = predict(&network, experiment.train_set(), rows).await;
    let predictions =
        predictions.map_err(|source| ShadowError::Evaluate { name: name(), source })?;
    Ok(log_odds_of_truth(&predictions))
}
