//! Recipes: a TOML file over the defaults, single settings over the file. Unknown keys are refused,
//! so that a slip of the pen never runs as something else.

use thiserror::Error;
use toml::{Table, Value};

use super::ExperimentConfig;
use crate::unlearn::Method;

/// Keys that may be given although the defaults do not name them.
const OPTIONAL: [&str; 12] = [
    "limit_train",
    "limit_test",
    "retrain",
    "original",
    "original.file",
    "original.prefix",
    "original.normalisation",
    "text",
    "text.vocabulary",
    "text.length",
    "training.clip_norm",
    "guards.patience",
];
/// The same for each method.
const OPTIONAL_OF_METHOD: [&str; 4] = ["alpha", "beta", "quantile", "clip_norm"];
/// Keys whose value is a table or list of its own shape, checked by their types.
const OPAQUE: [&str; 2] = ["expect", "optimizer"];

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
    #[error("unknown key {key:?}{}", suggestion.as_ref().map(|s| format!(", did you mean {s:?}?")).unwrap_or_default())]
    UnknownKey {
        /// The key as given.
        key: String,
        /// The nearest known one.
        suggestion: Option<String>,
    },
    /// A recipe of many experiments where one is wanted.
    #[error("the recipe is that of a sweep (it has [[sweep]] tables): run it with `ugradsl sweep`")]
    Sweep,
    /// A value of the wrong type or range.
    #[error("the recipe does not fit: {0}")]
    Value(toml::de::Error),
    /// A value that TOML cannot hold.
    #[error("the config cannot be written as TOML: {0}")]
    Unwritable(#[from] toml::ser::Error),
}

/// The config of `recipe` (TOML) over the defaults, with `settings` (`key=value`, dotted keys, values
/// in TOML or plain text) over both. `ugradsl-plus.p` is short for `method.ugradsl-plus.p`.
///
/// # Errors
///
/// [`RecipeError`] naming the key.
///
/// # Example
///
/// ```
/// use ugradsl::experiment::resolve;
///
/// let settings = ["seeds=[0, 1]".to_owned(), "training.epochs=3".to_owned()];
/// let config = resolve(Some("architecture = \"mlp\"\n[training]\nepochs = 5"), &settings)?;
/// assert_eq!(config.seeds, [0, 1]);
/// assert_eq!(config.training.epochs, 3); // a setting overrides the recipe
/// let slip = resolve(Some("architektur = \"mlp\""), &[]).unwrap_err();
/// assert_eq!(slip.to_string(), "unknown key \"architektur\", did you mean \"architecture\"?");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn resolve(recipe: Option<&str>, settings: &[String]) -> Result<ExperimentConfig, RecipeError> {
    let mut table = Table::try_from(ExperimentConfig::default())?;
    let known = known_keys(&table);
    let mut apply = |overlay: Table| -> Result<(), RecipeError> {
        if overlay.contains_key("sweep") {
            return Err(RecipeError::Sweep);
        }
        check_keys(&overlay, "", &known)?;
        merge(&mut table, overlay);
        Ok(())
    };
    if let Some(text) = recipe {
        apply(text.parse()?)?;
    }
    for setting in settings {
        apply(parse_setting(setting)?)?;
    }
    Value::Table(table).try_into().map_err(RecipeError::Value)
}

/// `config` as TOML that [`resolve`] reads back.
///
/// # Errors
///
/// If a value has no TOML form, such as a seed above [`i64::MAX`].
///
/// # Example
///
/// ```
/// use ugradsl::experiment::{ExperimentConfig, resolve, to_toml};
///
/// let config = ExperimentConfig::default();
/// assert_eq!(resolve(Some(&to_toml(&config)?), &[])?, config);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_toml(config: &ExperimentConfig) -> Result<String, RecipeError> {
    Ok(toml::to_string(config)?)
}

/// `a.b=c` as the table `{a: {b: c}}`.
fn parse_setting(setting: &str) -> Result<Table, RecipeError> {
    let (key, value) =
        setting.split_once('=').ok_or_else(|| RecipeError::Setting(setting.to_owned()))?;
    let (key, value) = (key.trim(), value.trim());
    let starts_with_method =
        key.split_once('.').is_some_and(|(first, _)| first.parse().is_ok_and(Method::unlearns));
    let key = if starts_with_method { format!("method.{key}") } else { key.to_owned() };
    let parsed: Result<Table, _> = format!("value = {value}").parse();
    let value = match parsed {
        Ok(mut table) => table.remove("value").unwrap_or_else(|| Value::String(value.to_owned())),
        Err(_) => Value::String(value.to_owned()),
    };
    let parts: Vec<&str> = key.split('.').collect();
    let nested = parts
        .iter()
        .rev()
        .fold(value, |value, part| Value::Table(Table::from_iter([((*part).to_owned(), value)])));
    match nested {
        Value::Table(table) => Ok(table),
        _ => Err(RecipeError::Setting(setting.to_owned())),
    }
}

fn merge(base: &mut Table, overlay: Table) {
    for (key, value) in overlay {
        match (base.get_mut(&key), value) {
            // A table that names its kind is whole; one that does not changes what is there.
            (Some(Value::Table(old)), Value::Table(new))
                if !OPAQUE.contains(&key.as_str()) || !new.contains_key("name") =>
            {
                merge(old, new);
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn known_keys(table: &Table) -> Vec<String> {
    let mut keys = Vec::new();
    flatten(table, "", &mut keys);
    keys.extend(OPTIONAL.map(str::to_owned));
    keys.extend(OPAQUE.map(str::to_owned));
    for method in Method::ALL.into_iter().filter(|method| method.unlearns()) {
        keys.extend(OPTIONAL_OF_METHOD.map(|key| format!("method.{method}.{key}")));
    }
    keys
}

fn flatten(table: &Table, prefix: &str, keys: &mut Vec<String>) {
    for (key, value) in table {
        let path = format!("{prefix}{key}");
        if let Value::Table(inner) = value
            && !OPAQUE.contains(&key.as_str())
        {
            flatten(inner, &format!("{path}."), keys);
        }
        keys.push(path);
    }
}

fn check_keys(table: &Table, prefix: &str, known: &[String]) -> Result<(), RecipeError> {
    for (key, value) in table {
        let path = format!("{prefix}{key}");
        if !known.contains(&path) {
            let close = |candidate: &&String| strsim::damerau_levenshtein(candidate, &path);
            let suggestion =
                known.iter().min_by_key(close).filter(|best| close(best) <= 3).cloned();
            return Err(RecipeError::UnknownKey { key: path, suggestion });
        }
        if let Value::Table(inner) = value
            && !OPAQUE.contains(&key.as_str())
        {
            check_keys(inner, &format!("{path}."), known)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TextConfig;

    fn settings(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn settings_win_over_the_recipe_and_the_recipe_over_the_defaults() {
        let recipe =
            "seeds = [1, 2]\n[method.ugradsl-plus]\np = 0.8\nalpha = -0.3\n[training]\nepochs = 3";
        let set = settings(&["ugradsl-plus.p=0.7", "data=fashion-mnist", "limit_train=100"]);
        let config = resolve(Some(recipe), &set).unwrap();
        let method = &config.method[&Method::UGradSlPlus];
        assert_eq!((config.seeds.as_slice(), config.training.epochs), ([1, 2].as_slice(), 3));
        assert_eq!((method.p, method.alpha), (0.7, Some(-0.3)));
        assert_eq!((config.data.as_str(), config.limit_train), ("fashion-mnist", Some(100)));
        assert_eq!(config.method[&Method::Ft], Method::Ft.defaults());
    }

    #[test]
    fn a_rate_can_be_the_adaptive_one_again() {
        let recipe = Some("[method.ugradsl-plus]\nalpha = -0.3");
        let rate = |set: &[&str]| {
            let config = resolve(recipe, &settings(set)).map_err(|error| error.to_string());
            config.map(|config| config.method[&Method::UGradSlPlus].alpha)
        };
        assert_eq!(rate(&[]), Ok(Some(-0.3)));
        assert_eq!(rate(&["ugradsl-plus.alpha=adaptive"]), Ok(None));
        assert_eq!(rate(&["ugradsl-plus.alpha=-2"]), Ok(Some(-2.0)));
        let refused = rate(&["ugradsl-plus.alpha=adaptable"]).unwrap_err();
        assert!(refused.contains("expected a number or \"adaptive\""), "{refused}");
    }

    #[test]
    fn a_config_survives_its_toml_form() {
        let config = resolve(None, &settings(&["ugradsl.alpha=-1", "limit_test=7"])).unwrap();
        assert_eq!(resolve(Some(&to_toml(&config).unwrap()), &[]).unwrap(), config);
    }

    #[test]
    fn how_texts_are_cut_is_written_only_where_it_is_said() {
        let config =
            resolve(Some("[text]\nlength = 64"), &settings(&["text.vocabulary=500"])).unwrap();
        assert_eq!(config.text, TextConfig { vocabulary: 500, length: 64 });
        assert_eq!(resolve(Some(&to_toml(&config).unwrap()), &[]).unwrap(), config);
        let plain = resolve(None, &[]).unwrap();
        assert!(!to_toml(&plain).unwrap().contains("text"), "recipes of images have not changed");
        assert!(!serde_json::to_string(&plain).unwrap().contains("text"));
    }

    #[test]
    fn unknown_keys_and_bad_values_are_refused_by_name() {
        for (set, part) in [
            ("method.ugradsl-plus.alhpa=-1", "method.ugradsl-plus.alpha"),
            ("seed=1", "seeds"),
            ("training.epoch=1", "training.epochs"),
            ("nonsense_that_is_like_nothing=1", "unknown key"),
            ("ugradsl.p=high", "does not fit"),
            ("seeds", "key=value"),
        ] {
            let error = resolve(None, &settings(&[set])).unwrap_err().to_string();
            assert!(error.contains(part), "{set}: {error}");
        }
        assert!(matches!(resolve(Some("= 3"), &[]), Err(RecipeError::Syntax(_))));
    }
}
