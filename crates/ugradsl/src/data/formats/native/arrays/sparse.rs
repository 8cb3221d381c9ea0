//! Sparse matrices as `scipy.sparse.save_npz` writes them, made dense.

use thiserror::Error;

use super::array::{Array, Element, Type};

/// The most values of a dense matrix: one gibibyte of `f32`.
const MOST: usize = 1 << 28;

/// Why arrays are not a sparse matrix that can be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SparseError {
    /// Another way to store it.
    #[error("the sparse matrix is stored as {found:?}; save `x.tocsr()`")]
    Format {
        /// Its name.
        found: String,
    },
    /// Not two sizes.
    #[error("the shape of the sparse matrix is not two sizes")]
    Shape,
    /// Too large when it is made dense.
    #[error(
        "{rows} x {columns} values are more than the {MOST} that are made dense: keep fewer \
         columns, for example by sklearn.decomposition.TruncatedSVD"
    )]
    TooLarge {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// Arrays that contradict each other.
    #[error("the sparse matrix is damaged: {problem}")]
    Damaged {
        /// How.
        problem: &'static str,
    },
}

/// The arrays of the file.
#[derive(Debug)]
pub(super) struct Sparse {
    pub(super) format: Array,
    pub(super) shape: Array,
    pub(super) data: Array,
    pub(super) indices: Option<Array>,
    pub(super) indptr: Option<Array>,
    pub(super) row: Option<Array>,
    pub(super) column: Option<Array>,
}

fn damaged(problem: &'static str) -> SparseError {
    SparseError::Damaged { problem }
}

/// Whole numbers that fit the machine.
fn sizes(array: Option<&Array>) -> Result<Vec<usize>, SparseError> {
    let array = array.ok_or(damaged("an array is missing"))?;
    let sizes = array.numbers().map(|number| match number {
        super::array::Number::Whole(value) => usize::try_from(value).ok(),
        super::array::Number::Float(_) => None,
    });
    sizes.collect::<Option<_>>().ok_or(damaged("an index is not a whole number from 0"))
}

/// Numbers of the outer axis, one per value, from where each begins.
fn outer(starts: &[usize], values: usize) -> Result<Vec<usize>, SparseError> {
    let mut numbers = Vec::new();
    for (number, pair) in starts.windows(2).enumerate() {
        let [start, end] = *pair else { continue };
        if start > end || end > values || start != numbers.len() {
            return Err(damaged("indptr does not ascend from 0"));
        }
        numbers.resize(end, number);
    }
    Ok(numbers)
}

impl Sparse {
    /// The matrix as `f32` values, or as bytes where the file has bytes. Values for the same place
    /// are added, as SciPy does.
    pub(super) fn dense(&self, place: &str) -> Result<Array, SparseError> {
        let [rows, columns] = *sizes(Some(&self.shape))?.as_slice() else {
            return Err(SparseError::Shape);
        };
        let size = rows.checked_mul(columns).filter(|size| *size < MOST);
        let size = size.ok_or(SparseError::TooLarge { rows, columns })?;
        let values: Vec<f32> = self.data.numbers().map(|number| number.as_f64() as f32).collect();
        let format = self.format.texts().next().flatten().unwrap_or_default();
        let (row, column) = self.places(&format, values.len(), [rows, columns])?;
        if row.len() != values.len() || column.len() != values.len() {
            return Err(damaged("there are not as many indices as values"));
        }
        let mut dense = vec![0.0_f32; size];
        for ((row, column), value) in row.iter().zip(&column).zip(values) {
            if *row >= rows || *column >= columns {
                return Err(damaged("an index is outside of the shape"));
            }
            if let Some(cell) = dense.get_mut(row * columns + column) {
                *cell += value;
            }
        }
        let bytes = dense.iter().flat_map(|value| value.to_le_bytes()).collect();
        let element = Element { kind: Type::Float(4), big: false };
        Ok(Array { place: place.to_owned(), dims: vec![rows, columns], element, bytes })
    }

    /// The row and the column of each value.
    fn places(
        &self,
        format: &str,
        values: usize,
        [rows, columns]: [usize; 2],
    ) -> Result<(Vec<usize>, Vec<usize>), SparseError> {
        let compressed = |wanted: usize| {
            let starts = sizes(self.indptr.as_ref())?;
            if starts.len().checked_sub(1) != Some(wanted) {
                return Err(damaged("indptr does not fit the shape"));
            }
            Ok((outer(&starts, values)?, sizes(self.indices.as_ref())?))
        };
        match format {
            "csr" => compressed(rows),
            "csc" => compressed(columns).map(|(column, row)| (row, column)),
            "coo" => Ok((sizes(self.row.as_ref())?, sizes(self.column.as_ref())?)),
            _ => Err(SparseError::Format { found: format.chars().take(20).collect() }),
        }
    }
}
