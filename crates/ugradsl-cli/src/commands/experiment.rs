//! What all commands share that run an experiment: config, device, data, the loop over its events.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ugradsl::{
    data::{self, Dataset, ForgetRequest},
    device::{Device, DeviceChoice},
    report::Report,
    self_test::self_test,
    session::{Experiment, ExperimentConfig, FolderStore, MemoryStore, Store, resolve},
};

use crate::{
    args::{CommonArgs, DataArgs},
    exit::{Failure, Outcome, Result},
    output::talk,
    progress::Progress,
};

/// The config that the recipe and the settings say, on top of what the command itself presets.
pub(crate) fn config(
    common: &CommonArgs,
    data: &DataArgs,
    presets: &[String],
) -> Result<ExperimentConfig> {
    let recipe = match &common.recipe {
        Some(path) => {
            Some(std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?)
        }
        None => None,
    };
    // A recipe says more than a command's presets; what is said on the command line says most.
    let settings = if recipe.is_some() { &[] } else { presets };
    let settings: Vec<String> = settings.iter().chain(&common.set).cloned().collect();
    let mut config = resolve(recipe.as_deref(), &settings)?;
    if let Some(device) = &common.device {
        config.device = device.parse::<DeviceChoice>().map_err(Failure::usage)?;
    }
    if let Some(name) = &data.data {
        config.data.clone_from(name);
    }
    config.limit_train = data.limit_train.or(config.limit_train);
    config.limit_test = data.limit_test.or(config.limit_test);
    Ok(config)
}

/// Opens the device and puts the known questions to it.
pub(crate) fn open_device(choice: DeviceChoice) -> Result<Device> {
    let device = pollster::block_on(Device::open(choice))?;
    let failed: Vec<String> = pollster::block_on(self_test(&device))
        .into_iter()
        .filter(|check| !check.passed)
        .map(|check| format!("{} ({})", check.name, check.detail))
        .collect();
    if failed.is_empty() {
        return Ok(device);
    }
    let message = anyhow::anyhow!("{} fails the self-test: {}", device.info(), failed.join(", "));
    Err(Failure::new(Outcome::Device, message))
}

/// Opens the data set of `config`.
pub(crate) fn open_data(config: &ExperimentConfig, root: Option<&Path>) -> Result<Dataset> {
    Ok(data::open(&config.data, root)?.limit(config.limit_train, config.limit_test)?)
}

/// A flag that Ctrl-C or a termination signal raises.
pub(crate) fn interruption() -> Result<Arc<AtomicBool>> {
    let raised = Arc::new(AtomicBool::new(false));
    let flag = raised.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst))
        .map_err(|error| Failure::new(Outcome::Usage, error))?;
    Ok(raised)
}

/// Runs `config` to its end: the report, or `None` if it was interrupted and its state is kept.
pub(crate) fn run(
    config: ExperimentConfig,
    root: Option<&Path>,
    out: Option<&Path>,
    resume: bool,
) -> Result<Option<Report>> {
    let dataset = open_data(&config, root)?;
    let requests: std::result::Result<Vec<_>, _> =
        config.forget.iter().map(|request| ForgetRequest::parse(request)).collect();
    let finished = carry_out(config, dataset, requests?, out, resume)?;
    Ok(finished.map(|(experiment, _)| Report::new(&experiment)))
}

/// Runs `config`, with its `forget` entries as `requests`, to its end: the experiment and where its networks are
/// kept, or `None` if it was interrupted.
pub(crate) fn carry_out(
    config: ExperimentConfig,
    dataset: Dataset,
    requests: Vec<ForgetRequest>,
    out: Option<&Path>,
    resume: bool,
) -> Result<Option<(Experiment, Box<dyn Store>)>> {
    let mut store: Box<dyn Store> = match out {
        Some(folder) => Box::new(FolderStore::new(folder)?),
        None => Box::new(MemoryStore::default()),
    };
    let device = open_device(config.device)?;
    let interrupted = interruption()?;
    let mut experiment = Experiment::new(config, dataset, requests, device, resume)?;
    let mut progress = Progress::new();
    while let Some(event) = pollster::block_on(experiment.next(store.as_mut()))? {
        progress.show(&event, experiment.remaining());
        if interrupted.load(Ordering::SeqCst) {
            progress.close();
            pollster::block_on(experiment.checkpoint(store.as_mut()))?;
            match out {
                Some(folder) => talk(&format!(
                    "interrupted: the state is in {}, --resume goes on from there",
                    folder.display()
                )),
                None => talk("interrupted: without --out there is nothing to resume"),
            }
            return Ok(None);
        }
    }
    Ok(Some((experiment, store)))
}
