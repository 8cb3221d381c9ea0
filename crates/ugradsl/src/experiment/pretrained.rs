//! An original that is passed in instead of being trained here.

use super::{Experiment, ExperimentError, PlannedRun, record::RunStats};
use crate::{
    models::{ModelFile, NetworkSpec},
    run::Store,
};

impl<S: NetworkSpec> Experiment<S> {
    /// Measures and stores the original as if it had been trained just now.
    pub(super) async fn take_pretrained(
        &mut self,
        task: PlannedRun,
        store: &mut dyn Store,
    ) -> Result<(), ExperimentError> {
        let Some(given) = &self.pretrained else { return Ok(()) };
        // Its file's own tensor names do not matter: it is stored like every other network.
        let mut file = ModelFile::new(self.spec.clone(), task.seed, given.state.clone());
        file.data = self.trained_on(&task);
        file.training = self.trained_by(&task);
        let name = self.file_name(&task);
        let network =
            file.load(&self.device).map_err(|source| ExperimentError::Model { name, source })?;
        let predictions = self.predictions(&task, &network).await?;
        let (stats, weights) = (RunStats::default(), file.digest());
        let record = self.record(&task, stats, &weights, &network, &predictions).await?;
        self.keep(&task, &record, &file, store)?;
        self.file_run(task, record, network, predictions)
    }
}
