//! Trains a network from scratch, into a model file.

use std::{collections::BTreeMap, fmt, sync::Arc};

use burn::tensor::TensorData;
use serde::Serialize;

use super::{ModelError, Session};
use crate::{
    data::Dataset,
    device::Device,
    evaluate::accuracy,
    models::{DataRecord, ModelFile, ModelFileError, ModelSpec, Network, read_state, write_state},
    run::StoppedBy,
    unlearn::{Method, TrainingConfig},
};

/// Trains a network from scratch.
///
/// ```
/// use std::sync::Arc;
///
/// use pollster::block_on;
/// use ugradsl::data::{self, OpenOptions};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::session::TrainModel;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let digits = Arc::new(data::open("mnist-subset", &OpenOptions::new())?.limit(Some(100), Some(50))?);
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// let mut run = TrainModel::new(spec).with_seed(1).start(digits, Device::cpu())?;
/// block_on(run.session().run())?;
/// let trained = block_on(run.finish())?;
/// println!("{trained}"); // accuracies and time; `trained.model` is the file
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct TrainModel {
    spec: ModelSpec,
    training: TrainingConfig,
    seed: u64,
    weights: Option<BTreeMap<String, TensorData>>,
}

impl TrainModel {
    /// A network of this description, with the default training and seed 0.
    pub fn new(spec: ModelSpec) -> Self {
        Self { spec, training: TrainingConfig::default(), seed: 0, weights: None }
    }

    /// How it is trained.
    pub fn with_training(self, training: TrainingConfig) -> Self {
        Self { training, ..self }
    }

    /// Seed of weights and shuffles.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The weights to start from, in the form of [`ModelFile::state`]. By default they are drawn
    /// from the seed.
    pub fn with_weights(self, weights: Option<BTreeMap<String, TensorData>>) -> Self {
        Self { weights, ..self }
    }

    /// Draws the weights and prepares the run. Nothing is trained yet.
    ///
    /// # Errors
    ///
    /// If the network cannot be built or does not fit the data, or the weights do not fit the
    /// network.
    pub fn start(
        self,
        dataset: impl Into<Arc<Dataset>>,
        device: Device,
    ) -> Result<TrainRun, ModelError> {
        let Self { spec, training, seed, weights } = self;
        let dataset = dataset.into();
        spec.check_data(&dataset)?;
        let mut network = spec.init(seed, &device)?;
        if let Some(weights) = weights {
            network = write_state(network, weights).map_err(ModelFileError::from)?;
        }
        let (data, note) = (DataRecord::of(&dataset), training.note());
        let session = Session::builder(network, dataset, device)
            .normalisation(spec.normalisation.clone())
            .method(Method::Original)
            .training(training)
            .seed(seed)
            .build();
        Ok(TrainRun { session, spec, seed, data, note })
    }
}

/// A network in training.
pub struct TrainRun {
    session: Session<Network>,
    spec: ModelSpec,
    seed: u64,
    data: DataRecord,
    /// How it is trained, as the model file says it.
    note: Option<serde_json::Value>,
}

impl TrainRun {
    /// The session that trains the network: run it to its end.
    pub fn session(&mut self) -> &mut Session<Network> {
        &mut self.session
    }

    /// Measures the trained network.
    ///
    /// # Errors
    ///
    /// [`ModelError::NotOver`] before the end of the session, [`ModelError::Diverged`] if training
    /// diverged; other errors if the device fails or the outputs are not finite.
    pub async fn finish(mut self) -> Result<Trained, ModelError> {
        let outcome = self.session.outcome().cloned().ok_or(ModelError::NotOver)?;
        if outcome.stopped_by == StoppedBy::Diverged {
            return Err(ModelError::Diverged);
        }
        let predictions = self.session.predictions(&outcome.model).await?;
        let model = ModelFile::new(self.spec, self.seed, read_state(&outcome.model).await?);
        let mut model = model.trained_on(self.data);
        model.training = self.note;
        Ok(Trained {
            seed: self.seed,
            train_accuracy: accuracy(&predictions.retain),
            test_accuracy: accuracy(&predictions.test),
            seconds: outcome.seconds,
            weights: model.digest(),
            model,
        })
    }
}

/// A trained network. Displays as one line, and serialises without the weights themselves.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Trained {
    /// Seed of weights and shuffles.
    pub seed: u64,
    /// Accuracy on the training set in per cent; `None` where there are no such rows.
    pub train_accuracy: Option<f64>,
    /// Accuracy on the test set in per cent; `None` where there are no such rows.
    pub test_accuracy: Option<f64>,
    /// Wall time of the steps, in seconds.
    pub seconds: f64,
    /// SHA-256 of the weights.
    pub weights: String,
    /// The network.
    #[serde(skip)]
    pub model: ModelFile,
}

impl fmt::Display for Trained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |value: Option<f64>| {
            value.map_or_else(|| "-".to_owned(), |percent| format!("{percent:.2} %"))
        };
        write!(
            f,
            "training accuracy {}, test accuracy {}, {:.1} s",
            percent(self.train_accuracy),
            percent(self.test_accuracy),
            self.seconds
        )
    }
}
