//! What `train`, `unlearn` and `evaluate` share: one network, one run, one file.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use ugradsl::{
    data::{Dataset, ForgetRequest, ResidentSet, Split},
    device::Device,
    evaluate::{Measures, Predictions},
    experiment::{ExperimentConfig, ExperimentError},
    models::{ModelFile, ModelSpec, Network, read_state},
    run::{CheckpointTimer, FolderStore, Outcome as RunOutcome, SessionError, Store},
    session::Session,
    train::TrainError,
};

use super::{experiment, model};
use crate::{
    args::SingleArgs,
    exit::{Failure, Outcome, Result},
    output::note,
    progress::Progress,
};

/// What one network needs to be trained or measured: the config, the data and a device.
pub(super) struct Workbench {
    pub(super) config: ExperimentConfig,
    pub(super) seed: u64,
    pub(super) device: Device,
    pub(super) dataset: Arc<Dataset>,
}

/// The data on the device, normalised as one network wants it.
pub(super) struct Sets {
    pub(super) train: ResidentSet,
    pub(super) test: ResidentSet,
}

impl Workbench {
    /// Opens data and device. The config is that of this one run: its seed, and what is forgotten, if anything is.
    /// A saved network for texts brings along how they are cut.
    pub(super) fn open(
        args: &SingleArgs,
        model: Option<&Path>,
        forget: Option<&str>,
    ) -> Result<Self> {
        let mut config = experiment::config(&args.common, &args.data, &[])?;
        let seed = args.seed.or(config.seeds.first().copied()).unwrap_or(0);
        config.seeds = vec![seed];
        config.forget = forget.into_iter().map(String::from).collect();
        let text = model.and_then(model::text_of);
        if let Some((_, length)) = text {
            config.text.length = length;
        }
        let root = args.common.data_root.as_deref();
        let dataset = experiment::open_data_for(text, &config, root)?.into();
        let device = experiment::open_device(config.device)?;
        Ok(Self { seed, config, device, dataset })
    }

    /// The data as a network of this description sees it.
    pub(super) fn sets(&self, spec: &ModelSpec) -> Sets {
        let set = |images| ResidentSet::new(images, &spec.normalisation, &self.device);
        Sets { train: set(&self.dataset.train), test: set(&self.dataset.test) }
    }

    /// The config of a run that begins with a network of this description.
    pub(super) fn config_of(&self, spec: &ModelSpec) -> ExperimentConfig {
        ExperimentConfig { architecture: spec.architecture, ..self.config.clone() }
    }

    /// The rows that the network of `file` has forgotten before; an error if they are rows of other data.
    pub(super) fn forgotten(&self, file: &ModelFile) -> Result<Vec<u32>> {
        if !file.ledger.is_empty() {
            file.ledger.check_data(&self.dataset.digest())?;
        }
        Ok(file.ledger.rows())
    }

    /// The rows that `request` names, and those that stay: nothing that the network of `file` has forgotten else.
    pub(super) fn split(&self, request: &str, file: &ModelFile) -> Result<Split> {
        let request = ForgetRequest::parse_for(request, &self.dataset)?;
        let asked = request.split(&self.dataset, self.seed)?.forget;
        // Looking does no harm to a network, so that other data are no reason to refuse.
        let mut before = self.forgotten(file).unwrap_or_else(|error| {
            note(&format!("{}; what it has forgotten counts as retained here", error.source));
            Vec::new()
        });
        before.retain(|row| asked.binary_search(row).is_err());
        Ok(request.split_after(&before, &self.dataset, self.seed)?)
    }

    /// Measures `network` on the rows of `split`.
    pub(super) fn measure(
        &self,
        network: &Network,
        sets: &Sets,
        split: &Split,
    ) -> Result<(Predictions, Measures)> {
        let fail = |error| Failure::new(Outcome::Data, error);
        let predictions =
            pollster::block_on(Predictions::of(network, &sets.train, &sets.test, split))
                .map_err(fail)?;
        let measures = predictions.measure(self.config.attack, self.seed).map_err(fail)?;
        Ok((predictions, measures))
    }
}

/// The checkpoint of the run that writes `out`: a neighbour of it.
pub(super) struct Checkpoint {
    store: FolderStore,
    name: String,
}

impl Checkpoint {
    pub(super) fn beside(out: &Path) -> Result<Self> {
        let name = out.file_name().and_then(|name| name.to_str());
        let name =
            name.ok_or_else(|| Failure::usage(format!("{}: not a file name", out.display())))?;
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        Ok(Self { store: FolderStore::new(folder)?, name: format!("{name}.checkpoint") })
    }
}

/// Drives `session` to its end; `None` if it was interrupted with its state kept.
pub(super) fn drive(
    session: &mut Session<Network>,
    checkpoint: &mut Checkpoint,
    resume: bool,
) -> Result<Option<RunOutcome<Network>>> {
    let Checkpoint { store, name } = checkpoint;
    if resume {
        pollster::block_on(session.resume(store, name)).map_err(session_failure)?;
    }
    let interrupted = experiment::interruption()?;
    let mut progress = Progress::new();
    let mut timer = CheckpointTimer::default();
    while let Some(event) = pollster::block_on(session.next()).map_err(session_failure)? {
        progress.show(&event, 1);
        let stop = interrupted.load(Ordering::SeqCst);
        if stop || timer.is_due() {
            let start = Instant::now();
            pollster::block_on(session.checkpoint(store, name)).map_err(session_failure)?;
            timer.restart(start);
        }
        if stop {
            progress.close();
            note("interrupted: --resume goes on from here");
            return Ok(None);
        }
    }
    Ok(session.outcome().cloned())
}

/// The exit code of a session is that of an experiment's run.
pub(super) fn session_failure(error: SessionError) -> Failure {
    ExperimentError::from(error).into()
}

/// Writes `network` to `out`, described and named as `like`, and drops the checkpoint: the file that will
/// be loaded again.
pub(super) fn save(
    network: &Network,
    like: ModelFile,
    out: &Path,
    checkpoint: &mut Checkpoint,
) -> Result<ModelFile> {
    let state = pollster::block_on(read_state(network))
        .map_err(|error| Failure::from(ExperimentError::from(TrainError::from(error))))?;
    let file = ModelFile { state, ..like };
    ugradsl::run::write_atomically(out, &file.to_bytes()?)?;
    checkpoint.store.remove(&checkpoint.name)?;
    Ok(file)
}
