//! A network that is to be trained.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use ugradsl::{
    burn::tensor::TensorData,
    data::Dataset,
    models::{ModelFile, ModelSpec},
};

use crate::{
    error::{Failure, Result},
    network::Network,
    source::{Purpose, Source},
};

/// A network to be trained, as Python names it.
#[derive(FromPyObject)]
pub(crate) enum Untrained<'py> {
    Named(String),
    Given(Bound<'py, Network>),
}

/// The same without the interpreter.
pub(crate) enum Detached {
    Named(String),
    Given(Box<Source>),
}

/// Weights by name; none where they are drawn.
type Weights = Option<BTreeMap<String, TensorData>>;

impl Untrained<'_> {
    pub(crate) fn detached(&self) -> Detached {
        match self {
            Self::Named(name) => Detached::Named(name.clone()),
            Self::Given(network) => Detached::Given(Box::new(network.get().source.clone())),
        }
    }
}

impl Detached {
    /// What network it is for rows like those of `data`, and the weights that it begins with.
    pub(crate) fn for_data(
        self,
        data: &Dataset,
        from_scratch: bool,
    ) -> Result<(ModelSpec, Weights)> {
        match self {
            Self::Named(name) => Ok((ModelSpec::fitting(name.parse()?, data)?, None)),
            Self::Given(source) => {
                let file = source.for_data(data, Purpose::Train)?;
                refuse_forgetful(&file)?;
                Ok((file.spec, (!from_scratch).then_some(file.state)))
            }
        }
    }
}

/// Refuses to train a network on what it has forgotten.
fn refuse_forgetful(file: &ModelFile) -> Result<()> {
    match file.ledger.is_empty() {
        true => Ok(()),
        false => Err(Failure::network(
            "the network has forgotten something, which training would teach it again: give the original",
        )),
    }
}
