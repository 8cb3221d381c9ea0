//! The end of a run: it is measured, compared with the retrained network, stored and filed.

use super::{
    CHECKPOINT, Experiment, ExperimentError, PlannedRun, Reference, RunRecord, evaluate_error,
    identity::StoredRun, record::RunStats,
};
use crate::{
    evaluate::{Figure, Figures, Measures, Predictions, average_gap},
    experiment::MemoryMeter,
    models::{DataRecord, Forgotten, Ledger, ModelFile, NetworkSpec, read_state},
    run::{Basis, Event, Finding, Store, Verdict},
    train::TrainError,
    unlearn::{Contender, Method},
};

impl<S: NetworkSpec> Experiment<S> {
    /// Measures the run that is over and stores it.
    pub(super) async fn finish(&mut self, store: &mut dyn Store) -> Result<(), ExperimentError> {
        let Some((task, run)) = self.running.take() else {
            return Ok(());
        };
        let peak_memory = self.memory.map(MemoryMeter::peak);
        let target = run.target();
        let Some(outcome) = run.into_outcome() else {
            return Ok(());
        };
        let network = outcome.model.clone();
        let state = read_state(&network).await.map_err(TrainError::from)?;
        let mut file = ModelFile::new(self.spec.clone(), task.seed, state);
        let finding = outcome.finding.map(|finding| self.judged(finding));
        file.ledger = self.ledger(&task, finding.as_ref());
        file.data = self.trained_on(&task);
        file.training = self.trained_by(&task);
        let stats = RunStats {
            costs: costs(outcome.seconds, peak_memory),
            target,
            stopped_by: Some(outcome.stopped_by),
            finding,
            steps: outcome.steps,
            rollbacks: outcome.rollbacks,
            warnings: std::mem::take(&mut self.warnings),
            history: std::mem::take(&mut self.history),
        };
        let predictions = self.predictions(&task, &network).await?;
        let weights = file.digest();
        let record = self.record(&task, stats, &weights, &network, &predictions).await?;
        self.keep(&task, &record, &file, store)?;
        store.remove(CHECKPOINT)?;
        self.file_run(task, record, network, predictions)
    }

    /// Writes a finished run: its model, then its record, which shows that the model is complete.
    pub(super) fn keep(
        &self,
        task: &PlannedRun,
        record: &RunRecord,
        file: &ModelFile<S>,
        store: &mut dyn Store,
    ) -> Result<(), ExperimentError> {
        let name = record.model.clone();
        let bytes = file.to_bytes().map_err(|source| ExperimentError::Model { name, source })?;
        store.write(&record.model, &bytes)?;
        let name = format!("{}.json", self.file_stem(task));
        let place = self.device.info().to_string();
        let stored = StoredRun::new(record.clone(), self.identity(task), place);
        let text = stored
            .to_text()
            .map_err(|source| ExperimentError::Record { name: name.clone(), source })?;
        store.write(&name, text.as_bytes())?;
        Ok(())
    }

    /// The record of a network, new or read from a store. `stats` are those of its run.
    pub(super) async fn record(
        &self,
        task: &PlannedRun,
        stats: RunStats,
        weights: &str,
        network: &S::Network,
        predictions: &Predictions,
    ) -> Result<RunRecord, ExperimentError> {
        let measures = self.measure(task, predictions)?;
        let expected = self.expected(task, network, predictions, &measures).await?;
        let mut figures = Figures::of_network(&measures, predictions);
        figures.extend([stats.costs, self.distances(&measures, predictions, expected.as_ref())?]);
        figures.set(Figure::RetrainShare, self.retrain_share(task, figures.get(Figure::Seconds)));
        let finding = stats.finding.map(|finding| self.judged(finding));
        let finding = finding.map(|finding| self.beside_original(finding, &figures));
        Ok(RunRecord {
            method: task.method.clone(),
            seed: task.seed,
            forget: self.requests[task.request].0.clone(),
            forgotten_rows: task.split.forget.len(),
            forget_list: task.split.digest(),
            expected,
            figures,
            target: stats.target,
            stopped_by: stats.stopped_by,
            finding,
            steps: stats.steps,
            rollbacks: stats.rollbacks,
            warnings: stats.warnings,
            weights_before: self.weights_before(task),
            weights: weights.to_owned(),
            model: self.file_name(task),
            history: stats.history,
            digest: self.digest(task),
        })
    }

    /// `finding`, judged by the retrained network if the run itself had only the average of the
    /// classes to go by.
    fn judged(&self, finding: Finding) -> Finding {
        match self.retrained() {
            Some((retrained, _)) if finding.evidence.basis == Basis::ClassAverage => {
                let Finding { verdict, evidence, .. } = finding;
                let (accuracy, confidence) = retrained.on_forget();
                let evidence = evidence.beside_retrained(accuracy, confidence);
                evidence.finding(verdict == Verdict::NothingToDo)
            }
            _ => finding,
        }
    }

    /// `finding`, with a remark if the untouched original is nearer to the retrained network.
    fn beside_original(&self, finding: Finding, figures: &Figures) -> Finding {
        let untouched = self.original().and_then(|record| record.figure(Figure::Gap));
        match figures.get(Figure::Gap).zip(untouched) {
            Some((gap, untouched)) => finding.beside_untouched(gap, untouched),
            None => finding,
        }
    }

    /// The record of the original that later runs begin with.
    fn original(&self) -> Option<&RunRecord> {
        self.records.iter().rfind(|record| record.method == Method::Original)
    }

    fn retrained(&self) -> Option<&(Predictions, RunRecord)> {
        self.reference.as_ref()?.retrained.as_ref()
    }

    /// What the network of a run has forgotten, or never seen; without a date, so that the same run
    /// gives the same file.
    pub(super) fn ledger(&self, task: &PlannedRun, finding: Option<&Finding>) -> Ledger {
        let mut ledger = Ledger::default();
        if task.method != Method::Original {
            let (request, rows) = (&self.requests[task.request].0, task.split.forget.clone());
            let (data, method) = (&self.data_digest, task.method.name());
            let entry =
                Forgotten::new(request, rows, data, method, task.seed).with_contents(&self.dataset);
            ledger.push(Forgotten { verdict: finding.map(|finding| finding.verdict), ..entry });
        }
        ledger
    }

    /// What the original of a run was trained on, as far as that is known.
    pub(super) fn trained_on(&self, task: &PlannedRun) -> Option<DataRecord> {
        match &self.pretrained {
            Some(given) if task.method != Method::Retrain => given.data.clone(),
            _ => Some(self.data_record.clone()),
        }
    }

    /// How the original of a run was trained, as far as that is known.
    pub(super) fn trained_by(&self, task: &PlannedRun) -> Option<serde_json::Value> {
        match &self.pretrained {
            Some(given) if task.method != Method::Retrain => given.training.clone(),
            _ => self.config.training.note(),
        }
    }

    /// `seconds` as a share of retraining's.
    pub(super) fn retrain_share(&self, task: &PlannedRun, seconds: Option<f64>) -> Option<f64> {
        let full = self.retrained()?.1.figure(Figure::Seconds)?;
        (task.method != Method::Original).then_some(seconds? / full)
    }

    /// SHA-256 of the original's weights, for a method that begins with them.
    pub(super) fn weights_before(&self, task: &PlannedRun) -> Option<String> {
        let original = self.original()?;
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

    /// Distances to the retrained network; none while there is no such network. Where no network is
    /// retrained, only the gap to an estimate: the `expected` of this row, or of the original's.
    fn distances(
        &self,
        measures: &Measures,
        predictions: &Predictions,
        expected: Option<&Measures>,
    ) -> Result<Figures, ExperimentError> {
        if let Some((oracle, row)) = self.retrained() {
            let oracle = (&row.measures(), oracle);
            return Ok(Figures::distances((measures, predictions), oracle)?);
        }
        let of_original = self.reference.as_ref().and_then(|reference| reference.expected.as_ref());
        let expected = of_original.or(expected);
        let gap = expected.map(|expected| (Figure::Gap, average_gap(measures, expected)));
        Ok(gap.into_iter().collect())
    }

    pub(super) async fn predictions(
        &self,
        task: &PlannedRun,
        network: &S::Network,
    ) -> Result<Predictions, ExperimentError> {
        let predictions = Predictions::of(network, &self.train, &self.test, &task.split).await;
        predictions.map_err(|source| evaluate_error(task, source))
    }

    /// Files a finished run where later runs look for it, and completes the rows that had to wait
    /// for the retrained network.
    pub(super) fn file_run(
        &mut self,
        task: PlannedRun,
        mut record: RunRecord,
        network: S::Network,
        predictions: Predictions,
    ) -> Result<(), ExperimentError> {
        self.events.push_back(Event::Evaluated {
            method: task.method.clone(),
            seed: task.seed,
            measures: record.measures(),
        });
        match (&task.method, &mut self.reference) {
            (Contender::Method(Method::Original), _) => {
                self.reference = Some(Reference {
                    original: network,
                    on_original: predictions,
                    expected: record.expected,
                    retrained: None,
                });
            }
            (Contender::Method(Method::Retrain), Some(reference)) => {
                let measures = record.measures();
                let retrained = (&measures, &predictions);
                record.figures.extend([Figures::distances(retrained, retrained)?]);
                record.figures.set(Figure::RetrainShare, 1.0);
                if let Some(original) = self.records.last_mut() {
                    let on_original = (&original.measures(), &reference.on_original);
                    original.figures.extend([Figures::distances(on_original, retrained)?]);
                }
                reference.retrained = Some((predictions, record.clone()));
            }
            _ => {}
        }
        self.records.push(record);
        Ok(())
    }
}

/// What a run cost: time in seconds, and bytes of memory where they were counted.
#[allow(clippy::cast_precision_loss, reason = "exact up to 8 PiB")]
fn costs(seconds: f64, peak_memory: Option<u64>) -> Figures {
    let memory = peak_memory.map(|bytes| (Figure::PeakMemory, bytes as f64));
    [(Figure::Seconds, seconds)].into_iter().chain(memory).collect()
}
