//! What a model has to remember of the tables that it was trained on.

use serde::{Deserialize, Serialize};

use super::Missing;

/// How tables are read, so that later tables are read in the same way.
///
/// Columns are known by name; they may stand in any order. A table without headings has numbers,
/// from 0, for names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TableReading {
    /// Whether the tables have a line of names.
    pub headed: bool,
    /// The column of labels.
    pub label: String,
    /// The label of each class.
    pub classes: Vec<String>,
    /// The column that names rows.
    pub id: Option<String>,
    /// The column that says whom a row belongs to.
    pub group: Option<String>,
    /// Columns that are not learnt from, whether there or not.
    pub ignored: Vec<String>,
    /// What to do with missing values.
    pub missing: Option<Missing>,
    /// The columns that are learnt from.
    pub values: ValuesReading,
}

/// What is learnt from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValuesReading {
    /// Columns of pixels, in the order of the image.
    Pixels(Vec<String>),
    /// Columns of numbers and categories.
    Features(Vec<FeatureReading>),
    /// A column of texts.
    Texts(String),
}

impl ValuesReading {
    /// Names of the columns.
    pub(super) fn columns(&self) -> Vec<&str> {
        match self {
            Self::Pixels(columns) => columns.iter().map(String::as_str).collect(),
            Self::Features(features) => features.iter().map(|it| it.column.as_str()).collect(),
            Self::Texts(column) => vec![column],
        }
    }

    /// The word for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Pixels(_) => "pixels",
            Self::Features(_) => "features",
            Self::Texts(_) => "texts",
        }
    }
}

/// A column and how its cells become numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FeatureReading {
    /// Name of the column.
    pub column: String,
    /// How cells become numbers.
    pub how: How,
}

/// How the cells of a column become numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Numbers, less their mean, in units of their deviation; both of the training rows.
    Number {
        /// The mean.
        mean: f64,
        /// The standard deviation, as of a whole population.
        deviation: f64,
    },
    /// Yes or no, 1 or 0.
    Flag {
        /// The share of yes in the training rows.
        mean: f64,
    },
    /// One number for each category: 1 for that of the row, else 0.
    Categories(Vec<String>),
    /// The same in all training rows, so that nothing can be learnt from it.
    Constant,
}
