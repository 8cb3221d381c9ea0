//! Runs experiments: opens data and device, and drives the events to the end or to an interruption.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ugradsl::{
    data::{self, Dataset, ForgetRequest, OpenOptions, ResidentSet},
    device::{Device, DeviceChoice},
    experiment::{Experiment, ExperimentBuilder, ExperimentConfig},
    models::{ModelFile, ModelSpec},
    report::Report,
    run::{FolderStore, MemoryStore, Store},
    self_test::self_test,
};

use crate::{
    exit::{Failure, Outcome, Result},
    memory::Allocator,
    model_arg, onnx_arg,
    output::note,
    places,
    progress::Progress,
};

/// Refuses a number of threads that rayon would ignore without a word.
pub(crate) fn check_threads() -> Result<()> {
    const NAME: &str = "RAYON_NUM_THREADS";
    const MOST: usize = 1024;
    let given = std::env::var_os(NAME).unwrap_or_default();
    match given.to_str().map(str::parse::<usize>) {
        Some(Ok(0..=MOST)) => Ok(()),
        _ if given.is_empty() => Ok(()),
        _ => Err(Failure::usage(format!(
            "the environment variable {NAME} is {given:?}: it must be a number of threads, 1 to \
             {MOST}, or 0 for one thread per core"
        ))),
    }
}

/// Opens the device and checks it against known answers.
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

/// Notes where rows are sent to the device in pieces.
pub(crate) fn say_pieces(dataset: &Dataset, device: &Device) {
    for (part, rows) in [("training", &dataset.train), ("test", &dataset.test)] {
        let (pieces, limit) = (ResidentSet::pieces(rows, device), device.info().largest_tensor());
        if let (2.., Some(limit)) = (pieces, limit) {
            note(&format!(
                "the {} {part} rows are sent to the device in {pieces} pieces, because it lends at most {limit} bytes \
                 to one buffer",
                rows.len()
            ));
        }
    }
}

/// Opens the data set of `config`, for its original if it names one.
pub(crate) fn open_data(config: &ExperimentConfig, root: Option<&Path>) -> Result<Dataset> {
    let original = config.original.as_ref();
    let saved = original.and_then(|file| model_arg::saved(file.file.as_ref()));
    let data = open_data_for(saved, config, root)?;
    onnx_arg::named_by(data, original.and_then(|file| file.classes.as_deref()).map(Path::new))
}

/// Opens the data set of `config`, as a saved network reads it: with its tokenizer and row length,
/// and the numbers that it gives the classes. What was guessed is noted.
pub(crate) fn open_data_for(
    saved: Option<ModelFile>,
    config: &ExperimentConfig,
    root: Option<&Path>,
) -> Result<Dataset> {
    let (spec, record) = saved.map(|file| (file.spec, file.data)).unzip();
    let reads_texts = spec.as_ref().is_some_and(|spec| spec.tokenizer.is_some());
    let text = spec.and_then(|spec| Some((spec.tokenizer?, spec.shape[2])));
    let (tokenizer, length) = text.unzip();
    let mut cut = config.text.clone();
    cut.length = length.unwrap_or(cut.length);
    let options = OpenOptions::new().text(cut).read(config.reading.clone());
    let options = root.into_iter().fold(options, OpenOptions::root);
    let before = record.as_ref().and_then(|record| Some(record.as_ref()?.reading.clone()));
    let options = before.into_iter().fold(options, OpenOptions::as_before);
    let options = tokenizer.into_iter().fold(options, OpenOptions::tokenizer);
    let data = data::open(&config.data, &options)?;
    data.notes.iter().for_each(|sentence| note(&format!("{}: {sentence}", data.name)));
    // Rows of another kind are refused later, with the better reason.
    let same_kind = data.train.texts().is_some() == reads_texts;
    let data = match record.flatten().filter(|_| same_kind) {
        Some(record) => record.adopt(data)?,
        None => data,
    };
    Ok(data.limit(config.limit_train, config.limit_test)?.with_validation(config.validation)?)
}

/// Opens the data set of `config` for a command that shows its notes itself.
pub(crate) fn open_quietly(config: &ExperimentConfig, root: Option<&Path>) -> Result<Dataset> {
    let options = OpenOptions::new().text(config.text.clone()).read(config.reading.clone());
    let data = data::open(&config.data, &root.into_iter().fold(options, OpenOptions::root))?;
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

/// Refuses a folder for results in which the original itself lies, under a name that a result may
/// get.
fn keep_original(file: &Path, out: Option<&Path>) -> Result<()> {
    let folder = |path: &Path| path.canonicalize().ok();
    let of_file = folder(file).and_then(|file| file.parent().map(Path::to_owned));
    match out.and_then(folder).filter(|out| Some(out) == of_file.as_ref()) {
        Some(out) => Err(Failure::usage(format!(
            "{} lies in {}, where results are written, and could be replaced: give another --out",
            file.display(),
            out.display()
        ))),
        None => Ok(()),
    }
}

/// An experiment to run, and everything it needs except a device.
pub(crate) struct Job<'a> {
    pub(crate) config: ExperimentConfig,
    pub(crate) dataset: Dataset,
    /// The `forget` entries of the config, each with its name.
    pub(crate) requests: Vec<(String, ForgetRequest)>,
    /// The network to train, where it is not that of the config's `architecture`.
    pub(crate) network: Option<ModelSpec>,
    /// Where to run: as the config says, unless a command decides otherwise.
    pub(crate) device: DeviceChoice,
    /// Folder for networks, records and checkpoints; without one they are kept in memory.
    pub(crate) out: Option<&'a Path>,
    pub(crate) resume: bool,
}

impl<'a> Job<'a> {
    /// Opens the data, and refuses everything that can be refused without a device.
    pub(crate) fn open(
        config: ExperimentConfig,
        root: Option<&Path>,
        out: Option<&'a Path>,
        resume: bool,
    ) -> Result<Self> {
        let dataset = open_data(&config, root)?;
        Self::on(dataset, config, out, resume)
    }

    /// The same on data that are open already.
    pub(crate) fn on(
        dataset: Dataset,
        config: ExperimentConfig,
        out: Option<&'a Path>,
        resume: bool,
    ) -> Result<Self> {
        if let Some(original) = &config.original {
            keep_original(Path::new(&original.file), out)?;
        }
        let parse = |text: &String| Ok((text.clone(), ForgetRequest::parse_for(text, &dataset)?));
        let requests = config.forget.iter().map(parse).collect::<Result<_>>()?;
        let device = config.device;
        Ok(Self { config, dataset, requests, network: None, device, out, resume })
    }

    /// What of an earlier run the results replace, in words.
    fn replaced(&self) -> Option<String> {
        let folder = self.out?;
        let said = match (holds_results(folder), self.resume) {
            (true, false) => "an earlier run, which this one replaces; --resume would continue it",
            (true, true) if reports_others(folder, &self.config) => {
                "the report of other methods, seeds or requests, which the new one replaces"
            }
            _ => return None,
        };
        Some(format!("{} holds {said}", folder.display()))
    }

    /// Refuses networks in `folder` under the names of results, where no run has recorded them.
    fn keep_networks(&self, folder: &Path) -> Result<()> {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let is_result = |path: &PathBuf| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let names = self.config.methods.iter().map(|method| method.name());
            let mut names = names.chain(["original", "retrain"]);
            names.any(|name| stem.strip_prefix(name).is_some_and(|rest| rest.starts_with("-seed")))
        };
        let foreign = files.map(|file| file.path()).find(|path| {
            is_result(path) && !path.with_extension("json").exists() && model_arg::is_network(path)
        });
        match foreign {
            Some(path) => Err(Failure::usage(format!(
                "{} is there, was not made by a comparison in this folder, and would be replaced: give \
                 another --out",
                path.display()
            ))),
            None => Ok(()),
        }
    }

    fn store(&self) -> Result<Box<dyn Store>> {
        Ok(match self.out {
            Some(folder) => {
                let store = FolderStore::new(folder)?;
                store.check_writable()?;
                places::check_report(folder)?;
                if !holds_results(folder) && !self.resume {
                    self.keep_networks(folder)?;
                }
                Box::new(store)
            }
            None => Box::new(MemoryStore::default()),
        })
    }
}

/// Whether `folder` holds a report, a run that was interrupted, or the record of a network, which
/// is all that an audit leaves.
fn holds_results(folder: &Path) -> bool {
    let is_record = |path: &PathBuf| {
        // A deletion leaves a record beside a network, too, but under a name of the user's.
        path.extension().is_some_and(|ending| ending == "json")
            && path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("-seed"))
            && path.with_extension("safetensors").exists()
    };
    let mut files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    ["report.json", "checkpoint.safetensors"].iter().any(|name| folder.join(name).exists())
        || files.any(|file| is_record(&file.path()))
}

/// Whether the report in `folder` is that of other runs than those of `config`.
fn reports_others(folder: &Path, config: &ExperimentConfig) -> bool {
    let text = std::fs::read_to_string(folder.join("report.json")).unwrap_or_default();
    Report::from_json(&text).is_ok_and(|report| {
        let runs = |config: &ExperimentConfig| {
            (config.methods.clone(), config.seeds.clone(), config.forget.clone())
        };
        runs(&report.config) != runs(config)
    })
}

/// A finished experiment and where its networks are kept.
pub(crate) struct Finished {
    pub(crate) experiment: Experiment,
    pub(crate) store: Box<dyn Store>,
}

impl Finished {
    pub(crate) fn report(&self) -> Report {
        Report::new(&self.experiment)
    }
}

/// What a process needs once, however many experiments it runs: devices that passed the self-test,
/// and a handler for Ctrl-C.
#[derive(Default)]
pub(crate) struct Host {
    devices: Vec<(DeviceChoice, Device)>,
    interrupted: Option<Arc<AtomicBool>>,
}

impl Host {
    /// The device for `choice`, opened and tested on first use.
    pub(crate) fn device(&mut self, choice: DeviceChoice) -> Result<Device> {
        if let Some((_, device)) = self.devices.iter().find(|(known, _)| *known == choice) {
            return Ok(device.clone());
        }
        let device = open_device(choice)?;
        self.devices.push((choice, device.clone()));
        Ok(device)
    }

    fn interrupted(&mut self) -> Result<Arc<AtomicBool>> {
        if self.interrupted.is_none() {
            self.interrupted = Some(interruption()?);
        }
        Ok(self.interrupted.clone().unwrap_or_default())
    }

    /// Refuses what of `job` can be refused before anything is computed.
    pub(crate) fn check(&mut self, job: Job<'_>) -> Result<()> {
        Ok(self.builder(job)?.check()?)
    }

    /// The experiment of `job`, with the original that its config names, if any.
    pub(crate) fn prepare(&mut self, job: Job<'_>) -> Result<Experiment> {
        Ok(self.builder(job)?.build()?)
    }

    fn builder(&mut self, job: Job<'_>) -> Result<ExperimentBuilder> {
        let Job { config, dataset, requests, network, device, resume, .. } = job;
        let device = self.device(device)?;
        let original = model_arg::original(&config, &dataset)?;
        say_pieces(&dataset, &device);
        let experiment = match network {
            Some(spec) => Experiment::builder_for(spec, config, dataset, device),
            None => Experiment::builder(config, dataset, device),
        };
        let experiment = experiment.requests(requests);
        Ok(experiment.original(original).resume(resume).memory_meter(&Allocator))
    }

    /// Runs `job` to its end; `None` if it was interrupted, with its state saved.
    pub(crate) fn run(&mut self, job: Job<'_>) -> Result<Option<Finished>> {
        // A folder that cannot be created is refused before a device is opened.
        let mut store = job.store()?;
        let replaced = job.replaced();
        let mut experiment = self.prepare(job)?;
        // Said of a run that begins, not of one that is refused.
        replaced.iter().for_each(|words| note(words));
        let interrupted = self.interrupted()?;
        let mut progress = Progress::new();
        while let Some(event) = pollster::block_on(experiment.next(store.as_mut()))? {
            progress.show(&event, experiment.remaining());
            if interrupted.load(Ordering::SeqCst) {
                progress.close();
                pollster::block_on(experiment.checkpoint(store.as_mut()))?;
                return Ok(None);
            }
        }
        Ok(Some(Finished { experiment, store }))
    }
}

/// Says how to continue after an interruption.
pub(crate) fn interrupted(out: Option<&Path>) -> Outcome {
    note(&match out {
        Some(folder) => {
            format!(
                "interrupted: the state is in {}, --resume continues from there",
                folder.display()
            )
        }
        None => "interrupted: without --out there is nothing to resume".to_owned(),
    });
    Outcome::Interrupted
}
