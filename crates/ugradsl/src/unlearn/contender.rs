//! What the runs of an experiment carry out.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Method;

/// Longest name of a custom plan, in characters: it becomes part of file names.
const LONGEST: usize = 40;

/// A method, or a custom [`Plan`](crate::train::Plan) by its name.
///
/// ```
/// use ugradsl::unlearn::{Contender, Method};
///
/// let ours: Contender = "ugradsl".parse()?;
/// assert_eq!(ours, Method::UGradSl); // it compares with methods as they are
/// let mine: Contender = "mine".parse()?;
/// assert_eq!(mine, Contender::Plan("mine".to_owned()));
/// assert!("../mine".parse::<Contender>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Contender {
    /// A method of the library.
    Method(Method),
    /// A custom plan.
    Plan(String),
}

/// Why something cannot be the name of a custom plan.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error(
    "{0:?} cannot be the name of a plan: it takes up to {LONGEST} of a-z, 0-9 and -, begins with a letter, and \
     neither is nor continues the name of a method"
)]
pub struct PlanNameError(pub String);

impl Contender {
    /// A custom plan under `name`.
    ///
    /// # Errors
    ///
    /// If `name` could be mistaken for a method, or cannot be part of a file name.
    pub fn plan(name: impl Into<String>) -> Result<Self, PlanNameError> {
        let name = name.into();
        let taken = Method::ALL.map(Method::name).into_iter().any(|method| {
            name.strip_prefix(method).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        });
        let fits = name.len() <= LONGEST
            && name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if fits && !taken { Ok(Self::Plan(name)) } else { Err(PlanNameError(name)) }
    }

    /// The method; `None` for a custom plan.
    pub fn method(&self) -> Option<Method> {
        match self {
            Self::Method(method) => Some(*method),
            Self::Plan(_) => None,
        }
    }

    /// The name in reports and file names.
    pub fn name(&self) -> &str {
        match self {
            Self::Method(method) => method.name(),
            Self::Plan(name) => name,
        }
    }

    /// Whether it starts from the trained original; false for the original itself and for
    /// retraining.
    pub fn unlearns(&self) -> bool {
        self.method().is_none_or(Method::unlearns)
    }
}

impl PartialEq<Method> for Contender {
    fn eq(&self, method: &Method) -> bool {
        self.method() == Some(*method)
    }
}

impl From<Method> for Contender {
    fn from(method: Method) -> Self {
        Self::Method(method)
    }
}

impl FromStr for Contender {
    type Err = PlanNameError;

    fn from_str(name: &str) -> Result<Self, PlanNameError> {
        name.parse().map_or_else(|_| Self::plan(name), |method| Ok(Self::Method(method)))
    }
}

impl TryFrom<String> for Contender {
    type Error = PlanNameError;

    fn try_from(name: String) -> Result<Self, PlanNameError> {
        name.parse()
    }
}

impl From<Contender> for String {
    fn from(contender: Contender) -> Self {
        contender.name().to_owned()
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_cannot_be_mistaken_for_a_method_or_leave_its_folder() {
        for name in ["", "ft", "original-mine", "ft-seed0", "Mine", "a/b", "..", "1st", "a b"] {
            assert_eq!(Contender::plan(name), Err(PlanNameError(name.to_owned())), "{name:?}");
        }
        assert!(Contender::plan("a".repeat(LONGEST + 1)).is_err());
        for name in ["mine", "ftx", "my-plan-2"] {
            assert_eq!(Contender::plan(name).unwrap().name(), name);
        }
    }

    #[test]
    fn as_data_it_is_its_name() {
        for name in ["retrain", "ugradsl-plus", "mine"] {
            let contender: Contender = name.parse().unwrap();
            let json = serde_json::to_string(&contender).unwrap();
            assert_eq!(json, format!("{name:?}"));
            assert_eq!(serde_json::from_str::<Contender>(&json).unwrap(), contender);
        }
        assert!(serde_json::from_str::<Contender>("\"../../etc\"").is_err());
    }
}
