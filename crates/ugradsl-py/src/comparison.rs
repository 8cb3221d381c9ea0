//! Methods side by side, over seeds, against retraining.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use pollster::block_on;
use pyo3::prelude::*;
use ugradsl::{
    data::{self, ForgetRequest, TextConfig},
    experiment::{Experiment, ExperimentConfig},
    models::ModelFile,
    report,
    run::{FolderStore, MemoryStore, Store, write_atomically},
};

use crate::{
    data::Dataset,
    device,
    error::{Failure, Result},
    network::Network,
    process,
    report::{Report, written},
    request, settings,
    source::{Graph, Purpose, Reading, Source},
};

/// The files of a report in its folder, and their forms.
const FORMS: [(&str, &str); 3] =
    [("report.json", "json"), ("report.md", "markdown"), ("report.html", "html")];

/// The arguments of a comparison.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct What<'py> {
    /// TOML.
    recipe: Option<String>,
    /// Keys of a recipe, as JSON.
    settings: String,
    data: Option<Bound<'py, Dataset>>,
    root: Option<PathBuf>,
    /// Instead of the recipe's `forget`.
    requests: Option<Vec<String>>,
    original: Option<Bound<'py, Network>>,
    out: Option<PathBuf>,
    resume: bool,
}

struct Inner {
    experiment: Experiment,
    store: Box<dyn Store>,
}

/// An experiment.
#[pyclass(frozen, module = "ugradsl._native")]
pub(crate) struct Comparison {
    // In a box, because Python's allocator does not align it as a device needs.
    inner: Mutex<Box<Inner>>,
    out: Option<PathBuf>,
}

#[pymethods]
impl Comparison {
    #[new]
    fn new(py: Python<'_>, what: What<'_>) -> PyResult<Self> {
        let What { recipe, settings, data, root, requests, original, out, resume } = what;
        let data = data.map(|data| data.get().inner.clone());
        let original = original.map(|network| network.get().source.clone());
        let begin = || {
            let mut config = settings::config(recipe.as_deref(), &settings)?;
            let original = match original {
                Some(_) if config.original.is_some() => {
                    return Err(Failure::setting(
                        "the original is given twice, as a network and by the recipe: leave one of them out",
                    ));
                }
                Some(given) => Some(given),
                None => named(&config)?,
            };
            let dataset = match data {
                Some(data) => {
                    refuse_opening(&config, &data)?;
                    config.validation = data.validation;
                    data.as_ref().clone()
                }
                None => crate::data::open(root, &config, saved(original.as_ref()))?,
            };
            config.data.clone_from(&dataset.name);
            let original = original.map(|source| source.for_data(&dataset, Purpose::Answer));
            let store = store(out.as_ref())?;
            let device = device::open(config.device.name())?;
            let requests = requests.map(|asked| named_requests(&asked, &dataset)).transpose()?;
            let builder = Experiment::builder(config, dataset, device);
            let builder = requests.into_iter().fold(builder, |all, asked| all.requests(asked));
            let experiment = builder.original(original.transpose()?).resume(resume).build()?;
            Ok::<_, Failure>(Box::new(Inner { experiment, store }))
        };
        Ok(Self { inner: Mutex::new(py.detach(begin)?), out })
    }

    /// Computes until the next event and returns it as JSON; `None` when all runs are over.
    /// Control-C comes first.
    fn next(&self, py: Python<'_>) -> PyResult<Option<String>> {
        py.check_signals()?;
        let next = || {
            process::enter()?;
            let Inner { experiment, store } = &mut **self.lock();
            let event = block_on(experiment.next(store.as_mut()))?;
            Ok(event.as_ref().map(serde_json::to_string).transpose()?)
        };
        py.detach(next).map_err(Failure::into)
    }

    /// Writes the run in progress into the folder, so that it can be resumed.
    fn save(&self, py: Python<'_>) -> PyResult<()> {
        let save = || {
            let Inner { experiment, store } = &mut **self.lock();
            Ok(block_on(experiment.checkpoint(store.as_mut()))?)
        };
        py.detach(save).map_err(Failure::into)
    }

    /// Number of runs that are not finished.
    fn remaining(&self, py: Python<'_>) -> usize {
        py.detach(|| self.lock().experiment.remaining())
    }

    /// The report of what is finished, which is also written into the folder.
    fn report(&self, py: Python<'_>) -> PyResult<Report> {
        let report = || {
            let inner = report::Report::new(&self.lock().experiment);
            for (name, form) in FORMS {
                let Some(folder) = &self.out else { break };
                write_atomically(&folder.join(name), written(&inner, form)?.as_bytes())?;
            }
            Ok(Report { inner })
        };
        py.detach(report).map_err(Failure::into)
    }
}

impl Comparison {
    fn lock(&self) -> MutexGuard<'_, Box<Inner>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where networks, records and checkpoints go.
fn store(out: Option<&PathBuf>) -> Result<Box<dyn Store>> {
    let Some(folder) = out else { return Ok(Box::new(MemoryStore::default())) };
    let store = FolderStore::new(folder)?;
    store.check_writable()?;
    Ok(Box::new(store))
}

/// Refuses settings of how data are opened beside data that are open already.
fn refuse_opening(config: &ExperimentConfig, data: &data::Dataset) -> Result<()> {
    let given = [
        ("limit_train", config.limit_train.is_some()),
        ("limit_test", config.limit_test.is_some()),
        ("reading", !config.reading.is_default()),
        ("text", config.text != TextConfig::default()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((key, _)) => Err(Failure::setting(format!(
            "{key} says how data are opened, but the data are given, and open: leave {key} out, or the data"
        ))),
        None => refuse_validation(config.validation, data.validation),
    }
}

/// Refuses a share of test rows for the guards that is not the data's. The default share is
/// nobody's wish.
fn refuse_validation(recipe: f64, data: f64) -> Result<()> {
    if recipe == data || recipe == ExperimentConfig::default().validation {
        return Ok(());
    }
    Err(Failure::setting(format!(
        "validation is {recipe} in the recipe, and {data} in the data: leave it out of the recipe, or give \
         Dataset(validation={recipe})"
    )))
}

/// The file of a network that says what it is.
fn saved(source: Option<&Source>) -> Option<&ModelFile> {
    match source {
        Some(Source::File(file)) => Some(file),
        _ => None,
    }
}

fn named_requests(asked: &[String], data: &data::Dataset) -> Result<Vec<(String, ForgetRequest)>> {
    let read = |asked: &String| {
        let (request, name) = request::read(asked, data)?;
        Ok((name, request))
    };
    asked.iter().map(read).collect()
}

/// The original that a recipe names.
fn named(config: &ExperimentConfig) -> Result<Option<Source>> {
    let Some(given) = &config.original else { return Ok(None) };
    if given.classes.is_some() {
        return Err(Failure::setting(
            "original.classes names a file, which is for the command line: name the classes with Dataset(classes=...)",
        ));
    }
    let normalisation = given.normalisation.as_deref().map(str::parse).transpose()?;
    let how = Reading { normalisation, prefix: given.prefix.clone() };
    let architecture = config.architecture.built_in().ok();
    let path = std::path::Path::new(&given.file);
    Ok(Some(match Source::read(path, architecture, how)? {
        Source::Graph(graph) => {
            let fresh = given.fresh.as_ref().map(|path| graph_of(path.as_ref())).transpose()?;
            Source::Graph(Graph { fresh, freeze: given.freeze.clone(), ..graph })
        }
        other if given.fresh.is_none() && given.freeze.is_empty() => other,
        _ => {
            let problem = "original.fresh and original.freeze are for ONNX files as other programs write them";
            return Err(Failure::setting(problem).about(path));
        }
    }))
}

fn graph_of(path: &std::path::Path) -> Result<ugradsl::onnx::OnnxModel> {
    match Source::read(path, None, Reading::default())? {
        Source::Graph(graph) => Ok(graph.model),
        _ => {
            Err(Failure::network("this is not an ONNX file as another program wrote it")
                .about(path))
        }
    }
}
