//! What the training rows are called in the data that they come from: file names, or ids.

use std::collections::HashMap;

use thiserror::Error;

use super::forget::listed;

/// What a name of a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowNameKind {
    /// The path of a file, from the folder of the training part, with `/` between folders.
    Path,
    /// A value of the column or array of ids.
    Id,
}

/// A name for each training row.
///
/// ```
/// use ugradsl::data::{RowNameKind, RowNames};
///
/// let names = ["cats/a.png", "cats/b.png", "dogs/a.png"].map(str::to_owned).to_vec();
/// let names = RowNames::new(RowNameKind::Path, names)?;
/// assert_eq!(names.get(2), Some("dogs/a.png"));
/// assert!(RowNames::new(RowNameKind::Id, vec!["7".to_owned(), "7".to_owned()]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowNames {
    kind: RowNameKind,
    names: Vec<String>,
}

/// Why texts do not name rows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RowNamesError {
    /// Names that several rows have.
    #[error("more than one row is called {}", listed(.0))]
    Twice(Vec<String>),
}

impl RowNames {
    /// The name of every row in turn.
    ///
    /// # Errors
    /// When two rows have the same name.
    pub fn new(kind: RowNameKind, names: Vec<String>) -> Result<Self, RowNamesError> {
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_unstable();
        let twice = sorted.windows(2).filter(|pair| pair[0] == pair[1]);
        let mut twice: Vec<String> = twice.map(|pair| pair[0].clone()).collect();
        twice.dedup();
        match twice.is_empty() {
            true => Ok(Self { kind, names }),
            false => Err(RowNamesError::Twice(twice)),
        }
    }

    /// What the names are.
    pub fn kind(&self) -> RowNameKind {
        self.kind
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a row.
    pub fn get(&self, row: u32) -> Option<&str> {
        self.names.get(row as usize).map(String::as_str)
    }

    /// All names, in the order of the rows.
    pub fn all(&self) -> &[String] {
        &self.names
    }

    /// The rows by their names.
    pub(crate) fn index(&self) -> HashMap<&str, u32> {
        (0..).zip(&self.names).map(|(row, name)| (name.as_str(), row)).collect()
    }

    /// The given rows, which must exist, in the given order.
    pub(super) fn select(self, rows: &[u32]) -> Self {
        Self { names: rows.iter().map(|&row| self.names[row as usize].clone()).collect(), ..self }
    }
}
