//! A data set as one network sees it, with its split: what every measurement needs.

use super::{AttackFeatures, EvaluateError, Measures, Predictions};
use crate::{
    data::{Dataset, Normalisation, ResidentSet, Split, TooLarge},
    device::Device,
    models::Classifier,
};

/// Training set, test set and split on one device.
///
/// ```
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::evaluate::{AttackFeatures, TestBench};
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?;
/// let split = ForgetRequest::Random(0.2).split(&digits, 0)?;
/// let bench = TestBench::new(&digits, &digits.normalisation, &device, split)?;
///
/// let predictions = block_on(bench.predictions(&network))?;
/// assert_eq!((predictions.retain.len(), predictions.forget.len()), (48, 12));
/// let measures = block_on(bench.measure(&network, AttackFeatures::Headline, 0))?;
/// assert!((0.0..=100.0).contains(&measures.ua));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct TestBench {
    /// The device that holds the data.
    pub device: Device,
    /// The training set, normalised for the network.
    pub train: ResidentSet,
    /// The test set, likewise.
    pub test: ResidentSet,
    /// The rows that are retained, forgotten and tested.
    pub split: Split,
}

impl TestBench {
    /// Puts `dataset` on `device`, normalised as the network expects it.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if a part does not fit into one buffer of the device.
    pub fn new(
        dataset: &Dataset,
        normalisation: &Normalisation,
        device: &Device,
        split: Split,
    ) -> Result<Self, TooLarge> {
        let set = |samples| ResidentSet::try_new(samples, normalisation, device);
        let (train, test) = (set(&dataset.train)?, set(&dataset.test)?);
        Ok(Self { device: device.clone(), train, test, split })
    }

    /// The predictions of `network` on the retain set, the forget set and the test set.
    ///
    /// # Errors
    ///
    /// If the device fails or the outputs are not finite.
    pub async fn predictions<M: Classifier>(
        &self,
        network: &M,
    ) -> Result<Predictions, EvaluateError> {
        Predictions::of(network, &self.train, &self.test, &self.split).await
    }

    /// UA, RA, TA and the membership attack on `network`, with rows drawn with `seed`.
    ///
    /// # Errors
    ///
    /// As [`predictions`](Self::predictions), and if the attack cannot be run.
    pub async fn measure<M: Classifier>(
        &self,
        network: &M,
        attack: AttackFeatures,
        seed: u64,
    ) -> Result<Measures, EvaluateError> {
        self.predictions(network).await?.measure(attack, seed)
    }
}
