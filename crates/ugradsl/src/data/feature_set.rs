//! Labelled rows of numbers that are not pixels: columns of a table, embeddings, sound.

use thiserror::Error;

/// Labelled rows of numbers, each of which is standardised by the training rows already.
///
/// ```
/// use ugradsl::data::FeatureSet;
///
/// let set = FeatureSet::new(vec!["age".into(), "height".into()], vec![0.5, -1.0, 1.5, 0.0], vec![0, 1])?;
/// assert_eq!(set.row(1), [1.5, 0.0]);
/// assert!(FeatureSet::new(vec!["age".into()], vec![f32::NAN], vec![0]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureSet {
    names: Vec<String>,
    values: Vec<f32>,
    labels: Vec<u32>,
}

/// Why numbers are not a set of labelled rows.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum FeatureSetError {
    /// Rows without numbers.
    #[error("the rows have no features")]
    NoFeatures,
    /// More rows than a `u32` can number.
    #[error("{rows} rows are more than the {} that can be numbered", u32::MAX)]
    TooManyRows {
        /// Number of rows.
        rows: usize,
    },
    /// Not one number for each feature and row.
    #[error("{rows} rows of {features} features need {} values, found {found}", rows * features)]
    Count {
        /// Number of labels.
        rows: usize,
        /// Number of names.
        features: usize,
        /// Values found.
        found: usize,
    },
    /// A value that is not a finite number.
    #[error("feature {name} of row {row} is {value}")]
    NotFinite {
        /// The feature.
        name: String,
        /// The row.
        row: usize,
        /// The value found.
        value: f32,
    },
}

impl FeatureSet {
    /// A set of `labels.len()` rows.
    ///
    /// # Shapes
    /// * `names`: `[d]`, distinct
    /// * `values`: `[labels.len(), d]`, row-major
    ///
    /// # Errors
    /// When there are no features, the number of values is not what names and labels require, or a
    /// value is not finite.
    pub fn new(
        names: Vec<String>,
        values: Vec<f32>,
        labels: Vec<u32>,
    ) -> Result<Self, FeatureSetError> {
        let (rows, features, found) = (labels.len(), names.len(), values.len());
        if features == 0 {
            return Err(FeatureSetError::NoFeatures);
        }
        if u32::try_from(rows).is_err() {
            return Err(FeatureSetError::TooManyRows { rows });
        }
        if rows.checked_mul(features) != Some(found) {
            return Err(FeatureSetError::Count { rows, features, found });
        }
        match values.iter().position(|value| !value.is_finite()) {
            Some(at) => {
                let (name, row) = (names[at % features].clone(), at / features);
                Err(FeatureSetError::NotFinite { name, row, value: values[at] })
            }
            None => Ok(Self { names, values, labels }),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// What the features are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// All values, `[len, d]`, row-major.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// One class number per row.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The values of one row.
    ///
    /// # Panics
    /// When there is no row `i`, as indexing a slice does.
    pub fn row(&self, i: usize) -> &[f32] {
        let size = self.names.len();
        &self.values[i * size..(i + 1) * size]
    }

    /// Gives the rows other class numbers.
    pub(super) fn relabel(&mut self, number: impl Fn(u32) -> u32) {
        self.labels.iter_mut().for_each(|label| *label = number(*label));
    }

    /// The given rows, which must exist, in the given order.
    pub(super) fn select(&self, rows: &[u32]) -> Self {
        let values = rows.iter().flat_map(|&row| self.row(row as usize));
        Self {
            names: self.names.clone(),
            values: values.copied().collect(),
            labels: rows.iter().map(|&row| self.labels[row as usize]).collect(),
        }
    }
}
