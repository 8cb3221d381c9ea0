//! A saved network that is forgetting: measured, and written into its ledger.

use std::sync::Arc;

use super::{
    task::UnlearnModel,
    unlearned::{SoFar, Unlearned},
};
use crate::{
    data::{Copies, Dataset, Split},
    device::Device,
    evaluate::{EvaluateError, Measures, TestBench, average_gap},
    models::{Forgotten, Ledger, ModelFile, Network, NotRetrained, read_state},
    run::{Finding, Outcome, StoppedBy},
    session::{Drift, ModelError, Session},
    unlearn::{Method, TrainingConfig},
};

impl UnlearnModel {
    /// Loads the network and prepares the run: rows that the ledger names are not retained. Nothing
    /// is computed yet.
    ///
    /// # Errors
    ///
    /// If the model file or that of the retrained network does not fit the data, if the network was
    /// trained on other data or its ledger is about other data, if the method is
    /// [`Method::Original`], or if the retrained network has seen the rows.
    pub fn start(
        self,
        dataset: impl Into<Arc<Dataset>>,
        device: Device,
    ) -> Result<UnlearnRun, ModelError> {
        let dataset = dataset.into();
        self.model.spec.check_data(&dataset)?;
        match self.other_data_allowed {
            true => self.model.check_classes(&dataset)?,
            false => self.model.check_data(&dataset, &self.request)?,
        }
        let ledger = self.model.ledger.beside(&dataset)?;
        let training = TrainingConfig::or_of(self.training.as_ref(), &self.model)?;
        if self.retrained.as_ref().is_some_and(|file| file.digest() == self.model.digest()) {
            return Err(NotRetrained::Same.into());
        }
        // Problems with the retrained network must show before the work, not after it.
        if let Some(retrained) = &self.retrained {
            retrained.spec.check_data(&dataset)?;
            retrained.check_classes(&dataset)?;
            let (known, shown) = (ledger.fulfilled_rows(), ledger.rows());
            let split = self.request.split_beside(&known, &shown, &dataset, self.seed)?;
            let asked = [split.forget, known].concat();
            retrained.check_retrained(&dataset, &asked)?;
            retrained.load(&device)?;
        }
        let method = self.method.method();
        let original = self.model.load(&device)?;
        let network = match method {
            Method::Original => return Err(ModelError::NotUnlearning(method)),
            Method::Retrain => self.model.spec.init(self.seed, &device)?,
            _ => original.clone(),
        };
        let session = Session::builder(network, dataset.clone(), device.clone())
            .normalisation(self.model.spec.normalisation.clone())
            .forget(self.request.clone())
            .after(&ledger)
            .refuse_chance(!self.chance_allowed)
            .method(self.method.clone())
            .training(training)
            .guards(self.guards.clone())
            .attack(self.attack)
            .seed(self.seed)
            .build();
        Ok(UnlearnRun { session, original, task: self, ledger, dataset, device })
    }
}

/// A network that is forgetting.
pub struct UnlearnRun {
    session: Session<Network>,
    original: Network,
    task: UnlearnModel,
    /// The ledger of the file, with the row numbers of the data at hand.
    ledger: Ledger,
    dataset: Arc<Dataset>,
    device: Device,
}

impl UnlearnRun {
    /// The session that makes the network forget: run it to its end.
    pub fn session(&mut self) -> &mut Session<Network> {
        &mut self.session
    }

    /// Measures the result, and writes the request into the ledger of the new file.
    ///
    /// # Errors
    ///
    /// [`ModelError::NotOver`] before the end of the session, [`ModelError::Diverged`] if
    /// retraining diverged; other errors if a network cannot be measured.
    pub async fn finish(mut self) -> Result<Unlearned, ModelError> {
        let outcome = self.session.outcome().cloned().ok_or(ModelError::NotOver)?;
        if outcome.finding.is_none() && outcome.stopped_by == StoppedBy::Diverged {
            return Err(ModelError::Diverged);
        }
        let before = self.session.measure(&self.original).await?;
        let after = self.session.measure(&outcome.model).await?;
        let split = self.session.split().cloned().ok_or(ModelError::NotOver)?;
        let copies = Copies::of(&self.dataset, &split);
        let entry = self.entry(&split, before, after, outcome.finding.as_ref());
        let (forgotten_rows, weights_before) = (entry.rows.len(), self.task.model.digest());
        let model = self.file(&outcome, entry).await?;
        let so_far = self.so_far(&model, &outcome.model, split, after).await?;
        Ok(Unlearned {
            method: self.task.method.method(),
            seed: self.task.seed,
            forget: self.task.name.clone(),
            forgotten_rows,
            before,
            after,
            target_forget_accuracy: self.session.target().map(|target| 100.0 * target),
            seconds: outcome.seconds,
            steps: outcome.steps,
            stopped_by: outcome.stopped_by,
            finding: outcome.finding,
            rollbacks: outcome.rollbacks,
            data: self.dataset.digest(),
            copies,
            so_far,
            weights_before,
            weights_after: model.digest(),
            model,
        })
    }

    fn entry(
        &self,
        split: &Split,
        before: Measures,
        after: Measures,
        finding: Option<&Finding>,
    ) -> Forgotten {
        let (task, rows) = (&self.task, split.forget.clone());
        let method = task.method.method().name();
        let entry = Forgotten::new(&task.name, rows, self.dataset.digest(), method, task.seed)
            .with_contents(&self.dataset);
        let test_accuracy = Some((before.ta, after.ta));
        let verdict = finding.map(|finding| finding.verdict);
        let open = finding.filter(|finding| !finding.verdict.is_fulfilled());
        let evidence = open.map(|finding| finding.evidence.clone());
        let (weights_before, settings) = task.provenance(&self.dataset);
        Forgotten {
            unix_time: task.unix_time,
            test_accuracy,
            verdict,
            evidence,
            weights_before,
            settings,
            ..entry
        }
    }

    /// A copy of the file that the network came from, with the new weights, seed and ledger entry.
    async fn file(
        &self,
        outcome: &Outcome<Network>,
        entry: Forgotten,
    ) -> Result<ModelFile, ModelError> {
        let mut file = self.task.model.clone();
        file.state = read_state(&outcome.model).await?;
        file.seed = self.task.seed;
        if self.task.method.method() == Method::Retrain {
            let given = self.task.training.as_ref();
            file.training = TrainingConfig::or_of(given, &self.task.model)?.note();
        }
        file.ledger.push(entry);
        Ok(file)
    }

    /// Measures the network on everything that it was asked to forget so far.
    async fn so_far(
        &self,
        model: &ModelFile,
        network: &Network,
        split: Split,
        after: Measures,
    ) -> Result<SoFar, ModelError> {
        let drift = Drift::beside(&model.ledger, &self.dataset);
        let mut here = self.ledger.clone();
        here.push(Forgotten::new("", split.forget.clone(), "", "", 0));
        let split = Split { forget: here.rows(), ..split };
        let measures = match self.task.model.ledger.is_empty() {
            true => after,
            false => self.measure(model, network, &split).await?,
        };
        let retrained = match &self.task.retrained {
            Some(file) => Some(self.measure(file, &file.load(&self.device)?, &split).await?),
            None => None,
        };
        Ok(SoFar {
            requests: drift.requests,
            forgotten_rows: drift.forgotten_rows,
            forget_list: split.digest(),
            measures,
            gap: retrained.as_ref().map(|retrained| average_gap(&measures, retrained)),
            retrained,
            drift,
        })
    }

    async fn measure(
        &self,
        file: &ModelFile,
        network: &Network,
        split: &Split,
    ) -> Result<Measures, ModelError> {
        let normalisation = &file.spec.normalisation;
        let bench = TestBench::new(&self.dataset, normalisation, &self.device, split.clone())
            .map_err(EvaluateError::from)?;
        Ok(bench.measure(network, self.task.attack, self.task.seed).await?)
    }
}
