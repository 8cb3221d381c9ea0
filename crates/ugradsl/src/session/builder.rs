//! The settings of a session, complete before it begins.

use std::sync::Arc;

use crate::{
    data::{Dataset, ForgetRequest, Normalisation},
    device::Device,
    evaluate::AttackFeatures,
    models::{Classifier, Ledger},
    run::GuardConfig,
    train::Plan,
    unlearn::{Method, MethodConfig, TrainingConfig},
};

/// The settings of a [`Session`](super::Session), each with a default.
///
/// ```
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::session::Session;
/// use ugradsl::unlearn::Method;
///
/// let device = Device::cpu();
/// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
/// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?;
/// let session = Session::builder(network, digits, device)
///     .forget(ForgetRequest::Class(3))
///     .method(Method::UGradSl)
///     .seed(1)
///     .build();
/// assert!(session.split().is_none()); // nothing is computed before the first call of `next`
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a session begins with `build`"]
pub struct SessionBuilder<M: Classifier> {
    pub(super) original: M,
    pub(super) dataset: Arc<Dataset>,
    pub(super) device: Device,
    pub(super) normalisation: Normalisation,
    pub(super) request: Option<ForgetRequest>,
    pub(super) ledger: Ledger,
    pub(super) refuse_chance: bool,
    pub(super) procedure: Procedure,
    pub(super) training: TrainingConfig,
    pub(super) guards: Option<GuardConfig>,
    pub(super) attack: AttackFeatures,
    pub(super) seed: u64,
}

/// What is done to the network.
#[derive(Clone)]
pub(super) enum Procedure {
    Method(MethodConfig),
    Own(String, Plan),
}

impl<M: Classifier> SessionBuilder<M> {
    pub(super) fn new(network: &M, dataset: Arc<Dataset>, device: Device) -> Self {
        Self {
            original: network.valid().fork(device.burn()),
            normalisation: dataset.normalisation.clone(),
            dataset,
            device,
            request: None,
            ledger: Ledger::default(),
            refuse_chance: false,
            procedure: Procedure::Method(Method::UGradSlPlus.into()),
            training: TrainingConfig::default(),
            guards: Some(GuardConfig::default()),
            attack: AttackFeatures::default(),
            seed: 0,
        }
    }

    /// What to forget. Every method but [`Method::Original`], which is plain training, needs this.
    pub fn forget(self, request: ForgetRequest) -> Self {
        Self { request: Some(request), ..self }
    }

    /// What the network has already been asked to forget. Rows of earlier requests are never
    /// retained, and those of fulfilled requests are not forgotten again. A new attempt at an
    /// unfulfilled request is judged by what was found at the first attempt.
    pub fn after(self, ledger: &Ledger) -> Self {
        Self { ledger: ledger.clone(), ..self }
    }

    /// Whether to refuse, with [`AtChance`](crate::run::SessionError::AtChance), a network that is
    /// no better than guessing on the training rows, and with
    /// [`Misread`](crate::run::SessionError::Misread) one that would be much better if its inputs
    /// or outputs were read in another way. Neither is refused by default.
    pub fn refuse_chance(self, refuse: bool) -> Self {
        Self { refuse_chance: refuse, ..self }
    }

    /// The method: a [`Method`] with its default settings, or settings such as
    /// `UGradSlPlus::default().with(|settings| settings.p = 0.9)`, whose type names the method.
    pub fn method(self, method: impl Into<MethodConfig>) -> Self {
        Self { procedure: Procedure::Method(method.into()), ..self }
    }

    /// A method of your own: events call it `name`, and it runs with [`guards`](Self::guards).
    pub fn plan(self, name: impl Into<String>, plan: Plan) -> Self {
        Self { procedure: Procedure::Own(name.into(), plan), ..self }
    }

    /// How [`Method::Original`] and [`Method::Retrain`] train. Other methods take it as the way in
    /// which the original was trained, and train the proxy that sets their target in the same way.
    pub fn training(self, training: TrainingConfig) -> Self {
        Self { training, ..self }
    }

    /// What the guards tolerate. They check methods whose settings ask for guards, and every
    /// [plan](Self::plan) of your own. `None` switches them off.
    pub fn guards(self, guards: impl Into<Option<GuardConfig>>) -> Self {
        Self { guards: guards.into(), ..self }
    }

    /// How pixels are normalised for the network, if not as the data set states.
    pub fn normalisation(self, normalisation: Normalisation) -> Self {
        Self { normalisation, ..self }
    }

    /// Seed of draws and shuffles.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Which membership attacks [`Session::measure`](super::Session::measure) runs.
    pub fn attack(self, attack: AttackFeatures) -> Self {
        Self { attack, ..self }
    }
}
