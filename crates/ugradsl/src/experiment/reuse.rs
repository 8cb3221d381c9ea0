//! Networks that exist already, measured again: those that a resumed experiment finds, and those that a report
//! names and that are verified.

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

impl<S: NetworkSpec> Experiment<S> {
    /// Takes `records` for its own, whatever device made them: instead of being computed, each network is read
    /// from `store` and measured as if its run had just ended here. What was known only while they ran (time,
    /// steps, history, warnings) is taken from the records as it is.
    ///
    /// What does not fit is returned, and nothing is measured then: a run that the config does not have, a model
    /// that is missing, damaged, or not the one that the record states.
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
        let (mut unfit, mut networks) = (Vec::new(), Vec::new());
        for (row, (task, record)) in tasks.iter().zip(records).enumerate() {
            match self.network_of(task, record, store)? {
                Ok(network) => networks.push(network),
                Err((field, stated, found)) => {
                    let field = format!("runs[{row}].{field}");
                    unfit.push(Mismatch { field, stated, found });
                }
            }
        }
        if !unfit.is_empty() {
            return Ok(unfit);
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
        Ok(unfit)
    }

    /// Files a network that was there already, with a record that says what it measures now: an original may
    /// have served another request, and decimal digits in a file need not give back the very same number.
    pub(super) async fn file_existing(
        &mut self,
        task: PlannedRun,
        record: RunRecord,
        network: S::Network,
    ) -> Result<(), ExperimentError> {
        let predictions = self.predictions(&task, &network).await?;
        let weights = record.weights.clone();
        let course = RunStats::from(record);
        let record = self.record(&task, course, &weights, &network, &predictions).await?;
        self.file_run(task, record, network, predictions)
    }

    /// The network of a record, or the field that does not fit, what it states and what was found.
    fn network_of(
        &self,
        task: &PlannedRun,
        record: &RunRecord,
        store: &dyn Store,
    ) -> Result<Result<S::Network, (&'static str, String, String)>, ExperimentError> {
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
        if record.model != format!("{}.safetensors", self.file_stem(task)) {
            return model(format!("{}.safetensors by the config", self.file_stem(task)));
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
            return model("its description is another network's, data's or seed's".to_owned());
        }
        // Other rows show in the list's own digest: what has to fit here is what the file claims of itself.
        if task.split.digest() == record.forget_list && file.ledger != self.ledger(task) {
            return model("its ledger is another run's".to_owned());
        }
        // The digest covers the weights; that the file says nothing else shows when it is written again.
        if file.to_bytes().ok().as_ref() != Some(&bytes) {
            return model("not as this program writes it".to_owned());
        }
        Ok(match file.load(&self.device) {
            Ok(network) => Ok(network),
            Err(error) => Err(("model", record.model.clone(), error.to_string())),
        })
    }
}
