//! A data set whose parts have been checked against each other.

use thiserror::Error;

use super::class_names::ClassNames;
use super::columns::Columns;
use super::feature_set::FeatureSet;
use super::groups::Groups;
use super::normalisation::{Normalisation, NormalisationError};
use super::reading::Reading;
use super::row_names::RowNames;
use super::samples::Samples;
use super::text_set::TextSet;
use crate::{
    digest::Digest,
    random::{self, Stream},
};

/// Share of the test rows of each class that guards see, unless
/// [`with_validation`](Dataset::with_validation) says otherwise.
pub const VALIDATION: f64 = 0.5;

/// Labelled images or texts for training and for testing.
///
/// ```
/// use ugradsl::data::{Dataset, ImageSet, Normalisation};
///
/// let images = |labels: Vec<u32>| ImageSet::new([1, 2, 2], vec![7; 4 * labels.len()], labels);
/// let (train, test) = (images(vec![0, 1, 1])?, images(vec![0])?);
/// let set = Dataset::new("mine", 2, train, test, Normalisation::identity(1))?;
/// assert_eq!(set.train.len(), 3);
/// let (train, test) = (images(vec![0, 2])?, images(vec![0])?);
/// let error = Dataset::new("mine", 2, train, test, Normalisation::identity(1)).unwrap_err();
/// println!("{error}"); // names the row whose label is not a class
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Dataset {
    /// Display name.
    pub name: String,
    /// Number of classes; labels are `0..classes`.
    pub classes: usize,
    /// The rows to train on.
    pub train: Samples,
    /// The rows to test on, of the same kind and shape.
    pub test: Samples,
    /// Share (0 to below 1) of the test rows of each class that guards see and that nothing is
    /// measured on.
    pub validation: f64,
    /// How pixels are presented to a network; the identity for texts.
    pub normalisation: Normalisation,
    /// Whom the training rows belong to, if known.
    pub groups: Option<Groups>,
    /// What the classes are called.
    pub class_names: ClassNames,
    /// What the training rows are called where they come from, if they have names.
    pub row_names: Option<RowNames>,
    /// The numbers of the training rows in the file or folder, where a part of it became the test
    /// part.
    pub row_numbers: Option<Vec<u32>>,
    /// What the test rows are called where they come from, if they have names.
    pub test_names: Option<RowNames>,
    /// What else a table says of the training rows.
    pub columns: Columns,
    /// How the rows were read, for [`OpenOptions::as_before`](super::OpenOptions::as_before).
    pub reading: Reading,
    /// What was guessed or changed when the data were read, a sentence each.
    pub notes: Vec<String>,
    /// Whether a [`limit`](Self::limit) dropped rows between others, so that training rows have
    /// other numbers than in the whole set.
    pub renumbered: bool,
}

/// Why parts do not make a [`Dataset`].
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// A set without rows.
    #[error("the {set} set is empty")]
    Empty {
        /// `training` or `test`.
        set: &'static str,
    },
    /// Images on one side, texts on the other, or texts cut by different tokenizers.
    #[error("the training set and the test set are not of the same kind")]
    Kinds,
    /// Training and test rows have other features.
    #[error("the training and the test rows do not have the same features")]
    Features,
    /// Training and test images differ in size.
    #[error("the training images have shape {train:?}, but the test images have shape {test:?}")]
    Shape {
        /// Channels, height, width of the training images.
        train: [usize; 3],
        /// Channels, height, width of the test images.
        test: [usize; 3],
    },
    /// A label that is not a class of the data set.
    #[error("label {label} at row {row} of the {set} set, but the data set has {classes} classes")]
    Label {
        /// The label found.
        label: u32,
        /// Row within its set, from 0.
        row: usize,
        /// `training` or `test`.
        set: &'static str,
        /// Number of classes.
        classes: usize,
    },
    /// The normalisation does not suit the images.
    #[error("normalisation: {0}")]
    Normalisation(NormalisationError),
    /// Not one name per class.
    #[error("{names} names are given for {classes} classes")]
    ClassNames {
        /// Names given.
        names: usize,
        /// Classes.
        classes: usize,
    },
    /// Not one name per row.
    #[error("{names} names are given for {rows} training rows")]
    RowNames {
        /// Names given.
        names: usize,
        /// Training rows.
        rows: usize,
    },
    /// Not one group per row.
    #[error("{groups} groups are given for {rows} training rows")]
    Groups {
        /// Groups given.
        groups: usize,
        /// Training rows.
        rows: usize,
    },
    /// A share of the test rows that leaves none to measure on, or is not a number.
    #[error("the share {share} of the test rows for validation is not 0 to below 1")]
    Validation {
        /// The share.
        share: f64,
    },
    /// A limit of no rows, or of more than there are.
    #[error("{asked} rows of the {set} set are asked for, but there must be 1 to {found}")]
    Limit {
        /// `training` or `test`.
        set: &'static str,
        /// Rows asked for.
        asked: usize,
        /// Rows of the set.
        found: usize,
    },
}

impl Dataset {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When a set is empty, the kinds or shapes differ, a label is not below `classes`, or the
    /// normalisation cannot be applied to the rows.
    pub fn new(
        name: impl Into<String>,
        classes: usize,
        train: impl Into<Samples>,
        test: impl Into<Samples>,
        normalisation: Normalisation,
    ) -> Result<Self, DatasetError> {
        let (train, test) = (train.into(), test.into());
        let [trained, tested] = [&train, &test].map(|set| set.texts().map(TextSet::tokenizer));
        if trained != tested || train.kind() != test.kind() {
            return Err(DatasetError::Kinds);
        }
        if train.features().map(FeatureSet::names) != test.features().map(FeatureSet::names) {
            return Err(DatasetError::Features);
        }
        if train.shape() != test.shape() {
            return Err(DatasetError::Shape { train: train.shape(), test: test.shape() });
        }
        for (set, rows) in [("training", &train), ("test", &test)] {
            if rows.is_empty() {
                return Err(DatasetError::Empty { set });
            }
            let mut labels = rows.labels().iter().enumerate();
            if let Some((row, &label)) = labels.find(|&(_, &label)| label as usize >= classes) {
                return Err(DatasetError::Label { label, row, set, classes });
            }
        }
        normalisation.validate_for(&train).map_err(DatasetError::Normalisation)?;
        Ok(Self {
            name: name.into(),
            classes,
            train,
            test,
            validation: VALIDATION,
            normalisation,
            groups: None,
            class_names: ClassNames::numbered(classes),
            row_names: None,
            row_numbers: None,
            test_names: None,
            columns: Columns::default(),
            reading: Reading::default(),
            notes: Vec::new(),
            renumbered: false,
        })
    }

    /// Sets the share of the test rows that guards see, [`VALIDATION`] by default. Nothing is
    /// measured on these rows. With 0 guards see all test rows, and all are measured on.
    ///
    /// # Errors
    /// When the share is not 0 to below 1.
    ///
    /// ```
    /// use ugradsl::data::{self, OpenOptions, Split};
    ///
    /// let digits = data::open("mnist-subset", &OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let split = Split::everything(&digits);
    /// assert_eq!((split.validation.len(), split.test.len()), (12, 18));
    /// let split = Split::everything(&digits.with_validation(0.0)?);
    /// assert_eq!((split.validation.len(), split.test.len()), (0, 30));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_validation(self, share: f64) -> Result<Self, DatasetError> {
        if !(0.0..1.0).contains(&share) {
            return Err(DatasetError::Validation { share });
        }
        Ok(Self { validation: share, ..self })
    }

    /// The test rows that guards see, ascending: the same share of each class, drawn once and for
    /// all, so that networks of different seeds are measured on the same rows. Of a class with one
    /// row none is drawn.
    pub fn validation_rows(&self) -> Vec<u32> {
        let mut classes = vec![Vec::new(); self.classes];
        for (row, &label) in (0..).zip(self.test.labels()) {
            classes[label as usize].push(row);
        }
        let mut rng = random::rng(0, Stream::Validation);
        let mut drawn = |rows: Vec<u32>| {
            let wanted = (self.validation * rows.len() as f64) as usize;
            random::draw(rows, wanted, &mut rng).0
        };
        let mut rows: Vec<u32> = classes.into_iter().flat_map(&mut drawn).collect();
        rows.sort_unstable();
        rows
    }

    /// Says whom the training rows belong to.
    ///
    /// # Errors
    /// When there is not exactly one entry per row.
    pub fn with_groups(self, groups: Groups) -> Result<Self, DatasetError> {
        let (found, rows) = (groups.len(), self.train.len());
        if found != rows {
            return Err(DatasetError::Groups { groups: found, rows });
        }
        Ok(Self { groups: Some(groups), ..self })
    }

    /// Says what the classes are called.
    ///
    /// # Errors
    /// When there is not exactly one name per class.
    pub fn with_class_names(self, names: ClassNames) -> Result<Self, DatasetError> {
        match names.len() == self.classes {
            true => Ok(Self { class_names: names, ..self }),
            false => Err(DatasetError::ClassNames { names: names.len(), classes: self.classes }),
        }
    }

    /// The same rows with the numbers that `names` gives the classes. All classes of this data set
    /// must be in it.
    pub(crate) fn renumber_classes(mut self, names: &ClassNames) -> Self {
        let known = self.class_names.all().iter().map(|name| names.find(name).unwrap_or_default());
        let numbers: Vec<u32> = known.collect();
        let number = |label: u32| numbers[label as usize];
        self.train.relabel(number);
        self.test.relabel(number);
        Self { classes: names.len(), class_names: names.clone(), ..self }
    }

    /// Says what the training rows are called.
    ///
    /// # Errors
    /// When there is not exactly one name per row.
    pub fn with_row_names(self, names: RowNames) -> Result<Self, DatasetError> {
        let (found, rows) = (names.len(), self.train.len());
        match found == rows {
            true => Ok(Self { row_names: Some(names), ..self }),
            false => Err(DatasetError::RowNames { names: found, rows }),
        }
    }

    /// Keeps only the first rows; `None` keeps the whole set. If rows are sorted by class, as those
    /// of folders are, the first ones would cover few classes: then rows are taken from the whole
    /// set in equal steps and renumbered.
    ///
    /// # Errors
    /// When a limit is zero or larger than its set: a run on less data than asked for would
    /// mislead.
    pub fn limit(
        mut self,
        train: Option<usize>,
        test: Option<usize>,
    ) -> Result<Self, DatasetError> {
        for (set, rows, asked) in
            [("training", &mut self.train, train), ("test", &mut self.test, test)]
        {
            let Some(asked) = asked else { continue };
            let found = rows.len();
            if asked == 0 || asked > found {
                return Err(DatasetError::Limit { set, asked, found });
            }
            let spread = asked < found && rows.labels().is_sorted();
            // A set has no more rows than a u32 can number, so that the product fits.
            let reach = if spread { found } else { asked } as u64;
            let kept = (0..asked as u64).map(|row| (row * reach / asked as u64) as u32);
            let kept: Vec<u32> = kept.collect();
            *rows = rows.select(&kept);
            if set == "training" {
                self.groups = self.groups.map(|groups| groups.select(&kept));
                self.row_names = self.row_names.map(|names| names.select(&kept));
                self.columns = self.columns.select(&kept);
                self.row_numbers = self
                    .row_numbers
                    .map(|numbers| kept.iter().map(|&row| numbers[row as usize]).collect());
                self.renumbered |= spread;
            } else {
                self.test_names = self.test_names.map(|names| names.select(&kept));
            }
        }
        Ok(self)
    }

    /// The number that a training row has where the data come from, which is what `rows:` takes:
    /// its number in the file, where a part of the file became the test part.
    pub fn number_of(&self, row: u32) -> u32 {
        let numbers = self.row_numbers.as_ref();
        numbers.and_then(|numbers| numbers.get(row as usize).copied()).unwrap_or(row)
    }

    /// SHA-256 over shape, classes, labels and pixels or tokens of both sets, as 64 hexadecimal
    /// digits. The name does not count: the same rows from another folder are the same data. Groups
    /// do not count either: the forgotten rows have a digest of their own, that of the
    /// [`Split`](super::Split).
    pub fn digest(&self) -> String {
        let mut hash = Digest::new();
        for dim in self.train.shape() {
            hash.size(dim);
        }
        hash.size(self.classes);
        for rows in [&self.train, &self.test] {
            hash.size(rows.len());
            hash.numbers(rows.labels());
            match rows {
                Samples::Images(images) => hash.bytes(images.pixels()),
                Samples::Features(features) => hash.floats(features.values()),
                Samples::Texts(texts) => hash.tokens(texts.tokens()),
            }
        }
        hash.hex()
    }
}

#[cfg(test)]
mod tests;
