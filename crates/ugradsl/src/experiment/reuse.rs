//! Measures networks that exist already: those that a resumed experiment finds in its store, and
//! those of a report that is verified.

use super::{Experiment, ExperimentError, PlannedRun, RunRecord, record::RunStats};
use crate::{
    models::{ModelFile, NetworkSpec},
    run::Store,
    unlearn::{Contender, Method},
};

/// A field of a record that does not match, found before anything is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// Which row, from 0, and which of its fields.
    pub field: String,
    /// What the row says.
    pub stated: String,
    /// What there is instead.
    pub found: String,
}

/// A field, what it states, and what was found instead.
type Misfit = (&'static str, String, String);

impl<S: NetworkSpec> Experiment<S> {
    /// Takes over `records`, whatever device they come from: instead of being computed, each
    /// network is read from `store` and measured as if its run had just ended here. What was known
    /// only during the runs (time, steps, history, warnings) is taken from the records as it is.
    ///
    /// Returns what does not fit, and then measures nothing: a run that the config does not have,
    /// or a model that is missing, damaged, or not the one that the record states.
    ///
    /// # Errors
    ///
    /// [`ExperimentError`] if the store cannot be read or a network cannot be measured.
    pub async fn adopt(
        &mut self,
        records: &[RunRecord],
        store: &dyn Store,
    ) -> Result<Vec<Mismatch>, ExperimentError> {
        self.check_original()?;
        let tasks: Vec<PlannedRun> = self.tasks.iter().cloned().collect();
        if tasks.len() != records.len() {
            return Ok(vec![Mismatch {
                field: "runs".to_owned(),
                stated: format!("{} runs", records.len()),
                found: format!("{} runs by the config", tasks.len()),
            }]);
        }
        let (mut mismatches, mut networks) = (Vec::new(), Vec::new());
        for (row, (task, record)) in tasks.iter().zip(records).enumerate() {
            match self.network_of(task, record, store)? {
                Ok(network) => networks.push(network),
                Err((field, stated, found)) => {
                    let field = format!("runs[{row}].{field}");
                    mismatches.push(Mismatch { field, stated, found });
                }
            }
        }
        if !mismatches.is_empty() {
            return Ok(mismatches);
        }
        self.tasks.clear();
        self.records.clear();
        for ((task, record), network) in tasks.into_iter().zip(records).zip(networks) {
            if task.method == Method::Original {
                self.reference = None;
            }
            self.file_existing(task, record.clone(), network).await?;
        }
        // Events of runs that were over long ago would only confuse.
        self.events.clear();
        Ok(mismatches)
    }

    /// Files a network that exists already, with a record of what is measured now: the stored
    /// original may have served another request, and numbers may change when written as text.
    pub(super) async fn file_existing(
        &mut self,
        task: PlannedRun,
        record: RunRecord,
        network: S::Network,
    ) -> Result<(), ExperimentError> {
        let predictions = self.predictions(&task, &network).await?;
        let weights = record.weights.clone();
        let stats = RunStats::from(record);
        let record = self.record(&task, stats, &weights, &network, &predictions).await?;
        self.file_run(task, record, network, predictions)
    }

    /// The network of a record; or the field that does not fit, what it states, and what was found.
    fn network_of(
        &self,
        task: &PlannedRun,
        record: &RunRecord,
        store: &dyn Store,
    ) -> Result<Result<S::Network, Misfit>, ExperimentError> {
        let name = |method: &Contender, seed: u64, forget: &str| {
            format!("{method}, seed {seed}, {forget}")
        };
        let ours = name(&task.method, task.seed, &self.requests[task.request].0);
        let theirs = name(&record.method, record.seed, &record.forget);
        if ours != theirs {
            return Ok(Err(("method", theirs, format!("{ours} by the config"))));
        }
        let model = |found: String| Ok(Err(("model", record.model.clone(), found)));
        // The name comes from a file that may have been edited: it must not lead out of its folder.
        if record.model != self.file_name(task) {
            return model(format!("{} by the config", self.file_name(task)));
        }
        let Some(bytes) = store.read(&record.model)? else {
            return model("no such file".to_owned());
        };
        let file = match ModelFile::<S>::decode(&bytes) {
            Ok(file) => file,
            Err(error) => return model(error.to_string()),
        };
        let weights = file.digest();
        if weights != record.weights {
            return Ok(Err(("weights", record.weights.clone(), weights)));
        }
        if file.spec != self.spec || file.seed != task.seed {
            return model(
                "its description is that of another network, data set or seed".to_owned(),
            );
        }
        // Other rows show in the digest of the list; here the claims of the file must fit the run.
        if task.split.digest() == record.forget_list
            && file.ledger != self.ledger(task, record.finding.as_ref())
        {
            return model("its ledger is another run's".to_owned());
        }
        // The digest covers only the weights; writing the file again shows whether anything else
        // was changed.
        if file.to_bytes().ok().as_ref() != Some(&bytes) {
            return model("its bytes differ from what this program writes".to_owned());
        }
        Ok(match file.load(&self.device) {
            Ok(network) => Ok(network),
            Err(error) => Err(("model", record.model.clone(), error.to_string())),
        })
    }
}
