//! Lists of rows as NumPy saves them.

use super::arrays::{self, ArraysError};

/// The elements of a `.npy` file of one dimension as texts; `None` for any other file.
///
/// # Errors
/// When the file is damaged or has more dimensions.
pub(in crate::data) fn row_list(bytes: &[u8]) -> Option<Result<Vec<String>, ArraysError>> {
    arrays::is_npy(bytes).then(|| arrays::elements(bytes))
}
