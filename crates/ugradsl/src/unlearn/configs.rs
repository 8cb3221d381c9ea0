//! The settings of all methods, as a recipe's `[method.NAME]` tables hold them.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

use super::{Method, MethodConfig};

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

    /// All of them, in the order of [`Method::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = &MethodConfig> {
        self.0.values()
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
