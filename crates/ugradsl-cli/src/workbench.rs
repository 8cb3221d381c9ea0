//! What the commands about one model share: one network, one run, one file.

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
    experiment::{ExperimentConfig, Setting, top_level_keys},
    models::{ModelFile, ModelSpec, Network},
    run::{CheckpointTimer, Event, FolderStore, SessionError, Store, write_atomically},
    session::Session,
    unlearn::{Method, TrainingConfig},
};

use crate::{
    args::{ModelArgs, OnnxArgs, SingleArgs},
    exit::{Failure, Outcome, Result},
    host, model_arg, onnx_arg,
    output::{self, note},
    progress::Progress,
    settings::{Decided, OneRequest, Settings, read_recipe},
};

/// Keys of the config that a command for one model does not use.
const DECIDED: [Decided; 5] = [
    ("name", "it names a comparison"),
    ("methods", "there is one method, that of `--method`, or none"),
    ("original", "there is one network, that of `--model`, or a new one"),
    ("retrain", "nothing is retrained; `--retrained` takes a retrained network"),
    ("expect", "gates belong to `compare` and `sweep`"),
];
const NOTHING_FORGOTTEN: Decided = ("forget", "this command forgets nothing");
const NOTHING_ATTACKED: Decided = ("attack", "this command runs no membership attack");
const NOTHING_DRAWN: Decided = ("seeds", "this command draws nothing at random");
const NOTHING_GUARDED: Decided = ("validation", "this command answers for all rows");
const NOTHING_TRAINED: Decided = ("training", "this command trains nothing");

/// What a command for one model uses of the config besides data and device.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Uses<'a> {
    /// Its forget request, if it takes one.
    pub(crate) forget: Option<&'a str>,
    /// The unlearning methods that it runs.
    pub(crate) methods: &'a [Method],
    /// Whether it trains something.
    pub(crate) training: bool,
    /// Whether it runs membership attacks.
    pub(crate) attack: bool,
    /// Whether it only lists a network's answers.
    pub(crate) answers: bool,
}

impl Uses<'_> {
    fn decided(self) -> impl Iterator<Item = Decided> {
        let unused = [
            (self.forget.is_none(), NOTHING_FORGOTTEN),
            (!self.attack, NOTHING_ATTACKED),
            (!self.training, NOTHING_TRAINED),
            (self.answers, NOTHING_DRAWN),
            (self.answers, NOTHING_GUARDED),
        ];
        let unused = unused.into_iter().filter(|(unused, _)| *unused).map(|(_, decided)| decided);
        DECIDED.into_iter().chain(unused)
    }
}

/// What one network needs to be trained or measured: the config, the data and a device.
pub(crate) struct Workbench {
    /// What is guessed of the network, to be said once its file was read.
    guess: Option<String>,
    pub(crate) config: ExperimentConfig,
    pub(crate) seed: u64,
    pub(crate) device: Device,
    pub(crate) dataset: Arc<Dataset>,
}

impl Workbench {
    /// Opens data and device for a new network; `settings` are those of the command's own flags.
    pub(crate) fn open(args: &SingleArgs, settings: Settings, uses: Uses<'_>) -> Result<Self> {
        Self::open_for(args, settings, (None, None), uses)
    }

    /// The same for a network that is trained further.
    pub(crate) fn open_trained(
        args: &SingleArgs,
        settings: Settings,
        (model, onnx): (&Path, &OnnxArgs),
        uses: Uses<'_>,
    ) -> Result<Self> {
        Self::open_for(args, settings, (Some(model), Some(onnx)), uses)
    }

    /// The same for a saved network. One for texts brings its tokenizer and row length.
    pub(crate) fn open_model(args: &SingleArgs, model: &ModelArgs, uses: Uses<'_>) -> Result<Self> {
        Self::open_for(
            args,
            Settings::from_parts(&[model])?,
            (Some(&model.model), Some(&model.onnx)),
            uses,
        )
    }

    /// The config becomes that of this one run: its seed and, if there is one, its forget request.
    fn open_for(
        args: &SingleArgs,
        mut settings: Settings,
        (model, onnx): (Option<&Path>, Option<&OnnxArgs>),
        uses: Uses<'_>,
    ) -> Result<Self> {
        settings.add(args)?;
        if let Some(request) = uses.forget {
            settings.add(&OneRequest(request))?;
        }
        let recipe = read_recipe(args.common.recipe.as_deref())?;
        settings.decided(None, &uses.decided().collect::<Vec<_>>())?;
        let saved = model.and_then(model_arg::saved);
        let (mut presets, mut guess) = (Vec::new(), None);
        if uses.forget.is_some() && uses.training {
            match how_trained(saved.as_ref(), &settings, recipe.as_deref())? {
                Trained::So(training) => presets.push(training),
                Trained::Guessed(words) => guess = Some(words),
                Trained::Said => {}
            }
        }
        let mut config = settings.resolve_over(&presets, recipe.as_deref(), &[])?;
        settings.check_read(uses.methods, &[&config])?;
        if uses.forget.is_some() && uses.training {
            settings.check_trained(uses.methods, &[&config])?;
        }
        let seed = one_seed(&mut config, &settings, uses.answers)?;
        if uses.forget.is_none() {
            config.forget.clear();
        }
        say_other_methods(recipe.as_deref(), &config.methods, uses.methods)?;
        // What is printed says what ran.
        config.methods = uses.methods.to_vec();
        if !uses.training
            && let Some(training) = saved.as_ref().map(TrainingConfig::of).transpose()?.flatten()
        {
            config.training = training;
        }
        if let Some(path) = model {
            let place = |key: &str| settings.place_of(key).map(str::to_owned);
            model_arg::check_overruled(path, &config, place)?;
        }
        if let Some(spec) =
            saved.as_ref().map(|file| &file.spec).filter(|spec| spec.tokenizer.is_some())
        {
            config.text.length = spec.shape[2];
        }
        // Who repeats how the network was trained, as its file says it too, is not mistaken.
        let of_file = saved.as_ref().map(TrainingConfig::of).transpose()?.flatten();
        let repeated = of_file.is_some_and(|training| training == config.training);
        let root = args.common.data_root.as_deref();
        let mut dataset = host::open_data_for(saved, &config, root)?;
        if let Some(onnx) = onnx {
            dataset = onnx_arg::named(dataset, onnx)?;
        }
        settings.check_data(&dataset)?;
        let named = settings.place_of("architecture").is_some();
        settings
            .check_batch_norm(|| model_arg::lacks_batch_norm(model, named, &config, &dataset))?;
        settings.check_guards(&config, &dataset)?;
        if uses.methods.len() == 1 && uses.forget.is_some() && !repeated {
            settings.check_training(&config, &dataset)?;
        }
        config.method = config.method.following(&config.training);
        let device = host::open_device(config.device)?;
        host::say_pieces(&dataset, &device);
        let dataset = dataset.into();
        Ok(Self { guess, seed, config, device, dataset })
    }

    /// Reads the network of `args`, and says what is guessed of it.
    pub(crate) fn read(&self, args: &ModelArgs) -> Result<ModelFile> {
        let file = model_arg::read(args, &self.dataset)?;
        self.guess.iter().for_each(|words| note(words));
        Ok(file)
    }

    /// The config of a run that starts from a network with this spec.
    pub(crate) fn config_of(&self, spec: &ModelSpec) -> ExperimentConfig {
        let mut config = self.config.clone();
        config.architecture = spec.architecture.into();
        config
    }
}

/// Says that the methods of a recipe, `named`, are not those that run.
fn say_other_methods(recipe: Option<&str>, named: &[Method], run: &[Method]) -> Result<()> {
    let in_recipe = recipe.map(top_level_keys).transpose()?.unwrap_or_default();
    let in_recipe = in_recipe.iter().any(|key| key == "methods");
    let Some(method) = run.first().filter(|method| in_recipe && !named.contains(method)) else {
        return Ok(());
    };
    let named: Vec<&str> = named.iter().map(|method| method.name()).collect();
    note(&format!(
        "the recipe's `methods` ({}) are not used: {method} runs, --method names another",
        named.join(", ")
    ));
    Ok(())
}

/// How a saved network was trained.
pub(crate) enum Trained {
    /// By its file, which settings and recipes may change.
    So(Setting),
    /// A setting or the recipe says so.
    Said,
    /// As by default, in words.
    Guessed(String),
}

/// How a saved network was trained. Where its file does not say, and no setting does, the defaults
/// are a guess.
pub(crate) fn how_trained(
    saved: Option<&ModelFile>,
    settings: &Settings,
    recipe: Option<&str>,
) -> Result<Trained> {
    if let Some(training) = saved.map(TrainingConfig::of).transpose()?.flatten() {
        return Ok(Trained::So(Setting::new("training", &training)?));
    }
    let in_recipe = recipe.map(top_level_keys).transpose()?.unwrap_or_default();
    if settings.place_of("training").is_some() || in_recipe.iter().any(|key| key == "training") {
        return Ok(Trained::Said);
    }
    let TrainingConfig { epochs, learning_rate, .. } = TrainingConfig::default();
    Ok(Trained::Guessed(format!(
        "the file of the network does not say how it was trained; where a network is trained for comparison, it is \
         as by default, for {epochs} epochs at a rate of {learning_rate}: --set training.epochs=N, \
         training.learning_rate and training.optimizer, or the recipe's [training], say otherwise"
    )))
}

/// The seed of the one run; if the recipe has several, the first one, with a note.
/// A command that draws nothing says nothing of it.
fn one_seed(
    config: &mut ExperimentConfig,
    settings: &Settings,
    draws_nothing: bool,
) -> Result<u64> {
    let Some(&seed) = config.seeds.first() else {
        return Err(Failure::usage("`seeds` is empty: give a seed with --seed"));
    };
    if config.seeds.len() > 1 {
        let message =
            format!("this command makes one run, but there are {} seeds", config.seeds.len());
        if let Some(place) = settings.place_of("seeds") {
            return Err(Failure::usage(format!("`{place}`: {message}; give one with --seed")));
        }
        if !draws_nothing {
            note(&format!("{message} in the recipe: seed {seed} is used, --seed chooses another"));
        }
        config.seeds = vec![seed];
    }
    Ok(seed)
}

/// The checkpoint of the run that writes `out`, stored beside it.
pub(crate) struct Checkpoint {
    store: FolderStore,
    name: String,
}

impl Checkpoint {
    /// Whether it is there.
    pub(crate) fn exists(&self) -> bool {
        self.store.path().join(&self.name).exists()
    }

    /// Refuses to replace a file that is not a checkpoint.
    fn check_own(&self) -> Result<()> {
        let path = self.store.path().join(&self.name);
        match model_arg::is_network(&path) {
            true => Ok(()),
            false => Err(Failure::usage(format!(
                "{} is there and is not a checkpoint: it would be lost; give another --out",
                path.display()
            ))),
        }
    }

    /// Removes it, once all that the run makes is written.
    pub(crate) fn remove(&mut self) -> Result<()> {
        Ok(self.store.remove(&self.name)?)
    }

    /// Refuses a place where nothing can be written, before the work is done.
    pub(crate) fn beside(out: &Path) -> Result<Self> {
        let name = out.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| {
            let problem = match out.file_name() {
                Some(_) => {
                    "the name is not valid UTF-8, and the checkpoint beside it would need it"
                }
                None => "this is not the name of a file",
            };
            Failure::usage(format!("--out {}: {problem}: give another name", out.display()))
        })?;
        let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        let store = FolderStore::new(folder)?;
        store.check_writable()?;
        Ok(Self { store, name: format!("{name}.checkpoint") })
    }
}

/// Drives `session` to its end; `false` if it was interrupted, with its state saved.
pub(crate) fn drive(
    session: &mut Session<Network>,
    checkpoint: &mut Checkpoint,
    resume: bool,
) -> Result<bool> {
    if !resume && checkpoint.exists() {
        checkpoint.check_own()?;
        note(&format!(
            "{} holds an interrupted run, which this one replaces; --resume would continue it",
            checkpoint.store.path().join(&checkpoint.name).display()
        ));
    }
    let Checkpoint { store, name } = checkpoint;
    if resume {
        pollster::block_on(session.resume(store, name)).map_err(|error| unfit(error, store))?;
    }
    let interrupted = host::interruption()?;
    let mut progress = Progress::new();
    let mut timer = CheckpointTimer::default();
    while let Some(event) = pollster::block_on(session.next())? {
        progress.show(&event, 1);
        let stop = interrupted.load(Ordering::SeqCst);
        // At the end, too: a process killed while results are measured need not repeat a step.
        if stop || timer.is_due() || matches!(event, Event::Finished { .. }) {
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

/// Where a checkpoint lies, if it is not here.
fn place(folder: &Path) -> String {
    match folder == Path::new(".") {
        true => String::new(),
        false => format!(" (in {})", folder.display()),
    }
}

/// Says what to do about a checkpoint that does not fit.
fn unfit(error: SessionError, store: &FolderStore) -> Failure {
    match error {
        SessionError::Checkpoint { .. } | SessionError::CheckpointMismatch { .. } => Failure::new(
            Outcome::Data,
            anyhow::anyhow!(
                "{error}{}; without --resume the run begins anew and replaces it",
                place(store.path())
            ),
        ),
        error => error.into(),
    }
}

/// Writes `file` to `out`.
pub(crate) fn save(file: &ModelFile, out: &Path) -> Result<()> {
    let as_safetensors = out.extension().is_some_and(|end| end.eq_ignore_ascii_case("safetensors"));
    let bytes = if as_safetensors { file.to_safetensors()? } else { file.to_bytes()? };
    Ok(write_atomically(out, &bytes)?)
}

/// The JSON object around the result of every command that works on one model.
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
pub(crate) fn emit(
    json: bool,
    config: &ExperimentConfig,
    result: &impl Serialize,
    model: Option<&Path>,
    text: &str,
) -> Result {
    let files: Vec<(&str, &Path)> = model.map(|path| ("model", path)).into_iter().collect();
    emit_with(json, config, result, &files, text)
}

/// Prints `result` as one JSON object where that is wanted, and nothing otherwise.
pub(crate) fn emit_json(
    json: bool,
    config: &ExperimentConfig,
    result: &impl Serialize,
    model: &Path,
) -> Result {
    match json {
        true => emit(json, config, result, Some(model), ""),
        false => Ok(Outcome::Done),
    }
}

/// The same with any files that were written.
pub(crate) fn emit_with(
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
