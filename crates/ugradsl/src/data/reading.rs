//! How rows were read, so that other rows can be read in the same way.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read_config::ReadConfig;
use super::row_digest::RowDigest;

/// How rows were read. A model file carries it, because the network knows rows only in this form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Reading {
    /// What the user said.
    #[serde(skip_serializing_if = "ReadConfig::is_default")]
    pub said: ReadConfig,
    /// What the form of the data needs to remember, in its own words: a table's columns with their
    /// means and deviations, the size of pictures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Value>,
    /// Which rows are the test part, where the data had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<TestPart>,
}

/// What makes rows the test part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum TestPart {
    /// The last digest of the test rows of each class, by the name of the class.
    Rows(BTreeMap<String, RowDigest>),
    /// The groups whose rows they are.
    Groups(Vec<String>),
}

impl Reading {
    /// Whether there is nothing to remember.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
