//! An original that somebody brings along instead of having it trained here.

use super::{Experiment, ExperimentError, PlannedRun, record::RunStats};
use crate::{
    data::{ResidentSet, Split},
    models::ModelFile,
    run::Store,
};

impl Experiment {
    /// Begins with the network of `file` instead of training one; it is the original of every seed. Images are normalised as
    /// it wants them, for all networks of the experiment.
    ///
    /// # Errors
    ///
    /// If it is no network for this data, or has forgotten something before.
    pub fn with_original(mut self, file: ModelFile) -> Result<Self, ExperimentError> {
        file.spec.check_data(&self.dataset)?;
        if !file.ledger.is_empty() {
            let rows = file.ledger.rows().len();
            return Err(ExperimentError::Forgetful { rows });
        }
        file.check()
            .map_err(|source| ExperimentError::Model { name: "original".to_owned(), source })?;
        let resident = |set| ResidentSet::new(set, &file.spec.normalisation, &self.device);
        (self.train, self.test) = (resident(&self.dataset.train), resident(&self.dataset.test));
        self.config.architecture = file.spec.architecture;
        (self.spec, self.pretrained) = (file.spec.clone(), Some(file));
        Ok(self)
    }

    /// Measures and keeps the given original as if it had been trained just now.
    pub(super) async fn take_pretrained(
        &mut self,
        task: PlannedRun,
        split: &Split,
        store: &mut dyn Store,
    ) -> Result<(), ExperimentError> {
        let Some(given) = &self.pretrained else { return Ok(()) };
        // The names of whoever trained it are for whoever gets it back: here it is one network among others.
        let file = ModelFile::new(self.spec.clone(), task.seed, given.state.clone());
        let name = format!("{}.safetensors", self.file_stem(&task));
        let network =
            file.load(&self.device).map_err(|source| ExperimentError::Model { name, source })?;
        let predictions = self.predictions(&task, &network, split).await?;
        let (course, weights) = (RunStats::default(), file.digest());
        let record = self.record(&task, split, course, &weights, &network, &predictions).await?;
        self.keep(&task, split, &record, &file, store)?;
        self.file_run(task, record, network, predictions)
    }
}
