//! What a table says of its training rows beside their values: columns that a request can ask for.

use super::composed::composed;

/// Columns of texts, one text per training row.
///
/// ```
/// use ugradsl::data::Columns;
///
/// let mut columns = Columns::default();
/// columns.push("country", ["DE", "FR", "DE"].map(str::to_owned).to_vec());
/// assert_eq!(columns.rows("country", "DE"), Some(vec![0, 2]));
/// assert_eq!(columns.rows("town", "Bonn"), None);
/// columns.push("age", ["40", "40.0", "040"].map(str::to_owned).to_vec());
/// assert_eq!(columns.rows("age", "40"), Some(vec![0, 1])); // as numbers, but codes are texts
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<(String, Vec<String>)>);

/// The number that a cell is: `40` and `40.0` are the same, but the code `040` is another text.
fn as_number(cell: &str) -> Option<f64> {
    let digits = cell.trim_start_matches('-');
    let code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    let plain = digits.starts_with(|c: char| c.is_ascii_digit());
    cell.parse().ok().filter(|number: &f64| plain && !code && number.is_finite())
}

impl Columns {
    /// Adds a column with one value per training row.
    pub fn push(&mut self, name: impl Into<String>, values: Vec<String>) {
        self.0.push((name.into(), values));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names, in the order of the table.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The values of a column, one per row.
    pub fn values(&self, name: &str) -> Option<&[String]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, values)| values.as_slice())
    }

    /// The rows with this value, ascending; `None` if there is no such column.
    pub fn rows(&self, name: &str, value: &str) -> Option<Vec<u32>> {
        let values = (0..).zip(self.values(name)?);
        let (number, wanted) = (as_number(value), composed(value));
        let same = |known: &str| {
            composed(known) == wanted || (number.is_some() && as_number(known) == number)
        };
        Some(values.filter(|(_, known)| same(known.trim())).map(|(row, _)| row).collect())
    }

    /// The given rows, which must exist, in the given order.
    pub(super) fn select(mut self, rows: &[u32]) -> Self {
        for (_, values) in &mut self.0 {
            *values = rows.iter().map(|&row| values[row as usize].clone()).collect();
        }
        self
    }
}
