//! The config's values from the command line, each with the place that sets it. Two places for one
//! value are refused, so that no flag changes what an axis or another flag sets.
//!
//! The order, later over earlier: defaults, the command's presets, the recipe, then flags and
//! `--set` side by side with the values of a sweep's axes.

mod guards;
mod unread;

use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use ugradsl::experiment::{
    Axis, ExperimentConfig, Setting, keys_overlap, resolve_settings, split_sweep, top_level_keys,
};
use ugradsl::unlearn::TrainingConfig;

pub(crate) use self::guards::{UnreadGuards, refuse};
pub(crate) use self::unread::{leave_unread_out, unread_method};
use crate::{
    args::{ChoiceArgs, CommonArgs, DataArgs, DemoArgs, ModelArgs, ReadArgs, SingleArgs},
    exit::{Failure, Result},
    model_arg,
    output::{note, read_text},
};

/// A setting and the argument that makes it, e.g. `--forget class:3`.
#[derive(Debug, Clone)]
struct Given {
    setting: Setting,
    place: String,
}

/// All that the command line sets, no value twice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings(Vec<Given>);

/// A key that a command decides itself, and the reason with what to type instead.
pub(crate) type Decided = (&'static str, &'static str);

/// Arguments that set keys of the config.
pub(crate) trait Sets {
    /// Adds what the arguments set to `settings`.
    fn add_to(&self, settings: &mut Settings) -> Result<()>;
}

impl Settings {
    /// What all of `parts` set.
    pub(crate) fn from_parts(parts: &[&dyn Sets]) -> Result<Self> {
        let mut settings = Self::default();
        for part in parts {
            settings.add(*part)?;
        }
        Ok(settings)
    }

    /// Adds what `part` sets.
    pub(crate) fn add(&mut self, part: &dyn Sets) -> Result<()> {
        part.add_to(self)
    }

    /// Adds what the flag `flag` sets, if it is given.
    pub(crate) fn flag(
        &mut self,
        flag: &str,
        key: &str,
        value: Option<impl Serialize>,
    ) -> Result<()> {
        self.flag_as(flag, key, value.as_ref(), value.as_ref())
    }

    /// Adds a flag whose text is not its value.
    pub(crate) fn flag_as(
        &mut self,
        flag: &str,
        key: &str,
        text: Option<impl Serialize>,
        value: Option<impl Serialize>,
    ) -> Result<()> {
        let Some((text, value)) = text.zip(value) else { return Ok(()) };
        let setting = Setting::new(key, &value)?;
        self.push(setting, format!("{flag}{}", typed(&serde_json::to_value(text)?)))
    }

    /// Adds `--set text`.
    fn set(&mut self, text: &str) -> Result<()> {
        self.push(text.parse()?, format!("--set {text}"))
    }

    fn push(&mut self, setting: Setting, place: String) -> Result<()> {
        if let Some(other) = self.0.iter().find(|other| other.setting.overlaps(&setting)) {
            let keys = [other.setting.key(), setting.key()];
            // The longer one is a part of the other.
            let key = keys.iter().max_by_key(|key| key.len()).map_or("", String::as_str);
            return Err(Failure::usage(format!(
                "`{}` and `{place}` both set `{key}`: leave one of them out",
                other.place
            )));
        }
        self.0.push(Given { setting, place });
        Ok(())
    }

    /// The same with what the axes of a sweep set: what nothing reads is refused of them, too.
    pub(crate) fn with_axes(&self, axes: &[Axis]) -> Result<Self> {
        let mut all = self.clone();
        for axis in axes {
            let value = axis.values.first().map_or("", String::as_str);
            let setting: Setting = format!("{}={value}", axis.key).parse()?;
            all.0.push(Given { setting, place: format!("axis {}", axis.key) });
        }
        Ok(all)
    }

    /// The place that sets `key` or a part of it.
    pub(crate) fn place_of(&self, key: &str) -> Option<&str> {
        let within = |given: &&Given| given.setting.is_within(key);
        self.0.iter().find(within).map(|given| given.place.as_str())
    }

    /// Refuses keys that the command decides itself; if only the recipe has one, notes that it is
    /// not used.
    pub(crate) fn decided(&self, recipe: Option<&str>, decided: &[Decided]) -> Result<()> {
        for (key, reason) in decided {
            if let Some(place) = self.place_of(key) {
                return Err(Failure::usage(format!("`{place}` has no effect here: {reason}")));
            }
        }
        let in_recipe = recipe.map(top_level_keys).transpose()?.unwrap_or_default();
        for (key, reason) in decided.iter().filter(|(key, _)| in_recipe.iter().any(|k| k == key)) {
            note(&format!("the recipe's `{key}` is not used: {reason}"));
        }
        Ok(())
    }

    /// Refuses an axis whose key is also set here.
    pub(crate) fn check_axis(&self, axis: &Axis, in_recipe: bool) -> Result<()> {
        let overlapping = |given: &&Given| keys_overlap(&given.setting.key(), &axis.key);
        let Some(Given { place, .. }) = self.0.iter().find(overlapping) else { return Ok(()) };
        let (key, values) = (&axis.key, axis.values.join(","));
        Err(Failure::usage(if in_recipe {
            format!(
                "`{place}` and the recipe's axis `{key}` ([[sweep]], values {values}) both set \
                 `{key}`: leave `{place}` out, or replace the axis with `--over {key}=...`"
            )
        } else {
            format!(
                "`{place}` and `--over {key}={values}` both set `{key}`: leave one of them out, or \
                 make the value part of the axis"
            )
        }))
    }

    /// The config: `presets` (`key=value`), then `recipe`, then what is set here and in `cell`.
    pub(crate) fn resolve(
        &self,
        presets: &[&str],
        recipe: Option<&str>,
        cell: &[String],
    ) -> Result<ExperimentConfig> {
        let presets: std::result::Result<Vec<Setting>, _> =
            presets.iter().map(|text| text.parse()).collect();
        let mut presets = presets?;
        let config = self.resolve_over(&presets, recipe, cell)?;
        // The file of an original says how it was trained.
        let original = config.original.as_ref();
        let saved = original.and_then(|original| model_arg::saved(original.file.as_ref()));
        match saved.as_ref().map(TrainingConfig::of).transpose()?.flatten() {
            Some(training) => {
                presets.push(Setting::new("training", &training)?);
                self.resolve_over(&presets, recipe, cell)
            }
            None => Ok(config),
        }
    }

    /// The same over presets that are settings already.
    pub(crate) fn resolve_over(
        &self,
        presets: &[Setting],
        recipe: Option<&str>,
        cell: &[String],
    ) -> Result<ExperimentConfig> {
        let cell: std::result::Result<Vec<Setting>, _> =
            cell.iter().map(|text| text.parse()).collect();
        let given = self.0.iter().map(|given| given.setting.clone());
        let settings: Vec<Setting> = given.chain(cell?).collect();
        self.check_original(recipe, &settings)?;
        Ok(resolve_settings(presets, recipe, &settings)?)
    }

    /// Refuses flags that say more of `--original` where there is none: neither in `settings` nor
    /// in the recipe.
    fn check_original(&self, recipe: Option<&str>, settings: &[Setting]) -> Result<()> {
        let more = ["original.freeze", "original.fresh", "original.classes"];
        let Some(place) = more.iter().find_map(|key| self.place_of(key)) else { return Ok(()) };
        let in_recipe = recipe.map(top_level_keys).transpose()?.unwrap_or_default();
        let given = settings.iter().any(|setting| setting.is_within("original.file"));
        match given || in_recipe.iter().any(|key| key == "original") {
            true => Ok(()),
            false => Err(Failure::usage(format!(
                "`{place}` says more of the network of --original, which is not given"
            ))),
        }
    }
}

/// A value as it is typed after its flag.
fn typed(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => String::new(),
        Value::String(text) => format!(" {text}"),
        Value::Array(values) => {
            let words = values.iter().map(|value| typed(value).trim_start().to_owned());
            format!(" {}", words.collect::<Vec<_>>().join(","))
        }
        value => format!(" {value}"),
    }
}

/// `list`, if its flag was given.
fn given<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}

impl Sets for CommonArgs {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        settings.flag("--device", "device", self.device)?;
        self.set.iter().try_for_each(|text| settings.set(text))
    }
}

impl Sets for DataArgs {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        settings.flag("--data", "data", self.data.as_ref())?;
        settings.flag("--limit-train", "limit_train", self.limit_train)?;
        settings.flag("--limit-test", "limit_test", self.limit_test)?;
        settings.flag("--validation", "validation", self.validation)?;
        self.read.add_to(settings)
    }
}

impl Sets for ReadArgs {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        settings.flag("--test-share", "reading.test_share", self.test_share)?;
        let texts = [
            ("--label", "label", &self.label),
            ("--id", "id", &self.id),
            ("--group", "group", &self.group),
            ("--text", "text", &self.text),
            ("--values", "values", &self.values),
            ("--missing", "missing", &self.missing),
            ("--layout", "layout", &self.layout),
            ("--channels", "channels", &self.channels),
            ("--background", "background", &self.background),
        ];
        for (flag, key, value) in texts {
            settings.flag(flag, &format!("reading.{key}"), value.as_ref())?;
        }
        settings.flag("--ignore", "reading.ignore", given(&self.ignore))?;
        settings.flag("--feature", "reading.features", given(&self.feature))?;
        settings.flag("--resize", "reading.resize", self.resize)?;
        settings.flag("--tokenizer", "text.tokenizer", self.tokenizer.as_ref())?;
        settings.flag("--skip-damaged", "reading.skip_damaged", self.skip_damaged.then_some(true))
    }
}

impl Sets for ChoiceArgs {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        settings.flag("--methods", "methods", given(&self.methods))?;
        settings.flag("--seeds", "seeds", given(&self.seeds))?;
        settings.flag("--forget", "forget", given(&self.forget))?;
        settings.flag("--original", "original.file", self.original.as_ref())?;
        settings.flag("--freeze", "original.freeze", given(&self.onnx.freeze))?;
        settings.flag("--fresh", "original.fresh", self.onnx.fresh.as_ref())?;
        settings.flag("--classes", "original.classes", self.onnx.classes.as_ref())?;
        settings.flag("--no-retrain", "retrain", self.no_retrain.then_some(false))
    }
}

impl Sets for SingleArgs {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        settings.flag_as("--seed", "seeds", self.seed, self.seed.map(|seed| [seed]))?;
        self.data.add_to(settings)?;
        self.common.add_to(settings)
    }
}

impl Sets for ModelArgs {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        settings.flag("--architecture", "architecture", self.architecture)
    }
}

impl Sets for DemoArgs {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        let class = self.class.map(|class| [format!("class:{class}")]);
        settings.flag_as("--class", "forget", self.class, class)?;
        let share = self.random.as_ref().map(|share| [format!("random:{share}")]);
        settings.flag_as("--random", "forget", self.random.as_ref(), share)?;
        settings.flag_as("--seed", "seeds", self.seed, self.seed.map(|seed| [seed]))?;
        self.common.add_to(settings)
    }
}

/// The forget request of a command that takes only one.
pub(crate) struct OneRequest<'a>(pub(crate) &'a str);

impl Sets for OneRequest<'_> {
    fn add_to(&self, settings: &mut Settings) -> Result<()> {
        settings.flag_as("--forget", "forget", Some(self.0), Some([self.0]))
    }
}

/// The text of the recipe, if there is one. It makes sense on its own: what is wrong with it is
/// said of the file.
pub(crate) fn read_recipe(path: Option<&Path>) -> Result<Option<String>> {
    let Some(path) = path else { return Ok(None) };
    let text = read_text(path)?;
    let config = split_sweep(&text).and_then(|(_, rest)| resolve_settings(&[], Some(&rest), &[]));
    config.map_err(|error| Failure::from(error).about(path))?;
    Ok(Some(text))
}
