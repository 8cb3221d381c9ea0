//! Recipes: a TOML file over the defaults, single settings over the file. Unknown keys are refused,
//! so that a typo never runs as something else. Which keys there are follows from the types.

use toml::{Table, Value};

use super::{
    ExperimentConfig, RecipeError, Setting,
    keys::{self, Place},
};
use crate::{nearest::nearest, unlearn::Method};

/// The config of `recipe` (TOML) over the defaults, with `settings` (`key=value`, dotted keys,
/// values in TOML or plain text) over both. `ugradsl-plus.p` is short for `method.ugradsl-plus.p`.
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
    let settings: Result<Vec<Setting>, _> = settings.iter().map(|text| text.parse()).collect();
    resolve_settings(&[], recipe, &settings?)
}

/// The same, with `presets` between the defaults and the recipe. Of several settings for the same
/// key the last one counts: a front end with more than one place for settings should check that
/// they do not [overlap](Setting::overlaps).
///
/// # Errors
///
/// [`RecipeError`] naming the key.
pub fn resolve_settings(
    presets: &[Setting],
    recipe: Option<&str>,
    settings: &[Setting],
) -> Result<ExperimentConfig, RecipeError> {
    let mut table = Table::try_from(ExperimentConfig::default())?;
    let mut apply = |overlay: Table| -> Result<(), RecipeError> {
        if overlay.contains_key("sweep") {
            return Err(RecipeError::Sweep);
        }
        check_keys(&overlay, &mut Vec::new())?;
        merge(&mut table, overlay, &mut Vec::new());
        Ok(())
    };
    for preset in presets {
        apply(preset.to_table())?;
    }
    if let Some(text) = recipe {
        apply(text.parse()?)?;
    }
    for setting in settings {
        apply(setting.to_table())?;
    }
    let config: ExperimentConfig = Value::Table(table).try_into().map_err(RecipeError::Value)?;
    config.architecture.built_in()?;
    Ok(config)
}

/// The keys on the top level of `recipe`, for a front end that sets some of them itself and has to
/// say so.
///
/// # Errors
///
/// If it is not TOML.
pub fn top_level_keys(recipe: &str) -> Result<Vec<String>, RecipeError> {
    Ok(recipe.parse::<Table>()?.keys().cloned().collect())
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

fn place(path: &[String]) -> Place {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    keys::at::<ExperimentConfig>(&path)
}

/// Puts `overlay` over `base`, both at `path`.
fn merge(base: &mut Table, overlay: Table, path: &mut Vec<String>) {
    for (key, value) in overlay {
        path.push(key.clone());
        match (base.get_mut(&key), value) {
            // A table with a `name` replaces the old one; any other changes single keys of it.
            (Some(Value::Table(old)), Value::Table(new))
                if place(path) != Place::Value || !new.contains_key("name") =>
            {
                merge(old, new, path);
            }
            // A name is short for a table that holds nothing else.
            (Some(Value::String(name)), Value::Table(mut new))
                if place(path) == Place::Value && !new.contains_key("name") =>
            {
                new.insert("name".to_owned(), Value::String(name.clone()));
                base.insert(key, Value::Table(new));
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
        path.pop();
    }
}

/// Checks the keys of `table`, which stands at `path`, as far down as their names are given by
/// types.
fn check_keys(table: &Table, path: &mut Vec<String>) -> Result<(), RecipeError> {
    let place = place(path);
    if place == Place::Value {
        return Ok(());
    }
    for (key, value) in table {
        if let Place::Table(known) = place
            && !known.contains(&key.as_str())
        {
            return Err(unknown(key, path, known));
        }
        path.push(key.clone());
        match value {
            Value::Table(inner) => check_keys(inner, path)?,
            Value::Array(list)
                if list.iter().any(Value::is_table)
                    && matches!(self::place(path), Place::Table(_)) =>
            {
                return Err(RecipeError::Tables(path.join(".")));
            }
            _ => {}
        }
        path.pop();
    }
    Ok(())
}

fn unknown(key: &str, path: &[String], known: &[&'static str]) -> RecipeError {
    let full = |key: &str| [path, &[key.to_owned()]].concat().join(".");
    // The table of a method is easily put on the top level by mistake.
    let methods = Method::ALL.into_iter().filter(|method| path.is_empty() && method.unlearns());
    let methods: Vec<&str> = methods.map(Method::name).collect();
    let near = nearest(key, known.iter().chain(&methods).copied());
    let suggestion = near.map(|near| match methods.contains(&near) {
        true => format!("method.{near}"),
        false => full(near),
    });
    RecipeError::UnknownKey {
        key: full(key),
        suggestion,
        known: known.iter().map(|known| (*known).to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::TextConfig,
        train::OptimizerConfig,
        unlearn::{MethodConfig, UGradSlPlus},
    };

    fn settings(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    fn plus(config: &ExperimentConfig) -> UGradSlPlus {
        match config.method.get(Method::UGradSlPlus) {
            MethodConfig::UGradSlPlus(settings) => settings,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn settings_win_over_the_recipe_and_the_recipe_over_the_defaults() {
        let recipe =
            "seeds = [1, 2]\n[method.ugradsl-plus]\np = 0.8\nalpha = -0.3\n[training]\nepochs = 3";
        let set = settings(&["ugradsl-plus.p=0.7", "data=fashion-mnist", "limit_train=100"]);
        let config = resolve(Some(recipe), &set).unwrap();
        let method = plus(&config);
        assert_eq!((config.seeds.as_slice(), config.training.epochs), ([1, 2].as_slice(), 3));
        assert_eq!((method.p, method.alpha), (0.7, Some(-0.3)));
        assert_eq!((config.data.as_str(), config.limit_train), ("fashion-mnist", Some(100)));
        assert_eq!(config.method.get(Method::Ft), Method::Ft.defaults());
    }

    #[test]
    fn a_rate_can_be_the_adaptive_one_again() {
        let recipe = Some("[method.ugradsl-plus]\nalpha = -0.3");
        let rate = |set: &[&str]| {
            let config = resolve(recipe, &settings(set)).map_err(|error| error.to_string());
            config.map(|config| plus(&config).alpha)
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
        assert_eq!(config.text, TextConfig { vocabulary: 500, length: 64, tokenizer: None });
        assert_eq!(resolve(Some(&to_toml(&config).unwrap()), &[]).unwrap(), config);
        let plain = resolve(None, &[]).unwrap();
        assert!(!to_toml(&plain).unwrap().contains("text"), "recipes of images have not changed");
        assert!(!serde_json::to_string(&plain).unwrap().contains("text"));
    }

    #[test]
    fn a_key_that_another_method_has_is_refused_with_those_that_there_are() {
        let error = resolve(Some("[method.ft]\np = 0.3"), &[]).unwrap_err().to_string();
        assert!(error.contains("\"method.ft.p\"") && error.contains("batch_size"), "{error}");
        let error = resolve(None, &settings(&["ssd.epochs=3"])).unwrap_err().to_string();
        let keys =
            "\"method.ssd.epochs\": the keys here are threshold, strength, batch_size, guards";
        assert!(error.contains(keys), "{error}");
        // The check of recipes is not the only one: the type itself refuses it.
        let text = r#"{"method": {"ft": {"p": 0.3}}}"#;
        let error = serde_json::from_str::<ExperimentConfig>(text).unwrap_err().to_string();
        assert!(error.contains("`p`") && error.contains("batch_norm"), "{error}");
    }

    #[test]
    fn a_table_that_names_its_kind_replaces_the_one_before_and_one_that_does_not_changes_it() {
        let recipe = Some("[method.ft.optimizer]\nname = \"adamw\"\nweight_decay = 0.1");
        let optimizer = |recipe, set: &[&str]| match resolve(recipe, &settings(set))
            .unwrap()
            .method
            .get(Method::Ft)
        {
            MethodConfig::Ft(settings) => settings.optimizer,
            other => panic!("{other:?}"),
        };
        let adamw = |weight_decay| OptimizerConfig::Adamw { weight_decay };
        assert_eq!(optimizer(recipe, &[]), Some(adamw(0.1)));
        assert_eq!(optimizer(recipe, &["ft.optimizer.weight_decay=0.2"]), Some(adamw(0.2)));
        assert_eq!(optimizer(None, &["ft.optimizer=adamw"]), Some(adamw(0.01)));
        let momentum = optimizer(None, &["ft.optimizer.momentum=0.5"]);
        assert_eq!(momentum, Some(OptimizerConfig::Sgd { momentum: 0.5, weight_decay: 5e-4 }));
        assert_eq!(optimizer(None, &[]), None); // that of the training
    }

    #[test]
    fn a_part_of_an_optimizer_changes_the_one_that_is_named() {
        for (recipe, set) in [
            ("[training]\noptimizer = \"adamw\"", "training.optimizer.momentum=0.5"),
            ("[method.ft]\noptimizer = \"adamw\"", "ft.optimizer.momentum=0.5"),
        ] {
            let error = resolve(Some(recipe), &settings(&[set])).unwrap_err().to_string();
            assert!(error.contains("no momentum"), "{error}");
            let config =
                resolve(Some(recipe), &settings(&[&set.replace("momentum", "weight_decay")]));
            assert!(config.is_ok(), "{config:?}");
        }
        let error = resolve(Some("[[training]]\nepochs = 3"), &[]).unwrap_err().to_string();
        assert!(error.contains("write [training] for [[training]]"), "{error}");
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_with_what_would() {
        for (set, words) in [
            ("training=5", "`training` is `5`, but must be a table of settings"),
            ("training.epochs=-1", "`training.epochs` is `-1`, but must be a whole number, 0 or"),
            ("training.epochs=1.5", "`training.epochs` is `1.5`, but must be a whole number"),
            ("training.learning_rate=[1]", "`training.learning_rate` is a list, but must be a num"),
            ("training.schedule=up", "`training.schedule` is `up`, but must be `constant` or"),
            ("retrain=maybe", "`retrain` is \"maybe\", but must be true or false"),
            ("seeds=a", "`seeds` is \"a\", but must be a whole number"),
            ("training.optimizer={ name = \"adamw\", momentum = 0.5 }", "no momentum"),
            ("device=tpu", "`device` is `tpu`, but must be one of `auto`, `cpu`, `gpu`"),
        ] {
            let error = resolve(None, &settings(&[set])).unwrap_err().to_string();
            assert!(error.contains(words), "{set}: {error}");
        }
    }

    #[test]
    fn unknown_keys_and_bad_values_are_refused_by_name() {
        for (set, part) in [
            ("method.ugradsl-plus.alhpa=-1", "method.ugradsl-plus.alpha"),
            ("seed=1", "seeds"),
            ("training.epoch=1", "training.epochs"),
            ("ft.epoch=1", "method.ft.epochs"),
            ("ugradsl-pls.p=0.9", "ugradsl-plus"),
            ("method.ugradsl-pls.p=0.9", "ugradsl-plus"),
            ("method.retrain.epochs=3", "no settings of its own"),
            ("original.fil=x", "original.file"),
            ("training.optimizer.weight_decy=0.1", "name, momentum and weight_decay"),
            ("ft.optimizer.weight_decay=0.1", "name = \"sgd\" or name = \"adamw\""),
            ("training.optimizer={ name = \"adamw\", momentum = 0.5 }", "no momentum"),
            ("nonsense_that_is_like_nothing=1", "unknown key"),
            ("ugradsl.p=high", "does not fit"),
            ("seeds", "key=value"),
        ] {
            let error = resolve(None, &settings(&[set])).unwrap_err().to_string();
            assert!(error.contains(part), "{set}: {error}");
        }
        let misplaced = resolve(Some("ft.epochs = 3"), &[]).unwrap_err().to_string();
        assert_eq!(misplaced, "unknown key \"ft\", did you mean \"method.ft\"?");
        assert!(matches!(resolve(Some("= 3"), &[]), Err(RecipeError::Syntax(_))));
    }
}
