//! From one line per method: its name, its settings and its plan.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use super::Method;
use crate::nearest::nearest;

/// The name is not that of a method.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("unknown method {0:?}{near}: choose from {names}",
    near = suggestion(.0), names = names().join(", "))]
pub struct UnknownMethod(pub String);

fn names() -> Vec<&'static str> {
    Method::ALL.iter().map(|method| method.name()).collect()
}

fn suggestion(name: &str) -> String {
    let near = nearest(name, names());
    near.map(|near| format!(" (did you mean {near:?}?)")).unwrap_or_default()
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        let found = Self::ALL.into_iter().find(|method| method.name() == text);
        found.ok_or_else(|| UnknownMethod(text.to_owned()))
    }
}

impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl de::Visitor<'_> for Name {
            type Value = Method;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a method")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Method, E> {
                name.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Name)
    }
}

/// Registers the unlearning methods, one `Settings in module: "Documentation."` per method, after
/// the two references.
macro_rules! methods {
    ($( $name:ident in $module:ident: $doc:literal, )*) => {
        /// A way to obtain a network that does not know the forget set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Method {
            /// The untouched original: what happens if nothing is done.
            Original,
            /// Trained from scratch on the retain set: the oracle that all others are compared
            /// with.
            Retrain,
            $( #[doc = $doc] $name, )*
        }

        $( pub use $module::$name; )*

        /// A method with its settings. Both a [`Method`] and the settings of one convert into it.
        ///
        /// Serialised, it is a table of the settings alone. Their method is named outside it (in a
        /// recipe by the table's name), so a [`Method`] reads it, as a
        /// [`DeserializeSeed`](serde::de::DeserializeSeed).
        #[derive(Debug, Clone, PartialEq)]
        pub enum MethodConfig {
            /// The untouched original, which is trained as [`TrainingConfig`] says.
            Original,
            /// Trained from scratch, as [`TrainingConfig`] says.
            Retrain,
            $( #[doc = $doc] $name($name), )*
        }

        impl Method {
            /// All methods, the references first.
            pub const ALL: [Self; 2 + [$( stringify!($name) ),*].len()] =
                [Self::Original, Self::Retrain, $( Self::$name ),*];

            /// The name used in recipes, reports and on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    Self::Original => "original",
                    Self::Retrain => "retrain",
                    $( Self::$name => <$name as MethodSettings>::NAME, )*
                }
            }

            /// Whether it starts from the trained original; false for the original itself and for
            /// retraining.
            pub fn unlearns(self) -> bool {
                !matches!(self, Self::Original | Self::Retrain)
            }

            /// Its default settings.
            pub fn defaults(self) -> MethodConfig {
                match self {
                    Self::Original => MethodConfig::Original,
                    Self::Retrain => MethodConfig::Retrain,
                    $( Self::$name => MethodConfig::$name($name::default()), )*
                }
            }

            /// Guard checks in a row that must find its run at the target before it ends, if guards
            /// are on and their `patience` is not set.
            pub fn patience(self) -> usize {
                match self {
                    Self::Original | Self::Retrain => 1,
                    $( Self::$name => <$name as MethodSettings>::PATIENCE, )*
                }
            }
        }

        impl MethodConfig {
            /// The method whose settings these are.
            pub fn method(&self) -> Method {
                match self {
                    Self::Original => Method::Original,
                    Self::Retrain => Method::Retrain,
                    $( Self::$name(_) => Method::$name, )*
                }
            }

            /// Whether the guards watch over the run.
            pub fn guards(&self) -> bool {
                match self {
                    Self::Original | Self::Retrain => false,
                    $( Self::$name(settings) => settings.guards(), )*
                }
            }

            /// The plan that the training loop carries out; `training` is the recipe of the
            /// original.
            pub fn plan(&self, training: &TrainingConfig) -> $crate::train::Plan {
                let plan = match self {
                    Self::Original | Self::Retrain => return retrain::plan(training),
                    $( Self::$name(settings) => settings.plan(training), )*
                };
                // Sums over the data are taken without augmentation.
                let augments = !plan.final_update.accumulates();
                let augmentation = if augments { training.augmentation } else { plan.augmentation };
                $crate::train::Plan { augmentation, ..plan }
            }
        }

        impl From<Method> for MethodConfig {
            fn from(method: Method) -> Self {
                method.defaults()
            }
        }

        $( impl From<$name> for MethodConfig {
            fn from(settings: $name) -> Self {
                Self::$name(settings)
            }
        } )*

        impl serde::Serialize for MethodConfig {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Original | Self::Retrain => {
                        serde::ser::SerializeMap::end(serializer.serialize_map(Some(0))?)
                    }
                    $( Self::$name(settings) => settings.serialize(serializer), )*
                }
            }
        }

        impl<'de> serde::de::DeserializeSeed<'de> for Method {
            type Value = MethodConfig;

            /// Reads the settings of this method: missing keys have their defaults, unknown keys
            /// are refused.
            fn deserialize<D: serde::Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<MethodConfig, D::Error> {
                match self {
                    Self::Original | Self::Retrain => Err(serde::de::Error::custom(format!(
                        "{self} has no settings of its own: `training` says how it trains"
                    ))),
                    $( Self::$name => {
                        <$name as serde::Deserialize>::deserialize(deserializer).map(Into::into)
                    } )*
                }
            }
        }
    };
}

pub(super) use methods;
