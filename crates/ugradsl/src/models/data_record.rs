//! What data a network was trained on, as its file remembers them, and whether other data are the
//! same.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Ledger;
use crate::{
    data::{ClassNames, Dataset, Reading, RowDigest},
    digest,
};

/// The data that a network was trained on.
///
/// ```
/// use ugradsl::data;
/// use ugradsl::models::{DataRecord, Ledger};
///
/// let open = |rows| data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(rows), Some(30)).map_err(Box::<dyn std::error::Error>::from);
/// let record = DataRecord::of(&open(60)?);
/// assert!(record.check(&open(60)?, &Ledger::default()).is_ok());
/// assert!(record.check(&open(59)?, &Ledger::default()).is_err()); // a row is missing
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DataRecord {
    /// The name they had.
    pub name: String,
    /// What the classes are called.
    pub classes: ClassNames,
    /// Number of training rows.
    pub rows: usize,
    /// Sum of the digests of the training rows, whatever their order.
    pub contents: RowDigest,
    /// SHA-256 over the digests in their order.
    pub order: String,
    /// How the rows were read.
    #[serde(default, skip_serializing_if = "Reading::is_default")]
    pub reading: Reading,
    /// What was guessed or changed when they were read, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Why data are not those that a network was trained on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OtherData {
    /// Classes that the network does not know.
    #[error(
        "{data} has {} that the network does not know: {}; its classes are {known}",
        if names.len() == 1 { "a class" } else { "classes" }, names.join(", ")
    )]
    Classes {
        /// The data at hand.
        data: String,
        /// Names of the unknown classes.
        names: Vec<String>,
        /// The network's classes.
        known: ClassNames,
    },
    /// The same classes under other numbers.
    #[error("{data} numbers the classes in another way ({here}) than the network ({known})")]
    Numbers {
        /// The data at hand.
        data: String,
        /// Its classes.
        here: ClassNames,
        /// The network's classes.
        known: ClassNames,
    },
    /// Other training rows.
    #[error(
        "{data} is not what the network was trained on: it saw {then} training rows of {name}{}, \
         and here are {now}{} (give the same limits, too)",
        erased_in_words(*erased),
        if *now + *erased == *then { ", not all of them the same" } else { "" }
    )]
    Rows {
        /// The data at hand.
        data: String,
        /// Its training rows.
        now: usize,
        /// What the data were called.
        name: String,
        /// The training rows that it was trained on.
        then: usize,
        /// Rows of these that were forgotten and are not here any more.
        erased: usize,
    },
    /// The same training rows in another order, or without some that were forgotten.
    #[error(
        "{data} has the training rows of {name} {how}, so that row numbers do not mean the rows that \
         they meant in training: name the rows in another way"
    )]
    Order {
        /// The data at hand.
        data: String,
        /// What the data were called.
        name: String,
        /// How they differ, in words.
        how: &'static str,
    },
}

fn erased_in_words(erased: usize) -> String {
    match erased {
        0 => String::new(),
        _ => format!(", of which {erased} were forgotten and are gone"),
    }
}

impl DataRecord {
    /// The record of `dataset`.
    pub fn of(dataset: &Dataset) -> Self {
        let digests = dataset.row_digests();
        Self {
            name: dataset.name.clone(),
            classes: dataset.class_names.clone(),
            rows: digests.len(),
            order: in_order(&digests),
            contents: RowDigest::sum(digests),
            reading: dataset.reading.clone(),
            notes: dataset.notes.clone(),
        }
    }

    /// Checks that `dataset` has the training rows of this record. Rows that `ledger` names may be
    /// gone, which is said as another order.
    ///
    /// # Errors
    ///
    /// [`OtherData`], with what differs.
    pub fn check(&self, dataset: &Dataset, ledger: &Ledger) -> Result<(), OtherData> {
        let here = dataset.row_digests();
        let data = dataset.name.clone();
        let Some(erased) = ledger.erased_since(&here, self.rows, self.contents) else {
            return Err(OtherData::Rows {
                data,
                now: here.len(),
                name: self.name.clone(),
                then: self.rows,
                erased: ledger.erased(&here).len(),
            });
        };
        let how = match (erased.is_empty(), in_order(&here) == self.order) {
            (true, true) => return Ok(()),
            (true, false) => "in another order",
            (false, _) => "without some that were forgotten",
        };
        Err(OtherData::Order { data, name: self.name.clone(), how })
    }

    /// Checks that `dataset` numbers the classes as the network does.
    pub(super) fn check_classes(&self, dataset: &Dataset) -> Result<(), OtherData> {
        if dataset.class_names == self.classes {
            return Ok(());
        }
        self.check_known(dataset)?;
        let (data, here) = (dataset.name.clone(), dataset.class_names.clone());
        Err(OtherData::Numbers { data, here, known: self.classes.clone() })
    }

    /// Checks that the network knows all classes of `dataset`.
    fn check_known(&self, dataset: &Dataset) -> Result<(), OtherData> {
        OtherData::check_known(&self.classes, dataset)
    }

    /// `dataset` with the numbers that this network gives the classes, which are matched by name.
    ///
    /// # Errors
    ///
    /// [`OtherData::Classes`] if the network does not know a class.
    pub fn adopt(&self, dataset: Dataset) -> Result<Dataset, OtherData> {
        OtherData::adopt(&self.classes, dataset)
    }
}

impl OtherData {
    /// `dataset` with the numbers that a network gives the classes, whose names are `known`. The
    /// network may know more classes than there are rows of.
    ///
    /// # Errors
    ///
    /// [`OtherData::Classes`] if the network does not know a class.
    pub fn adopt(known: &ClassNames, dataset: Dataset) -> Result<Dataset, Self> {
        if dataset.class_names == *known {
            return Ok(dataset);
        }
        Self::check_known(known, &dataset)?;
        Ok(dataset.renumber_classes(known))
    }

    fn check_known(known: &ClassNames, dataset: &Dataset) -> Result<(), Self> {
        let unknown = |name: &&String| known.find(name).is_none();
        let names: Vec<String> =
            dataset.class_names.all().iter().filter(unknown).cloned().collect();
        match names.is_empty() {
            true => Ok(()),
            false => {
                let (data, known) = (dataset.name.clone(), known.clone());
                Err(Self::Classes { data, names, known })
            }
        }
    }
}

fn in_order(digests: &[RowDigest]) -> String {
    let text: String = digests.iter().map(RowDigest::to_string).collect();
    digest::bytes(text.as_bytes())
}
