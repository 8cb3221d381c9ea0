//! What all commands share that run an experiment: config, device, data, the loop over its events.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ugradsl::{
    data::{self, Dataset, ForgetRequest, OpenOptions, TextConfig, Tokenizer},
    device::{Device, DeviceChoice},
    experiment::{Experiment, ExperimentConfig, OriginalConfig, resolve},
    report::Report,
    run::{FolderStore, MemoryStore, Store},
    self_test::self_test,
    unlearn::Method,
};

use super::model;
use crate::{
    args::{ChoiceArgs, CommonArgs, DataArgs},
    exit::{Failure, Outcome, Result},
    memory::Allocator,
    output::note,
    progress::Progress,
};

/// The config that the recipe and the settings say, on top of what the command itself presets.
pub(crate) fn config(
    common: &CommonArgs,
    data: &DataArgs,
    presets: &[String],
) -> Result<ExperimentConfig> {
    resolved(recipe(common)?.as_deref(), common, data, presets)
}

/// The recipe's text, if there is one.
pub(crate) fn recipe(common: &CommonArgs) -> Result<Option<String>> {
    let read = |path| std::fs::read_to_string(path).map_err(|error| Failure::file(path, error));
    common.recipe.as_deref().map(read).transpose()
}

/// As [`config`], with a recipe that has been read.
pub(crate) fn resolved(
    recipe: Option<&str>,
    common: &CommonArgs,
    data: &DataArgs,
    presets: &[String],
) -> Result<ExperimentConfig> {
    // A recipe says more than a command's presets; what is said on the command line says most.
    let settings = if recipe.is_some() { &[] } else { presets };
    let settings: Vec<String> = settings.iter().chain(&common.set).cloned().collect();
    let mut config = resolve(recipe, &settings)?;
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

/// Puts what is compared into `config`, where it is said.
pub(crate) fn choose(config: &mut ExperimentConfig, choice: &ChoiceArgs) -> Result<()> {
    if !choice.methods.is_empty() {
        let parsed: std::result::Result<Vec<Method>, _> =
            choice.methods.iter().map(|name| name.trim().parse()).collect();
        config.methods = parsed.map_err(Failure::usage)?;
    }
    if !choice.seeds.is_empty() {
        config.seeds.clone_from(&choice.seeds);
    }
    if !choice.forget.is_empty() {
        config.forget.clone_from(&choice.forget);
    }
    if let Some(file) = &choice.original {
        let file = file.display().to_string();
        config.original = Some(match config.original.take() {
            Some(original) => OriginalConfig { file, ..original },
            None => OriginalConfig { file, prefix: None, normalisation: None },
        });
    }
    config.retrain &= !choice.no_retrain;
    Ok(())
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

/// Opens the data set of `config`, its texts cut as the original wants them, if that need not be trained.
pub(crate) fn open_data(config: &ExperimentConfig, root: Option<&Path>) -> Result<Dataset> {
    let original = config.original.as_ref();
    open_data_for(original.and_then(|file| model::text_of(file.file.as_ref())), config, root)
}

/// Opens the data set of `config`, its texts cut by the tokenizer of a network that is there already, and to its length.
pub(crate) fn open_data_for(
    text: Option<(Tokenizer, usize)>,
    config: &ExperimentConfig,
    root: Option<&Path>,
) -> Result<Dataset> {
    let (tokenizer, length) = text.unzip();
    let cut = TextConfig { length: length.unwrap_or(config.text.length), ..config.text.clone() };
    let options = root.into_iter().fold(OpenOptions::new().text(cut), OpenOptions::root);
    let options = tokenizer.into_iter().fold(options, OpenOptions::tokenizer);
    let data = data::open(&config.data, &options)?;
    Ok(data.limit(config.limit_train, config.limit_test)?)
}

/// A flag that Ctrl-C or a termination signal raises.
pub(crate) fn interruption() -> Result<Arc<AtomicBool>> {
    let raised = Arc::new(AtomicBool::new(false));
    let flag = raised.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst))
        .map_err(|error| Failure::new(Outcome::Usage, error))?;
    Ok(raised)
}

/// What a process needs once, however many experiments it runs: a device that knows its answers, and an ear
/// for Ctrl-C.
pub(crate) struct Host {
    device: Device,
    interrupted: Arc<AtomicBool>,
}

/// A finished experiment and where its networks are kept.
type Finished = (Experiment, Box<dyn Store>);

impl Host {
    pub(crate) fn open(choice: DeviceChoice) -> Result<Self> {
        Ok(Self { device: open_device(choice)?, interrupted: interruption()? })
    }

    pub(crate) fn device(&self) -> &Device {
        &self.device
    }

    /// Runs `config` on `dataset`, to its end: the report, or `None` if it was interrupted and its state is kept.
    pub(crate) fn run(
        &self,
        config: ExperimentConfig,
        dataset: Dataset,
        out: Option<&Path>,
        resume: bool,
    ) -> Result<Option<Report>> {
        let requests = requests(&config, &dataset)?;
        let finished = self.carry_out(config, dataset, requests, out, resume)?;
        Ok(finished.map(|(experiment, _)| Report::new(&experiment)))
    }

    /// Runs `config`, with its `forget` entries as `requests`, to its end, or to an interruption.
    fn carry_out(
        &self,
        config: ExperimentConfig,
        dataset: Dataset,
        requests: Vec<ForgetRequest>,
        out: Option<&Path>,
        resume: bool,
    ) -> Result<Option<Finished>> {
        let mut store: Box<dyn Store> = match out {
            Some(folder) => Box::new(FolderStore::new(folder)?),
            None => Box::new(MemoryStore::default()),
        };
        let mut experiment = prepare(config, dataset, requests, &self.device, resume)?;
        let mut progress = Progress::new();
        while let Some(event) = pollster::block_on(experiment.next(store.as_mut()))? {
            progress.show(&event, experiment.remaining());
            if self.interrupted.load(Ordering::SeqCst) {
                progress.close();
                pollster::block_on(experiment.checkpoint(store.as_mut()))?;
                return Ok(None);
            }
        }
        Ok(Some((experiment, store)))
    }
}

/// The experiment of `config`, with the original that it begins with, if it is not to be trained.
pub(crate) fn prepare(
    mut config: ExperimentConfig,
    dataset: Dataset,
    requests: Vec<ForgetRequest>,
    device: &Device,
    resume: bool,
) -> Result<Experiment> {
    let original = model::original(&config, &dataset)?;
    if let Some(file) = &original {
        config.architecture = file.spec.architecture;
    }
    let experiment = Experiment::new(config, dataset, requests, device.clone(), resume)?;
    let experiment = experiment.with_memory_meter(&Allocator);
    Ok(match original {
        Some(file) => experiment.with_original(file)?,
        None => experiment,
    })
}

/// What `config` says is to be forgotten.
pub(crate) fn requests(config: &ExperimentConfig, dataset: &Dataset) -> Result<Vec<ForgetRequest>> {
    let parsed = config.forget.iter().map(|request| ForgetRequest::parse_for(request, dataset));
    Ok(parsed.collect::<std::result::Result<_, _>>()?)
}

/// Runs `config` to its end: the report, or `None` if it was interrupted and its state is kept.
pub(crate) fn run(
    config: ExperimentConfig,
    root: Option<&Path>,
    out: Option<&Path>,
    resume: bool,
) -> Result<Option<Report>> {
    // What can be refused is refused before a device is opened.
    let dataset = open_data(&config, root)?;
    let requests = requests(&config, &dataset)?;
    let finished = carry_out(config, dataset, requests, out, resume)?;
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
) -> Result<Option<Finished>> {
    // A folder that cannot be made is refused before a device is opened, too.
    if let Some(folder) = out {
        FolderStore::new(folder)?;
    }
    let finished = Host::open(config.device)?.carry_out(config, dataset, requests, out, resume)?;
    match out {
        _ if finished.is_some() => {}
        Some(folder) => note(&format!(
            "interrupted: the state is in {}, --resume goes on from there",
            folder.display()
        )),
        None => note("interrupted: without --out there is nothing to resume"),
    }
    Ok(finished)
}
