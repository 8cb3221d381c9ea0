//! Makes a saved network forget. Its ledger is read and written here, so that rows it has forgotten
//! are not taught again.

use std::{fmt, sync::Arc};

use serde::Serialize;

use super::{Drift, ModelError, Session, drift::counted};
use crate::{
    data::{Copies, Dataset, ForgetRequest, Split},
    device::Device,
    evaluate::{AttackFeatures, EvaluateError, Measures, TestBench, average_gap},
    models::{Forgotten, Ledger, ModelFile, Network, NotRetrained, read_state},
    run::{Finding, GuardConfig, Outcome, StoppedBy},
    unlearn::{Method, MethodConfig, TrainingConfig},
};

/// Makes the network of a model file forget.
///
/// Rows that the file's ledger names are left out of the retain set, and the request is added to
/// the ledger of the resulting file.
///
/// ```
/// use std::sync::Arc;
///
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
/// use ugradsl::session::UnlearnModel;
///
/// let device = Device::cpu();
/// let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?);
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// // Stands in for a trained network: `ModelFile::from_bytes` reads one from a file.
/// let network = spec.init(0, &device)?;
/// let model = ModelFile::new(spec, 0, block_on(read_state(&network))?);
///
/// let task = UnlearnModel::new(model, ForgetRequest::Class(3)).with_chance_allowed(true);
/// let mut run = task.start(digits, device)?;
/// block_on(run.session().run())?; // or call `next` in a loop, to show the events
/// let unlearned = block_on(run.finish())?;
/// println!("{unlearned}"); // before, after, how far the network has drifted
///
/// // The file remembers the rows: the next request does not teach them again.
/// let ledger = &unlearned.model.ledger;
/// assert_eq!(ledger.rows().len(), unlearned.forgotten_rows);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct UnlearnModel {
    model: ModelFile,
    request: ForgetRequest,
    name: String,
    method: MethodConfig,
    training: Option<TrainingConfig>,
    guards: GuardConfig,
    attack: AttackFeatures,
    retrained: Option<ModelFile>,
    seed: u64,
    unix_time: Option<u64>,
    chance_allowed: bool,
    other_data_allowed: bool,
}

impl UnlearnModel {
    /// Makes the network of `model` forget what `request` names, by UGradSL+ with its guards and
    /// seed 0.
    pub fn new(model: ModelFile, request: ForgetRequest) -> Self {
        Self {
            model,
            name: request.to_string(),
            request,
            method: Method::UGradSlPlus.into(),
            training: None,
            guards: GuardConfig::default(),
            attack: AttackFeatures::default(),
            retrained: None,
            seed: 0,
            unix_time: None,
            chance_allowed: false,
            other_data_allowed: false,
        }
    }

    /// The name of the request in the ledger, if it is not its text form.
    pub fn with_request_name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The method, or settings of one. [`Method::Retrain`] begins with a fresh network of the same
    /// kind, and also leaves out the rows that the ledger names.
    pub fn with_method(self, method: impl Into<MethodConfig>) -> Self {
        Self { method: method.into(), ..self }
    }

    /// How the original was trained: [`Method::Retrain`] trains like that, and so does the proxy
    /// that tells the guards what to aim at. By default as the model file states, and where it
    /// does not, the default training.
    pub fn with_training(self, training: TrainingConfig) -> Self {
        Self { training: Some(training), ..self }
    }

    /// What the guards tolerate.
    pub fn with_guards(self, guards: GuardConfig) -> Self {
        Self { guards, ..self }
    }

    /// Which membership attacks are run on the result.
    pub fn with_attack(self, attack: AttackFeatures) -> Self {
        Self { attack, ..self }
    }

    /// A network retrained without any of the rows forgotten so far, to which the gap is measured.
    pub fn with_retrained(self, retrained: Option<ModelFile>) -> Self {
        Self { retrained, ..self }
    }

    /// Seed of draws and shuffles.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The time of the request for the ledger, in seconds since 1970 (UTC).
    pub fn with_unix_time(self, unix_time: Option<u64>) -> Self {
        Self { unix_time, ..self }
    }

    /// Whether the network may be no better than guessing on the training rows, or much better in
    /// another reading of them. Both are refused by default: such a network was hardly trained on
    /// this data.
    pub fn with_chance_allowed(self, chance_allowed: bool) -> Self {
        Self { chance_allowed, ..self }
    }

    /// Whether to accept data that the network was not trained on. They are refused
    /// by default: rows that it never saw would be forgotten, or taught.
    pub fn with_other_data_allowed(self, other_data_allowed: bool) -> Self {
        Self { other_data_allowed, ..self }
    }

    /// Loads the network and prepares the run: rows that the ledger names are not retained. Nothing
    /// is computed yet.
    ///
    /// # Errors
    ///
    /// If the file or that of the retrained network does not fit the data, the file was trained on
    /// others or has a ledger about others, the method is [`Method::Original`], or the retrained
    /// network has seen the rows.
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
        // What is wrong with it must be found before the work, not after it.
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
    /// That of the file, beside the data at hand.
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
    /// retraining did, and if a network cannot be measured.
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
        Forgotten { unix_time: task.unix_time, test_accuracy, verdict, evidence, ..entry }
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

/// A network that has been made to forget. Displays as a short table, and serialises without the
/// weights themselves.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Unlearned {
    /// The method.
    pub method: Method,
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// The request as given.
    pub forget: String,
    /// Training rows that this request is to forget; `finding` says whether they are forgotten.
    pub forgotten_rows: usize,
    /// The network before, on this request.
    pub before: Measures,
    /// The network after, on this request.
    pub after: Measures,
    /// What the accuracy on the forget set is expected to be, in per cent; `None` where nothing is
    /// expected.
    pub target_forget_accuracy: Option<f64>,
    /// Wall time of steps and guards, in seconds.
    pub seconds: f64,
    /// Steps taken by the network that was kept.
    pub steps: usize,
    /// Why the run ended.
    pub stopped_by: StoppedBy,
    /// What became of the request; `None` where nothing was unlearned, as in retraining.
    pub finding: Option<Finding>,
    /// How often the guards went back to an earlier state.
    pub rollbacks: usize,
    /// SHA-256 of the data set.
    pub data: String,
    /// Exact copies of the rows that stay.
    pub copies: Copies,
    /// This request and all earlier ones together.
    pub so_far: SoFar,
    /// SHA-256 of the weights before.
    pub weights_before: String,
    /// SHA-256 of the weights after.
    pub weights_after: String,
    /// The network, with this request in its ledger.
    #[serde(skip)]
    pub model: ModelFile,
}

/// All requests that a network has been made to forget, taken together.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct SoFar {
    /// Number of requests.
    pub requests: usize,
    /// Training rows forgotten.
    pub forgotten_rows: usize,
    /// SHA-256 of their numbers.
    pub forget_list: String,
    /// The network, measured on all of them.
    pub measures: Measures,
    /// A network retrained without all of them, if there is one.
    pub retrained: Option<Measures>,
    /// Average gap to it, in percentage points.
    pub gap: Option<f64>,
    /// How far the network has drifted.
    pub drift: Drift,
}

impl Unlearned {
    /// Whether the request is fulfilled: as well as the run can tell, or because the network never
    /// saw the rows.
    pub fn is_fulfilled(&self) -> bool {
        self.finding.as_ref().is_none_or(|finding| finding.verdict.is_fulfilled())
    }
}

impl fmt::Display for Unlearned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, m) in [("before", &self.before), ("after", &self.after)] {
            let (ua, mia, ra, ta) = (m.ua, m.mia.confidence, m.ra, m.ta);
            writeln!(f, "{name:>7}  UA {ua:6.2}  MIA {mia:6.2}  RA {ra:6.2}  TA {ta:6.2}")?;
        }
        if !self.copies.is_empty() {
            writeln!(f, "{}", self.copies)?;
        }
        let (steps, seconds, stopped_by) = (self.steps, self.seconds, self.stopped_by);
        match &self.finding {
            Some(finding) => writeln!(f, "{}: {finding}", finding.verdict)?,
            None => writeln!(f, "{} never seen", counted(self.forgotten_rows, "row"))?,
        }
        writeln!(f, "{} in {seconds:.1} s, ended by {stopped_by}", counted(steps, "step"))?;
        match self.so_far.gap {
            Some(gap) => writeln!(
                f,
                "average gap to the retrained network, over everything forgotten so far: {gap:.2} points"
            )?,
            None => writeln!(f, "without a retrained network the gap is unknown")?,
        }
        let known = 100.0 - self.so_far.measures.ua;
        writeln!(f, "accuracy on everything forgotten so far: {known:.2} %")?;
        f.write_str(&self.so_far.drift.summary())
    }
}
