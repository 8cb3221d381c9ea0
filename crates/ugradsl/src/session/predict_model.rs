//! The logits of a saved network for every row of a set.

use serde::Serialize;

use super::ModelError;
use crate::{
    data::{ClassNames, Dataset, ResidentSet},
    device::Device,
    evaluate::{EvaluateError, Probabilities, accuracy, logits, predicted},
    models::ModelFile,
};

/// One of the two parts of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The training rows.
    Train,
    /// The test rows.
    #[default]
    Test,
}

/// The logits of a network, one row per sample. Serialises without logits and labels.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Predicted {
    /// SHA-256 of the weights.
    pub weights: String,
    /// Number of rows.
    pub rows: usize,
    /// Accuracy in per cent; `None` where there are no rows.
    pub accuracy: Option<f64>,
    /// Number of classes K.
    #[serde(skip)]
    pub classes: usize,
    /// `[rows, K]`, row-major.
    #[serde(skip)]
    pub logits: Vec<f32>,
    /// `[rows]`
    #[serde(skip)]
    pub labels: Vec<u32>,
    /// What the classes are called.
    #[serde(skip)]
    pub class_names: ClassNames,
    /// What the rows are called, if they have names.
    #[serde(skip)]
    pub names: Option<Vec<String>>,
    /// `[rows]`, the number of each row: for training rows that by which `rows:` requests name
    /// them, for test rows their place in the test part, from 0.
    #[serde(skip)]
    pub numbers: Vec<u32>,
}

impl Predicted {
    /// A heading and one line per row, as CSV: number and label of the row, its name if it has one,
    /// the names of its class and of the predicted one if classes have names, and the logits. Each
    /// number is the shortest text that reads back as the same f32.
    pub fn to_csv(&self) -> String {
        let named = !self.class_names.are_numbers();
        let name = if self.names.is_some() { ",name" } else { "" };
        let classes = if named { ",class,predicted" } else { "" };
        let heading = (0..self.classes).map(|class| format!(",logit{class}"));
        let mut text = format!("row,label{name}{classes}{}\n", heading.collect::<String>());
        let rows = self.logits.chunks(self.classes.max(1)).zip(&self.labels).zip(&self.numbers);
        for (row, ((logits, &label), number)) in rows.enumerate() {
            text += &format!("{number},{label}");
            if let Some(names) = &self.names {
                text += &format!(",{}", quoted(names.get(row).map_or("", String::as_str)));
            }
            if named {
                for class in [label, predicted(logits)] {
                    text += &format!(",{}", quoted(self.class_names.get(class).unwrap_or("")));
                }
            }
            logits.iter().for_each(|logit| text += &format!(",{logit}"));
            text.push('\n');
        }
        text
    }
}

/// A cell of a CSV file.
fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// Runs the network of `file` over one part of `dataset`.
///
/// # Errors
///
/// If the file does not fit the data, the device fails, or an output is not finite.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
///
/// use pollster::block_on;
/// use ugradsl::data;
/// use ugradsl::device::Device;
/// use ugradsl::models::{Architecture, ModelFile, ModelSpec, read_state};
/// use ugradsl::session::{Part, predict_model};
///
/// let device = Device::cpu();
/// let digits = Arc::new(data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?);
/// let spec = ModelSpec::fitting(Architecture::Mlp, &digits)?;
/// // Stands in for a trained network: `ModelFile::from_bytes` reads one from a file.
/// let network = spec.init(0, &device)?;
/// let model = ModelFile::new(spec, 0, block_on(read_state(&network))?);
///
/// let predicted = block_on(predict_model(&model, &digits, Part::Test, &device))?;
/// assert_eq!(predicted.logits.len(), predicted.rows * predicted.classes); // `[rows, K]`
/// assert_eq!(predicted.to_csv().lines().count(), 1 + 30); // a heading and one line per row
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn predict_model(
    file: &ModelFile,
    dataset: &Dataset,
    part: Part,
    device: &Device,
) -> Result<Predicted, ModelError> {
    file.spec.check_data(dataset)?;
    file.check_classes(dataset)?;
    let network = file.load(device)?;
    let samples = match part {
        Part::Train => &dataset.train,
        Part::Test => &dataset.test,
    };
    let set = ResidentSet::try_new(samples, &file.spec.normalisation, device)
        .map_err(EvaluateError::from)?;
    let rows = set.all_rows();
    let (logits, classes) = logits(&network, &set, &rows).await?;
    let labels = set.host_labels(&rows);
    let probabilities = Probabilities::from_logits(classes, &logits, &labels)?;
    Ok(Predicted {
        weights: file.digest(),
        rows: labels.len(),
        accuracy: accuracy(&probabilities),
        classes,
        logits,
        labels,
        class_names: dataset.class_names.clone(),
        names: match part {
            Part::Train => dataset.row_names.as_ref().map(|names| names.all().to_vec()),
            Part::Test => dataset.test_names.as_ref().map(|names| names.all().to_vec()),
        },
        numbers: match part {
            Part::Train => rows.iter().map(|&row| dataset.number_of(row)).collect(),
            Part::Test => rows,
        },
    })
}
