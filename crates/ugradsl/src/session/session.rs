//! One network in memory that forgets, or is trained.

use std::{num::NonZeroUsize, sync::Arc};

use super::builder::{Procedure, SessionBuilder};
use super::misread;
use crate::{
    data::{Dataset, ResidentSet, Split},
    device::Device,
    digest,
    evaluate::{Measures, Predictions, logits},
    models::{Classifier, read_state, state_digest},
    run::{Event, Flight, HeldOut, Origin, Outcome, Run, RunSpec, SessionError, StartsFrom, Store},
    train::{Plan, TrainError},
    unlearn::MethodConfig,
};

/// A network that forgets, or is trained, by one method on one data set.
///
/// A [`SessionBuilder`] takes the settings, each with a default. Then [`next`](Self::next) returns
/// one event after another until the run is over, or [`run`](Self::run) goes to the end in one
/// call. Settings cannot change once a session is built.
///
/// A session owns all it needs and holds no lock: it may move to another thread, and others may run
/// beside it on the same device or another. Dropping it frees its memory on the device.
///
/// Dropping a future of [`next`](Self::next) or [`resume`](Self::resume) before it is ready leaves
/// the run in an unknown state: from then on [`next`](Self::next) and
/// [`checkpoint`](Self::checkpoint) return [`SessionError::Cancelled`]. Drop the session between
/// two events instead, and resume a new one from a checkpoint to continue.
///
/// ```
/// use std::sync::Arc;
///
/// use pollster::block_on;
/// use ugradsl::data::{self, ForgetRequest};
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelSpec};
/// use ugradsl::run::Event;
/// use ugradsl::session::Session;
///
/// let device = Device::cpu();
/// let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?);
/// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?;
///
/// let mut session = Session::builder(network, digits, device).forget(ForgetRequest::Class(3)).build();
/// let mut last = None;
/// while let Some(event) = block_on(session.next())? {
///     last = Some(event);
/// }
/// assert!(matches!(last, Some(Event::Finished { .. })));
/// let measures = block_on(session.measure(&session.network()))?;
/// assert!((0.0..=100.0).contains(&measures.ua));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Session<M: Classifier> {
    settings: SessionBuilder<M>,
    read_every: Option<NonZeroUsize>,
    begun: Option<Begun<M>>,
    /// Notices a call that was dropped half-way while the session began.
    flight: Flight,
}

/// What a session holds from its first event on.
struct Begun<M: Classifier> {
    /// `None` once it is over, which frees the memory of its optimizer.
    run: Option<Run<M>>,
    outcome: Option<Outcome<M>>,
    split: Split,
    train: ResidentSet,
    test: ResidentSet,
    target: Option<f64>,
}

impl<M: Classifier> SessionBuilder<M> {
    /// Builds the session. Nothing is computed yet.
    pub fn build(self) -> Session<M> {
        Session::new(self)
    }
}

impl<M: Classifier> Session<M> {
    /// The settings of a session that begins with `network` and forgets rows of `dataset`, which is
    /// shared if it comes as an [`Arc`]. The network may lie on any device, and be trainable or
    /// not: the session makes a copy on `device`.
    ///
    /// By default the method is UGradSL+ with its guards, the seed is 0, and pixels are normalised
    /// as the data set says.
    pub fn builder(
        network: M,
        dataset: impl Into<Arc<Dataset>>,
        device: Device,
    ) -> SessionBuilder<M> {
        SessionBuilder::new(&network, dataset.into(), device)
    }

    pub(super) fn new(settings: SessionBuilder<M>) -> Self {
        Self { settings, read_every: None, begun: None, flight: Flight::default() }
    }

    /// Sets the largest number of steps between two [`Event::Step`]. `None` reads as often as the
    /// guards check, and every ten steps without guards. Changes no result.
    pub fn set_read_every(&mut self, steps: Option<NonZeroUsize>) {
        self.read_every = steps;
        if let Some(run) = self.begun.as_mut().and_then(|begun| begun.run.as_mut()) {
            run.set_read_every(steps);
        }
    }

    /// Continues to the next event and returns it; `None` when the run is over.
    ///
    /// # Errors
    ///
    /// [`SessionError`]: the settings make no sense for this network and data, or the device fails.
    pub async fn next(&mut self) -> Result<Option<Event>, SessionError> {
        let begun = self.ensure_begun(None).await?;
        if let Some(run) = &mut begun.run {
            if let Some(event) = run.next().await? {
                if let Event::Target { accuracy, .. } = event {
                    begun.target = Some(accuracy);
                }
                return Ok(Some(event));
            }
            begun.outcome = begun.run.take().and_then(Run::into_outcome);
        }
        Ok(None)
    }

    /// Continues to the end and returns the result.
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

    /// Continues from the checkpoint `name` of `store`, or begins from the start if there is none.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and if the checkpoint is damaged or belongs to other settings,
    /// another network or other data.
    pub async fn resume(&mut self, store: &dyn Store, name: &str) -> Result<(), SessionError> {
        self.flight.check()?;
        self.begun = None;
        self.ensure_begun(Some((store, name))).await.map(drop)
    }

    /// Writes the run in progress into `store` under `name`, so that it can be
    /// [resumed](Self::resume). Returns `None` if the run has not begun, and once `next`
    /// has returned `None`.
    ///
    /// # Errors
    ///
    /// If the state cannot be read from the device or written.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use pollster::block_on;
    /// use ugradsl::data::{self, ForgetRequest};
    /// use ugradsl::device::Device;
    /// use ugradsl::models::{Architecture, ModelSpec};
    /// use ugradsl::run::{Event, MemoryStore};
    /// use ugradsl::session::Session;
    ///
    /// let device = Device::cpu();
    /// let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?);
    /// let network = ModelSpec::fitting(Architecture::Mlp, &digits)?.init(0, &device)?;
    /// let settings = Session::builder(network, digits, device).forget(ForgetRequest::Class(3));
    ///
    /// let mut store = MemoryStore::default();
    /// let mut session = settings.clone().build();
    /// block_on(session.next())?; // it has begun
    /// let kept = block_on(session.checkpoint(&mut store, "run"))?;
    /// assert_eq!(kept, Some(Event::Checkpointed { step: 0 }));
    /// drop(session);
    ///
    /// let mut session = settings.build();
    /// block_on(session.resume(&store, "run"))?;
    /// assert!(block_on(session.run())?.steps > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn checkpoint(
        &mut self,
        store: &mut dyn Store,
        name: &str,
    ) -> Result<Option<Event>, SessionError> {
        self.flight.check()?;
        match self.begun.as_mut().and_then(|begun| begun.run.as_mut()) {
            Some(run) => run.checkpoint(store, name).await.map(Some),
            None => Ok(None),
        }
    }

    /// The result, once the run is over.
    pub fn outcome(&self) -> Option<&Outcome<M>> {
        self.begun.as_ref()?.outcome.as_ref()
    }

    /// The network that the session was built with, for inference.
    pub fn original(&self) -> &M {
        &self.settings.original
    }

    /// The network as it is now, for inference.
    pub fn network(&self) -> M {
        let now = self.begun.as_ref().and_then(|begun| match &begun.run {
            Some(run) => Some(run.model()),
            None => begun.outcome.as_ref().map(|outcome| outcome.model.clone()),
        });
        now.unwrap_or_else(|| self.settings.original.clone())
    }

    /// The rows that are forgotten, retained and tested, once the run has begun.
    pub fn split(&self) -> Option<&Split> {
        Some(&self.begun.as_ref()?.split)
    }

    /// Accuracy (0..1) that a network which never saw the forget set is expected to have on it. A
    /// proxy estimates it once it is trained; until then, and without a proxy, it comes from the
    /// original's predictions on test rows. `None` before the run has begun, and where nothing is
    /// unlearned.
    pub fn target(&self) -> Option<f64> {
        self.begun.as_ref()?.target
    }

    /// The probabilities that `network` gives to the classes, on the retain set, the forget set and
    /// the test set.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next), and if its outputs are not finite.
    pub async fn predictions(&mut self, network: &M) -> Result<Predictions, SessionError> {
        let Begun { train, test, split, .. } = self.ensure_begun(None).await?;
        Ok(Predictions::of(network, train, test, split).await?)
    }

    /// Measures `network`: the [result](Self::outcome), the [original](Self::original), or a
    /// retrained one to compare them with.
    ///
    /// # Errors
    ///
    /// As [`predictions`](Self::predictions), and if the membership attack cannot be run.
    pub async fn measure(&mut self, network: &M) -> Result<Measures, SessionError> {
        let predictions = self.predictions(network).await?;
        Ok(predictions.measure(self.settings.attack, self.settings.seed)?)
    }

    fn name(&self) -> &str {
        match &self.settings.procedure {
            Procedure::Method(settings) => settings.method().name(),
            Procedure::Own(name, _) => name,
        }
    }

    /// The plan, whether it starts from a trained network, and whether guards may check the run.
    fn plan_and_flags(&self) -> (Plan, bool, bool) {
        match &self.settings.procedure {
            Procedure::Method(settings) => {
                let unlearns = settings.method().unlearns();
                (settings.plan(&self.settings.training), unlearns, settings.guards())
            }
            Procedure::Own(_, plan) => (plan.clone(), true, true),
        }
    }

    /// The run in progress. Begins it if necessary, from `checkpoint` where there is one.
    async fn ensure_begun(
        &mut self,
        checkpoint: Option<(&dyn Store, &str)>,
    ) -> Result<&mut Begun<M>, SessionError> {
        self.flight.check()?;
        if self.begun.is_none() {
            self.flight.begin()?;
            let begun = self.begin(checkpoint).await;
            self.flight.end();
            self.begun = Some(begun?);
        }
        self.begun.as_mut().ok_or(SessionError::Cancelled)
    }

    async fn begin(
        &self,
        checkpoint: Option<(&dyn Store, &str)>,
    ) -> Result<Begun<M>, SessionError> {
        let (plan, unlearns, guarded) = self.plan_and_flags();
        let everything = Split::everything(&self.settings.dataset);
        let trains_original =
            matches!(self.settings.procedure, Procedure::Method(MethodConfig::Original));
        let split = match &self.settings.request {
            Some(request) => {
                let ledger = self.settings.ledger.beside(&self.settings.dataset)?;
                let (fulfilled, named) = (ledger.fulfilled_rows(), ledger.rows());
                let (dataset, seed) = (&self.settings.dataset, self.settings.seed);
                request.split_beside(&fulfilled, &named, dataset, seed)?
            }
            None if trains_original => everything.clone(),
            None => return Err(SessionError::NoRequest { method: self.name().to_owned() }),
        };
        plan.check()?;
        plan.check_rows(self.settings.dataset.train.kind())?;
        self.settings.normalisation.validate_for(&self.settings.dataset.train)?;
        let set =
            |rows| ResidentSet::try_new(rows, &self.settings.normalisation, &self.settings.device);
        let (train, test) = (set(&self.settings.dataset.train)?, set(&self.settings.dataset.test)?);
        let (_, outputs) = logits(&self.settings.original, &train, &[0]).await?;
        let classes = self.settings.dataset.classes;
        if outputs < classes {
            return Err(SessionError::Outputs { outputs, classes });
        }
        let held_out = if unlearns {
            Some(HeldOut::of(&self.settings.original, &train, &test, &split).await?)
        } else {
            None
        };
        if let Some(held_out) = held_out.as_ref().filter(|_| self.settings.refuse_chance) {
            self.refuse_misread(held_out).await?;
        }
        let guards = self.settings.guards.clone().filter(|_| guarded).map(|guards| {
            match &self.settings.procedure {
                Procedure::Method(settings) => guards.for_method(settings.method()),
                Procedure::Own(..) => guards,
            }
        });
        let origin = self.origin((!trains_original).then_some(&split)).await?;
        let (method, seed) = (self.name().to_owned(), self.settings.seed);
        let training = Some(MethodConfig::Retrain.plan(&self.settings.training));
        let target = held_out.as_ref().map(|held_out| held_out.forget);
        let first_attempt = self.settings.ledger.first_attempt(&split.digest()).cloned();
        let spec =
            RunSpec { method, plan, guards, held_out, first_attempt, training, seed, origin };
        // A copy of its own, running statistics included: the original must not change.
        let network = self.settings.original.valid().train();
        let trained_on = if trains_original { &everything } else { &split };
        let mut run =
            Run::new(spec, network, &self.settings.device, &train, trained_on, checkpoint).await?;
        run.set_read_every(self.read_every);
        let target = run.target().or(target);
        Ok(Begun { run: Some(run), outcome: None, split, train, test, target })
    }

    /// Refuses a network that is read in the wrong way, or that knows nothing of the rows.
    async fn refuse_misread(&self, held_out: &HeldOut) -> Result<(), SessionError> {
        let SessionBuilder { original, dataset, normalisation, device, .. } = &self.settings;
        let classes = dataset.classes;
        let Some(accuracy) = held_out.on_training().filter(|accuracy| *accuracy < misread::WELL)
        else {
            return Ok(());
        };
        let better = misread::better_reading(original, dataset, normalisation, device).await?;
        if let Some(misread::Better { how, accuracy: better }) = better {
            return Err(SessionError::Misread { accuracy, classes, better, how });
        }
        match held_out.at_chance() {
            Some(accuracy) => Err(SessionError::AtChance { accuracy, classes }),
            None => Ok(()),
        }
    }

    /// What the run starts from. `split` has the rows to forget; with `None` nothing is forgotten.
    async fn origin(&self, split: Option<&Split>) -> Result<Origin, SessionError> {
        let weights = read_state(&self.settings.original).await.map_err(TrainError::from)?;
        let before = self.settings.ledger.rows();
        Ok(Origin {
            network: None,
            starts_from: StartsFrom::Weights(state_digest(&weights)),
            normalisation: Some(self.settings.normalisation.clone()),
            data: self.settings.dataset.digest(),
            forget: split.map(Split::digest),
            validation: split.and_then(Split::validation_digest),
            forgotten_before: (!before.is_empty()).then(|| digest::rows(&before)),
        })
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::{
        data::{self, ForgetRequest, OpenOptions},
        device::Device,
        models::{Architecture, ModelSpec, Network},
        run::MemoryStore,
    };

    fn session() -> Session<Network> {
        let digits = data::open("mnist-subset", &OpenOptions::new()).expect("it is embedded");
        let digits = Arc::new(digits.limit(Some(60), Some(30)).expect("there are as many"));
        let device = Device::cpu();
        let spec = ModelSpec::fitting(Architecture::Mlp, &digits).expect("it fits");
        let network = spec.init(0, &device).expect("it is built");
        Session::builder(network, digits, device).forget(ForgetRequest::Class(3)).build()
    }

    fn assert_cancelled(session: &mut Session<Network>) {
        let mut store = MemoryStore::default();
        let errors = [
            block_on(session.next()).map(drop),
            block_on(session.checkpoint(&mut store, "run")).map(drop),
        ];
        for outcome in errors {
            assert!(matches!(outcome, Err(SessionError::Cancelled)), "{outcome:?}");
        }
    }

    /// Natively, waiting for the device never suspends, so no future can be dropped half-way here:
    /// the test itself makes the state that a dropped one leaves behind.
    #[test]
    fn after_a_call_that_was_dropped_half_way_all_later_ones_fail() {
        let mut beginning = session();
        beginning.flight.begin().expect("nothing is in progress");
        assert_cancelled(&mut beginning);
        let resumed = block_on(beginning.resume(&MemoryStore::default(), "run"));
        assert!(matches!(resumed, Err(SessionError::Cancelled)), "{resumed:?}");

        let mut running = session();
        block_on(running.next()).expect("it begins");
        let run = running.begun.as_mut().and_then(|begun| begun.run.as_mut());
        run.expect("it is in progress").leave_half_way();
        assert_cancelled(&mut running);
    }
}
