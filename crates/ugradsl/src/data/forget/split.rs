//! The request as row numbers.

use std::collections::BTreeSet;

use super::super::class_names::ClassNames;
use super::super::dataset::Dataset;
use super::{ForgetError, ForgetRequest, checked_share};
use crate::{
    digest, nearest,
    random::{self, Stream},
};

/// Rows to retain, to forget and to test on. All lists are ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// Training rows that are retained.
    pub retain: Vec<u32>,
    /// Training rows that are forgotten.
    pub forget: Vec<u32>,
    /// Test rows to measure on, whose class is not left out.
    pub test: Vec<u32>,
    /// Test rows that guards see and that nothing is measured on, whose class is not left out.
    pub validation: Vec<u32>,
    /// Classes (not rows) of which every training row is forgotten. Their test rows are left out,
    /// as is the convention for forgetting a class: the model should not know the class, so it is
    /// not tested on it.
    pub left_out: Vec<u32>,
}

impl Split {
    /// Forgets nothing: the split that an original is trained and tested on.
    ///
    /// ```
    /// use ugradsl::data::{self, Split};
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let split = Split::everything(&digits);
    /// assert_eq!((split.retain.len(), split.forget.len()), (60, 0));
    /// // Half of the 30 test rows, as far as the classes can be halved, are for guards.
    /// assert_eq!((split.test.len(), split.validation.len()), (18, 12));
    /// assert!(!split.whole_class());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn everything(data: &Dataset) -> Self {
        let (test, validation) = test_rows(data, &[]);
        let retain = (0..data.train.len() as u32).collect();
        Self { retain, forget: Vec::new(), test, validation, left_out: Vec::new() }
    }

    /// Whether a class is forgotten entirely.
    pub fn whole_class(&self) -> bool {
        !self.left_out.is_empty()
    }

    /// Whether nothing is retained of any class of the forget rows.
    pub fn only_whole_classes(&self, data: &Dataset) -> bool {
        let labels = data.train.labels();
        self.forget.iter().all(|row| self.left_out.contains(&labels[*row as usize]))
    }

    /// SHA-256 of the test rows that guards see; `None` where these are the rows that are measured
    /// on.
    pub(crate) fn validation_digest(&self) -> Option<String> {
        (!self.validation.is_empty()).then(|| digest::rows(&self.validation))
    }

    /// SHA-256 of the forgotten rows, as 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        digest::rows(&self.forget)
    }
}

impl ForgetRequest {
    /// Turns the request into rows of `data`. Only [`Random`](Self::Random) uses `seed`; the same
    /// seed draws the same rows on every platform.
    ///
    /// # Errors
    /// When the request names a class, group or row that does not exist, a row twice, no row or all
    /// rows, or when no test row remains.
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::{self, ForgetRequest};
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let split = ForgetRequest::Random(0.1).split(&digits, 1)?;
    /// assert_eq!((split.retain.len(), split.forget.len()), (54, 6));
    /// assert!(ForgetRequest::Class(10).split(&digits, 1).is_err()); // digits have classes 0 to 9
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn split(&self, data: &Dataset, seed: u64) -> Result<Split, ForgetError> {
        self.split_after(&[], data, seed)
    }

    /// As [`split`](Self::split), for a network that has already forgotten the rows `before`: they
    /// are not retained, because the network would learn them again, and only the new rows of the
    /// request are forgotten. A class that loses its last row with this request counts as forgotten
    /// entirely.
    ///
    /// # Errors
    /// As [`split`](Self::split), and when nothing of the request is new.
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::{self, ForgetRequest};
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let split = ForgetRequest::Ids(vec![4, 5]).split_after(&[5, 6], &digits, 0)?;
    /// assert_eq!(split.forget, [4]); // row 5 is forgotten already
    /// assert_eq!(split.retain.len(), 57); // rows 5 and 6 are not taught again
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn split_after(
        &self,
        before: &[u32],
        data: &Dataset,
        seed: u64,
    ) -> Result<Split, ForgetError> {
        self.split_beside(before, &[], data, seed)
    }

    /// As [`split_after`](Self::split_after), for a network that was also asked to forget the rows
    /// `attempted` and did not: they are not retained either, and may be asked for again.
    ///
    /// # Errors
    /// As [`split_after`](Self::split_after).
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::{self, ForgetRequest};
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let split = ForgetRequest::Ids(vec![4, 5]).split_beside(&[5, 6], &[4, 9], &digits, 0)?;
    /// assert_eq!(split.forget, [4]); // row 5 is forgotten, row 4 is not
    /// assert_eq!(split.retain.len(), 56); // rows 4, 5, 6 and 9 are not taught again
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn split_beside(
        &self,
        before: &[u32],
        attempted: &[u32],
        data: &Dataset,
        seed: u64,
    ) -> Result<Split, ForgetError> {
        let labels = data.train.labels();
        let rows = labels.len();
        // A set has no more rows than a u32 can number.
        let count = rows as u32;
        let forget = self.rows(data, seed)?;
        let before: BTreeSet<u32> = before.iter().copied().collect();
        let attempted = attempted.iter().copied();
        let mut gone: BTreeSet<u32> = before.iter().copied().chain(attempted).collect();
        if let Some(&id) = gone.last().filter(|&&id| id as usize >= rows) {
            return Err(ForgetError::UnknownId { ids: vec![id], rows });
        }
        let asked = forget.len();
        let forget: Vec<u32> = forget.into_iter().filter(|row| !before.contains(row)).collect();
        if forget.is_empty() {
            return Err(ForgetError::NothingNew { rows: asked });
        }
        gone.extend(&forget);
        if gone.len() == rows {
            return Err(ForgetError::NothingRetained { rows });
        }

        let retain: Vec<u32> = (0..count).filter(|row| !gone.contains(row)).collect();
        let label = |row: &u32| labels[*row as usize];
        let kept: BTreeSet<u32> = retain.iter().map(label).collect();
        // A class that never had training rows is not forgotten and stays in the test set.
        let lost: BTreeSet<u32> = gone.iter().map(label).collect();
        let left_out: Vec<u32> = lost.difference(&kept).copied().collect();
        let (test, validation) = test_rows(data, &left_out);
        if test.is_empty() {
            return Err(ForgetError::NothingToTest { rows: data.test.len(), classes: left_out });
        }
        Ok(Split { retain, forget, test, validation, left_out })
    }
}

impl ForgetRequest {
    /// The rows that the request names, ascending, each once.
    ///
    /// # Errors
    /// When the request names a class, group or row that does not exist, a row twice, or no row.
    ///
    /// ```
    /// use ugradsl::data::{self, ForgetRequest};
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let request = ForgetRequest::parse("class:3 and class:5")?;
    /// let rows = request.rows(&digits, 0)?;
    /// assert!(rows.iter().all(|&row| [3, 5].contains(&digits.train.labels()[row as usize])));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rows(&self, data: &Dataset, seed: u64) -> Result<Vec<u32>, ForgetError> {
        let labels = data.train.labels();
        match self {
            Self::Class(class) => rows_of_class(labels, *class, &data.class_names),
            // A set has no more rows than a u32 can number.
            Self::Random(share) => draw(checked_share(*share)?, labels.len() as u32, seed),
            Self::Ids(rows) | Self::Found(rows) => checked_ids(rows, labels.len()),
            Self::Group(name) => rows_of_group(data, name),
            Self::WithCopies(request) => {
                let rows = data.rows_with_copies(&request.rows(data, seed)?);
                request.check_excluded(&rows, data, seed)?;
                Ok(rows)
            }
            Self::Several { of, without } => {
                let mut rows = BTreeSet::new();
                for request in of {
                    rows.extend(request.rows(data, seed)?);
                }
                for request in without {
                    for row in request.rows(data, seed)? {
                        rows.remove(&row);
                    }
                }
                let rows: Vec<u32> = rows.into_iter().collect();
                if rows.is_empty() { Err(ForgetError::Empty) } else { Ok(rows) }
            }
        }
    }
}

impl ForgetRequest {
    /// Refuses copies of forgotten rows that the request excludes: only one of the two can be meant.
    fn check_excluded(&self, rows: &[u32], data: &Dataset, seed: u64) -> Result<(), ForgetError> {
        let Self::Several { without, .. } = self else { return Ok(()) };
        let mut excluded = Vec::new();
        for request in without {
            excluded.extend(request.rows(data, seed)?);
        }
        excluded.retain(|row| rows.binary_search(row).is_ok());
        excluded.sort_unstable();
        excluded.dedup();
        match excluded.is_empty() {
            true => Ok(()),
            false => Err(ForgetError::ExcludedCopies { rows: excluded }),
        }
    }
}

/// Test rows to measure on, and those for guards; none of classes that are `left_out`.
fn test_rows(data: &Dataset, left_out: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let validation = data.validation_rows();
    let labels = (0..).zip(data.test.labels());
    let kept = labels.filter(|(_, label)| !left_out.contains(label)).map(|(row, _)| row);
    kept.partition(|row| validation.binary_search(row).is_err())
}

fn rows_of_class(labels: &[u32], class: u32, names: &ClassNames) -> Result<Vec<u32>, ForgetError> {
    if class as usize >= names.len() {
        return Err(ForgetError::UnknownClass { class, names: names.clone() });
    }
    let rows = (0..).zip(labels).filter(|&(_, &label)| label == class);
    let rows: Vec<u32> = rows.map(|(row, _)| row).collect();
    if rows.is_empty() {
        return Err(ForgetError::AbsentClass { class: names.shown(class), classes: names.len() });
    }
    Ok(rows)
}

fn rows_of_group(data: &Dataset, name: &str) -> Result<Vec<u32>, ForgetError> {
    let group = name.to_owned();
    let Some(groups) = &data.groups else {
        return Err(ForgetError::NoGroups { group });
    };
    match groups.rows(name) {
        Some(rows) if rows.is_empty() => {
            Err(ForgetError::AbsentGroup { group, rows: data.train.len() })
        }
        Some(rows) => Ok(rows),
        None => {
            let near = nearest::names(name, groups.names().iter().map(String::as_str));
            Err(ForgetError::UnknownGroup { group, near, groups: groups.names().len() })
        }
    }
}

fn checked_ids(ids: &[u32], rows: usize) -> Result<Vec<u32>, ForgetError> {
    if ids.is_empty() {
        return Err(ForgetError::Empty);
    }
    let unknown: Vec<u32> = ids.iter().copied().filter(|&id| id as usize >= rows).collect();
    if !unknown.is_empty() {
        return Err(ForgetError::UnknownId { ids: unknown, rows });
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut twice: Vec<u32> =
        ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    twice.dedup();
    match twice.is_empty() {
        true => Ok(ids),
        false => Err(ForgetError::DuplicateId { ids: twice }),
    }
}

/// `round(share * rows)` rows without replacement, ascending.
fn draw(share: f64, rows: u32, seed: u64) -> Result<Vec<u32>, ForgetError> {
    let wanted = (share * f64::from(rows)).round() as usize;
    if wanted == 0 {
        return Err(ForgetError::ShareEmpty { share, rows: rows as usize });
    }
    let mut rng = random::rng(seed, Stream::ForgetRequest);
    let (mut drawn, _) = random::draw((0..rows).collect(), wanted, &mut rng);
    drawn.sort_unstable();
    Ok(drawn)
}
