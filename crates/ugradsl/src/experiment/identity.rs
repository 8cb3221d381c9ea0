//! Identifies a run to the last number: its plan, its digest, the names of its files, and whether a
//! store holds it already.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Experiment, ExperimentError, PlannedRun, RunRecord, evaluate_error};
use crate::{
    digest,
    models::{ModelFile, ModelFileError, NetworkName, NetworkSpec, StateError},
    run::{
        GuardConfig, HeldOut, Identity, Origin, RunIdentity, RunSpec, StartsFrom, Store,
        differences, identity_digest, listed,
    },
    train::Plan,
    unlearn::{Contender, Method, MethodConfig},
};

/// Whether the entry `name` of a store belongs to an original or a retrained network. These do not
/// depend on any method's settings, so another experiment can begin with them; an experiment that
/// they do not fit ignores them.
pub fn is_reference(name: &str) -> bool {
    [Method::Original, Method::Retrain]
        .iter()
        .any(|method| name.strip_prefix(method.name()).is_some_and(|rest| rest.starts_with('-')))
}

/// Whether the entry `name` of a store belongs to an original.
pub fn is_original(name: &str) -> bool {
    name.strip_prefix(Method::Original.name()).is_some_and(|rest| rest.starts_with('-'))
}

impl<S: NetworkSpec> Experiment<S> {
    /// The plan of `task`, and the guards that check it.
    fn plan(&self, task: &PlannedRun) -> (Plan, Option<GuardConfig>) {
        let guards = &self.config.guards;
        match &task.method {
            Contender::Method(method) => {
                let settings = self.config.method.get(*method);
                let guards = settings.guards().then(|| guards.for_method(*method));
                (settings.plan(&self.config.training), guards)
            }
            Contender::Plan(name) => (self.plans[name].clone(), Some(guards.clone())),
        }
    }

    /// What a run is made of. `held_out` is needed only to carry it out.
    fn spec_of(&self, task: &PlannedRun, held_out: Option<HeldOut>) -> RunSpec {
        let (plan, guards) = self.plan(task);
        // The finding of a run rests on these rows, too.
        let validated = guards.is_some() || task.method.unlearns();
        RunSpec {
            method: task.method.to_string(),
            plan,
            guards,
            held_out,
            first_attempt: None,
            training: Some(MethodConfig::Retrain.plan(&self.config.training)),
            seed: task.seed,
            origin: Origin {
                network: self.own_network(),
                starts_from: self.starts_from(task),
                normalisation: Some(self.spec.normalisation().clone()),
                data: self.data_digest.clone(),
                forget: (task.method != Method::Original).then(|| task.split.digest()),
                validation: validated.then(|| task.split.validation_digest()).flatten(),
                forgotten_before: None,
            },
        }
    }

    /// What distinguishes the network from others, if it is a custom one.
    fn own_network(&self) -> Option<Value> {
        let own = matches!(self.spec.network_name(), NetworkName::Own(_));
        own.then(|| self.spec.identity())
    }

    fn starts_from(&self, task: &PlannedRun) -> StartsFrom {
        let pretrained = self.pretrained.as_ref().filter(|_| task.method == Method::Original);
        let weights = pretrained.map(ModelFile::digest).or_else(|| self.weights_before(task));
        match weights {
            Some(weights) => StartsFrom::Weights(weights),
            None => StartsFrom::fresh(&self.spec, task.seed),
        }
    }

    /// Identifies a run by all that it depends on and by nothing else: an original serves every
    /// request, and a row survives a change of another method's settings.
    pub(super) fn identity(&self, task: &PlannedRun) -> Identity {
        let spec = self.spec_of(task, None);
        RunIdentity::new(&spec, &self.device).leaves()
    }

    /// SHA-256 of the identity.
    pub(super) fn digest(&self, task: &PlannedRun) -> String {
        identity_digest(&self.identity(task))
    }

    /// The same as [`spec_of`](Self::spec_of), with what is needed to carry the run out.
    pub(super) async fn run_spec(&self, task: &PlannedRun) -> Result<RunSpec, ExperimentError> {
        let held_out = match &self.reference {
            Some(reference) if task.method.unlearns() => {
                let (train, test) = (&self.train, &self.test);
                let held_out = HeldOut::of(&reference.original, train, test, &task.split).await;
                Some(held_out.map_err(|source| evaluate_error(task, source))?)
            }
            _ => None,
        };
        Ok(self.spec_of(task, held_out))
    }

    /// Stem of the files of a run.
    pub(super) fn file_stem(&self, task: &PlannedRun) -> String {
        match self.requests.len() {
            // An original knows nothing of what will be forgotten: one serves all requests.
            _ if task.method == Method::Original => format!("original-seed{}", task.seed),
            1 => format!("{}-seed{}", task.method, task.seed),
            _ => format!("{}-seed{}-request{}", task.method, task.seed, task.request),
        }
    }

    /// Name of the file of a run's network.
    pub(super) fn file_name(&self, task: &PlannedRun) -> String {
        format!("{}.{}", self.file_stem(task), self.spec.extension())
    }

    /// Whether the store holds this very run under the name that it has where there is one request.
    fn under_its_other_name(
        &self,
        task: &PlannedRun,
        store: &dyn Store,
    ) -> Result<Stored<S>, ExperimentError> {
        let name = format!("{}-seed{}.json", task.method, task.seed);
        let bytes = store.read(&name)?.unwrap_or_default();
        let same = serde_json::from_slice::<StoredRun>(&bytes)
            .is_ok_and(|stored| differences(&stored.identity, &self.identity(task)).is_empty());
        Ok(match same {
            true => Stored::Other(format!(
                "{name} holds this run under the name that it has where there is one request"
            )),
            false => Stored::Nothing,
        })
    }

    /// What the store holds of this very run.
    pub(super) fn stored_run(
        &self,
        task: &PlannedRun,
        store: &dyn Store,
    ) -> Result<Stored<S>, ExperimentError> {
        let name = format!("{}.json", self.file_stem(task));
        let Some(bytes) = store.read(&name)? else {
            return self.under_its_other_name(task, store);
        };
        let stored: StoredRun = match serde_json::from_slice(&bytes) {
            Ok(stored) => stored,
            Err(error) => return Ok(Stored::Other(format!("{name} is damaged ({error})"))),
        };
        if !stored.has_its_checksum(&bytes) {
            return Ok(Stored::Other(format!("{name} was edited: its checksum does not match")));
        }
        let StoredRun { record, identity, place, .. } = stored;
        let differing = differences(&identity, &self.identity(task));
        if !differing.is_empty() {
            let differing = listed(&differing);
            return Ok(Stored::Other(format!("{name} belongs to another run: {differing}")));
        }
        let Some(bytes) = store.read(&record.model)? else {
            return Ok(Stored::Nothing);
        };
        let loaded = ModelFile::<S>::decode(&bytes).and_then(|file| {
            let network = file.load(&self.device)?;
            Ok((file.digest(), network))
        });
        let (weights, network) = match loaded {
            // Without guards a network may end with finite outputs but weights that are not: it is
            // computed again.
            Err(ModelFileError::State(StateError::NotFinite { .. })) => return Ok(Stored::Nothing),
            Err(error) => {
                return Ok(Stored::Other(format!("{} is damaged ({error})", record.model)));
            }
            Ok(loaded) => loaded,
        };
        if weights != record.weights {
            return Ok(Stored::Other(format!("{} is not the network of {name}", record.model)));
        }
        let here = self.device.info().to_string();
        let elsewhere = place.filter(|place| *place != here);
        let warning =
            elsewhere.map(|place| format!("its time was measured on {place}, not on {here}"));
        Ok(Stored::This(Box::new((record, network, warning))))
    }
}

/// A finished run as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct StoredRun {
    #[serde(flatten)]
    pub(super) record: RunRecord,
    /// What the run is. Absent in files of earlier versions, which are computed again.
    #[serde(default)]
    pub(super) identity: Identity,
    /// Where it ran. Nothing but its time depends on it.
    #[serde(default)]
    pub(super) place: Option<String>,
    /// SHA-256 of everything else, so that edited values do not get into a report. Absent in files
    /// of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "seal")]
    checksum: Option<String>,
}

/// What stands between the text and its checksum.
const CHECKSUM: &str = ",\n  \"seal\": \"";

impl StoredRun {
    pub(super) fn new(record: RunRecord, identity: Identity, place: String) -> Self {
        Self { record, identity, place: Some(place), checksum: None }
    }

    /// The file, with the SHA-256 of its text at the end.
    pub(super) fn to_text(&self) -> Result<String, serde_json::Error> {
        let text = serde_json::to_string_pretty(self)?;
        let covered = text.strip_suffix("\n}").unwrap_or(&text);
        Ok(format!("{covered}{CHECKSUM}{}\"\n}}", digest::bytes(covered.as_bytes())))
    }

    /// Whether the file from which this was read is as it was written.
    fn has_its_checksum(&self, file: &[u8]) -> bool {
        let Some(checksum) = &self.checksum else { return true };
        let text = std::str::from_utf8(file).unwrap_or_default();
        let covered =
            text.rsplit_once(CHECKSUM).map(|(covered, _)| digest::bytes(covered.as_bytes()));
        covered.as_ref() == Some(checksum)
    }
}

/// What a store holds of a run.
pub(super) enum Stored<S: NetworkSpec> {
    /// This very run, with a warning if its time cannot be compared with others.
    This(Box<(RunRecord, S::Network, Option<String>)>),
    /// Another one under the same name, or a damaged one; in words.
    Other(String),
    Nothing,
}
