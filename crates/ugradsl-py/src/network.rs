//! Networks: from files, from arrays, and back.

use std::path::{Path, PathBuf};

use pyo3::{prelude::*, types::PyDict};
use ugradsl::{
    data::Normalisation,
    models::{Architecture, ModelFile, import::Weights},
    onnx::OnnxModel,
    run::write_atomically,
};

use crate::{
    arrays,
    error::{Failure, Result},
    source::{Graph, Reading, Source},
};

/// A network.
#[pyclass(frozen, module = "ugradsl._native")]
pub(crate) struct Network {
    pub(crate) source: Source,
}

#[pymethods]
impl Network {
    /// The network in a file: one of ours, an ONNX graph, or weights for a built-in `architecture`.
    #[staticmethod]
    fn read(
        py: Python<'_>,
        path: PathBuf,
        architecture: Option<&str>,
        normalisation: Option<&str>,
        prefix: Option<String>,
    ) -> PyResult<Self> {
        let how = reading(normalisation, prefix)?;
        let read = || {
            let architecture = architecture.map(named).transpose()?;
            let source = Source::read(&path, architecture, how)?;
            source.check_name(architecture).map_err(|failure| failure.about(&path))?;
            Ok::<_, Failure>(source)
        };
        Ok(Self { source: py.detach(read)? })
    }

    /// A graph, from a file or from bytes.
    #[staticmethod]
    fn graph(
        py: Python<'_>,
        model: Onnx,
        fresh: Option<Onnx>,
        freeze: Vec<String>,
        normalisation: Option<&str>,
    ) -> PyResult<Self> {
        let how = reading(normalisation, None)?;
        let read = || {
            let (model, fresh) = (model.read()?, fresh.map(Onnx::read).transpose()?);
            Ok::<_, Failure>(Source::Graph(Graph { model, fresh, freeze, how }))
        };
        Ok(Self { source: py.detach(read)? })
    }

    /// A built-in network with these weights: `float32` arrays by name.
    #[staticmethod]
    fn weights(
        tensors: &Bound<'_, PyDict>,
        architecture: &str,
        normalisation: Option<&str>,
        prefix: Option<String>,
    ) -> PyResult<Self> {
        let weights = Weights::from_tensors(arrays::tensors(tensors)?).map_err(Failure::from)?;
        let (architecture, how) = (named(architecture)?, reading(normalisation, prefix)?);
        Ok(Self { source: Source::Weights { weights, architecture, how } })
    }

    /// Writes it to a file, whole or not at all.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let save = || {
            let (file, end) = (self.known()?, path.extension());
            let bytes = match end.is_some_and(|end| end.eq_ignore_ascii_case("safetensors")) {
                true => file.to_safetensors()?,
                false => file.to_bytes()?,
            };
            Ok(write_atomically(&path, &bytes)?)
        };
        py.detach(save).map_err(Failure::into)
    }

    /// Weights by the names that they came with, as bytes and shape.
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = match &self.source {
            Source::Graph(graph) => graph.model.state(),
            _ => self.known()?.named_state(),
        };
        arrays::state(py, &state)
    }

    /// Names and shapes of the tensors that are trained.
    fn trained(&self) -> Vec<(String, Vec<usize>)> {
        match &self.source {
            Source::Graph(graph) => graph
                .model
                .trained()
                .into_iter()
                .map(|tensor| (tensor.name, tensor.shape))
                .collect(),
            Source::Weights { weights, .. } => {
                weights.shapes().map(|(name, shape)| (name.to_owned(), shape)).collect()
            }
            Source::File(file) => {
                let tensors = file.named_state().into_iter();
                tensors.map(|(name, data)| (name, data.shape().to_vec())).collect()
            }
        }
    }

    /// SHA-256 of names, shapes and values of the weights.
    #[getter]
    fn digest(&self, py: Python<'_>) -> PyResult<String> {
        let file = self.known()?;
        Ok(py.detach(|| file.digest()))
    }

    #[getter]
    fn architecture(&self) -> String {
        match &self.source {
            Source::File(file) => file.spec.architecture.to_string(),
            Source::Graph(_) => Architecture::Onnx.to_string(),
            Source::Weights { architecture, .. } => architecture.to_string(),
        }
    }

    /// Channels, height and width, number of classes and normalisation, once they are known.
    #[getter]
    fn reads(&self) -> Option<([usize; 3], usize, String)> {
        let spec = &self.file()?.spec;
        Some((spec.shape, spec.classes, spec.normalisation.to_string()))
    }

    #[getter]
    fn classes(&self) -> Option<Vec<String>> {
        let record = self.file()?.data.as_ref()?;
        Some(record.classes.all().to_vec())
    }

    /// What it has been asked to forget, as JSON.
    #[getter]
    fn ledger(&self) -> PyResult<String> {
        let entries = self.file().map(|file| file.ledger.entries());
        Ok(serde_json::to_string(entries.unwrap_or_default()).map_err(Failure::from)?)
    }

    /// Whether its file says how it was trained.
    fn says_training(&self) -> bool {
        self.file().is_some_and(|file| file.training.is_some())
    }

    /// The names of the built-in networks.
    #[classattr]
    fn built_in() -> Vec<&'static str> {
        Architecture::ALL.map(Architecture::name).to_vec()
    }
}

impl Network {
    pub(crate) fn of(file: ModelFile) -> Self {
        Self { source: Source::File(Box::new(file)) }
    }

    /// The network, if it says what it is.
    pub(crate) fn file(&self) -> Option<&ModelFile> {
        match &self.source {
            Source::File(file) => Some(file),
            _ => None,
        }
    }

    fn known(&self) -> Result<&ModelFile> {
        self.file().ok_or_else(|| {
            Failure::network(
                "the network does not know yet how it reads rows: call network.fitted(data) first",
            )
        })
    }
}

/// An ONNX model, in a file or in memory.
#[derive(FromPyObject)]
enum Onnx {
    Bytes(Vec<u8>),
    Path(PathBuf),
}

impl Onnx {
    fn read(self) -> Result<OnnxModel> {
        match self {
            Self::Bytes(bytes) => Ok(OnnxModel::from_bytes(&bytes)?),
            Self::Path(path) => {
                let bytes = std::fs::read(&path);
                let bytes =
                    bytes.map_err(|error| Failure::new("StorageError", error).about(&path))?;
                let folder = path.parent().unwrap_or(Path::new("."));
                OnnxModel::read(bytes, folder).map_err(|error| Failure::from(error).about(&path))
            }
        }
    }
}

fn named(architecture: &str) -> Result<Architecture> {
    Ok(architecture.parse()?)
}

fn reading(normalisation: Option<&str>, prefix: Option<String>) -> Result<Reading> {
    let normalisation = normalisation.map(str::parse::<Normalisation>).transpose()?;
    Ok(Reading { normalisation, prefix })
}
