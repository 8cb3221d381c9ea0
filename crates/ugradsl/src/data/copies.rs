//! Rows that are there more than once: whoever forgets one and keeps its copy has forgotten
//! nothing.

use std::collections::HashSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::row_digest::RowDigest;
use super::{Dataset, Samples, Split};
use crate::digest::Digest;

/// Exact copies of forgotten rows that stay, whatever their class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Copies {
    /// Retained rows, ascending.
    pub retained: Vec<u32>,
    /// Test rows, ascending.
    pub test: Vec<u32>,
}

impl Copies {
    /// Finds the copies of the rows that `split` forgets.
    ///
    /// ```
    /// use ugradsl::data::{Copies, Dataset, ForgetRequest, ImageSet, Normalisation};
    ///
    /// let images = |pixels: Vec<u8>, labels: Vec<u32>| ImageSet::new([1, 1, 1], pixels, labels);
    /// let (train, test) = (images(vec![7, 8, 7], vec![0, 1, 1])?, images(vec![9, 7], vec![0, 1])?);
    /// let data = Dataset::new("x", 2, train, test, Normalisation::identity(1))?;
    /// let split = ForgetRequest::Ids(vec![0]).split(&data, 0)?;
    /// let copies = Copies::of(&data, &split);
    /// assert_eq!((copies.retained, copies.test), (vec![2], vec![1]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(data: &Dataset, split: &Split) -> Self {
        let train = contents(&data.train);
        let forgotten: HashSet<RowDigest> =
            split.forget.iter().map(|&row| train[row as usize]).collect();
        let is_copy = |digest: &RowDigest| forgotten.contains(digest);
        let retained = split.retain.iter().copied().filter(|&row| is_copy(&train[row as usize]));
        let test = (0..).zip(contents(&data.test)).filter(|(_, digest)| is_copy(digest));
        Self { retained: retained.collect(), test: test.map(|(row, _)| row).collect() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.retained.is_empty() && self.test.is_empty()
    }
}

impl std::fmt::Display for Copies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (retained, test) = (self.retained.len(), self.test.len());
        let rows = |count: usize| if count == 1 { "row" } else { "rows" };
        match (retained, test) {
            (0, 0) => f.write_str("no copies of forgotten rows stay"),
            (_, 0) => write!(
                f,
                "exact copies of forgotten rows stay: {retained} retained {}",
                rows(retained)
            ),
            (0, _) => write!(f, "exact copies of forgotten rows stay: {test} test {}", rows(test)),
            _ => write!(
                f,
                "exact copies of forgotten rows stay: {retained} retained {} and {test} test {}",
                rows(retained),
                rows(test)
            ),
        }
    }
}

impl Dataset {
    /// Training rows that are exact copies of an earlier training row, and test rows that are
    /// copies of a training row, whatever their classes.
    ///
    /// ```
    /// use ugradsl::data;
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
    /// assert_eq!(digits.copies(), (0, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn copies(&self) -> (usize, usize) {
        let train = contents(&self.train);
        let distinct: HashSet<RowDigest> = train.iter().copied().collect();
        let test = contents(&self.test);
        let seen = test.iter().filter(|digest| distinct.contains(digest)).count();
        (train.len() - distinct.len(), seen)
    }

    /// `rows` with all training rows of the same content, ascending.
    pub(super) fn rows_with_copies(&self, rows: &[u32]) -> Vec<u32> {
        let contents = contents(&self.train);
        let wanted: HashSet<RowDigest> = rows.iter().map(|&row| contents[row as usize]).collect();
        let all = (0..).zip(&contents).filter(|(_, digest)| wanted.contains(digest));
        all.map(|(row, _)| row).collect()
    }
}

/// What the rows hold, without their classes.
fn contents(samples: &Samples) -> Vec<RowDigest> {
    let rows: Vec<usize> = (0..samples.len()).collect();
    let digest = |&row: &usize| {
        let mut hash = Digest::new();
        match samples {
            Samples::Images(images) => hash.bytes(images.row(row)),
            Samples::Features(features) => hash.floats(features.row(row)),
            Samples::Texts(texts) => hash.tokens(texts.row(row)),
        }
        RowDigest::of(hash)
    };
    rows.par_iter().map(digest).collect()
}
