//! What `train`, `unlearn` and `evaluate` share: one network, one run, one file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use serde::Serialize;
use ugradsl::{
    data::Dataset,
    device::Device,
    experiment::ExperimentConfig,
    models::{ModelFile, ModelSpec, Network},
    run::{CheckpointTimer, FolderStore, Store, write_atomically},
    session::Session,
};

use super::{experiment, model};
use crate::{
    args::SingleArgs,
    exit::{Failure, Outcome, Result},
    output::{self, note},
    progress::Progress,
};

/// What one network needs to be trained or measured: the config, the data and a device.
pub(super) struct Workbench {
    pub(super) config: ExperimentConfig,
    pub(super) seed: u64,
    pub(super) device: Device,
    pub(super) dataset: Arc<Dataset>,
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

    /// The config of a run that begins with a network of this description.
    pub(super) fn config_of(&self, spec: &ModelSpec) -> ExperimentConfig {
        ExperimentConfig { architecture: spec.architecture, ..self.config.clone() }
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

/// Drives `session` to its end; `false` if it was interrupted with its state kept.
pub(super) fn drive(
    session: &mut Session<Network>,
    checkpoint: &mut Checkpoint,
    resume: bool,
) -> Result<bool> {
    let Checkpoint { store, name } = checkpoint;
    if resume {
        pollster::block_on(session.resume(store, name))?;
    }
    let interrupted = experiment::interruption()?;
    let mut progress = Progress::new();
    let mut timer = CheckpointTimer::default();
    while let Some(event) = pollster::block_on(session.next())? {
        progress.show(&event, 1);
        let stop = interrupted.load(Ordering::SeqCst);
        if stop || timer.is_due() {
            let start = Instant::now();
            pollster::block_on(session.checkpoint(store, name))?;
            timer.restart(start);
        }
        if stop {
            progress.close();
            note("interrupted: --resume continues from here");
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes `file` to `out` and drops the checkpoint.
pub(super) fn save(file: &ModelFile, out: &Path, checkpoint: &mut Checkpoint) -> Result<()> {
    write_atomically(out, &file.to_bytes()?)?;
    checkpoint.store.remove(&checkpoint.name)?;
    Ok(())
}

/// What every command that works on one model says in JSON, around its result.
#[derive(Serialize)]
struct Envelope<'a, T: Serialize> {
    schema_version: u32,
    config: &'a ExperimentConfig,
    #[serde(flatten)]
    result: &'a T,
    #[serde(flatten)]
    files: BTreeMap<&'a str, &'a Path>,
}

/// Prints `result` as one JSON object with the `model` that was written, or as `text`.
pub(super) fn emit(
    json: bool,
    config: &ExperimentConfig,
    result: &impl Serialize,
    model: Option<&Path>,
    text: &str,
) -> Result {
    let files: Vec<(&str, &Path)> = model.map(|path| ("model", path)).into_iter().collect();
    emit_with(json, config, result, &files, text)
}

/// The same with any files that were written.
pub(super) fn emit_with(
    json: bool,
    config: &ExperimentConfig,
    result: &impl Serialize,
    files: &[(&str, impl AsRef<Path>)],
    text: &str,
) -> Result {
    let files = files.iter().map(|(name, path)| (*name, path.as_ref())).collect();
    let envelope = Envelope { schema_version: 1, config, result, files };
    output::emit(&if json { serde_json::to_string_pretty(&envelope)? } else { text.to_owned() });
    Ok(Outcome::Done)
}
