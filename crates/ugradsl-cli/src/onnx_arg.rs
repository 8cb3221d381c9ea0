//! Reads networks from ONNX files, and says what is trained of them.

use std::path::Path;

use ugradsl::{
    data::{ClassNames, Dataset, Normalisation},
    models::{ModelFile, OnnxGraph, OtherData},
    onnx::OnnxModel,
};

use crate::{
    args::{ModelArgs, OnnxArgs},
    exit::{Failure, Result},
    output::{self, note},
};

/// So many tensors are listed; of more the first and the last ones.
const LISTED: usize = 48;

/// Refuses what describes files of other programs: a ugradsl model file describes itself.
pub(crate) fn refuse_unread(path: &Path, args: &ModelArgs) -> Result<()> {
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

/// The network in `path`, whose bytes are those of an ONNX file.
pub(crate) fn read(
    path: &Path,
    bytes: Vec<u8>,
    args: &ModelArgs,
    dataset: &Dataset,
) -> Result<ModelFile> {
    let fail = |error: &dyn std::fmt::Display| Failure::file(path, error);
    if let Some(named) = args.architecture {
        return Err(fail(&format!(
            "is an ONNX file, whose graph says what network it is: leave {named} out"
        )));
    }
    let mut file = if ModelFile::is_described(&bytes) {
        let file = ModelFile::from_bytes(&bytes).map_err(|error| fail(&error))?;
        refuse_unread(path, args)?;
        file
    } else {
        foreign(path, bytes, args, dataset)?
    };
    if path == args.model && !args.onnx.freeze.is_empty() {
        file = file.freeze(&args.onnx.freeze).map_err(|error| fail(&error))?;
    }
    if let Some(fresh) = &args.onnx.fresh {
        file.spec.onnx = file.spec.onnx.map(|graph| with_fresh(graph, fresh)).transpose()?;
    }
    check_classes(path, &file, dataset)?;
    file.spec.check_data(dataset).map_err(|error| fail(&error))?;
    file.check().map_err(|error| fail(&error))?;
    if path == args.model {
        say(path, &file);
    }
    Ok(file)
}

fn open(path: &Path, bytes: Vec<u8>) -> Result<OnnxModel> {
    let folder = path.parent().unwrap_or(Path::new("."));
    OnnxModel::read(bytes, folder).map_err(|error| Failure::file(path, error))
}

/// A network that another program exported.
fn foreign(path: &Path, bytes: Vec<u8>, args: &ModelArgs, dataset: &Dataset) -> Result<ModelFile> {
    if args.prefix.is_some() {
        return Err(Failure::usage(
            "--prefix is for files of several networks: an ONNX file has one",
        ));
    }
    let given = args.normalisation.as_deref().map(str::parse::<Normalisation>).transpose();
    let given = given.map_err(Failure::usage)?;
    let source = match given {
        Some(_) => "as given",
        None => {
            "from the data set; if the network was trained with another, give it with --normalisation"
        }
    };
    let file = ModelFile::of_onnx(open(path, bytes)?, dataset);
    let mut file = file.map_err(|error| Failure::file(path, error))?;
    file.spec.normalisation = given.unwrap_or(file.spec.normalisation);
    file.spec.check()?;
    note(&format!("normalisation {} ({source})", file.spec.normalisation));
    if args.onnx.classes.is_none() && file.spec.classes == dataset.classes {
        note(&format!(
            "its outputs are taken for the classes of {} in their order: {}; if theirs is another, name them with \
             --classes",
            dataset.name, dataset.class_names
        ));
    }
    Ok(file)
}

fn with_fresh(graph: OnnxGraph, path: &Path) -> Result<OnnxGraph> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
    let fresh = open(path, bytes)?;
    graph.with_fresh(&fresh).map_err(|error| Failure::file(path, error))
}

/// Refuses data of fewer classes than the network has outputs, unless these have names.
fn check_classes(path: &Path, file: &ModelFile, dataset: &Dataset) -> Result<()> {
    let (outputs, classes) = (file.spec.classes, dataset.classes);
    if outputs == classes {
        return Ok(());
    }
    let remedy = match outputs > classes {
        true => ": name all outputs with --classes FILE, one name per line, in their order",
        false => "",
    };
    Err(Failure::file(
        path,
        format!(
            "the network has {outputs} outputs, but {} has {classes} classes{remedy}",
            dataset.name
        ),
    ))
}

/// `dataset` with its classes numbered as the outputs are that `args` name.
pub(crate) fn named(dataset: Dataset, args: &OnnxArgs) -> Result<Dataset> {
    named_by(dataset, args.classes.as_deref())
}

/// The same with the file of names itself.
pub(crate) fn named_by(dataset: Dataset, path: Option<&Path>) -> Result<Dataset> {
    let Some(path) = path else { return Ok(dataset) };
    let text = output::read_text(path)?;
    let names = ClassNames::new(text.lines().map(str::trim_end).filter(|line| !line.is_empty()));
    let names = names.map_err(|error| Failure::file(path, error))?;
    let idle = names.len() - dataset.classes.min(names.len());
    let dataset = OtherData::adopt(&names, dataset).map_err(|error| Failure::file(path, error))?;
    if idle > 0 {
        note(&format!(
            "{idle} of the {} outputs have no rows in {}: they take no part",
            names.len(),
            dataset.name
        ));
    }
    Ok(dataset)
}

/// Refuses what describes the network of --model, where none is given.
pub(crate) fn refuse_without_model(args: &OnnxArgs, others: &[(&str, bool)]) -> Result<()> {
    let OnnxArgs { freeze, fresh, classes } = args;
    let ours = [
        ("--freeze", !freeze.is_empty()),
        ("--fresh", fresh.is_some()),
        ("--classes", classes.is_some()),
    ];
    match others.iter().chain(&ours).find(|(_, given)| *given) {
        Some((flag, _)) => Err(Failure::usage(format!(
            "{flag} is about the network of --model, which is not given"
        ))),
        None => Ok(()),
    }
}

/// What of the network is trained, and what should be known of it.
fn say(path: &Path, file: &ModelFile) {
    let Some(model) = file.spec.onnx.as_ref().and_then(|graph| graph.model().ok()) else { return };
    let tensors = model.trained();
    let numbers: usize = tensors.iter().map(|tensor| tensor.shape.iter().product::<usize>()).sum();
    note(&format!(
        "{}: {} tensors of {numbers} numbers are trained",
        path.display(),
        tensors.len()
    ));
    let width = tensors.iter().map(|tensor| tensor.name.chars().count()).max().unwrap_or(0).min(60);
    for (k, tensor) in tensors.iter().enumerate() {
        let near_end = k < LISTED * 3 / 4 || k + LISTED / 4 >= tensors.len();
        if tensors.len() <= LISTED || near_end {
            let module = tensor
                .module
                .as_ref()
                .map_or_else(String::new, |module| format!("  (of {module})"));
            note(&format!(
                "  {:<width$}  {:<10} {:?}{module}",
                tensor.name, tensor.role, tensor.shape
            ));
        } else if k == LISTED * 3 / 4 {
            note(&format!("  ... and {} more", tensors.len() - LISTED));
        }
    }
    for (name, shape) in model.untouched() {
        note(&format!("  {name:<width$}  left as it is {shape:?}"));
    }
    model.notes().iter().for_each(|sentence| note(&format!("{}: {sentence}", path.display())));
}
