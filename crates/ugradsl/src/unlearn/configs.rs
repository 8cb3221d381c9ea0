//! The settings of all methods, as a recipe's `[method.NAME]` tables hold them.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, MapAccess, Visitor},
};

use super::{Method, MethodConfig, TrainingConfig};

/// The settings of every unlearning method, by name; [`Default`] has the defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodConfigs(BTreeMap<Method, MethodConfig>);

impl MethodConfigs {
    /// The settings of `method`.
    pub fn get(&self, method: Method) -> MethodConfig {
        self.0.get(&method).cloned().unwrap_or_else(|| method.defaults())
    }

    /// Replaces the settings of one method. Does nothing for the references, which have none.
    pub fn set(&mut self, config: impl Into<MethodConfig>) {
        let config = config.into();
        if config.method().unlearns() {
            self.0.insert(config.method(), config);
        }
    }

    /// The same settings, with the numbers that follow from the network's `training` written out,
    /// so that a report states them.
    ///
    /// ```
    /// use ugradsl::train::OptimizerConfig;
    /// use ugradsl::unlearn::{Method, MethodConfig, MethodConfigs, TrainingConfig};
    ///
    /// let adamw = OptimizerConfig::Adamw { weight_decay: 0.01 };
    /// let training = TrainingConfig::default().with_optimizer(adamw).with_learning_rate(0.001);
    /// let written_out = MethodConfigs::default().following(&training).get(Method::UGradSlPlus);
    /// let MethodConfig::UGradSlPlus(settings) = written_out else { panic!("its settings") };
    /// assert_eq!(settings.optimizer, Some(adamw));
    /// assert!((settings.learning_rate.unwrap() - 0.0002).abs() < 1e-12); // 0.01 of the usual 0.05
    /// ```
    #[must_use]
    pub fn following(self, training: &TrainingConfig) -> Self {
        let written_out = |config: MethodConfig| config.written_out(training).unwrap_or(config);
        Self(self.0.into_iter().map(|(method, config)| (method, written_out(config))).collect())
    }

    /// All of them, in the order of [`Method::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = &MethodConfig> {
        self.0.values()
    }
}

/// Keys that, where absent, take their values from the training of the network.
const FOLLOWING: [&str; 3] = ["batch_size", "learning_rate", "optimizer"];

impl MethodConfig {
    /// The same settings, with absent values of these keys taken from the plan, which has them.
    fn written_out(&self, training: &TrainingConfig) -> Option<Self> {
        let mut settings = serde_json::to_value(self).ok()?;
        let plan = serde_json::to_value(self.plan(training)).ok()?;
        let table = settings.as_object_mut()?;
        for key in FOLLOWING {
            if let Some(value) = table.get_mut(key).filter(|value| value.is_null()) {
                *value = plan[key].clone();
            }
        }
        self.method().deserialize(settings).ok()
    }
}

impl Default for MethodConfigs {
    fn default() -> Self {
        let unlearning = Method::ALL.into_iter().filter(|method| method.unlearns());
        Self(unlearning.map(|method| (method, method.defaults())).collect())
    }
}

impl Serialize for MethodConfigs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MethodConfigs {
    /// Methods that are left out keep their defaults.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tables;
        impl<'de> Visitor<'de> for Tables {
            type Value = MethodConfigs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of settings for each method")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MethodConfigs, A::Error> {
                let mut configs = MethodConfigs::default();
                while let Some(method) = map.next_key::<Method>()? {
                    configs.set(map.next_value_seed(method)?);
                }
                Ok(configs)
            }
        }
        deserializer.deserialize_map(Tables)
    }
}
