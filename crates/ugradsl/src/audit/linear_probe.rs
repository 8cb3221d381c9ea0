//! The linear probe: do the features still separate the classes that the outputs no longer show?
//!
//! The network is frozen, and a new last layer is trained on its penultimate features (Alain &
//! Bengio, *Understanding intermediate layers using linear classifier probes*, 2016). If that layer
//! recognises forgotten samples better than one on the retrained network's features, only the
//! output has forgotten.

use burn::module::{Module, ModuleDisplay};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::Tensor;
use serde::Serialize;
use thiserror::Error;

use crate::random::{self, Stream};
use crate::run::{Run, RunSpec, SessionError};
use crate::{
    data::{ResidentSet, Split},
    device::Device,
    evaluate::{EvaluateError, TestBench, accuracy, features, predict},
    models::{Activations, Classifier, initialise},
    train::{BatchNormMode, LearningRate, Objective, OptimizerConfig, Plan, Sampling},
};

/// The problem is convex: these settings are enough for any network.
const EPOCHS: usize = 10;
const MIN_STEPS: usize = 300;
const BATCH: usize = 128;
const LEARNING_RATE: f64 = 0.01;

/// Why a network cannot be probed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// Some forgotten samples must be shown and some kept back.
    #[error("{0} forgotten samples are too few for a probe, which needs at least 2")]
    Samples(usize),
    /// The loop failed.
    #[error(transparent)]
    Run(#[from] SessionError),
    /// The network could not be measured.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

impl ProbeError {
    /// Whether another forget set would avoid the error.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Samples(_))
    }
}

/// How well a new last layer recognises forgotten samples by a network's features.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LinearProbe {
    /// Accuracy on the forgotten samples that the layer was not trained on, per cent.
    pub accuracy: f64,
    /// Forgotten samples that it was trained on.
    pub shown: usize,
    /// Retained samples that it was trained on.
    pub retained: usize,
    /// Forgotten samples that it was tested on.
    pub asked: usize,
}

/// Probes `network`: half of the forget set and `classes` times as many retained rows, drawn with
/// `seed`, train a new last layer, which is then tested on the other half.
///
/// # Errors
///
/// [`ProbeError`]
///
/// # Example
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::evaluate::TestBench;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::audit::linear_probe;
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?;
/// let split = ForgetRequest::Random(0.2).split(&digits, 0)?;
/// let bench = TestBench::new(&digits, &digits.normalisation, &device, split)?;
///
/// let probe = block_on(linear_probe(network, digits.classes, &bench, 0))?;
/// assert_eq!((probe.shown, probe.asked), (6, 6)); // halves of the forget set
/// assert!((0.0..=100.0).contains(&probe.accuracy));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn linear_probe<M: Classifier + ModuleDisplay>(
    network: M,
    classes: usize,
    bench: &TestBench,
    seed: u64,
) -> Result<LinearProbe, ProbeError> {
    let TestBench { device, train, split, .. } = bench;
    let forgotten = split.forget.len();
    if forgotten < 2 {
        return Err(ProbeError::Samples(forgotten));
    }
    let mut rng = random::rng(seed, Stream::LinearProbe);
    let mut draw = |rows: &[u32], wanted| random::draw(rows.to_vec(), wanted, &mut rng);
    let (mut shown, asked) = draw(&split.forget, forgotten / 2);
    let (retained, _) = draw(&split.retain, (forgotten / 2).saturating_mul(classes));
    let (forgotten, rows) = (shown.len(), retained.len());
    shown.extend(retained);

    let probed = fit(network, classes, device, train, shown, seed).await?;
    let predictions = predict(&probed, train, &asked).await?;
    Ok(LinearProbe {
        accuracy: accuracy(&predictions).unwrap_or(f64::NAN),
        shown: forgotten,
        retained: rows,
        asked: asked.len(),
    })
}

/// A new last layer over the frozen `network`, trained on `rows`.
async fn fit<M: Classifier + ModuleDisplay>(
    network: M,
    classes: usize,
    device: &Device,
    train: &ResidentSet,
    rows: Vec<u32>,
    seed: u64,
) -> Result<Probed<M>, ProbeError> {
    let (_, width) = features(&network, train, &rows[..1]).await?;
    let head = LinearConfig::new(width, classes).init(&device.autodiff());
    let probed = Probed { network: network.train().no_grad(), head: initialise(head, seed) };
    let objective = Objective { batch_norm: BatchNormMode::Frozen, ..Objective::descent() };
    let plan = Plan::new(Sampling::Retain, objective)
        .with_epochs(EPOCHS)
        .with_min_steps(MIN_STEPS)
        .with_batch_size(BATCH)
        .with_learning_rate(LEARNING_RATE)
        .with_schedule(LearningRate::Cosine)
        .with_optimizer(OptimizerConfig::Adamw { weight_decay: 0.0 });
    let spec = RunSpec::new("linear-probe", plan).with_seed(seed);
    let split = Split { retain: rows, ..Split::default() };
    let mut run = Run::new(spec, probed, device, train, &split, None).await?;
    while run.next().await?.is_some() {}
    Ok(run.model())
}

/// A frozen network under a layer that learns.
#[derive(Module, Debug)]
struct Probed<M: Module> {
    network: M,
    head: Linear,
}

impl<M: Classifier + ModuleDisplay> Classifier for Probed<M> {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let features = self.network.forward(images).features;
        Activations { logits: self.head.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        self.network.has_batch_norm()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data,
        models::{Architecture, ModelSpec, read_state},
    };

    #[test]
    fn only_the_new_layer_learns() {
        let digits = data::open("mnist-subset", &data::OpenOptions::new())
            .unwrap()
            .limit(Some(300), Some(10))
            .unwrap();
        let device = Device::cpu();
        let train = ResidentSet::new(&digits.train, &digits.normalisation, &device);
        // With BatchNorm: its running statistics must stay, too.
        let spec = ModelSpec::fitting(Architecture::SmallCnn, &digits).unwrap();
        let network = spec.init(1, &device).unwrap();
        let before = pollster::block_on(read_state(&network)).unwrap();
        let rows = train.all_rows();
        let fitted = fit(network, 10, &device, &train, rows.clone(), 1);
        let fitted = pollster::block_on(fitted).unwrap();
        assert_eq!(pollster::block_on(read_state(&fitted.network)).unwrap(), before);
        let right = accuracy(&pollster::block_on(predict(&fitted, &train, &rows)).unwrap());
        assert!(right.is_some_and(|right| right > 60.0), "{right:?}");
    }
}
