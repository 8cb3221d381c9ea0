//! Settings as recipes have them.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use serde_json::Value;
use ugradsl::{
    experiment::{ExperimentConfig, Setting, resolve_settings},
    models::ModelFile,
    unlearn::{Method, MethodConfig, TrainingConfig},
};

use crate::error::{Failure, Result};

/// The config of `recipe` (TOML) and of `settings`, a JSON object of dotted keys that replace those
/// of the recipe. Unknown keys are refused, and the nearest known ones are named.
pub(crate) fn config(recipe: Option<&str>, settings: &str) -> Result<ExperimentConfig> {
    config_over(&[], recipe, settings)
}

/// The config of `settings` for the network of `file`, which says how it was trained.
pub(crate) fn config_of(file: &ModelFile, settings: &str) -> Result<ExperimentConfig> {
    let training = TrainingConfig::of(file)?;
    let training = training.map(|training| Setting::new("training", &training)).transpose()?;
    config_over(&training.into_iter().collect::<Vec<_>>(), None, settings)
}

fn config_over(
    presets: &[Setting],
    recipe: Option<&str>,
    settings: &str,
) -> Result<ExperimentConfig> {
    let settings: BTreeMap<String, Value> = serde_json::from_str(settings)?;
    let settings = settings.iter().map(|(key, value)| Setting::new(key, value));
    let settings: Vec<Setting> = settings.collect::<std::result::Result<_, _>>()?;
    Ok(resolve_settings(presets, recipe, &settings)?)
}

/// The method of this name with its settings in `config`.
pub(crate) fn method(name: &str, config: &ExperimentConfig) -> Result<MethodConfig> {
    let method: Method = name.parse().map_err(Failure::setting)?;
    Ok(config.method.get(method))
}

/// The default config, as JSON.
#[pyfunction]
pub(crate) fn defaults() -> PyResult<String> {
    let text = serde_json::to_string(&ExperimentConfig::default());
    text.map_err(|error| Failure::from(error).into())
}
