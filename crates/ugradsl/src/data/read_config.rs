//! What the user says of how data are read, where the data themselves leave it open.

use serde::{Deserialize, Serialize};

/// How data are read. Each setting is for some kinds of data; one that the data at hand do not heed
/// is refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ReadConfig {
    /// Share (0 to 1) of the rows to test on, where there is no test part: the same share of each
    /// class, drawn once and for all; of whole groups, where there are groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_share: Option<f64>,
    /// A table's column of labels: a heading, or `first`, `last` or a number from 0 where there
    /// are no headings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// A table's column that names the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A table's column that says whom a row belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Columns of a table that are not learnt from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Columns of a table that are learnt from although they look like ids, people, times or
    /// weights.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// A table's column of texts to learn from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether numbers are pixels or features, where both could be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<ValueKind>,
    /// What to do with missing values of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// Where the channels of arrays are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// The short side of pictures in pixels; the centre is cut out as a square.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resize: Option<u32>,
    /// Whether pictures become grey or coloured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Channels>,
    /// The colour that is seen through transparent pixels: `white`, `black` or as `#ff8000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// Whether damaged pictures and texts are left out instead of refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub skip_damaged: bool,
}

/// An enum of plain names: as text, for serde, and parsed.
macro_rules! choices {
    ($(#[$doc:meta])+ $name:ident { $($(#[$about:meta])+ $choice:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $($(#[$about])+ $choice,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$choice),+];

            /// Its name, as users write it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$choice => $text,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownChoice;

            fn from_str(text: &str) -> Result<Self, UnknownChoice> {
                let known = Self::ALL.iter().find(|choice| choice.name() == text);
                known.copied().ok_or_else(|| UnknownChoice {
                    text: text.to_owned(),
                    known: Self::ALL.iter().map(|choice| choice.name()).collect::<Vec<_>>().join(" or "),
                })
            }
        }
    };
}

/// A word that is not one of a few.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {known}")]
pub struct UnknownChoice {
    text: String,
    known: String,
}

choices! {
    /// What numbers are.
    ValueKind {
        /// Pixels of pictures.
        Pixels = "pixels",
        /// Numbers that are not pixels, each with a mean and a deviation of its own.
        Features = "features",
    }
}

choices! {
    /// What to do with rows that lack the value of a feature.
    Missing {
        /// Put the mean of the training rows; a category that is missing is none of the categories.
        Mean = "mean",
        /// Leave the rows out.
        Drop = "drop",
    }
}

choices! {
    /// Where the channels of pictures are.
    Layout {
        /// Channels, height, width (PyTorch).
        Chw = "chw",
        /// Height, width, channels (NumPy, TensorFlow).
        Hwc = "hwc",
    }
}

choices! {
    /// What a pixel consists of.
    Channels {
        /// One value, the luma of ITU-R 601.
        Grey = "grey",
        /// Red, green and blue.
        Rgb = "rgb",
    }
}

impl ReadConfig {
    /// Whether nothing is said.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is said here, and otherwise in `other`.
    pub(super) fn or(self, other: &Self) -> Self {
        let list = |ours: Vec<String>, theirs: &Vec<String>| match ours.is_empty() {
            true => theirs.clone(),
            false => ours,
        };
        Self {
            test_share: self.test_share.or(other.test_share),
            label: self.label.or_else(|| other.label.clone()),
            id: self.id.or_else(|| other.id.clone()),
            group: self.group.or_else(|| other.group.clone()),
            ignore: list(self.ignore, &other.ignore),
            features: list(self.features, &other.features),
            text: self.text.or_else(|| other.text.clone()),
            values: self.values.or(other.values),
            missing: self.missing.or(other.missing),
            layout: self.layout.or(other.layout),
            resize: self.resize.or(other.resize),
            channels: self.channels.or(other.channels),
            background: self.background.or_else(|| other.background.clone()),
            skip_damaged: self.skip_damaged || other.skip_damaged,
        }
    }

    /// The first key that is set here, and otherwise in `other`. Leaving damaged files out is not a
    /// way to read the others.
    pub(super) fn differs_from(&self, other: &Self) -> Option<String> {
        let object = |config: &Self| serde_json::to_value(config).unwrap_or_default();
        let (ours, theirs) = (object(self), object(other));
        let differs = |(key, value): &(&String, &serde_json::Value)| {
            *key != "skip_damaged" && theirs.get(key.as_str()) != Some(*value)
        };
        ours.as_object()?.iter().find(differs).map(|(key, _)| key.clone())
    }

    /// The keys that are set, as recipes write them, without the share of test rows.
    pub(super) fn keys(&self) -> Vec<String> {
        let value = serde_json::to_value(self).unwrap_or_default();
        let keys = value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
        keys.unwrap_or_default().into_iter().filter(|key| key != "test_share").collect()
    }
}
