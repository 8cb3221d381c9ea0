//! The way in for somebody who brings a trained network: what is to be forgotten of which data, and how.

use std::{num::NonZeroUsize, sync::Arc};

use crate::run::{
    Event, GuardConfig, HeldOut, Origin, Outcome, Run, RunSpec, SessionError, StartsFrom, Store,
};
use crate::{
    data::{Dataset, ForgetRequest, Normalisation, ResidentSet, Split},
    device::Device,
    digest,
    evaluate::{AttackFeatures, Measures, Predictions, logits},
    models::{Classifier, read_state, state_digest},
    train::{Plan, TrainError},
    unlearn::{Method, MethodConfig, TrainingConfig},
};

/// A network that forgets, or is trained, by one method on one data set.
///
/// Settings come first, each with a default; then [`next`](Self::next) says what happens until there is
/// nothing left, or [`run`](Self::run) does it in one go. A setting that changes later begins the run anew.
///
/// A session owns all it needs and holds no lock: it may move to another thread, others may run beside it on
/// the same device or another, and when it is dropped its memory on the device is free again.
pub struct Session<M: Classifier> {
    original: M,
    dataset: Arc<Dataset>,
    device: Device,
    normalisation: Normalisation,
    request: Option<ForgetRequest>,
    before: Vec<u32>,
    procedure: Procedure,
    training: TrainingConfig,
    guards: Option<GuardConfig>,
    attack: AttackFeatures,
    seed: u64,
    read_every: Option<NonZeroUsize>,
    begun: Option<Begun<M>>,
}

/// What is done to the network.
enum Procedure {
    Method(MethodConfig),
    Own(String, Plan),
}

/// What there is from the first event on.
struct Begun<M: Classifier> {
    /// Gone when it is over, and the memory of its optimiser with it.
    run: Option<Run<M>>,
    outcome: Option<Outcome<M>>,
    split: Split,
    train: ResidentSet,
    test: ResidentSet,
    held_out: Option<HeldOut>,
}

impl<M: Classifier> Session<M> {
    /// A session on `dataset` (shared, if it comes as an [`Arc`]) that begins with `network`, wherever that
    /// lies and whether it is made for training or for inference.
    ///
    /// By default the method is UGradSL+ with its guards, the seed is 0, and pixels are normalised as the
    /// data set says. Nothing is computed yet.
    pub fn new(network: M, dataset: impl Into<Arc<Dataset>>, device: Device) -> Self {
        let dataset = dataset.into();
        Self {
            original: network.valid().fork(device.burn()),
            normalisation: dataset.normalisation.clone(),
            dataset,
            device,
            request: None,
            before: Vec::new(),
            procedure: Procedure::Method(Method::UGradSlPlus.into()),
            training: TrainingConfig::default(),
            guards: Some(GuardConfig::default()),
            attack: AttackFeatures::default(),
            seed: 0,
            read_every: None,
            begun: None,
        }
    }

    /// What is to be forgotten. Only [`Method::Original`], plain training, can do without.
    pub fn forget(self, request: ForgetRequest) -> Self {
        Self { request: Some(request), begun: None, ..self }
    }

    /// Training rows that the network has forgotten before, such as [`Ledger::rows`](crate::models::Ledger::rows)
    /// says: they are not retained, and only what is new is forgotten.
    pub fn after(self, before: Vec<u32>) -> Self {
        Self { before, begun: None, ..self }
    }

    /// By which method: a [`Method`] as it is by default, or settings such as
    /// `UGradSlPlus { p: 0.9, ..UGradSlPlus::default() }`, which say which method they belong to.
    pub fn method(self, method: impl Into<MethodConfig>) -> Self {
        Self { procedure: Procedure::Method(method.into()), begun: None, ..self }
    }

    /// By a method of one's own, which events call `name`. Guards watch over it, see [`guards`](Self::guards).
    pub fn plan(self, name: impl Into<String>, plan: Plan) -> Self {
        Self { procedure: Procedure::Own(name.into(), plan), begun: None, ..self }
    }

    /// How [`Method::Original`] and [`Method::Retrain`] train; of no use to the others.
    pub fn training(self, training: TrainingConfig) -> Self {
        Self { training, begun: None, ..self }
    }

    /// What the guards tolerate where they watch: over methods whose settings ask for it, and over every
    /// plan of one's own. With `None` nobody watches.
    pub fn guards(self, guards: impl Into<Option<GuardConfig>>) -> Self {
        Self { guards: guards.into(), begun: None, ..self }
    }

    /// How the network wants its pixels, if not as the data set presents them.
    pub fn normalisation(self, normalisation: Normalisation) -> Self {
        Self { normalisation, begun: None, ..self }
    }

    /// Seed of draws and shuffles.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, begun: None, ..self }
    }

    /// Which membership attacks [`measure`](Self::measure) runs.
    pub fn attack(self, attack: AttackFeatures) -> Self {
        Self { attack, ..self }
    }

    /// Steps at most between two [`Event::Step`] from now on, `None` for the default of ten. Changes no
    /// result.
    pub fn set_read_every(&mut self, steps: Option<NonZeroUsize>) {
        self.read_every = steps;
        if let Some(run) = self.begun.as_mut().and_then(|begun| begun.run.as_mut()) {
            run.set_read_every(steps);
        }
    }

    /// Goes on until something happened, and says what; `None` when the run is over.
    ///
    /// # Errors
    ///
    /// [`SessionError`]: the settings make no sense for this network and data, or the device fails.
    pub async fn next(&mut self) -> Result<Option<Event>, SessionError> {
        let begun = self.begun(None).await?;
        if let Some(run) = &mut begun.run {
            if let Some(event) = run.next().await? {
                return Ok(Some(event));
            }
            begun.outcome = begun.run.take().and_then(Run::into_outcome);
        }
        Ok(None)
    }

    /// Goes on to the end.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn run(&mut self) -> Result<Outcome<M>, SessionError> {
        loop {
            if self.next().await?.is_none()
                && let Some(outcome) = self.outcome()
            {
                return Ok(outcome.clone());
            }
        }
    }

    /// Begins where the checkpoint `name` of `store` was written, or from the start if there is none.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and if the checkpoint is damaged or belongs to other settings, another
    /// network or other data.
    pub async fn resume(&mut self, store: &dyn Store, name: &str) -> Result<(), SessionError> {
        self.begun = None;
        self.begun(Some((store, name))).await.map(drop)
    }

    /// Keeps the run in progress under `name`, so that it can be [resumed](Self::resume). `None` if there
    /// is none: it has not begun, or is over.
    ///
    /// # Errors
    ///
    /// If the state cannot be read from the device or written.
    pub async fn checkpoint(
        &mut self,
        store: &mut dyn Store,
        name: &str,
    ) -> Result<Option<Event>, SessionError> {
        match self.begun.as_mut().and_then(|begun| begun.run.as_mut()) {
            Some(run) => run.checkpoint(store, name).await.map(Some),
            None => Ok(None),
        }
    }

    /// The result, once the run is over.
    pub fn outcome(&self) -> Option<&Outcome<M>> {
        self.begun.as_ref()?.outcome.as_ref()
    }

    /// The network as it was brought along, for inference.
    pub fn original(&self) -> &M {
        &self.original
    }

    /// The network as it is now, for inference.
    pub fn network(&self) -> M {
        let now = self.begun.as_ref().and_then(|begun| match &begun.run {
            Some(run) => Some(run.model()),
            None => begun.outcome.as_ref().map(|outcome| outcome.model.clone()),
        });
        now.unwrap_or_else(|| self.original.clone())
    }

    /// What is forgotten and what stays, once the run has begun.
    pub fn split(&self) -> Option<&Split> {
        Some(&self.begun.as_ref()?.split)
    }

    /// The accuracy on the forget set (0..1) to be expected of a network that never saw it, once the run
    /// has begun; `None` where nothing is unlearned.
    pub fn target(&self) -> Option<f64> {
        Some(self.begun.as_ref()?.held_out?.forget)
    }

    /// What `network` says of the retain set, the forget set and the test set.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and if its outputs are not finite.
    pub async fn predictions(&mut self, network: &M) -> Result<Predictions, SessionError> {
        let Begun { train, test, split, .. } = self.begun(None).await?;
        Ok(Predictions::of(network, train, test, split).await?)
    }

    /// Measures `network`: the [result](Self::outcome), the [original](Self::original), or a retrained one
    /// to compare them with.
    ///
    /// # Errors
    ///
    /// As [`predictions`](Self::predictions), and if the membership attack cannot be run.
    pub async fn measure(&mut self, network: &M) -> Result<Measures, SessionError> {
        let predictions = self.predictions(network).await?;
        Ok(predictions.measure(self.attack, self.seed)?)
    }

    fn name(&self) -> &str {
        match &self.procedure {
            Procedure::Method(settings) => settings.method().name(),
            Procedure::Own(name, _) => name,
        }
    }

    /// The plan, and whether it starts from a trained network and whether guards may watch.
    fn steps(&self) -> (Plan, bool, bool) {
        match &self.procedure {
            Procedure::Method(settings) => {
                let unlearns = settings.method().unlearns();
                (settings.plan(&self.training), unlearns, settings.guards())
            }
            Procedure::Own(_, plan) => (plan.clone(), true, true),
        }
    }

    /// The run, begun if it has not; from a checkpoint where one is `kept`.
    async fn begun(
        &mut self,
        kept: Option<(&dyn Store, &str)>,
    ) -> Result<&mut Begun<M>, SessionError> {
        let begun = match self.begun.take() {
            Some(begun) => begun,
            None => self.begin(kept).await?,
        };
        Ok(self.begun.insert(begun))
    }

    async fn begin(&self, kept: Option<(&dyn Store, &str)>) -> Result<Begun<M>, SessionError> {
        let (plan, unlearns, guarded) = self.steps();
        let everything = Split::everything(&self.dataset);
        let trains_original = matches!(self.procedure, Procedure::Method(MethodConfig::Original));
        let split = match &self.request {
            Some(request) => request.split_after(&self.before, &self.dataset, self.seed)?,
            None if trains_original => everything.clone(),
            None => return Err(SessionError::NoRequest { method: self.name().to_owned() }),
        };
        plan.check()?;
        if self.dataset.train.texts().is_some() {
            plan.check_texts()?;
        }
        self.normalisation.validate_for(&self.dataset.train)?;
        let set = |images| ResidentSet::new(images, &self.normalisation, &self.device);
        let (train, test) = (set(&self.dataset.train), set(&self.dataset.test));
        let (_, outputs) = logits(&self.original, &train, &[0]).await?;
        let classes = self.dataset.classes;
        if outputs < classes {
            return Err(SessionError::Outputs { outputs, classes });
        }
        let held_out = if unlearns {
            Some(HeldOut::of(&self.original, &train, &test, &split).await?)
        } else {
            None
        };
        let guards = self.guards.clone().filter(|_| guarded).map(|guards| match &self.procedure {
            Procedure::Method(settings) => guards.of(settings.method()),
            Procedure::Own(..) => guards,
        });
        let weights = read_state(&self.original).await.map_err(TrainError::from)?;
        let origin = Origin {
            starts_from: StartsFrom::Weights(state_digest(&weights)),
            normalisation: Some(self.normalisation.clone()),
            data: self.dataset.digest(),
            forget: (!trains_original).then(|| split.digest()),
            forgotten_before: (!self.before.is_empty()).then(|| digest::rows(&self.before)),
        };
        let (method, seed) = (self.name().to_owned(), self.seed);
        let spec = RunSpec { method, plan, guards, held_out, seed, origin };
        // Its own copy, running statistics included: the original stays what it is.
        let network = self.original.valid().train();
        let trained_on = if trains_original { &everything } else { &split };
        let mut run = Run::new(spec, network, &self.device, &train, trained_on, kept).await?;
        run.set_read_every(self.read_every);
        Ok(Begun { run: Some(run), outcome: None, split, train, test, held_out })
    }
}
