//! What a run begins with, by digests.

use serde::Serialize;
use serde_json::Value;

use crate::{data::Normalisation, models::NetworkSpec};

/// The weights that a run begins with.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartsFrom {
    /// Not stated: for runs that are never stored.
    #[default]
    Unknown,
    /// Those with this SHA-256.
    Weights(String),
    /// A fresh network.
    Fresh {
        /// [What distinguishes it](NetworkSpec::identity) from others.
        #[serde(flatten)]
        network: Value,
        /// Seed of the weights.
        seed: u64,
    },
}

impl StartsFrom {
    /// A fresh network of `spec`, drawn from `seed`.
    ///
    /// ```
    /// use ugradsl::data;
    /// use ugradsl::models::{Architecture, ModelSpec};
    /// use ugradsl::run::StartsFrom;
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
    /// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
    /// assert_eq!(StartsFrom::fresh(&spec, 1), StartsFrom::fresh(&spec, 1));
    /// assert_ne!(StartsFrom::fresh(&spec, 1), StartsFrom::fresh(&spec, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fresh(spec: &impl NetworkSpec, seed: u64) -> Self {
        Self::Fresh { network: spec.identity(), seed }
    }
}

/// What a run begins with, by digests.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Origin {
    /// The weights.
    pub starts_from: StartsFrom,
    /// [What distinguishes](NetworkSpec::identity) a custom network from others with the same
    /// weights; absent for a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Value>,
    /// How pixels are normalised.
    pub normalisation: Option<Normalisation>,
    /// SHA-256 of the data set.
    pub data: String,
    /// SHA-256 of the rows to forget; absent for an original.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forget: Option<String>,
    /// SHA-256 of the test rows that guards see, where these are not all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<String>,
    /// SHA-256 of the rows forgotten by earlier requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forgotten_before: Option<String>,
}
