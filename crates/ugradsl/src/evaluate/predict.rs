//! From a network to probabilities on the host, and from these to the measures.

use burn::tensor::Tensor;
use thiserror::Error;

use super::{
    AttackError, AttackFeatures, Measures, MembershipRoc, Probabilities, ProbabilitiesError, Roc,
    RocError, accuracy, attack,
};
use crate::{
    data::{ResidentSet, Split, TooLarge},
    models::{Activations, Classifier},
    train::{TrainError, read_floats},
};

/// Rows per batch without gradients: memory, not speed, is the limit.
const ROWS: usize = 512;

/// Why a network could not be measured.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The device failed.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The network's outputs do not give probabilities.
    #[error("the network's outputs cannot be used: {0}")]
    Probabilities(#[from] ProbabilitiesError),
    /// The data do not fit on the device.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The attack could not be run.
    #[error(transparent)]
    Attack(#[from] AttackError),
}

/// The probabilities of `model` for the given rows of `set`, in inference mode.
///
/// # Errors
///
/// If the device fails or the outputs are not finite.
pub async fn predict<M: Classifier>(
    model: &M,
    set: &ResidentSet,
    rows: &[u32],
) -> Result<Probabilities, EvaluateError> {
    let (values, classes) = logits(model, set, rows).await?;
    Ok(Probabilities::from_logits(classes.max(1), &values, &set.host_labels(rows))?)
}

/// Class scores of the given rows of `set` before the softmax, in inference mode.
///
/// # Shapes
/// `[rows, K]`, row-major; the second value is `K`.
///
/// # Errors
///
/// If the device fails.
pub async fn logits<M: Classifier>(
    model: &M,
    set: &ResidentSet,
    rows: &[u32],
) -> Result<(Vec<f32>, usize), EvaluateError> {
    activations(model, set, rows, |activations| activations.logits).await
}

/// Penultimate features of the given rows of `set`, in inference mode.
///
/// # Shapes
/// `[rows, d]`, row-major; the second value is `d`.
///
/// # Errors
///
/// If the device fails.
pub async fn features<M: Classifier>(
    model: &M,
    set: &ResidentSet,
    rows: &[u32],
) -> Result<(Vec<f32>, usize), EvaluateError> {
    activations(model, set, rows, |activations| activations.features).await
}

/// The outputs of a layer for one row, on the host.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LayerOutputs {
    /// The name of the layer, as in the names of the network's tensors.
    pub name: &'static str,
    /// Maps (or units), height, width.
    pub shape: [usize; 3],
    /// Row-major.
    pub values: Vec<f32>,
}

/// The outputs of the [layers](Classifier::layers) of `model` for one row of `set`, in inference
/// mode.
///
/// # Errors
///
/// If the device fails.
///
/// # Example
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data::{self, ResidentSet};
/// use ugradsl::device::Device;
/// use ugradsl::evaluate::layers;
/// use ugradsl::models::{Architecture, ModelSpec};
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let test = ResidentSet::try_new(&digits.test, &digits.normalisation, &device)?;
/// let network = ModelSpec::fitting(Architecture::LeNet, &digits)?.init(0, &device)?;
/// let outputs = block_on(layers(&network, &test, 7))?;
/// assert_eq!((outputs[0].name, outputs[0].shape), ("conv1", [6, 14, 14]));
/// assert_eq!(outputs[3].values.len(), 84); // the features
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn layers<M: Classifier>(
    model: &M,
    set: &ResidentSet,
    row: u32,
) -> Result<Vec<LayerOutputs>, EvaluateError> {
    let mut read = Vec::new();
    for layer in model.layers(set.gather(&[row]).0) {
        let [_, maps, height, width] = layer.outputs.dims();
        let values = read_floats(layer.outputs.flatten(0, 3)).await?;
        read.push(LayerOutputs { name: layer.name, shape: [maps, height, width], values });
    }
    Ok(read)
}

async fn activations<M: Classifier>(
    model: &M,
    set: &ResidentSet,
    rows: &[u32],
    output: fn(Activations) -> Tensor<2>,
) -> Result<(Vec<f32>, usize), EvaluateError> {
    let (mut values, mut width) = (Vec::new(), 0);
    let (mut rest, mut most) = (rows, ROWS);
    while !rest.is_empty() {
        let (rows, later) = rest.split_at(most.min(rest.len()));
        let batch = output(model.forward(set.gather(rows).0));
        width = batch.dims()[1];
        match read_floats(batch.flatten(0, 1)).await {
            Ok(read) => values.extend(read),
            // Fewer rows need smaller buffers.
            Err(TrainError::Buffer { .. }) if rows.len() > 1 => {
                most = rows.len() / 2;
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        rest = later;
    }
    Ok((values, width))
}

/// A network's probabilities on the three sets.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Predictions {
    /// On the retain set D_r.
    pub retain: Probabilities,
    /// On the forget set D_f.
    pub forget: Probabilities,
    /// On the test set D_te, without the classes that were forgotten entirely.
    pub test: Probabilities,
}

impl Predictions {
    /// Accuracy on the forget set, and mean probability of its true classes, both 0..1.
    pub(crate) fn on_forget(&self) -> (f64, f64) {
        let sure = self.forget.rows().map(|(row, label)| f64::from(row[label as usize]));
        let sure = sure.sum::<f64>() / self.forget.len().max(1) as f64;
        (accuracy(&self.forget).unwrap_or_default() / 100.0, sure)
    }

    /// Runs `model` over all rows of `split`.
    ///
    /// # Errors
    ///
    /// As [`predict`].
    pub async fn of<M: Classifier>(
        model: &M,
        train: &ResidentSet,
        test: &ResidentSet,
        split: &Split,
    ) -> Result<Self, EvaluateError> {
        Ok(Self {
            retain: predict(model, train, &split.retain).await?,
            forget: predict(model, train, &split.forget).await?,
            test: predict(model, test, &split.test).await?,
        })
    }

    /// UA, RA, TA and the membership attack, with rows drawn with `seed`.
    ///
    /// # Errors
    ///
    /// If the attack cannot be run.
    pub fn measure(&self, features: AttackFeatures, seed: u64) -> Result<Measures, EvaluateError> {
        let percent = |set| accuracy(set).unwrap_or(f64::NAN);
        Ok(Measures {
            ua: 100.0 - percent(&self.forget),
            ra: percent(&self.retain),
            ta: percent(&self.test),
            mia: attack(&self.retain, &self.test, &self.forget, features, seed)?.mia,
        })
    }

    /// The threshold attack on the confidence in the true class: forgotten rows, and for comparison
    /// retained rows, against test rows.
    ///
    /// # Errors
    ///
    /// When a set is empty.
    pub fn roc(&self) -> Result<MembershipRoc, RocError> {
        let confidences = |set: &Probabilities| -> Vec<f64> {
            set.rows().map(|(row, label)| f64::from(row[label as usize])).collect()
        };
        let non_members = confidences(&self.test);
        let against_test = |set| Roc::new(&confidences(set), &non_members).map(|roc| roc.figures());
        Ok(MembershipRoc {
            forget: against_test(&self.forget)?,
            retain: against_test(&self.retain)?,
        })
    }
}
