//! The digest of every row of a data set.

use rayon::prelude::*;

use super::row_digest::RowDigest;
use super::{Dataset, Samples};
use crate::digest::Digest;

impl Dataset {
    /// The digest of every training row.
    ///
    /// ```
    /// use ugradsl::data;
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// assert_eq!(digits.row_digests().len(), 60);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn row_digests(&self) -> Vec<RowDigest> {
        self.digests_of(&self.train)
    }

    /// The digests of rows that are or could be in this data set.
    pub(crate) fn digests_of(&self, samples: &Samples) -> Vec<RowDigest> {
        let rows: Vec<usize> = (0..samples.len()).collect();
        rows.par_iter().map(|&row| self.digest_of(samples, row)).collect()
    }

    fn digest_of(&self, samples: &Samples, row: usize) -> RowDigest {
        let mut hash = Digest::new();
        for dim in samples.shape() {
            hash.size(dim);
        }
        let label = samples.labels()[row];
        let name = self.class_names.get(label).unwrap_or_default();
        hash.size(name.len());
        hash.bytes(name.as_bytes());
        match samples {
            Samples::Images(images) => hash.bytes(images.row(row)),
            Samples::Features(features) => hash.floats(features.row(row)),
            Samples::Texts(texts) => hash.tokens(texts.row(row)),
        }
        RowDigest::of(hash)
    }
}
