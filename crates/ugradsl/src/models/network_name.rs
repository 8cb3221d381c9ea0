//! The network of an experiment, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Architecture, SpecError};

/// Name of the network of an experiment.
///
/// ```
/// use ugradsl::models::{Architecture, NetworkName};
///
/// let name = NetworkName::from("lenet".to_owned());
/// assert_eq!(name, NetworkName::BuiltIn(Architecture::LeNet));
/// assert!(NetworkName::from("mine".to_owned()).built_in().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum NetworkName {
    /// One of the built-in networks.
    BuiltIn(Architecture),
    /// That of a [`NetworkSpec`](super::NetworkSpec) of one's own.
    Own(String),
}

impl NetworkName {
    /// The built-in network of this name.
    ///
    /// # Errors
    ///
    /// [`SpecError::Unknown`] if there is none.
    pub fn built_in(&self) -> Result<Architecture, SpecError> {
        match self {
            Self::BuiltIn(architecture) => Ok(*architecture),
            Self::Own(name) => name.parse(),
        }
    }
}

impl From<Architecture> for NetworkName {
    fn from(architecture: Architecture) -> Self {
        Self::BuiltIn(architecture)
    }
}

impl From<String> for NetworkName {
    fn from(name: String) -> Self {
        name.parse().map_or(Self::Own(name), Self::BuiltIn)
    }
}

impl From<NetworkName> for String {
    fn from(name: NetworkName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for NetworkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(architecture) => architecture.fmt(f),
            Self::Own(name) => f.pad(name),
        }
    }
}
