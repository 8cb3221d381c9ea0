//! The end of a run: measured, compared with the retrained network, kept, filed.

use super::{
    CHECKPOINT, Experiment, ExperimentError, PlannedRun, Reference, RunRecord, evaluate_error,
    identity::StoredRun, record::RunStats,
};
use crate::{
    evaluate::{Measures, Predictions, Similarity, average_gap, jensen_shannon},
    experiment::MemoryMeter,
    models::{Forgotten, Ledger, ModelFile, Network, read_state},
    run::{Event, Store},
    train::TrainError,
    unlearn::Method,
};

impl Experiment {
    /// Measures the run that is over and keeps it.
    pub(super) async fn finish(&mut self, store: &mut dyn Store) -> Result<(), ExperimentError> {
        let Some((task, run)) = self.running.take() else {
            return Ok(());
        };
        let peak_memory = self.memory.map(MemoryMeter::peak);
        let Some(outcome) = run.into_outcome() else {
            return Ok(());
        };
        let network = outcome.model.clone();
        let state = read_state(&network).await.map_err(TrainError::from)?;
        let mut file = ModelFile::new(self.spec.clone(), task.seed, state);
        file.ledger = self.ledger(&task);
        let course = RunStats {
            seconds: Some(outcome.seconds),
            peak_memory,
            stopped_by: Some(outcome.stopped_by),
            steps: outcome.steps,
            rollbacks: outcome.rollbacks,
            warnings: std::mem::take(&mut self.warnings),
            history: std::mem::take(&mut self.history),
        };
        let predictions = self.predictions(&task, &network).await?;
        let weights = file.digest();
        let record = self.record(&task, course, &weights, &network, &predictions).await?;
        self.keep(&task, &record, &file, store)?;
        store.remove(CHECKPOINT)?;
        self.file_run(task, record, network, predictions);
        Ok(())
    }

    /// Writes a finished run: its model, then its record, which says that the model is whole.
    pub(super) fn keep(
        &self,
        task: &PlannedRun,
        record: &RunRecord,
        file: &ModelFile,
        store: &mut dyn Store,
    ) -> Result<(), ExperimentError> {
        let name = record.model.clone();
        let bytes = file.to_bytes().map_err(|source| ExperimentError::Model { name, source })?;
        store.write(&record.model, &bytes)?;
        let name = format!("{}.json", self.file_stem(task));
        let stored = StoredRun { record: record.clone(), identity: self.identity(task) };
        let text = serde_json::to_vec_pretty(&stored)
            .map_err(|source| ExperimentError::Record { name: name.clone(), source })?;
        store.write(&name, &text)?;
        Ok(())
    }

    /// The row of a network that has been made, or was there already: `course` says how it came about.
    pub(super) async fn record(
        &self,
        task: &PlannedRun,
        course: RunStats,
        weights: &str,
        network: &Network,
        predictions: &Predictions,
    ) -> Result<RunRecord, ExperimentError> {
        let measures = self.measure(task, predictions)?;
        let expected = self.expected(task, network, predictions, &measures).await?;
        let [gap, js_forget, js_test] = self.distances(&measures, predictions)?;
        Ok(RunRecord {
            method: task.method,
            seed: task.seed,
            forget: self.requests[task.request].0.clone(),
            forgotten_rows: task.split.forget.len(),
            forget_list: task.split.digest(),
            gap: gap.or(expected.map(|expected| average_gap(&measures, &expected))),
            measures,
            expected,
            js_forget,
            js_test,
            likeness: self.likeness(predictions)?,
            roc: predictions.roc().ok(),
            retrain_share: self.retrain_share(task, course.seconds),
            seconds: course.seconds,
            peak_memory: course.peak_memory,
            stopped_by: course.stopped_by,
            steps: course.steps,
            rollbacks: course.rollbacks,
            warnings: course.warnings,
            weights_before: self.weights_before(task),
            weights: weights.to_owned(),
            model: format!("{}.safetensors", self.file_stem(task)),
            history: course.history,
            digest: self.digest(task),
        })
    }

    fn retrained(&self) -> Option<&(Predictions, RunRecord)> {
        self.reference.as_ref()?.retrained.as_ref()
    }

    /// What the network of a run has forgotten, or never seen; without a date, so that the same run gives the
    /// same file.
    pub(super) fn ledger(&self, task: &PlannedRun) -> Ledger {
        let mut ledger = Ledger::default();
        if task.method != Method::Original {
            let (request, rows) = (&self.requests[task.request].0, task.split.forget.clone());
            let (data, method) = (&self.data_digest, task.method.name());
            ledger.push(Forgotten::new(request, rows, data, method, task.seed));
        }
        ledger
    }

    /// `seconds` as a share of retraining's.
    pub(super) fn retrain_share(&self, task: &PlannedRun, seconds: Option<f64>) -> Option<f64> {
        let full = self.retrained()?.1.seconds?;
        (task.method != Method::Original).then_some(seconds? / full)
    }

    /// SHA-256 of the original's weights, for a method that begins with them.
    pub(super) fn weights_before(&self, task: &PlannedRun) -> Option<String> {
        let original = |record: &&RunRecord| record.method == Method::Original;
        let original = self.records.iter().rfind(original)?;
        task.method.unlearns().then(|| original.weights.clone())
    }

    pub(super) fn measure(
        &self,
        task: &PlannedRun,
        predictions: &Predictions,
    ) -> Result<Measures, ExperimentError> {
        let measures = predictions.measure(self.config.attack, task.seed);
        measures.map_err(|source| evaluate_error(task, source))
    }

    /// Average gap, and divergence on the forget set and on the test set, to the retrained network;
    /// nothing while there is none. Where none is made, only the gap, to what can be expected of it.
    pub(super) fn distances(
        &self,
        measures: &Measures,
        predictions: &Predictions,
    ) -> Result<[Option<f64>; 3], ExperimentError> {
        let Some((oracle, row)) = self.retrained() else {
            let expected = self.reference.as_ref().and_then(|reference| reference.expected);
            return Ok([expected.map(|expected| average_gap(measures, &expected)), None, None]);
        };
        Ok([
            Some(average_gap(measures, &row.measures)),
            Some(jensen_shannon(&predictions.forget, &oracle.forget)?),
            Some(jensen_shannon(&predictions.test, &oracle.test)?),
        ])
    }

    /// Further distances to the retrained network; nothing while there is none.
    pub(super) fn likeness(
        &self,
        predictions: &Predictions,
    ) -> Result<Option<Similarity>, ExperimentError> {
        let oracle = self.retrained().map(|(oracle, _)| oracle);
        Ok(oracle.map(|oracle| Similarity::between(predictions, oracle)).transpose()?)
    }

    pub(super) async fn predictions(
        &self,
        task: &PlannedRun,
        network: &Network,
    ) -> Result<Predictions, ExperimentError> {
        let predictions = Predictions::of(network, &self.train, &self.test, &task.split).await;
        predictions.map_err(|source| evaluate_error(task, source))
    }

    /// Files a finished run where the runs after it will look for it, and completes the rows that
    /// had to wait for the retrained network.
    pub(super) fn file_run(
        &mut self,
        task: PlannedRun,
        record: RunRecord,
        network: Network,
        predictions: Predictions,
    ) {
        self.events.push_back(Event::Evaluated {
            method: task.method,
            seed: task.seed,
            measures: record.measures,
        });
        let mut record = record;
        match (task.method, &mut self.reference) {
            (Method::Original, _) => {
                self.reference = Some(Reference {
                    original: network,
                    on_original: predictions,
                    expected: record.expected,
                    retrained: None,
                });
            }
            (Method::Retrain, Some(reference)) => {
                record.gap = Some(0.0);
                (record.js_forget, record.js_test) = (Some(0.0), Some(0.0));
                record.likeness = Similarity::between(&predictions, &predictions).ok();
                record.retrain_share = Some(1.0);
                if let Some(original) = self.records.last_mut() {
                    original.gap = Some(average_gap(&original.measures, &record.measures));
                    let js = |a, b| jensen_shannon(a, b).ok();
                    original.js_forget = js(&reference.on_original.forget, &predictions.forget);
                    original.js_test = js(&reference.on_original.test, &predictions.test);
                    original.likeness =
                        Similarity::between(&reference.on_original, &predictions).ok();
                }
                reference.retrained = Some((predictions, record.clone()));
            }
            _ => {}
        }
        self.records.push(record);
    }
}
