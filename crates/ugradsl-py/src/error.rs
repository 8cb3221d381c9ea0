//! Errors of the library as exceptions: each keeps its message and gets a class that says what it
//! is about.

use std::fmt::Display;

use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyType};
use ugradsl::{
    audit::EvaluateModelError,
    data::{
        ClassNamesError, DataError, DatasetError, FeatureSetError, ForgetError, ImageSetError,
        NormalisationError, RowNamesError, TextSetError, TokenizerError,
    },
    device::DeviceError,
    experiment::{ExperimentError, RecipeError},
    models::{
        LedgerError, ModelFileError, NotRetrained, OtherData, SpecError, import::ImportError,
    },
    onnx::OnnxError,
    report::ReportError,
    run::{SessionError, StoreError},
    session::ModelError,
};

/// The module that has the classes.
const MODULE: &str = "ugradsl.errors";

/// An exception to be raised: it can be made without the interpreter's lock.
#[derive(Debug)]
pub(crate) struct Failure {
    class: &'static str,
    message: String,
}

/// The result of functions that compute without the lock.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub(crate) fn new(class: &'static str, message: impl Display) -> Self {
        Self { class, message: message.to_string() }
    }

    pub(crate) fn network(message: impl Display) -> Self {
        Self::new("NetworkError", message)
    }

    pub(crate) fn setting(message: impl Display) -> Self {
        Self::new("SettingError", message)
    }

    /// The same about a file.
    pub(crate) fn about(self, path: &std::path::Path) -> Self {
        Self { message: format!("{}: {}", path.display(), self.message), ..self }
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        Python::attach(|py| {
            let class = py.import(MODULE).and_then(|module| module.getattr(failure.class));
            match class.and_then(|class| Ok(class.cast_into::<PyType>()?)) {
                Ok(class) => Self::from_type(class, failure.message),
                Err(_) => PyRuntimeError::new_err(failure.message),
            }
        })
    }
}

macro_rules! failures {
    ($($error:ty => $class:literal),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new($class, error)
            }
        }
    )+};
}

failures! {
    ClassNamesError => "DataError",
    DataError => "DataError",
    DatasetError => "DataError",
    FeatureSetError => "DataError",
    ImageSetError => "DataError",
    NormalisationError => "DataError",
    RowNamesError => "DataError",
    TextSetError => "DataError",
    TokenizerError => "DataError",
    ForgetError => "RequestError",
    DeviceError => "DeviceError",
    ImportError => "NetworkError",
    LedgerError => "NetworkError",
    ModelFileError => "NetworkError",
    NotRetrained => "NetworkError",
    OnnxError => "NetworkError",
    OtherData => "DataError",
    SpecError => "NetworkError",
    RecipeError => "SettingError",
    ReportError => "RunError",
    StoreError => "StorageError",
    serde_json::Error => "SettingError",
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Forget(error) => error.into(),
            SessionError::Store(error) => error.into(),
            SessionError::Ledger(error) => error.into(),
            SessionError::Normalisation(error) => error.into(),
            SessionError::Plan(error) => Self::setting(error),
            SessionError::AtChance { .. } | SessionError::Misread { .. } => {
                Self::network(format!("{error}; allow_chance=True goes on all the same"))
            }
            SessionError::Train(_) | SessionError::TooLarge(_) | SessionError::Batch { .. } => {
                Self::new("DeviceError", error)
            }
            error => Self::new("RunError", error),
        }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Session(error) => error.into(),
            ModelError::Forget(error) => error.into(),
            ModelError::Spec(error) => error.into(),
            ModelError::Model(error) => error.into(),
            ModelError::Ledger(error) => error.into(),
            ModelError::NotRetrained(error) => error.into(),
            ModelError::NotUnlearning(_) => Self::setting(error),
            ModelError::OtherData(error) => other_data(&error),
            error => Self::new("RunError", error),
        }
    }
}

impl From<EvaluateModelError> for Failure {
    fn from(error: EvaluateModelError) -> Self {
        match error {
            EvaluateModelError::Forget(error) => error.into(),
            EvaluateModelError::Spec(error) => error.into(),
            EvaluateModelError::Model(error) => error.into(),
            EvaluateModelError::NotRetrained(error) => error.into(),
            EvaluateModelError::OtherData(error) => other_data(&error),
            error => Self::new("RunError", error),
        }
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        match error {
            ExperimentError::Session(error) => error.into(),
            ExperimentError::Spec(error) => error.into(),
            ExperimentError::Dataset(error) => error.into(),
            error @ ExperimentError::Forget { .. } => Self::new("RequestError", error),
            error @ (ExperimentError::Empty(_)
            | ExperimentError::Twice { .. }
            | ExperimentError::Gate { .. }) => Self::setting(error),
            error => Self::new("RunError", error),
        }
    }
}

/// Data that a network was not trained on, with the way to go on.
fn other_data(error: &OtherData) -> Failure {
    let hint = match error {
        OtherData::Rows { .. } | OtherData::Order { .. } => {
            "; allow_other_data=True goes on all the same"
        }
        _ => "",
    };
    Failure::new("DataError", format!("{error}{hint}"))
}
