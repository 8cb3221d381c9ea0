//! Reads a trained network, written by ugradsl or not, and checks that it fits the data.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use ugradsl::{
    data::{Dataset, Normalisation},
    device::Device,
    experiment::ExperimentConfig,
    models::{
        Architecture, Classifier, ModelFile, ModelSpec, NetworkName,
        import::{Import, ONNX_EXPORT, Weights},
    },
    onnx::OnnxModel,
    unlearn::TrainingConfig,
};

use crate::{
    args::{ModelArgs, OnnxArgs},
    exit::{Failure, Result},
    onnx_arg,
    output::note,
};

/// The network that `args` name. For another program's file, prints which tensor went where. Says
/// what is not known of the data, or known and allowed.
pub(crate) fn read(args: &ModelArgs, dataset: &Dataset) -> Result<ModelFile> {
    let file = read_file(&args.model, args, dataset)?;
    let own_tokens = dataset.train.texts().is_some_and(|texts| !texts.tokenizer().is_foreign());
    if file.spec.onnx.is_some() && file.data.is_none() && own_tokens {
        return Err(Failure::file(
            &args.model,
            "was trained on the tokens of another program, and texts are cut by a tokenizer that was trained on them \
             here: its answers would mean nothing. Give its own with --tokenizer tokenizer.json; or train it on these \
             texts with `ugradsl train --model`, and use what that writes",
        ));
    }
    match file.data.as_ref().map(|data| data.check(dataset, &file.ledger)) {
        None => note(&format!(
            "{} does not say what the network was trained on: that it has seen the rows of {} cannot \
             be checked",
            args.model.display(),
            dataset.name
        )),
        Some(Err(other)) if args.allow_other_data => {
            note(&format!("goes on all the same, as --allow-other-data says: {other}"));
        }
        Some(_) => {}
    }
    Ok(file)
}

/// The network in `path`: a ugradsl model file, or another program's, as `args` describe it.
pub(crate) fn read_file(path: &Path, args: &ModelArgs, dataset: &Dataset) -> Result<ModelFile> {
    let fail = |error: &dyn std::fmt::Display| Failure::file(path, error);
    let named = args.architecture;
    check_regular(path)?;
    if let Some(bytes) = onnx_bytes(path) {
        return onnx_arg::read(path, bytes, args, dataset);
    }
    let weights = Weights::read(path).map_err(|error| fail(&error))?;
    refuse_onnx_flags(path, args)?;
    let file = if weights.is_ours() {
        let bytes = std::fs::read(path).map_err(|error| fail(&error))?;
        let file = ModelFile::from_bytes(&bytes).map_err(|error| fail(&error))?;
        if let Some(named) = named.filter(|named| *named != file.spec.architecture) {
            return Err(fail(&format!("has architecture {}, not {named}", file.spec.architecture)));
        }
        onnx_arg::refuse_unread(path, args)?;
        file
    } else {
        let architecture = named.ok_or_else(|| fail(&unnamed(&weights, dataset)))?;
        import(path, weights, ModelSpec::fitting(architecture, dataset)?, args)?
    };
    file.spec.check_data(dataset).map_err(|error| fail(&error))?;
    file.check().map_err(|error| fail(&error))?;
    Ok(file)
}

/// Whether `path` is a file with weights, of whatever program.
pub(crate) fn is_network(path: &Path) -> bool {
    path.is_file() && (onnx_bytes(path).is_some() || Weights::read(path).is_ok())
}

/// Refuses what would never end, such as a pipe, or cannot be read twice.
fn check_regular(path: &Path) -> Result<()> {
    match path.metadata() {
        Ok(about) if about.is_dir() => {
            Err(Failure::file(path, "this is a folder: give the file of a network"))
        }
        Ok(about) if !about.is_file() => {
            Err(Failure::file(path, "this is not a regular file: save the network to one first"))
        }
        _ => Ok(()),
    }
}

/// The bytes of an ONNX file.
fn onnx_bytes(path: &Path) -> Option<Vec<u8>> {
    let mut start = [0; 9];
    // Safetensors begin with the length of a JSON object: most files are told apart without being
    // read.
    let json = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    if json.is_ok() && start[8] == b'{' {
        return None;
    }
    std::fs::read(path).ok().filter(|bytes| OnnxModel::is_onnx(bytes))
}

/// Refuses what describes ONNX files alone.
fn refuse_onnx_flags(path: &Path, args: &ModelArgs) -> Result<()> {
    let OnnxArgs { freeze, fresh, classes } = &args.onnx;
    let given = [
        ("--freeze", !freeze.is_empty()),
        ("--fresh", fresh.is_some()),
        ("--classes", classes.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given && path == args.model) {
        Some((flag, _)) => Err(Failure::usage(format!(
            "{flag} is for networks in ONNX files, and {} is not one: leave it out",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// What to say of weights whose network is named nowhere.
fn unnamed(weights: &Weights, dataset: &Dataset) -> String {
    let kind = match dataset.train.texts() {
        Some(_) => Architecture::TextTransformer,
        None => Architecture::Mlp,
    };
    let spec = ModelSpec::fitting(kind, dataset);
    let fitting = spec.map(|spec| weights.architectures(&spec)).unwrap_or_default();
    let way = match fitting.as_slice() {
        [] => format!(
            "Name it with --architecture if it is built in, though no built-in network has these tensors for rows like \
             those of {}. Any other can be exported to ONNX, which says what is computed: `{ONNX_EXPORT}` in Python, where \
             `example` is a batch of two inputs; then give that file with --model",
            dataset.name
        ),
        names => {
            let flags = names.iter().map(|name| format!("--architecture {name}"));
            format!("Its tensors are those of {}", flags.collect::<Vec<_>>().join(" or "))
        }
    };
    format!("does not say what network it is, only what it has learnt: {}. {way}", weights.looks())
}

/// The original that `config` names, if any.
pub(crate) fn original(config: &ExperimentConfig, dataset: &Dataset) -> Result<Option<ModelFile>> {
    let Some(given) = &config.original else { return Ok(None) };
    let model = PathBuf::from(&given.file);
    check_regular(&model)?;
    // A ugradsl model file names its network, and so does ONNX; the recipe's `architecture` is for
    // other files.
    let architecture = if onnx_bytes(&model).is_some() {
        None
    } else {
        let weights = Weights::read(&model).map_err(|error| Failure::file(&model, error))?;
        if weights.is_ours() { None } else { Some(config.architecture.built_in()?) }
    };
    let onnx = OnnxArgs {
        freeze: given.freeze.clone(),
        fresh: given.fresh.as_ref().map(PathBuf::from),
        classes: given.classes.as_ref().map(PathBuf::from),
    };
    let (normalisation, prefix) = (given.normalisation.clone(), given.prefix.clone());
    let allow_other_data = false;
    let args = ModelArgs { model, architecture, normalisation, prefix, allow_other_data, onnx };
    read(&args, dataset).map(Some)
}

/// The network in `path`, if that is a ugradsl model file. Errors in the file are reported when the
/// network is read.
pub(crate) fn saved(path: &Path) -> Option<ModelFile> {
    check_regular(path).ok()?;
    ModelFile::from_bytes(&std::fs::read(path).ok()?).ok()
}

/// Whether the network that runs begin with, that in `path` or a fresh one, has no BatchNorm.
/// `named` tells whether the user names the architecture. `false` where nothing can be told: why the
/// network cannot be used is said when it is read.
pub(crate) fn lacks_batch_norm(
    path: Option<&Path>,
    named: bool,
    config: &ExperimentConfig,
    dataset: &Dataset,
) -> bool {
    let device = Device::cpu();
    let bytes = path.filter(|path| check_regular(path).is_ok()).map(std::fs::read);
    let file = bytes.and_then(|bytes| ModelFile::for_data(&bytes.ok()?, dataset).ok());
    let network = match file {
        Some(file) => file.load(&device).ok(),
        None if path.is_some() && !named => None,
        None => config.architecture.built_in().ok().and_then(|architecture| {
            ModelSpec::fitting(architecture, dataset).ok()?.init(0, &device).ok()
        }),
    };
    network.is_some_and(|network| !network.has_batch_norm())
}

/// The same for the original that `config` names, if any.
pub(crate) fn original_lacks_batch_norm(config: &ExperimentConfig, dataset: &Dataset) -> bool {
    let path = config.original.as_ref().map(|original| Path::new(&original.file));
    lacks_batch_norm(path, false, config, dataset)
}

/// [`check_overruled`] for the original that `config` names, if any.
pub(crate) fn check_original(
    config: &ExperimentConfig,
    place_of: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    match &config.original {
        Some(original) => check_overruled(Path::new(&original.file), config, place_of),
        None => Ok(()),
    }
}

/// Says that networks are retrained in another way than that in which the original was trained.
pub(crate) fn say_other_training(config: &ExperimentConfig) -> Result<()> {
    let original = config.original.as_ref().filter(|_| config.retrain);
    let file = original.and_then(|original| saved(Path::new(&original.file)));
    let Some(of_file) = file.as_ref().map(TrainingConfig::of).transpose()?.flatten() else {
        return Ok(());
    };
    let (theirs, ours) = (serde_json::to_value(&of_file)?, serde_json::to_value(&config.training)?);
    let keys = ours.as_object().into_iter().flat_map(|keys| keys.keys());
    let differing: Vec<String> = keys
        .filter(|key| ours[*key] != theirs[*key])
        .map(|key| format!("training.{key} is {}, its file says {}", ours[key], theirs[key]))
        .collect();
    if !differing.is_empty() {
        note(&format!(
            "networks are retrained in another way than the original was trained: {}; the gaps measure that, \
             too",
            differing.join("; ")
        ));
    }
    Ok(())
}

/// Refuses settings of the command line that the network in `path` overrules: a ugradsl model file
/// says which network it holds and how texts are tokenized for it. `place_of` gives the place that
/// sets a key.
pub(crate) fn check_overruled(
    path: &Path,
    config: &ExperimentConfig,
    place_of: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    let places = (place_of("architecture"), place_of("text"));
    if places == (None, None) {
        return Ok(());
    }
    let Some(ModelFile { spec, .. }) = saved(path) else { return Ok(()) };
    let file = path.display();
    match places {
        (Some(place), _) if NetworkName::from(spec.architecture) != config.architecture => {
            Err(Failure::usage(format!(
                "`{place}` has no effect here: {file} has architecture {}; leave it out",
                spec.architecture
            )))
        }
        (_, Some(place)) if spec.tokenizer.is_some() => Err(Failure::usage(format!(
            "`{place}` has no effect here: {file} has its own tokenizer and row length; leave it \
             out"
        ))),
        _ => Ok(()),
    }
}

fn import(path: &Path, weights: Weights, spec: ModelSpec, args: &ModelArgs) -> Result<ModelFile> {
    let given = args.normalisation.as_deref().map(str::parse::<Normalisation>).transpose();
    let given = given.map_err(Failure::usage)?;
    let import = Import::new(weights, spec, args.prefix.as_deref());
    let Import { mut file, mapping, .. } = import.map_err(|error| Failure::file(path, error))?;
    note(&format!("{}:", path.display()));
    note(mapping.to_string().trim_end());
    let source = match (&given, &mapping.normalisation) {
        (Some(_), Some(_)) => "as given, instead of the layer in the file",
        (Some(_), None) => "as given",
        (None, Some(_)) => "from the layer in the file",
        (None, None) => {
            "from the data set; if the network was trained with another, give it with \
             --normalisation"
        }
    };
    file.spec.normalisation = given.unwrap_or(file.spec.normalisation);
    file.spec.check()?;
    note(&format!("normalisation {} ({source})", file.spec.normalisation));
    Ok(file)
}

/// The lines of Python that load `file`, saved at `path`, into the module that it came from.
pub(crate) fn python(file: &ModelFile, path: &Path) -> String {
    // A wrapper such as DataParallel prefixes every name; the module's own names lack the prefix.
    let wrapped = !file.names.is_empty()
        && file
            .names
            .values()
            .chain(file.extra_tensors.keys())
            .all(|name| name.starts_with(WRAPPER));
    let path = format!("{:?}", path.display().to_string());
    let state = if wrapped {
        let items = format!("load_file({path}).items()");
        format!("{{name.removeprefix({WRAPPER:?}): tensor for name, tensor in {items}}}")
    } else {
        format!("load_file({path})")
    };
    if file.spec.onnx.is_some() && !path.ends_with(".safetensors\"") {
        return format!("import onnxruntime\nsession = onnxruntime.InferenceSession({path})");
    }
    format!(
        "from safetensors.torch import load_file\nstate = {state}\nmodel.load_state_dict(state)"
    )
}

/// The prefix of `torch.nn.DataParallel`.
const WRAPPER: &str = "module.";
