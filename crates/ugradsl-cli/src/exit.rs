//! Exit codes, and errors that know theirs.

use ugradsl::{
    data::{DataError, DatasetError, ForgetError},
    device::DeviceError,
    evaluate::EvaluateError,
    experiment::{ExperimentError, RecipeError},
    models::{LedgerError, ModelFileError, OtherData, SpecError},
    report::ReportError,
    run::{SessionError, StoreError},
    session::ModelError,
};

use crate::fetch::FetchError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done.
    Done,
    /// Done, but a gate or a check failed.
    Gate,
    /// The command or its config is invalid.
    Usage,
    /// Data or a model cannot be read, or a result cannot be written.
    Data,
    /// There is no usable device.
    Device,
    /// A panic: a bug in this program, in a library or in a driver.
    Internal,
    /// Interrupted; the checkpoint is written.
    Interrupted,
}

impl Outcome {
    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Gate => 1,
            Self::Usage => 2,
            Self::Data => 3,
            Self::Device => 4,
            Self::Internal => 101,
            Self::Interrupted => 130,
        }
    }
}

/// An error and the exit code that it calls for.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) source: anyhow::Error,
    pub(crate) outcome: Outcome,
}

impl Failure {
    pub(crate) fn new(outcome: Outcome, source: impl Into<anyhow::Error>) -> Self {
        Self { source: source.into(), outcome }
    }

    /// An error in what the user asked for.
    pub(crate) fn usage(message: impl std::fmt::Display) -> Self {
        Self::new(Outcome::Usage, anyhow::anyhow!("{message}"))
    }

    /// A file that cannot be used.
    pub(crate) fn file(path: &std::path::Path, error: impl std::fmt::Display) -> Self {
        Self::new(Outcome::Data, anyhow::anyhow!("{}: {error}", path.display()))
    }

    /// Data that a network was not trained on; the flag belongs to this program.
    pub(crate) fn other_data(error: &OtherData) -> Self {
        let hint = match error {
            OtherData::Rows { .. } | OtherData::Order { .. } => {
                "; --allow-other-data goes on all the same"
            }
            _ => "",
        };
        Self::new(Outcome::Data, anyhow::anyhow!("{error}{hint}"))
    }

    /// The same error, with the file named in front.
    pub(crate) fn about(self, path: &std::path::Path) -> Self {
        let source = anyhow::anyhow!("{}: {}", path.display(), self.source);
        Self { source, ..self }
    }

    pub(crate) fn code(&self) -> u8 {
        self.outcome.code()
    }
}

/// What commands return.
pub(crate) type Result<T = Outcome> = std::result::Result<T, Failure>;

/// The exit code that an error of the library calls for.
macro_rules! failures {
    ($($error:ty => $outcome:ident),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::new(Outcome::$outcome, error)
            }
        }
    )+};
}

failures! {
    RecipeError => Usage,
    SpecError => Usage,
    ModelFileError => Data,
    StoreError => Data,
    FetchError => Data,
    DeviceError => Device,
    LedgerError => Data,
    OtherData => Data,
    serde_json::Error => Data,
}

impl From<DatasetError> for Failure {
    fn from(error: DatasetError) -> Self {
        let asked = matches!(error, DatasetError::Limit { .. } | DatasetError::Validation { .. });
        Self::new(if asked { Outcome::Usage } else { Outcome::Data }, error)
    }
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        // The flag and the variable belong to this program, not to the library.
        let hint = match error {
            DataError::NoRoot { .. } => "; name the directory with --data-root or UGRADSL_DATA",
            DataError::NoTestPart { .. } => ", as in --test-share 20%",
            DataError::TestPartTwice { .. } => ": leave --test-share out",
            _ => "",
        };
        let outcome = match error {
            DataError::Unread { .. } | DataError::OtherReading { .. } => Outcome::Usage,
            _ => Outcome::Data,
        };
        Self::new(outcome, anyhow::anyhow!("{error}{hint}"))
    }
}

impl From<ForgetError> for Failure {
    fn from(error: ForgetError) -> Self {
        let unreadable = matches!(
            error,
            ForgetError::File { .. }
                | ForgetError::Token { .. }
                | ForgetError::NoIds { .. }
                | ForgetError::Array { .. }
                | ForgetError::Table { .. }
        );
        let outcome = if unreadable { Outcome::Data } else { Outcome::Usage };
        Self::new(outcome, error)
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Experiment(error) => error.into(),
            error => Self::new(Outcome::Data, error),
        }
    }
}

/// An error of a session has the exit code that it has in an experiment.
impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        ExperimentError::from(error).into()
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Session(error) => error.into(),
            ModelError::Forget(error) => error.into(),
            ModelError::OtherData(error) => Self::other_data(&error),
            ModelError::Spec(_) | ModelError::NotUnlearning(_) | ModelError::NotRetrained(_) => {
                Self::new(Outcome::Usage, error)
            }
            ModelError::Evaluate(EvaluateError::Train(_) | EvaluateError::TooLarge(_)) => {
                Self::new(Outcome::Device, error)
            }
            error => Self::new(Outcome::Data, error),
        }
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        let outcome = match &error {
            ExperimentError::Forget { .. }
            | ExperimentError::Spec(_)
            | ExperimentError::Dataset(_)
            | ExperimentError::Empty(_)
            | ExperimentError::Twice { .. }
            | ExperimentError::SameRows(_)
            | ExperimentError::Plan { .. }
            | ExperimentError::Gate { .. }
            | ExperimentError::Session(SessionError::Plan(_) | SessionError::Forget(_)) => {
                Outcome::Usage
            }
            ExperimentError::Session(
                SessionError::Train(_) | SessionError::TooLarge(_) | SessionError::Batch { .. },
            ) => Outcome::Device,
            _ => Outcome::Data,
        };
        Self::new(outcome, error)
    }
}
