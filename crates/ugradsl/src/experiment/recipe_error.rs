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
    /// A list of tables where one table is wanted.
    #[error("`{0}` is one table, not a list of tables: write [{0}] for [[{0}]]")]
    Tables(String),
    /// A value of the wrong type or range.
    #[error("a setting does not fit: {}", in_words(&one_line(.0)))]
    Value(toml::de::Error),
    /// No built-in network has the name.
    #[error("a setting does not fit: {0}")]
    Network(#[from] SpecError),
    /// A value that TOML cannot hold.
    #[error("the config cannot be written as TOML: {0}")]
    Unwritable(#[from] toml::ser::Error),
}

/// What the parser says, in words that need no knowledge of its types.
fn in_words(message: &str) -> String {
    let placed = message.strip_suffix('`').and_then(|text| text.rsplit_once(" in `"));
    let Some((problem, key)) = placed else { return message.to_owned() };
    let wanted = problem.split_once(", expected ");
    let given = wanted.and_then(|(given, wanted)| {
        let value = ["invalid type: ", "invalid value: ", "unknown variant "]
            .iter()
            .find_map(|start| given.strip_prefix(start))?;
        Some((named(value), kind(wanted)))
    });
    match given {
        Some((value, wanted)) => format!("`{key}` is {value}, but must be {wanted}"),
        None => format!("`{key}`: {problem}"),
    }
}

/// A value without the name of its type.
fn named(value: &str) -> &str {
    match value {
        "sequence" => "a list",
        "map" => "a table",
        _ => value.find(['`', '"']).map_or(value, |start| &value[start..]),
    }
}

/// What a type takes.
fn kind(wanted: &str) -> &str {
    match wanted {
        "usize" | "u64" | "u32" => "a whole number, 0 or greater",
        "f64" | "f32" => "a number",
        "a sequence" => "a list",
        "a string" => "a text",
        "a boolean" => "true or false",
        _ if wanted.starts_with("struct ") || wanted == "a map" => "a table of settings",
        _ => wanted,
    }
}

/// The message as one line; toml gives the name of the key a line of its own.
fn one_line(error: &toml::de::Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn remedy(suggestion: Option<&str>, known: &[String]) -> String {
    match suggestion {
        Some(suggestion) => format!(", did you mean {suggestion:?}?"),
        None => format!(": the keys here are {}", known.join(", ")),
    }
}
