//! What a run is, to the last number: its plan, its digest, the names of its files, and whether a
//! store holds it already.

use sha2::{Digest, Sha256};

use super::{Experiment, ExperimentError, HeldOut, RunRecord, Task, evaluate_error};
use crate::{
    data::Split,
    models::{ModelFile, ModelFileError, Network, StateError},
    session::{Job, Store},
    train::Plan,
    unlearn::Method,
};

/// Whether what a store has under `name` belongs to an original or a retrained network. These depend on no
/// method's numbers, so another experiment can begin with them; one that they do not fit passes them over.
pub fn is_reference(name: &str) -> bool {
    [Method::Original, Method::Retrain]
        .iter()
        .any(|method| name.strip_prefix(method.name()).is_some_and(|rest| rest.starts_with('-')))
}

impl Experiment {
    /// The plan of `task`, and whether the guards watch over it.
    fn plan(&self, task: &Task) -> (Plan, bool) {
        let numbers = self.config.method.get(&task.method).cloned();
        let numbers = numbers.unwrap_or_else(|| task.method.defaults());
        let guarded = task.method.unlearns() && numbers.guards;
        (task.method.plan(&numbers, &self.config.training), guarded)
    }

    /// Identifies a run by all that it depends on and by nothing else: an original serves every
    /// request, and a row survives a change of another method's numbers.
    pub(super) fn digest(&self, task: &Task, split: &Split) -> String {
        let (plan, guarded) = self.plan(task);
        let mut hasher = Sha256::new();
        let mut add = |text: String| hasher.update(text + "\n");
        add(format!("{} {} {}", env!("CARGO_PKG_VERSION"), self.data_digest, task.seed));
        add(format!("{:?} {:?} {:?}", self.spec, self.config.training, self.device.info()));
        add(format!("{:?} {plan:?} {:?}", task.method, self.config.attack));
        if task.method != Method::Original {
            add(split.digest());
        }
        if let Some(given) = self.given.as_ref().filter(|_| task.method != Method::Retrain) {
            add(given.digest());
        }
        if guarded {
            add(format!("{:?}", self.config.guards));
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) async fn job(&self, task: &Task, split: &Split) -> Result<Job, ExperimentError> {
        let (plan, guarded) = self.plan(task);
        let held_out = match &self.reference {
            Some(reference) if guarded => {
                let (train, test) = (&self.train, &self.test);
                let held_out = HeldOut::of(&reference.original, train, test, split).await;
                Some(held_out.map_err(|source| evaluate_error(task, source))?)
            }
            _ => None,
        };
        Ok(Job {
            method: task.method.to_string(),
            plan,
            guards: guarded.then(|| self.config.guards.of(task.method)),
            held_out,
            seed: task.seed,
            digest: self.digest(task, split),
        })
    }

    /// Stem of the files of a run.
    pub(super) fn stem(&self, task: &Task) -> String {
        match self.requests.len() {
            // An original knows nothing of what will be forgotten: one serves all requests.
            _ if task.method == Method::Original => format!("original-seed{}", task.seed),
            1 => format!("{}-seed{}", task.method, task.seed),
            _ => format!("{}-seed{}-request{}", task.method, task.seed, task.request),
        }
    }

    /// A run that the store holds already, if it is this very one.
    pub(super) fn kept(
        &self,
        task: &Task,
        split: &Split,
        store: &dyn Store,
    ) -> Result<Option<(RunRecord, Network)>, ExperimentError> {
        let name = format!("{}.json", self.stem(task));
        let Some(bytes) = store.read(&name)? else {
            return Ok(None);
        };
        let record: RunRecord = serde_json::from_slice(&bytes)
            .map_err(|source| ExperimentError::Record { name, source })?;
        if record.digest != self.digest(task, split) {
            return Ok(None);
        }
        let Some(bytes) = store.read(&record.model)? else {
            return Ok(None);
        };
        let damaged = |source| ExperimentError::Model { name: record.model.clone(), source };
        let file = ModelFile::from_bytes(&bytes).map_err(damaged)?;
        let network = match file.load(&self.device) {
            // Without guards a network may end so that nothing but its outputs is finite: it is made again.
            Err(ModelFileError::State(StateError::NotFinite { .. })) => return Ok(None),
            loaded => loaded.map_err(damaged)?,
        };
        Ok((file.digest() == record.weights).then_some((record, network)))
    }
}
