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
/// columns.push("account", ["9007199254740992", "9007199254740993", "1e3"].map(str::to_owned).to_vec());
/// assert_eq!(columns.rows("account", "9007199254740993"), Some(vec![1]));
/// assert_eq!(columns.rows("account", "1000"), Some(vec![]));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<(String, Vec<String>)>);

/// The number that a cell is, without zeros at its end: `40` and `40.0` are the same, but the code
/// `040` is another text. Digits are compared, not floats, which would make one of long account
/// numbers.
fn as_number(cell: &str) -> Option<&str> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let code = whole.len() > 1 && whole.starts_with('0');
    if code || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let short = if digits.contains('.') { cell.trim_end_matches('0') } else { cell };
    let short = short.strip_suffix('.').unwrap_or(short);
    Some(if short == "-0" { "0" } else { short })
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

    /// Whether two cells have the same value.
    pub(super) fn is_same(&self, one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(str::trim);
        let number = as_number(one);
        composed(one) == composed(other) || (number.is_some() && number == as_number(other))
    }

    /// The given rows, which must exist, in the given order.
    pub(super) fn select(mut self, rows: &[u32]) -> Self {
        for (_, values) in &mut self.0 {
            *values = rows.iter().map(|&row| values[row as usize].clone()).collect();
        }
        self
    }
}
