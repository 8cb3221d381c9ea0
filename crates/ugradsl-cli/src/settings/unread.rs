//! Settings of the command line that nothing would read. They are refused: who types one expects it
//! to change something. A recipe may hold settings that only some commands and methods read.

use ugradsl::{
    data::Dataset,
    experiment::{ExperimentConfig, Setting, keys_overlap},
    unlearn::{Method, TrainingConfig},
};

use super::{Given, Settings};
use crate::exit::{Failure, Result};

/// Settings of the self-adaptive smoothing rate, which a fixed `alpha` replaces.
const OF_ADAPTIVE_RATE: [&str; 4] = ["beta", "quantile", "distance", "space"];

/// Settings of training, each with two values by which it is seen whether a plan follows it.
pub(super) const OF_TRAINING: [(&str, [&str; 2]); 7] = [
    ("epochs", ["3", "4"]),
    ("batch_size", ["2", "3"]),
    ("augmentation", ["{\"flip\":true}", "{\"flip\":false}"]),
    ("learning_rate", ["0.123", "0.456"]),
    ("schedule", ["\"constant\"", "\"cosine\""]),
    ("optimizer", ["\"sgd\"", "\"adamw\""]),
    ("clip_norm", ["1.5", "2.5"]),
];

/// Whether a plan of `method` depends on the setting `key` of training.
pub(super) fn follows(
    config: &ExperimentConfig,
    method: Method,
    (key, values): (&str, [&str; 2]),
) -> bool {
    let plan = |value: &str| {
        let mut training = serde_json::to_value(&config.training).ok()?;
        training[key] = serde_json::from_str(value).ok()?;
        let training: TrainingConfig = serde_json::from_value(training).ok()?;
        Some(config.method.get(method).plan(&training))
    };
    let [one, other] = values.map(plan);
    one.is_none() || other.is_none() || one != other
}

impl Settings {
    /// Refuses settings that none of `methods` reads in any of `configs`.
    pub(crate) fn check_read(
        &self,
        methods: &[Method],
        configs: &[&ExperimentConfig],
    ) -> Result<()> {
        for given in &self.0 {
            if let Some(reason) = unread(&given.setting.key(), methods, configs) {
                let place = &given.place;
                return Err(Failure::usage(format!("`{place}` has no effect here: {reason}")));
            }
        }
        Ok(())
    }

    /// Refuses settings of training that none of `methods` follows in any of `configs`, where
    /// nothing is trained to compare with either.
    pub(crate) fn check_trained(
        &self,
        methods: &[Method],
        configs: &[&ExperimentConfig],
    ) -> Result<()> {
        let any = |reads: &dyn Fn(&ExperimentConfig, Method) -> bool| {
            configs.iter().any(|config| methods.iter().any(|method| reads(config, *method)))
        };
        if any(&|config, method| config.method.get(method).guards()) {
            return Ok(());
        }
        for given in &self.0 {
            let keys = given.setting.keys();
            let unread = OF_TRAINING
                .iter()
                .filter(|known| !any(&|config, method| follows(config, method, **known)));
            let unread: Vec<String> = unread.map(|(key, _)| format!("training.{key}")).collect();
            let is_unread = |key: &String| unread.iter().any(|unread| keys_overlap(unread, key));
            if let Some(key) = keys.iter().find(|key| is_unread(key)) {
                let place = &given.place;
                return Err(Failure::usage(format!(
                    "`{place}` has no effect here (`{key}`): no network is trained, because the method has no \
                     guards, and the method does not follow it"
                )));
            }
        }
        Ok(())
    }

    /// Refuses settings of BatchNorm where no network has any, which `absent` tells.
    pub(crate) fn check_batch_norm(&self, absent: impl FnOnce() -> bool) -> Result<()> {
        match self.place_of_batch_norm() {
            Some(place) if absent() => Err(Failure::usage(format!(
                "`{place}` has no effect here: the network has no BatchNorm layers"
            ))),
            _ => Ok(()),
        }
    }

    /// Whether something about BatchNorm is set.
    pub(crate) fn are_about_batch_norm(&self) -> bool {
        self.place_of_batch_norm().is_some()
    }

    /// The place that sets something about BatchNorm.
    fn place_of_batch_norm(&self) -> Option<&str> {
        let about = |given: &&Given| given.setting.keys().iter().any(|key| is_of_batch_norm(key));
        self.0.iter().find(about).map(|given| given.place.as_str())
    }

    /// Refuses settings of texts where the data are of another kind.
    pub(crate) fn check_data(&self, dataset: &Dataset) -> Result<()> {
        match self.place_of("text") {
            Some(place) if dataset.train.texts().is_none() => Err(Failure::usage(format!(
                "`{place}` has no effect here: the rows of {} are {}, not texts",
                dataset.name,
                dataset.train.kind()
            ))),
            _ => Ok(()),
        }
    }
}

/// Whether a setting is about BatchNorm alone.
fn is_of_batch_norm(key: &str) -> bool {
    key == "guards.freeze_batch_norm" || parts(key).is_some_and(|(_, rest)| rest == "batch_norm")
}

/// The method that the key belongs to, if it is none of `methods`.
pub(crate) fn unread_method(key: &str, methods: &[Method]) -> Option<Method> {
    let method = parts(key)?.0;
    (!methods.contains(&method)).then_some(method)
}

/// The method that a key belongs to, and the rest of the key.
fn parts(key: &str) -> Option<(Method, String)> {
    let long = format!("{key}=").parse::<Setting>().ok()?.key();
    let of_method = long.strip_prefix("method.")?;
    let (method, rest) = of_method.split_once('.').unwrap_or((of_method, ""));
    Some((method.parse().ok()?, rest.to_owned()))
}

/// Takes out of a method's settings those that others of them replace.
pub(crate) fn leave_unread_out(settings: &mut serde_json::Value) {
    let Some(settings) = settings.as_object_mut() else { return };
    if settings.get("alpha").is_some_and(serde_json::Value::is_number) {
        settings.retain(|key, _| !OF_ADAPTIVE_RATE.contains(&key.as_str()));
    }
    if settings.get("beta").is_some_and(serde_json::Value::is_number) {
        settings.remove("quantile");
    }
}

/// Why nothing reads `key`, if that is so.
fn unread(key: &str, methods: &[Method], configs: &[&ExperimentConfig]) -> Option<String> {
    if let Some(method) = unread_method(key, methods) {
        let running: Vec<&str> = methods.iter().map(|method| method.name()).collect();
        return Some(match running.is_empty() {
            true => "no unlearning method runs".to_owned(),
            false => format!("{method} does not run; what runs is {}", running.join(", ")),
        });
    }
    let every =
        |unread: &dyn Fn(&ExperimentConfig) -> bool| configs.iter().all(|config| unread(config));
    let unguarded = |config: &ExperimentConfig| {
        !methods.iter().any(|method| config.method.get(*method).guards())
    };
    if key.split('.').next() == Some("guards") && every(&unguarded) {
        return Some("no method that runs has guards".to_owned());
    }
    if key == "text.vocabulary" && every(&|config| config.text.tokenizer.is_some()) {
        return Some(
            "a tokenizer from elsewhere is given, which has its tokens already".to_owned(),
        );
    }
    let (method, rest) = parts(key)?;
    let fixed = |config: &ExperimentConfig| {
        let settings = serde_json::to_value(config.method.get(method)).unwrap_or_default();
        settings["alpha"].is_number()
    };
    let first = rest.split('.').next().unwrap_or_default();
    let by_beta = |config: &ExperimentConfig| {
        let settings = serde_json::to_value(config.method.get(method)).unwrap_or_default();
        settings["beta"].is_number()
    };
    if first == "quantile" && every(&by_beta) {
        return Some(format!("{method}'s `beta` is given, which `quantile` would choose"));
    }
    (OF_ADAPTIVE_RATE.contains(&first) && every(&fixed)).then(|| {
        format!("{method}'s `alpha` is fixed, and `{first}` belongs to the self-adaptive rate")
    })
}

#[cfg(test)]
mod tests {
    use ugradsl::experiment::resolve;

    use super::*;

    #[test]
    fn a_setting_that_nothing_reads_says_why() {
        /// A setting, the methods that run, the other settings, and a part of the message.
        type Case =
            (&'static str, &'static [Method], &'static [&'static str], Option<&'static str>);
        const OURS: &[Method] = &[Method::UGradSl, Method::UGradSlPlus];
        let cases: [Case; 11] = [
            ("ugradsl.p=0.5", OURS, &[], None),
            ("method.ft.epochs=1", OURS, &[], Some("ft does not run; what runs is ugradsl, ")),
            ("ft.epochs=1", &[], &[], Some("no unlearning method runs")),
            ("guards.every=3", OURS, &[], None),
            ("guards.every=3", &[Method::Ft], &[], Some("no method that runs has guards")),
            ("guards.every=3", &[Method::Ft], &["ft.guards=true"], None),
            ("ugradsl.quantile=0.3", OURS, &[], None),
            ("ugradsl.quantile=0.3", OURS, &["ugradsl.alpha=-0.5"], Some("`alpha` is fixed")),
            ("ugradsl.quantile=0.3", OURS, &["ugradsl.alpha=adaptive"], None),
            ("text.vocabulary=500", OURS, &[], None),
            ("text.vocabulary=500", OURS, &["text.tokenizer=a.json"], Some("has its tokens")),
        ];
        for (text, methods, others, expected) in cases {
            let settings: Vec<String> = others.iter().map(|text| (*text).to_owned()).collect();
            let config = resolve(None, &settings).expect("a config");
            let mut given = Settings::default();
            given.set(text).expect("a setting");
            let found = given.check_read(methods, &[&config]);
            let found = found.err().map(|failure| failure.source.to_string());
            match expected {
                None => assert_eq!(found, None, "{text}"),
                Some(part) => {
                    let found = found.unwrap_or_default();
                    assert!(found.contains(part) && found.contains(text), "{text}: {found}");
                }
            }
        }
    }
}
