//! Why a recipe cannot be used.

use thiserror::Error;

use crate::models::SpecError;

/// Why a recipe cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// Not TOML.
    #[error("the recipe is not valid TOML: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A setting without `=`.
    #[error("setting {0:?} is not of the form key=value")]
    Setting(String),
    /// A key that means nothing here.
    #[error("unknown key {key:?}{}", remedy(suggestion.as_deref(), known))]
    UnknownKey {
        /// The key as given.
        key: String,
        /// The nearest known one, if any is near.
        suggestion: Option<String>,
        /// All keys that are allowed in its place.
        known: Vec<String>,
    },
    /// A recipe of many experiments where one is wanted.
    #[error("the recipe describes a sweep (it has [[sweep]] tables): run it with `ugradsl sweep`")]
    Sweep,
    /// A value of the wrong type or range.
    #[error("a setting does not fit: {}", one_line(.0))]
    Value(toml::de::Error),
    /// No built-in network has the name.
    #[error("a setting does not fit: {0}")]
    Network(#[from] SpecError),
    /// A value that TOML cannot hold.
    #[error("the config cannot be written as TOML: {0}")]
    Unwritable(#[from] toml::ser::Error),
}

/// The message, which names the key in a line of its own.
fn one_line(error: &toml::de::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn remedy(suggestion: Option<&str>, known: &[String]) -> String {
    match suggestion {
        Some(suggestion) => format!(", did you mean {suggestion:?}?"),
        None => format!(": the keys here are {}", known.join(", ")),
    }
}
