//! Data sets: opened by name or folder, or made of arrays.

use std::{path::PathBuf, sync::Arc};

use pyo3::prelude::*;
use ugradsl::{
    data::{
        self, ClassNames, Columns, FeatureSet, Groups, ImageSet, Normalisation, OpenOptions,
        RowNameKind, RowNames, Samples, TextConfig, TextSet, Tokenizer,
    },
    models::ModelFile,
};

use crate::{
    arrays,
    error::{Failure, Result},
    network::Network,
    process, request, settings,
};

/// What is known of the rows beside their values.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct About {
    name: String,
    classes: Vec<String>,
    /// Means and deviations; without them they are measured.
    normalisation: Option<String>,
    /// Whether the names of rows are paths, and the names.
    ids: Option<(bool, Vec<String>)>,
    groups: Option<Vec<Vec<String>>>,
    columns: Vec<(String, Vec<String>)>,
    notes: Vec<String>,
    validation: f64,
}

/// How texts become tokens.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Cut {
    vocabulary: Option<usize>,
    length: Option<usize>,
    /// JSON of another program's tokenizer.
    tokenizer: Option<String>,
}

impl Cut {
    /// The tokenizer, and the tokens of a row; those of a network that read such texts before come
    /// first.
    fn by(self, texts: &[String], saved: Option<&ModelFile>) -> Result<(Tokenizer, usize)> {
        let default = TextConfig::default();
        let known = saved.and_then(|file| Some((file.spec.tokenizer.clone()?, file.spec.shape[2])));
        let (tokenizer, length) = match (known, self.tokenizer) {
            (Some((tokenizer, length)), _) => (tokenizer, length),
            (None, Some(json)) => (Tokenizer::foreign(json)?, default.length),
            (None, None) => {
                let vocabulary = self.vocabulary.unwrap_or(default.vocabulary);
                (Tokenizer::train(texts, vocabulary)?, default.length)
            }
        };
        Ok((tokenizer, self.length.unwrap_or(length)))
    }
}

/// A data set.
#[pyclass(frozen, module = "ugradsl._native")]
pub(crate) struct Dataset {
    pub(crate) inner: Arc<data::Dataset>,
}

#[pymethods]
impl Dataset {
    /// Opens a data set by its name, folder or file. `settings` are keys of a recipe; `like` is a
    /// network that read such data before.
    #[staticmethod]
    fn open(
        py: Python<'_>,
        root: Option<PathBuf>,
        settings: &str,
        like: Option<&Network>,
    ) -> PyResult<Self> {
        let open = || open(root, &settings::config(None, settings)?, like.and_then(Network::file));
        Ok(py.detach(open).map(Self::of)?)
    }

    /// Pictures: `uint8` arrays `[n, channels, height, width]` with `uint32` labels `[n]`.
    #[staticmethod]
    fn images(
        py: Python<'_>,
        train: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        test: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        shape: [usize; 3],
        about: About,
        like: Option<&Network>,
    ) -> PyResult<Self> {
        let copied = |(pixels, labels): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            PyResult::Ok((arrays::values(&pixels)?, arrays::values(&labels)?))
        };
        let (train, test) = (copied(train)?, copied(test)?);
        let build = || -> Result<data::Dataset> {
            let set = |(pixels, labels)| ImageSet::new(shape, pixels, labels);
            let (train, test) = (set(train)?, set(test)?);
            let normalisation = normalisation(&about, || Normalisation::measure(&train))?;
            about.finish((train.into(), test.into()), normalisation, like)
        };
        Ok(py.detach(build).map(Self::of)?)
    }

    /// Rows of numbers: `float32` arrays `[n, d]` with `uint32` labels `[n]`; `names` are those of
    /// the features.
    #[staticmethod]
    fn features(
        py: Python<'_>,
        train: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        test: (Bound<'_, PyAny>, Bound<'_, PyAny>),
        names: Vec<String>,
        about: About,
        like: Option<&Network>,
    ) -> PyResult<Self> {
        let copied = |(values, labels): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            PyResult::Ok((arrays::values(&values)?, arrays::values(&labels)?))
        };
        let (train, test) = (copied(train)?, copied(test)?);
        let build = || -> Result<data::Dataset> {
            let set = |(values, labels)| FeatureSet::new(names.clone(), values, labels);
            let (train, test) = (set(train)?, set(test)?);
            let normalisation = normalisation(&about, || Normalisation::identity(1))?;
            about.finish((train.into(), test.into()), normalisation, like)
        };
        Ok(py.detach(build).map(Self::of)?)
    }

    /// Texts with `uint32` labels `[n]`, cut by the tokenizer of `like`, by that of the JSON
    /// `tokenizer`, or by one that is trained on the training texts.
    #[staticmethod]
    fn texts(
        py: Python<'_>,
        train: (Vec<String>, Bound<'_, PyAny>),
        test: (Vec<String>, Bound<'_, PyAny>),
        about: About,
        cut: Cut,
        like: Option<&Network>,
    ) -> PyResult<Self> {
        let labels = |array: &Bound<'_, PyAny>| arrays::values::<u32>(array);
        let (trained, tested) = (labels(&train.1)?, labels(&test.1)?);
        let (train, test) = (train.0, test.0);
        let normalisation = normalisation(&about, || Normalisation::identity(1))?;
        let read = || {
            process::enter()?;
            let (tokenizer, length) = cut.by(&train, like.and_then(Network::file))?;
            let set = |texts: &[String], labels| -> Result<Samples> {
                let tokens = tokenizer.encode(texts, length)?;
                Ok(TextSet::new(length, tokens, labels, tokenizer.clone())?.into())
            };
            about.finish((set(&train, trained)?, set(&test, tested)?), normalisation, like)
        };
        Ok(py.detach(read).map(Self::of)?)
    }

    /// What it holds, as JSON and in words.
    fn overview(&self, py: Python<'_>) -> PyResult<(String, String)> {
        let overview = || {
            process::enter()?;
            let overview = self.inner.overview();
            Ok((serde_json::to_string(&overview)?, overview.to_string()))
        };
        py.detach(overview).map_err(Failure::into)
    }

    /// What a request takes, as JSON and in words.
    fn taken(&self, py: Python<'_>, asked: &str, seed: u64) -> PyResult<(String, String)> {
        let taken = || {
            process::enter()?;
            let (request, name) = request::read(asked, &self.inner)?;
            let split = request.split(&self.inner, seed)?;
            let taken = data::Taken::of(&name, &self.inner, &split);
            Ok((serde_json::to_string(&taken)?, taken.to_string()))
        };
        py.detach(taken).map_err(Failure::into)
    }

    /// SHA-256 of rows and labels.
    fn digest(&self, py: Python<'_>) -> String {
        py.detach(|| self.inner.digest())
    }

    #[getter]
    fn name(&self) -> &str {
        &self.inner.name
    }

    #[getter]
    fn kind(&self) -> String {
        self.inner.train.kind().to_string()
    }

    #[getter]
    fn shape(&self) -> [usize; 3] {
        self.inner.train.shape()
    }

    #[getter]
    fn rows(&self) -> (usize, usize) {
        (self.inner.train.len(), self.inner.test.len())
    }

    #[getter]
    fn classes(&self) -> Vec<String> {
        self.inner.class_names.all().to_vec()
    }

    #[getter]
    fn ids(&self) -> Option<Vec<String>> {
        self.inner.row_names.as_ref().map(|names| names.all().to_vec())
    }

    #[getter]
    fn labels(&self) -> (Vec<u32>, Vec<u32>) {
        (self.inner.train.labels().to_vec(), self.inner.test.labels().to_vec())
    }

    #[getter]
    fn normalisation(&self) -> String {
        self.inner.normalisation.to_string()
    }

    #[getter]
    fn notes(&self) -> Vec<String> {
        self.inner.notes.clone()
    }
}

impl Dataset {
    pub(crate) fn of(inner: data::Dataset) -> Self {
        Self { inner: Arc::new(inner) }
    }
}

/// The normalisation that is given, or `measured`.
fn normalisation(about: &About, measured: impl FnOnce() -> Normalisation) -> Result<Normalisation> {
    match &about.normalisation {
        Some(given) => Ok(given.parse()?),
        None => Ok(measured()),
    }
}

impl About {
    /// The data set of these rows.
    fn finish(
        self,
        (train, test): (Samples, Samples),
        normalisation: Normalisation,
        like: Option<&Network>,
    ) -> Result<data::Dataset> {
        let classes = ClassNames::new(self.classes)?;
        let set = data::Dataset::new(self.name, classes.len(), train, test, normalisation)?;
        let mut set = set.with_class_names(classes)?.with_validation(self.validation)?;
        if let Some((are_paths, names)) = self.ids {
            let kind = if are_paths { RowNameKind::Path } else { RowNameKind::Id };
            set = set.with_row_names(RowNames::new(kind, names)?)?;
        }
        if let Some(groups) = self.groups {
            set = set.with_groups(Groups::shared(&groups))?;
        }
        let mut columns = Columns::default();
        self.columns.into_iter().for_each(|(name, values)| columns.push(name, values));
        set.columns = columns;
        set.notes = self.notes;
        match like.and_then(Network::file).and_then(|file| file.data.as_ref()) {
            Some(record) => Ok(record.adopt(set)?),
            None => Ok(set),
        }
    }
}

/// Opens the data of `config`, as the network of `saved` reads them.
pub(crate) fn open(
    root: Option<PathBuf>,
    config: &ugradsl::experiment::ExperimentConfig,
    saved: Option<&ModelFile>,
) -> Result<data::Dataset> {
    process::enter()?;
    let mut cut = config.text.clone();
    let mut options = OpenOptions::new().read(config.reading.clone());
    if let Some(file) = saved {
        if let Some(tokenizer) = &file.spec.tokenizer {
            cut.length = file.spec.shape[2];
            options = options.tokenizer(tokenizer.clone());
        }
        if let Some(record) = &file.data {
            options = options.as_before(record.reading.clone());
        }
    }
    let options = root.into_iter().fold(options.text(cut), OpenOptions::root);
    let data = data::open(&config.data, &options)?;
    let data = match saved.and_then(|file| file.data.as_ref()) {
        Some(record) => record.adopt(data)?,
        None => data,
    };
    Ok(data.limit(config.limit_train, config.limit_test)?.with_validation(config.validation)?)
}
