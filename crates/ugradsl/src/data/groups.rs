//! Whom a training row belongs to: a person, a source, a sub-class.

use std::collections::BTreeSet;

use super::composed::composed;

/// The groups of each training row: one, none, or several.
///
/// The rows of a group may be of any class. The names are data that come with the rows; they change
/// neither the task nor the [digest](super::Dataset::digest) of the images.
///
/// ```
/// use ugradsl::data::Groups;
///
/// let groups = Groups::new(&[Some("ann"), None, Some("bob"), Some("ann")]);
/// assert_eq!(groups.rows("ann"), Some(vec![0, 3]));
/// assert_eq!(groups.rows("eve"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    names: Vec<String>,
    rows: Vec<Vec<u32>>,
}

impl Groups {
    /// The group of every row in turn; `None` for a row without a group.
    pub fn new<S: AsRef<str>>(rows: &[Option<S>]) -> Self {
        let rows: Vec<Vec<&str>> =
            rows.iter().map(|name| name.iter().map(AsRef::as_ref).collect()).collect();
        Self::shared(&rows)
    }

    /// The groups of every row in turn: a picture of two people belongs to both.
    ///
    /// ```
    /// use ugradsl::data::Groups;
    ///
    /// let groups = Groups::shared(&[vec!["ann", "bob"], vec![], vec!["bob"]]);
    /// assert_eq!(groups.rows("bob"), Some(vec![0, 2]));
    /// ```
    pub fn shared<S: AsRef<str>>(rows: &[Vec<S>]) -> Self {
        let named = rows.iter().flatten().map(|name| composed(name.as_ref()));
        let names: Vec<String> = named.collect::<BTreeSet<_>>().into_iter().collect();
        let number =
            |name: &S| names.binary_search(&composed(name.as_ref())).ok().map(|at| at as u32);
        let numbers = |groups: &Vec<S>| {
            let numbers: BTreeSet<u32> = groups.iter().filter_map(number).collect();
            numbers.into_iter().collect()
        };
        Self { rows: rows.iter().map(numbers).collect(), names }
    }

    /// The groups of every row in turn, as people write several into one cell: `ann;bob` or `ann|bob`.
    ///
    /// ```
    /// use ugradsl::data::Groups;
    ///
    /// let groups = Groups::written(&[Some("ann; bob"), None, Some("bob")]);
    /// assert_eq!(groups.rows("bob"), Some(vec![0, 2]));
    /// ```
    pub fn written<S: AsRef<str>>(rows: &[Option<S>]) -> Self {
        let split = |cell: &Option<S>| {
            let cell = cell.as_ref().map(AsRef::as_ref).unwrap_or_default();
            let names = cell.split([';', '|']).map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        Self::shared(&rows.iter().map(split).collect::<Vec<_>>())
    }

    /// The first row that belongs to several groups, their names, and how many such rows there are.
    pub(super) fn several(&self) -> Option<(usize, Vec<&str>, usize)> {
        let mut rows = self.rows.iter().enumerate().filter(|(_, groups)| groups.len() > 1);
        let (row, groups) = rows.next()?;
        let names = groups.iter().filter_map(|&at| self.names.get(at as usize));
        Some((row, names.map(String::as_str).collect(), 1 + rows.count()))
    }

    /// Number of rows, with a group or without.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many rows have a group.
    pub(super) fn grouped(&self) -> usize {
        self.rows.iter().filter(|groups| !groups.is_empty()).count()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The names, sorted, each once.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The rows of a group, ascending; `None` if no group has that name.
    pub fn rows(&self, name: &str) -> Option<Vec<u32>> {
        let find = |name: &str| self.names.binary_search(&composed(name)).ok();
        // Programs make 7.0 of 7 where a column has an empty cell.
        let whole = || find(name.strip_suffix(".0")?);
        let is_whole = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let decimal = || is_whole.then(|| find(&format!("{name}.0"))).flatten();
        let number = find(name).or_else(whole).or_else(decimal)? as u32;
        let numbered = (0..).zip(&self.rows).filter(|(_, groups)| groups.contains(&number));
        Some(numbered.map(|(row, _)| row).collect())
    }

    /// How many of the given rows each group has, in the order of [`names`](Self::names).
    pub(super) fn counts(&self, rows: impl IntoIterator<Item = u32>) -> Vec<usize> {
        let rows = rows.into_iter().filter_map(|row| self.rows.get(row as usize));
        counts(rows.flatten().copied(), self.names.len())
    }

    /// The given rows, which must exist. All names are kept, so that a group that has lost its rows
    /// can be told from a typo.
    pub(super) fn select(mut self, rows: &[u32]) -> Self {
        self.rows = rows.iter().map(|&row| self.rows[row as usize].clone()).collect();
        self
    }
}

/// How often each of the numbers below `kinds` occurs.
pub(super) fn counts(numbers: impl IntoIterator<Item = u32>, kinds: usize) -> Vec<usize> {
    let mut counts = vec![0; kinds];
    for number in numbers {
        if let Some(count) = counts.get_mut(number as usize) {
            *count += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "formats")]
    #[test]
    fn a_name_is_the_same_however_its_accents_are_written() {
        let groups = Groups::new(&[Some("Jose\u{301}"), Some("Jos\u{e9}"), None]);
        assert_eq!(groups.names().len(), 1);
        assert_eq!(groups.rows("Jos\u{e9}"), Some(vec![0, 1]));
        assert_eq!(groups.rows("Jose\u{301}"), Some(vec![0, 1]));
    }

    #[test]
    fn rows_are_found_by_name() {
        let groups = Groups::new(&[Some("zoe"), None, Some("anna"), Some("zoe"), Some("Anna")]);
        assert_eq!(groups.names(), ["Anna", "anna", "zoe"]);
        assert_eq!(groups.rows("zoe"), Some(vec![0, 3]));
        assert_eq!(groups.rows("anna"), Some(vec![2]));
        assert_eq!(groups.rows("ann"), None);
        let numbers = Groups::new(&[Some("3.0"), Some("12"), None]);
        assert_eq!((numbers.rows("3"), numbers.rows("12.0")), (Some(vec![0]), Some(vec![1])));
        assert_eq!(numbers.rows("3.5"), None);
        assert_eq!((groups.len(), groups.is_empty()), (5, false));
        assert_eq!(groups.counts([0, 1, 3, 9]), [0, 0, 2]);
        assert_eq!(Groups::shared(&[vec!["a", "b", "a"], vec!["b"]]).counts(0..2), [1, 2]);

        let cut = groups.select(&[0, 1]);
        assert_eq!(
            (cut.len(), cut.rows("zoe"), cut.rows("anna")),
            (2, Some(vec![0]), Some(vec![]))
        );
    }
}
