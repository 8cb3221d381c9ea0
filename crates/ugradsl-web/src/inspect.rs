//! Looking into the networks of an experiment: finished ones, imported ones, and the one in
//! training.

use js_sys::{Float32Array, Object, Reflect};
use serde::Serialize;
use ugradsl::{
    audit::{MemoryFinding, REGAINED, RelearnTime, relearn},
    data::Split,
    evaluate::{AttackFeatures, Measures, Predictions, Probabilities, features, predict},
    models::{ModelFile, Network, read_state},
    run::Store,
};
use wasm_bindgen::prelude::*;

use crate::{
    Lab,
    convert::{error, to_js},
    pca::PcaPlane,
};

/// Rows of each set that a snapshot is measured on.
const SAMPLE: usize = 500;
/// Rows of each set whose confidences are drawn.
const DRAWN: usize = 2000;
/// Training rows that span the plane of the embedding.
const SPANNING: usize = 1000;
/// Name of the network of the run in progress, as it is now.
const LIVE: &str = "live";
/// Steps of the relearn attack.
const RELEARN_STEPS: usize = 20;

#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Serialize)]
pub(crate) struct Snapshot {
    step: usize,
    model: String,
    #[serde(flatten)]
    measures: Measures,
}

#[cfg_attr(test, derive(ts_rs::TS))]
#[derive(Serialize)]
pub(crate) struct Relearned {
    shown: usize,
    unlearned: RelearnTime,
    retrained: RelearnTime,
    finding: MemoryFinding,
}

#[wasm_bindgen]
impl Lab {
    /// Keeps the network of the unlearning run in progress and measures it on a sample of each set.
    /// `undefined` when no such run is in progress.
    ///
    /// # Errors
    ///
    /// If the device fails or the network's outputs are not finite.
    pub async fn snapshot(&mut self) -> Result<JsValue, JsError> {
        let experiment = self.experiment()?;
        let Some(live) = experiment.live().filter(|live| live.method.unlearns()) else {
            return Ok(JsValue::UNDEFINED);
        };
        let split = Split {
            retain: spread(&live.split.retain, SAMPLE),
            forget: spread(&live.split.forget, SAMPLE),
            test: spread(&live.split.test, SAMPLE),
            ..live.split.clone()
        };
        let (train, test) = (experiment.train_set(), experiment.test_set());
        let predictions =
            Predictions::of(&live.network, train, test, &split).await.map_err(error)?;
        let measures = predictions.measure(AttackFeatures::Headline, live.seed).map_err(error)?;
        let state = read_state(&live.network).await.map_err(error)?;
        let file = ModelFile::new(experiment.spec().clone(), live.seed, state);
        let step = self.step;
        // Runs of several methods have steps of the same number.
        let model = format!("{}-seed{}@{step}", live.method, live.seed);
        self.loaded_networks.borrow_mut().insert(model.clone(), live.network);
        self.kept.insert(model.clone(), file);
        to_js(&Snapshot { step, model, measures })
    }

    /// UA, RA, TA and MIA of a network on all rows of the current experiment.
    ///
    /// # Errors
    ///
    /// If there is no such network or it cannot be measured.
    pub async fn measure(&self, model: &str) -> Result<JsValue, JsError> {
        let (experiment, network) = (self.experiment()?, self.network(model)?);
        let (train, test) = (experiment.train_set(), experiment.test_set());
        let predictions =
            Predictions::of(&network, train, test, &self.split).await.map_err(error)?;
        let seed = experiment.config().seeds.first().copied().unwrap_or_default();
        to_js(&predictions.measure(AttackFeatures::Headline, seed).map_err(error)?)
    }

    /// A network as safetensors, or as ONNX if it came as that.
    ///
    /// # Errors
    ///
    /// If there is none of that name.
    pub fn model(&self, name: &str) -> Result<Vec<u8>, JsError> {
        match self.kept.get(name) {
            Some(file) => file.to_bytes().map_err(error),
            None => self.store.read(name).map_err(error)?.ok_or_else(|| unknown(name)),
        }
    }

    /// Takes a file that this library wrote, or a classifier that was exported to ONNX; it is known
    /// by `name` from then on.
    ///
    /// # Errors
    ///
    /// If it is damaged or not made for the data of the current experiment.
    pub fn import_model(&mut self, name: &str, bytes: &[u8]) -> Result<(), JsError> {
        let dataset = self.experiment()?.dataset();
        let file = ModelFile::for_data(bytes, dataset).map_err(error)?;
        file.spec.check_data(self.experiment()?.dataset()).map_err(error)?;
        file.load(&self.device).map_err(error)?;
        self.loaded_networks.borrow_mut().remove(name);
        self.kept.insert(name.to_owned(), file);
        Ok(())
    }

    /// Labels of the training set.
    ///
    /// # Errors
    ///
    /// If there is no experiment.
    pub fn labels(&self) -> Result<Vec<u32>, JsError> {
        Ok(self.experiment()?.dataset().train.labels().to_vec())
    }

    /// Rows that the current experiment forgets.
    pub fn forget_rows(&self) -> Vec<u32> {
        self.split.forget.clone()
    }

    /// Pixels of training images, one after the other.
    ///
    /// # Errors
    ///
    /// If a row is not there.
    pub fn pixels(&self, rows: &[u32]) -> Result<Vec<u8>, JsError> {
        let images = self.experiment()?.dataset().train.images();
        let images = images.ok_or_else(|| error("the data are not images"))?;
        Ok(images.select(rows).map_err(error)?.pixels().to_vec())
    }

    /// Class probabilities of training rows, `[rows, classes]`.
    ///
    /// # Errors
    ///
    /// If there is no such network or row.
    pub async fn probabilities(&self, model: &str, rows: Vec<u32>) -> Result<Vec<f32>, JsError> {
        let (network, rows) = (self.network(model)?, self.checked(rows)?);
        let set = self.experiment()?.train_set();
        Ok(values(&predict(&network, set, &rows).await.map_err(error)?))
    }

    /// Confidence in the true class on some members, non-members and forgotten rows.
    ///
    /// # Errors
    ///
    /// If there is no such network.
    pub async fn confidences(&self, model: &str) -> Result<JsValue, JsError> {
        let (experiment, network) = (self.experiment()?, self.network(model)?);
        let answer = Object::new();
        let (train, test) = (experiment.train_set(), experiment.test_set());
        let split = &self.split;
        for (name, set, rows) in [
            ("members", train, &split.retain),
            ("nonMembers", test, &split.test),
            ("forgotten", train, &split.forget),
        ] {
            let predicted = predict(&network, set, &spread(rows, DRAWN)).await.map_err(error)?;
            let confidences: Vec<f32> =
                predicted.rows().map(|(row, label)| row[label as usize]).collect();
            let array = Float32Array::from(confidences.as_slice());
            Reflect::set(&answer, &name.into(), &array).map_err(|_| error("no such property"))?;
        }
        Ok(answer.into())
    }

    /// Features of training rows on the first two principal components of the original's features,
    /// `[rows, 2]`.
    ///
    /// # Errors
    ///
    /// If there is no such network or row, or the original is not trained yet.
    pub async fn embedding(&mut self, model: &str, rows: Vec<u32>) -> Result<Vec<f32>, JsError> {
        let (network, rows) = (self.network(model)?, self.checked(rows)?);
        if self.plane.is_none() {
            let experiment = self.experiment()?;
            let original = experiment.records().iter().find(|record| !record.method.unlearns());
            let original = original.ok_or_else(|| error("the original is not trained yet"))?;
            let original = self.network(&original.model)?;
            let all = spread(&experiment.train_set().all_rows(), SPANNING);
            let spanning = features(&original, experiment.train_set(), &all).await;
            let (values, width) = spanning.map_err(error)?;
            self.plane = Some(PcaPlane::fit(&values, width));
        }
        let set = self.experiment()?.train_set();
        let (values, _) = features(&network, set, &rows).await.map_err(error)?;
        let plane = self.plane.as_ref().ok_or_else(|| error("no plane"))?;
        Ok(plane.project(&values))
    }

    /// Shows `samples` forgotten rows to the network `model` and to the retrained one again.
    ///
    /// # Errors
    ///
    /// If there are no such networks, or the forget set has no more rows than are shown.
    pub async fn relearn(&self, model: &str, samples: usize) -> Result<JsValue, JsError> {
        let experiment = self.experiment()?;
        let mut records = experiment.records().iter();
        let twin = records.find(|record| record.method == ugradsl::unlearn::Method::Retrain);
        let twin = twin.ok_or_else(|| error("the twin is not retrained yet"))?;
        let seed = experiment.config().seeds.first().copied().unwrap_or_default();
        let attack = async |name: &str| {
            let bench = experiment.bench(self.split.clone());
            let curve = relearn(self.network(name)?, &bench, samples, RELEARN_STEPS, seed).await;
            curve.map(|curve| RelearnTime::new(curve, samples, REGAINED)).map_err(error)
        };
        let (unlearned, retrained) = (attack(model).await?, attack(&twin.model).await?);
        let finding = unlearned.beside(&retrained);
        to_js(&Relearned { shown: samples, unlearned, retrained, finding })
    }

    /// A network by its name: of a run, a snapshot or an import, or `live` for the one in training.
    pub(crate) fn network(&self, name: &str) -> Result<Network, JsError> {
        if name == LIVE {
            let live = self.experiment()?.live();
            return Ok(live.ok_or_else(|| unknown(name))?.network);
        }
        if let Some(network) = self.loaded_networks.borrow().get(name) {
            return Ok(network.clone());
        }
        let network = match self.kept.get(name) {
            Some(file) => file.load(&self.device).map_err(error)?,
            None => {
                let bytes = self.store.read(name).map_err(error)?.ok_or_else(|| unknown(name))?;
                let file = ModelFile::from_bytes(&bytes).map_err(error)?;
                file.load(&self.device).map_err(error)?
            }
        };
        self.loaded_networks.borrow_mut().insert(name.to_owned(), network.clone());
        Ok(network)
    }

    fn checked(&self, rows: Vec<u32>) -> Result<Vec<u32>, JsError> {
        let found = self.experiment()?.train_set().len();
        match rows.iter().find(|&&row| row as usize >= found) {
            Some(row) => {
                Err(error(format!("row {row} is not there: the training set has {found}")))
            }
            None => Ok(rows),
        }
    }
}

fn unknown(name: &str) -> JsError {
    error(format!("there is no network {name:?}"))
}

pub(crate) fn values(probabilities: &Probabilities) -> Vec<f32> {
    probabilities.rows().flat_map(|(row, _)| row.iter().copied()).collect()
}

/// At most `count` of `rows`, evenly spread over them.
fn spread(rows: &[u32], count: usize) -> Vec<u32> {
    let step = rows.len().div_ceil(count).max(1);
    rows.iter().copied().step_by(step).collect()
}
