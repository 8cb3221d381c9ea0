//! What a row is, whatever its number: its content and the name of its class. Rows are known by it
//! when the data have changed since a network was trained.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::digest::Digest;

/// The first half of the SHA-256 over shape, content and class name of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowDigest(u128);

impl fmt::Display for RowDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Serialize for RowDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RowDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = digits.then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        number.map(Self).ok_or_else(|| D::Error::custom(format!("{text:?} is not 32 hex digits")))
    }
}

impl RowDigest {
    /// The digest of what was hashed.
    pub(crate) fn of(hash: Digest) -> Self {
        Self(hash.half())
    }

    /// The sum over rows, which does not depend on their order. It tells data sets apart that
    /// differ by accident; whoever can choose rows at will can make two sets agree.
    pub(crate) fn sum(digests: impl IntoIterator<Item = Self>) -> Self {
        Self(digests.into_iter().fold(0, |sum, digest| sum.wrapping_add(digest.0)))
    }
}

/// The rows of a data set by their digests. Of copies each is handed out once.
pub(crate) struct RowIndex {
    rows: HashMap<RowDigest, Vec<u32>>,
}

impl RowIndex {
    pub(crate) fn new(digests: &[RowDigest]) -> Self {
        let mut rows: HashMap<RowDigest, Vec<u32>> = HashMap::new();
        for (row, &digest) in (0..).zip(digests) {
            rows.entry(digest).or_default().push(row);
        }
        Self { rows }
    }

    /// A row with this digest, if one is left: the one with the number `row` if it has it.
    pub(crate) fn take(&mut self, digest: RowDigest, row: u32) -> Option<u32> {
        let rows = self.rows.get_mut(&digest).filter(|rows| !rows.is_empty())?;
        let at = rows.iter().position(|&known| known == row).unwrap_or(0);
        Some(rows.remove(at))
    }
}
