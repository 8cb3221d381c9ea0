//! Reads a trained network, ours or from elsewhere, and checks that it belongs to the data.

use std::path::{Path, PathBuf};

use ugradsl::{
    data::{Dataset, Normalisation, Tokenizer},
    experiment::ExperimentConfig,
    models::{
        ModelFile, ModelSpec, NetworkName,
        import::{Import, Weights},
    },
};

use crate::{
    args::ModelArgs,
    exit::{Failure, Result},
    output::note,
};

/// The network that `args` name. What went where is told if the file was not ours.
pub(crate) fn read(args: &ModelArgs, dataset: &Dataset) -> Result<ModelFile> {
    read_file(&args.model, args, dataset)
}

/// The network in `path`, which is either ours or like the one that `args` describe.
pub(crate) fn read_file(path: &Path, args: &ModelArgs, dataset: &Dataset) -> Result<ModelFile> {
    let fail = |error: &dyn std::fmt::Display| Failure::file(path, error);
    let named = args.architecture;
    let weights = Weights::read(path).map_err(|error| fail(&error))?;
    let file = if weights.is_ours() {
        let bytes = std::fs::read(path).map_err(|error| fail(&error))?;
        let file = ModelFile::from_bytes(&bytes).map_err(|error| fail(&error))?;
        if let Some(named) = named.filter(|named| *named != file.spec.architecture) {
            return Err(fail(&format!("holds a {}, not a {named}", file.spec.architecture)));
        }
        file
    } else {
        let architecture = named
            .ok_or_else(|| fail(&"does not say what network it is: name it with --architecture"))?;
        import(path, weights, ModelSpec::fitting(architecture, dataset)?, args)?
    };
    file.spec.check_data(dataset).map_err(|error| fail(&error))?;
    file.check().map_err(|error| fail(&error))?;
    Ok(file)
}

/// The original that `config` begins with, if it is not to be trained.
pub(crate) fn original(config: &ExperimentConfig, dataset: &Dataset) -> Result<Option<ModelFile>> {
    let Some(given) = &config.original else { return Ok(None) };
    let model = PathBuf::from(&given.file);
    let weights = Weights::read(&model).map_err(|error| Failure::file(&model, error))?;
    // What a file of ours says of itself counts more than what a recipe says of all networks.
    let architecture = match weights.is_ours() {
        true => None,
        false => Some(config.architecture.built_in()?),
    };
    let (normalisation, prefix) = (given.normalisation.clone(), given.prefix.clone());
    read(&ModelArgs { model, architecture, normalisation, prefix }, dataset).map(Some)
}

/// The tokenizer of the network in `path` and the tokens of its rows, if it is one of ours for texts. What is
/// wrong with the file shows when it is read in earnest.
pub(crate) fn text_of(path: &Path) -> Option<(Tokenizer, usize)> {
    let spec = spec_of(path)?;
    Some((spec.tokenizer?, spec.shape[2]))
}

/// What the file in `path` says of its network, if it is one of ours.
fn spec_of(path: &Path) -> Option<ModelSpec> {
    Some(ModelFile::from_bytes(&std::fs::read(path).ok()?).ok()?.spec)
}

/// [`check_overruled`] for the original that `config` begins with, if it is not to be trained.
pub(crate) fn check_original(
    config: &ExperimentConfig,
    place_of: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    match &config.original {
        Some(original) => check_overruled(Path::new(&original.file), config, place_of),
        None => Ok(()),
    }
}

/// Refuses settings of the command line that the network in `path` overrules: a file of ours says itself which network
/// it is and how texts are cut for it. `place_of` is the place that sets a key.
pub(crate) fn check_overruled(
    path: &Path,
    config: &ExperimentConfig,
    place_of: impl Fn(&str) -> Option<String>,
) -> Result<()> {
    let places = (place_of("architecture"), place_of("text"));
    if places == (None, None) {
        return Ok(());
    }
    let Some(spec) = spec_of(path) else { return Ok(()) };
    let file = path.display();
    match places {
        (Some(place), _) if NetworkName::from(spec.architecture) != config.architecture => {
            Err(Failure::usage(format!(
                "`{place}` has no effect here: {file} holds a {}; leave it out",
                spec.architecture
            )))
        }
        (_, Some(place)) if spec.tokenizer.is_some() => Err(Failure::usage(format!(
            "`{place}` has no effect here: {file} brings its tokenizer and the length of its rows; leave it out"
        ))),
        _ => Ok(()),
    }
}

fn import(path: &Path, weights: Weights, spec: ModelSpec, args: &ModelArgs) -> Result<ModelFile> {
    let said = args.normalisation.as_deref().map(str::parse::<Normalisation>).transpose();
    let said = said.map_err(Failure::usage)?;
    let import = Import::new(weights, spec, args.prefix.as_deref());
    let Import { mut file, mapping } = import.map_err(|error| Failure::file(path, error))?;
    note(&format!("{}:", path.display()));
    note(mapping.to_string().trim_end());
    let source = match (&said, &mapping.normalisation) {
        (Some(_), Some(_)) => "as given, over the layer in the file",
        (Some(_), None) => "as given",
        (None, Some(_)) => "the layer in the file",
        (None, None) => {
            "the data set; if the network was trained with another, say so with --normalisation"
        }
    };
    file.spec.normalisation = said.unwrap_or(file.spec.normalisation);
    file.spec.check()?;
    note(&format!("normalisation {} ({source})", file.spec.normalisation));
    Ok(file)
}

/// The lines of Python that load `file`, saved at `path`, into the module that it came from.
pub(crate) fn python(file: &ModelFile, path: &Path) -> String {
    // What a wrapper such as DataParallel puts in front of every name is not the module's own.
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
    format!(
        "from safetensors.torch import load_file\nstate = {state}\nmodel.load_state_dict(state)"
    )
}

/// The prefix of `torch.nn.DataParallel`.
const WRAPPER: &str = "module.";
