//! Measures saved networks side by side, and tests whether what they forgot is gone or only hidden.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::Serialize;
use thiserror::Error;

use super::{LinearProbe, ProbeError, REGAINED, RelearnError, RelearnTime, linear_probe, relearn};
use crate::{
    data::{Dataset, ForgetError, ForgetRequest, Split},
    device::Device,
    evaluate::{
        AttackFeatures, DivergenceError, EvaluateError, LabelLdpError, LabelOdds, Measures,
        MembershipRoc, Predictions, RocError, Similarity, TestBench, average_gap, jensen_shannon,
        label_ldp, label_odds,
    },
    models::{
        Forgotten, LedgerError, ModelFile, ModelFileError, Network, NotRetrained, OtherData,
        SpecError,
    },
    setters::setters,
};

/// Why saved networks cannot be measured.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EvaluateModelError {
    /// A network does not fit the data.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A file's weights do not fit its description.
    #[error(transparent)]
    Model(#[from] ModelFileError),
    /// The data are not those that a network was trained on.
    #[error(transparent)]
    OtherData(#[from] OtherData),
    /// The network given as the retrained one has seen the forgotten rows.
    #[error(transparent)]
    NotRetrained(#[from] NotRetrained),
    /// The request cannot be carried out on this data.
    #[error(transparent)]
    Forget(#[from] ForgetError),
    /// A network could not be measured.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// The threshold attack cannot be run.
    #[error(transparent)]
    Roc(#[from] RocError),
    /// Two networks cannot be compared.
    #[error(transparent)]
    Divergence(#[from] DivergenceError),
    /// Label-LDP is not defined for these numbers.
    #[error(transparent)]
    LabelLdp(#[from] LabelLdpError),
    /// The relearn attack cannot be run.
    #[error(transparent)]
    Relearn(#[from] RelearnError),
    /// The linear probe cannot be trained.
    #[error(transparent)]
    Probe(#[from] ProbeError),
}

/// Measures a saved network, beside the retrained and the original one where they are given.
///
/// ```
/// use std::sync::Arc;
///
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
/// use ugradsl::audit::EvaluateModel;
///
/// let device = Device::cpu();
/// let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?);
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// // Stands in for a trained network: `ModelFile::from_bytes` reads one from a file.
/// let network = spec.init(0, &device)?;
/// let model = ModelFile::new(spec.clone(), 0, block_on(read_state(&network))?);
///
/// let other = spec.init(1, &device)?; // ... and this for one that was retrained
/// let retrained = Some(ModelFile::new(spec, 1, block_on(read_state(&other))?));
/// let evaluation = EvaluateModel::new(model, ForgetRequest::Class(3)).with_retrained(retrained);
/// let evaluated = block_on(evaluation.run(digits, device))?;
/// println!("{evaluated}");
/// assert!(evaluated.distance.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct EvaluateModel {
    /// The network in question.
    pub model: ModelFile,
    /// A network retrained without the forget set, to measure the gap to.
    pub retrained: Option<ModelFile>,
    /// The network before it forgot.
    pub original: Option<ModelFile>,
    /// What was forgotten.
    pub request: ForgetRequest,
    /// The request as results name it.
    pub request_name: String,
    /// Which membership attacks are run.
    pub attack: AttackFeatures,
    /// Forgotten samples to show again, and for how many steps at most.
    pub relearn: Option<Relearning>,
    /// Whether a linear probe is trained on the features.
    pub probe: bool,
    /// For Label-LDP: the smoothing rate (below 0), and the ratio of the weight of what was learnt
    /// to that of unlearning.
    pub label_ldp: Option<(f64, f64)>,
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// Whether to accept data that the network was not trained on.
    pub other_data_allowed: bool,
}

/// How much is shown to a network again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Relearning {
    /// Forgotten samples.
    pub shown: usize,
    /// Steps at most.
    pub steps: usize,
}

/// A network with its predictions and measures.
struct Subject {
    file: ModelFile,
    network: Network,
    bench: TestBench,
    predictions: Predictions,
    measures: Measures,
}

setters!(EvaluateModel {
    with_retrained(retrained: Option<ModelFile>),
    with_original(original: Option<ModelFile>),
    with_request_name(request_name: String),
    with_attack(attack: AttackFeatures),
    with_relearn(relearn: Option<Relearning>),
    with_probe(probe: bool),
    with_label_ldp(label_ldp: Option<(f64, f64)>),
    with_seed(seed: u64),
    with_other_data_allowed(other_data_allowed: bool),
});

impl Relearning {
    /// Shows `shown` forgotten samples for at most `steps` steps.
    pub fn new(shown: usize, steps: usize) -> Self {
        Self { shown, steps }
    }
}

impl EvaluateModel {
    /// Measures the network of `model` on what `request` names, without any other network.
    pub fn new(model: ModelFile, request: ForgetRequest) -> Self {
        let (retrained, original, attack, relearn, label_ldp) = Default::default();
        Self {
            model,
            retrained,
            original,
            request_name: request.to_string(),
            request,
            attack,
            relearn,
            probe: false,
            label_ldp,
            seed: 0,
            other_data_allowed: false,
        }
    }

    /// Measures the networks on `device`.
    ///
    /// # Errors
    ///
    /// [`EvaluateModelError`]. Numbers that make no sense are refused before anything is computed.
    pub async fn run(
        self,
        dataset: impl Into<Arc<Dataset>>,
        device: Device,
    ) -> Result<Evaluated, EvaluateModelError> {
        let dataset = dataset.into();
        let label_ldp = self.label_ldp(dataset.classes)?;
        match self.other_data_allowed {
            true => self.model.check_classes(&dataset)?,
            false => self.model.check_data(&dataset, &self.request)?,
        }
        let (split, ledger) = self.split(&dataset)?;
        self.check_relearning(&split)?;
        if let Some(retrained) = &self.retrained {
            retrained.check_retrained(&dataset, &split.forget)?;
        }
        let other_draw = self.other_draw(&dataset, &split);
        let subject = self.subject(&self.model, &dataset, &split, &device).await?;
        let original = self.subject_of(self.original.as_ref(), &dataset, &split, &device).await?;
        let retrained = self.subject_of(self.retrained.as_ref(), &dataset, &split, &device).await?;
        let mut evaluated = Evaluated {
            seed: self.seed,
            forget: self.request_name.clone(),
            network: subject.described()?,
            label_ldp,
            original: original.as_ref().map(Subject::described).transpose()?,
            retrained: retrained.as_ref().map(Subject::described).transpose()?,
            distance: retrained.as_ref().map(|oracle| subject.distance_to(oracle)).transpose()?,
            relearn: BTreeMap::new(),
            linear_probe: BTreeMap::new(),
            ledger_error: ledger,
            other_draw,
        };
        let subjects =
            [("original", original), ("unlearned", Some(subject)), ("retrained", retrained)];
        for (name, subject) in subjects {
            let Some(subject) = subject else { continue };
            if let Some(relearning) = self.relearn {
                let time = subject.relearn(relearning, self.seed).await?;
                evaluated.relearn.insert(name.to_owned(), time);
            }
            if self.probe {
                let probe = subject.probe(dataset.classes, self.seed).await?;
                evaluated.linear_probe.insert(name.to_owned(), probe);
            }
        }
        Ok(evaluated)
    }

    fn label_ldp(&self, classes: usize) -> Result<Option<LabelLdp>, LabelLdpError> {
        let epsilon = |(alpha, ratio)| {
            label_ldp(alpha, classes, ratio).map(|epsilon| LabelLdp { alpha, ratio, epsilon })
        };
        self.label_ldp.map(epsilon).transpose()
    }

    /// The rows that the request names, and the retained ones: rows that the network forgot before
    /// are in neither set. Measuring a network does no harm, so a ledger about other data is not
    /// refused but reported.
    fn split(&self, dataset: &Dataset) -> Result<(Split, Option<LedgerError>), ForgetError> {
        let asked = self.request.split(dataset, self.seed)?.forget;
        let (mut before, error) = match self.model.ledger.beside(dataset) {
            Ok(ledger) => (ledger.rows(), None),
            Err(error) => (Vec::new(), Some(error)),
        };
        before.retain(|row| asked.binary_search(row).is_err());
        Ok((self.request.split_after(&before, dataset, self.seed)?, error))
    }

    /// The seed with which the network has forgotten other rows than these under the same request.
    fn other_draw(&self, dataset: &Dataset, split: &Split) -> Option<u64> {
        let ledger = self.model.ledger.beside(dataset).ok()?;
        let same = |entry: &&Forgotten| entry.request == self.request_name;
        let known: Vec<&Forgotten> = ledger.entries().iter().filter(same).collect();
        let other = known.iter().all(|entry| entry.rows != split.forget);
        known.last().filter(|_| other).map(|entry| entry.seed)
    }

    fn check_relearning(&self, split: &Split) -> Result<(), RelearnError> {
        let forgotten = split.forget.len();
        match self.relearn {
            Some(Relearning { shown, .. }) if shown == 0 || shown >= forgotten => {
                Err(RelearnError::Samples { shown, forgotten })
            }
            _ => Ok(()),
        }
    }

    async fn subject_of(
        &self,
        file: Option<&ModelFile>,
        dataset: &Dataset,
        split: &Split,
        device: &Device,
    ) -> Result<Option<Subject>, EvaluateModelError> {
        match file {
            Some(file) => self.subject(file, dataset, split, device).await.map(Some),
            None => Ok(None),
        }
    }

    async fn subject(
        &self,
        file: &ModelFile,
        dataset: &Dataset,
        split: &Split,
        device: &Device,
    ) -> Result<Subject, EvaluateModelError> {
        file.spec.check_data(dataset)?;
        let network = file.load(device)?;
        let bench = TestBench::new(dataset, &file.spec.normalisation, device, split.clone())
            .map_err(EvaluateError::from)?;
        let predictions = bench.predictions(&network).await?;
        let measures = predictions.measure(self.attack, self.seed)?;
        Ok(Subject { file: file.clone(), network, bench, predictions, measures })
    }
}

impl Subject {
    fn described(&self) -> Result<Described, RocError> {
        Ok(Described {
            weights: self.file.digest(),
            measures: self.measures,
            roc: self.predictions.roc()?,
            label_odds: label_odds(&self.predictions.forget),
        })
    }

    fn distance_to(&self, oracle: &Self) -> Result<Distance, DivergenceError> {
        let (ours, theirs) = (&self.predictions, &oracle.predictions);
        Ok(Distance {
            gap: average_gap(&self.measures, &oracle.measures),
            js_forget: jensen_shannon(&ours.forget, &theirs.forget)?,
            likeness: Similarity::between(ours, theirs)?,
        })
    }

    async fn relearn(&self, how: Relearning, seed: u64) -> Result<RelearnTime, RelearnError> {
        let curve = relearn(self.network.clone(), &self.bench, how.shown, how.steps, seed).await?;
        Ok(RelearnTime::new(curve, how.shown, REGAINED))
    }

    async fn probe(&self, classes: usize, seed: u64) -> Result<LinearProbe, ProbeError> {
        linear_probe(self.network.clone(), classes, &self.bench, seed).await
    }
}

/// A network and what was measured of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Described {
    /// SHA-256 of the weights.
    pub weights: String,
    /// UA, MIA, RA, TA.
    pub measures: Measures,
    /// The threshold attack.
    pub roc: MembershipRoc,
    /// How strongly the answers on the forget set point at or away from the true label.
    pub label_odds: Option<LabelOdds>,
}

/// How far a network is from the retrained one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Distance {
    /// Average gap, in points.
    pub gap: f64,
    /// Mean Jensen-Shannon divergence on the forget set, in nats.
    pub js_forget: f64,
    /// Further distances between the predictions.
    pub likeness: Similarity,
}

/// Label-LDP, as the paper defines it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LabelLdp {
    /// The smoothing rate.
    pub alpha: f64,
    /// The weight of what was learnt, divided by that of unlearning.
    pub ratio: f64,
    /// Epsilon, in nats.
    pub epsilon: f64,
}

/// The figures. Displays as text.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Evaluated {
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// The request as given.
    pub forget: String,
    /// The network in question.
    #[serde(flatten)]
    pub network: Described,
    /// Label-LDP, where it was asked for.
    pub label_ldp: Option<LabelLdp>,
    /// The network before it forgot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Described>,
    /// The retrained network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrained: Option<Described>,
    /// How far the network is from it.
    #[serde(flatten)]
    pub distance: Option<Distance>,
    /// Relearn time by network (`original`, `unlearned`, `retrained`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub relearn: BTreeMap<String, RelearnTime>,
    /// Linear probe by network.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub linear_probe: BTreeMap<String, LinearProbe>,
    /// Why the network's ledger could not be used, so that what it has forgotten before counts as
    /// retained.
    #[serde(skip)]
    pub ledger_error: Option<LedgerError>,
    /// The seed with which the network has forgotten other rows under the same request, as a
    /// random share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_draw: Option<u64>,
}

impl fmt::Display for Evaluated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (m, roc) = (&self.network.measures, &self.network.roc.forget);
        let (ua, mia, ra, ta) = (m.ua, m.mia.confidence, m.ra, m.ta);
        writeln!(f, "UA {ua:.2}  MIA {mia:.2}  RA {ra:.2}  TA {ta:.2}")?;
        writeln!(
            f,
            "threshold attack on the forget set: AUC {:.4}  TPR at 1 % FPR {:.2}  balanced accuracy {:.2}",
            roc.auc, roc.tpr_at_fpr_1, roc.balanced_accuracy
        )?;
        if let Some((retrained, distance)) = self.retrained.as_ref().zip(self.distance.as_ref()) {
            let Distance { gap, js_forget, likeness } = distance;
            writeln!(f, "retrained network: AUC {:.4}", retrained.roc.forget.auc)?;
            writeln!(
                f,
                "average gap to the retrained network {gap:.2} points, divergence on the forget set {js_forget:.4} \
                 nats (KL {:.4}), same answer on {:.2} % of the forget set and {:.2} % of the test set",
                likeness.kl_forget, likeness.agreement_forget, likeness.agreement_test
            )?;
        }
        if let Some(LabelLdp { epsilon, .. }) = self.label_ldp {
            writeln!(f, "Label-LDP: epsilon {epsilon:.4} nats")?;
        }
        // In the order in which the networks are made.
        for name in ["original", "unlearned", "retrained"] {
            if let Some(time) = self.relearn.get(name) {
                writeln!(f, "{name}: {time}")?;
            }
            if let Some(LinearProbe { accuracy, asked, .. }) = self.linear_probe.get(name) {
                writeln!(f, "{name}: linear probe {accuracy:.2} % of {asked} samples")?;
            }
        }
        if let [Some(unlearned), Some(retrained)] =
            ["unlearned", "retrained"].map(|name| self.relearn.get(name))
        {
            writeln!(f, "{}", unlearned.beside(retrained))?;
        }
        Ok(())
    }
}
