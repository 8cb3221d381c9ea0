//! A network's outputs, as plain numbers on the host.
//!
//! Every measure is a function of softmax outputs and labels. Bringing both to the host once keeps
//! the measures free of tensors: they are the same code on every device, and files of probabilities
//! that another program wrote can be measured too.

use thiserror::Error;

/// Why numbers are not probabilities.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ProbabilitiesError {
    /// A table without columns.
    #[error("there must be at least one class")]
    NoClasses,
    /// The table and the labels do not fit together.
    #[error("{labels} labels of {classes} classes need {expected} values, but there are {values}",
        expected = labels.saturating_mul(*classes))]
    Length {
        /// Number of values.
        values: usize,
        /// Number of classes.
        classes: usize,
        /// Number of labels.
        labels: usize,
    },
    /// A label that the network has no output for.
    #[error("label {label} at row {row}, but the model has {classes} classes")]
    Label {
        /// The label.
        label: u32,
        /// The first row that has such a label.
        row: usize,
        /// Number of classes.
        classes: usize,
    },
    /// NaN or infinity: the network has diverged.
    #[error("the output {value} for class {class} at row {row} is not finite")]
    NotFinite {
        /// The value.
        value: f32,
        /// The first row that holds such a value.
        row: usize,
        /// Its class.
        class: usize,
    },
    /// A value that is not a probability.
    #[error("the value {value} for class {class} at row {row} is not between 0 and 1")]
    Range {
        /// The value.
        value: f32,
        /// The first row that holds such a value.
        row: usize,
        /// Its class.
        class: usize,
    },
}

/// Softmax outputs p = softmax(z), one row per sample, with the true labels.
///
/// # Shapes
/// `[n, K]`, row-major; `n` labels, each below `K`.
///
/// # Example
///
/// ```
/// use ugradsl::evaluate::{Probabilities, accuracy};
///
/// let set = Probabilities::from_logits(2, &[2.0, 0.0, 0.0, 0.0], &[0, 1])?;
/// assert_eq!(set.predicted(0), 0);
/// assert_eq!(set.row(1), [0.5, 0.5]);
/// assert_eq!(accuracy(&set), Some(50.0)); // of equally probable classes the lowest counts
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities {
    classes: usize,
    values: Vec<f32>,
    labels: Vec<u32>,
}

impl Probabilities {
    /// The softmax of each row of `logits`: p_k = exp(z_k - max z) / sum_j exp(z_j - max z),
    /// computed in `f64`, so that logits of any finite size are safe.
    ///
    /// # Errors
    /// When the lengths do not fit, a label is not below `classes`, or a logit is not finite.
    pub fn from_logits(
        classes: usize,
        logits: &[f32],
        labels: &[u32],
    ) -> Result<Self, ProbabilitiesError> {
        check_shape(classes, logits.len(), labels)?;
        if let Some(at) = logits.iter().position(|z| !z.is_finite()) {
            return Err(ProbabilitiesError::NotFinite {
                value: logits[at],
                row: at / classes,
                class: at % classes,
            });
        }
        let mut values = Vec::with_capacity(logits.len());
        for row in logits.chunks_exact(classes) {
            let max = f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            let power = |z: &f32| (f64::from(*z) - max).exp();
            let sum: f64 = row.iter().map(power).sum();
            values.extend(row.iter().map(|z| (power(z) / sum) as f32));
        }
        Ok(Self { classes, values, labels: labels.to_vec() })
    }

    /// Probabilities that were computed elsewhere. Each must lie between 0 and 1; the sums of rows
    /// are not checked, because stored values are rounded.
    ///
    /// # Errors
    /// When the lengths do not fit, a label is not below `classes`, or a value is not a
    /// probability.
    pub fn from_probabilities(
        classes: usize,
        values: Vec<f32>,
        labels: Vec<u32>,
    ) -> Result<Self, ProbabilitiesError> {
        check_shape(classes, values.len(), &labels)?;
        if let Some(at) = values.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(ProbabilitiesError::Range {
                value: values[at],
                row: at / classes,
                class: at % classes,
            });
        }
        Ok(Self { classes, values, labels })
    }

    /// Number of rows n.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of classes K.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The true labels.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The K probabilities of row `i`.
    ///
    /// # Panics
    /// If `i` is not below [`len`](Self::len).
    pub fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.classes..][..self.classes]
    }

    /// All rows, in order, with their labels.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (&[f32], u32)> {
        let rows = self.values.chunks_exact(self.classes);
        rows.zip(self.labels.iter().copied())
    }

    /// The predicted class of row `i`: the most probable one, the lowest of equals.
    ///
    /// # Panics
    /// If `i` is not below [`len`](Self::len).
    pub fn predicted(&self, i: usize) -> u32 {
        predicted(self.row(i))
    }

    /// The given rows, in the given order; a row may occur twice.
    ///
    /// # Panics
    /// If a row is not below [`len`](Self::len).
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * self.classes);
        for &row in rows {
            values.extend_from_slice(self.row(row));
        }
        Self {
            classes: self.classes,
            values,
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
        }
    }
}

/// Index of the largest value, the lowest of equals.
pub(crate) fn predicted(row: &[f32]) -> u32 {
    let mut best = 0;
    for (class, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = class;
        }
    }
    // A label is a u32, and there is a label for every class that can be trained.
    best as u32
}

fn check_shape(classes: usize, values: usize, labels: &[u32]) -> Result<(), ProbabilitiesError> {
    if classes == 0 {
        return Err(ProbabilitiesError::NoClasses);
    }
    if labels.len().checked_mul(classes) != Some(values) {
        return Err(ProbabilitiesError::Length { values, classes, labels: labels.len() });
    }
    if let Some(row) = labels.iter().position(|&label| label as usize >= classes) {
        return Err(ProbabilitiesError::Label { label: labels[row], row, classes });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn softmax_is_stable_and_exact() {
        let logits = [2.0, -1.0, 0.5, 1e30, -1e30, 0.0, 1e4, 1e4 + 1.0, 1e4];
        let p = Probabilities::from_logits(3, &logits, &[0, 1, 2]).unwrap();
        // torch.softmax(torch.tensor([2., -1., .5], dtype=torch.float64), 0)
        let expected = [0.785_597_034, 0.039_112_573, 0.175_290_392];
        for (got, want) in p.row(0).iter().zip(expected) {
            assert!((f64::from(*got) - want).abs() < 1e-7, "{got} {want}");
        }
        assert_eq!(p.row(1), [1.0, 0.0, 0.0]);
        let e = 1f64.exp();
        assert!((f64::from(p.row(2)[1]) - e / (e + 2.0)).abs() < 1e-7);
        assert_eq!((p.len(), p.classes(), p.labels()), (3, 3, &[0, 1, 2][..]));
    }

    #[test]
    fn the_lowest_of_equals_is_predicted() {
        let p = Probabilities::from_logits(3, &[1., 1., 0., 0., 1., 1., 2., 2., 2.], &[0, 1, 2]);
        let p = p.unwrap();
        assert_eq!([p.predicted(0), p.predicted(1), p.predicted(2)], [0, 1, 0]);
    }

    #[test]
    fn select_keeps_order_and_labels() {
        let p = Probabilities::from_logits(2, &[0., 1., 2., 3., 5., 4.], &[1, 0, 1]).unwrap();
        let s = p.select(&[2, 0, 2]);
        assert_eq!(s.labels(), [1, 1, 1]);
        assert_eq!((s.row(0), s.row(1), s.row(2)), (p.row(2), p.row(0), p.row(2)));
        assert!(p.select(&[]).is_empty());
    }

    #[test]
    fn mistakes_are_named() {
        let f = Probabilities::from_logits;
        let nan = f(2, &[0., 1., 2., f32::NAN], &[0, 1]).unwrap_err();
        let cases = [
            (f(0, &[], &[]).unwrap_err(), "there must be at least one class"),
            (
                f(3, &[0.0; 5], &[0, 1]).unwrap_err(),
                "2 labels of 3 classes need 6 values, but there are 5",
            ),
            (
                f(2, &[0.0; 4], &[0, 2]).unwrap_err(),
                "label 2 at row 1, but the model has 2 classes",
            ),
            (nan, "the output NaN for class 1 at row 1 is not finite"),
            (
                f(2, &[0., f32::INFINITY], &[0]).unwrap_err(),
                "the output inf for class 1 at row 0 is not finite",
            ),
            (
                Probabilities::from_probabilities(2, vec![0.5, 0.5, 1.5, 0.0], vec![0, 1])
                    .unwrap_err(),
                "the value 1.5 for class 0 at row 1 is not between 0 and 1",
            ),
        ];
        let wrong: Vec<_> = cases.iter().filter(|(e, text)| e.to_string() != *text).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(Probabilities::from_probabilities(1, vec![f32::NAN], vec![0]).is_err());
    }

    proptest! {
        #[test]
        fn rows_sum_to_one_and_keep_the_order(z in prop::collection::vec(-1e5f32..1e5, 1..20)) {
            let p = Probabilities::from_logits(z.len(), &z, &[0]).unwrap();
            let sum: f64 = p.row(0).iter().map(|p| f64::from(*p)).sum();
            prop_assert!((sum - 1.0).abs() < 1e-5);
            prop_assert_eq!(p.predicted(0), predicted(&z));
        }
    }
}
