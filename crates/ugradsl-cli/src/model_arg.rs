//! Reads a trained network, written by ugradsl or not, and checks that it fits the data.

use std::path::{Path, PathBuf};

use ugradsl::{
    data::{Dataset, Normalisation, formats::what_is_at},
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

/// The network that `args` name. For another program's file, prints which tensor went where. Says
/// what is not known of the data, or known and allowed.
pub(crate) fn read(args: &ModelArgs, dataset: &Dataset) -> Result<ModelFile> {
    let file = read_file(&args.model, args, dataset)?;
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
    let weights = Weights::read(path).map_err(|error| unread(path, &error))?;
    let file = if weights.is_ours() {
        let bytes = std::fs::read(path).map_err(|error| fail(&error))?;
        let file = ModelFile::from_bytes(&bytes).map_err(|error| fail(&error))?;
        if let Some(named) = named.filter(|named| *named != file.spec.architecture) {
            return Err(fail(&format!("has architecture {}, not {named}", file.spec.architecture)));
        }
        refuse_unread(path, args)?;
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

/// A file that holds no weights; if it is known what it is, that is said.
fn unread(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    match what_is_at(path) {
        Some(kind) => Failure::file(path, format!("this is {kind} ({error})")),
        None => Failure::file(path, error),
    }
}

/// Refuses what describes files of other programs: a ugradsl model file describes itself.
fn refuse_unread(path: &Path, args: &ModelArgs) -> Result<()> {
    // The flags also describe other files of the same command.
    if path != args.model {
        return Ok(());
    }
    let given =
        [("normalisation", args.normalisation.is_some()), ("prefix", args.prefix.is_some())];
    match given.into_iter().find(|(_, given)| *given) {
        Some((what, _)) => Err(Failure::usage(format!(
            "{} says itself how it is to be read: leave the {what} out",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// The original that `config` names, if any.
pub(crate) fn original(config: &ExperimentConfig, dataset: &Dataset) -> Result<Option<ModelFile>> {
    let Some(given) = &config.original else { return Ok(None) };
    let model = PathBuf::from(&given.file);
    let weights = Weights::read(&model).map_err(|error| unread(&model, &error))?;
    // A ugradsl model file names its network; the recipe's `architecture` is for other files.
    let architecture = match weights.is_ours() {
        true => None,
        false => Some(config.architecture.built_in()?),
    };
    let (normalisation, prefix) = (given.normalisation.clone(), given.prefix.clone());
    let allow_other_data = false;
    read(&ModelArgs { model, architecture, normalisation, prefix, allow_other_data }, dataset)
        .map(Some)
}

/// The network in `path`, if that is a ugradsl model file. Errors in the file are reported when the
/// network is read.
pub(crate) fn saved(path: &Path) -> Option<ModelFile> {
    ModelFile::from_bytes(&std::fs::read(path).ok()?).ok()
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
    format!(
        "from safetensors.torch import load_file\nstate = {state}\nmodel.load_state_dict(state)"
    )
}

/// The prefix of `torch.nn.DataParallel`.
const WRAPPER: &str = "module.";
