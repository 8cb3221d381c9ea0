//! All cells of a table, in one piece: a `String` for each of fifty million cells would not fit.

use super::decode;
use super::error::Problem;

/// As many cells as are read: with their ends, two gigabytes.
const MOST_CELLS: usize = 1 << 29;

/// The cells of a table by row and column, and how they were read.
#[derive(Debug)]
pub(super) struct Grid {
    names: Vec<String>,
    text: String,
    ends: Vec<u32>,
    lines: Vec<u32>,
    /// Whether names are in the file; if not, columns are called by their number, from 0.
    pub(super) headed: bool,
    /// What stands between cells; `None` in JSON.
    pub(super) separator: Option<char>,
    /// Whether `1,5` can be a number.
    pub(super) comma: bool,
}

impl Grid {
    /// A table without rows.
    pub(super) fn new(names: Vec<String>, headed: bool, separator: Option<char>) -> Self {
        let comma = separator.is_some_and(|separator| separator != ',');
        let (text, ends, lines) = (String::new(), Vec::new(), Vec::new());
        Self { names, text, ends, lines, headed, separator, comma }
    }

    /// Adds a row, which must have a cell for each column.
    pub(super) fn push<S: AsRef<str>>(&mut self, line: usize, row: &[S]) -> Result<(), Problem> {
        let length = row.iter().map(|cell| cell.as_ref().len() as u64).sum::<u64>();
        let fits = self.text.len() as u64 + length <= decode::LONGEST
            && self.ends.len() + row.len() <= MOST_CELLS;
        if !fits {
            return Err(Problem::TooManyCells { line });
        }
        for cell in row {
            self.text.push_str(cell.as_ref());
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        Ok(())
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    pub(super) fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The line of the file that a row is on, from 1.
    pub(super) fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let at = row * self.width() + column;
        let end = |at: usize| self.ends.get(at).map_or(0, |&end| end as usize);
        let start = if at == 0 { 0 } else { end(at - 1) };
        self.text.get(start..end(at)).unwrap_or("")
    }

    /// The cells of a column.
    pub(super) fn column(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        (0..self.rows()).map(move |row| self.cell(row, column))
    }

    /// The column with a name, or else the only one that differs just in upper and lower case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|known| known == name);
        exact.or_else(|| {
            let alike = |known: &String| known.to_lowercase() == name.to_lowercase();
            let mut found = (0..).zip(&self.names).filter(|(_, known)| alike(known));
            let (at, _) = found.next()?;
            found.next().is_none().then_some(at)
        })
    }

    /// The table without some rows.
    pub(super) fn without(&self, dropped: &[bool]) -> Result<Self, Problem> {
        let mut kept = Self::new(self.names.clone(), self.headed, self.separator);
        for row in (0..self.rows()).filter(|&row| !dropped.get(row).is_some_and(|&drop| drop)) {
            let cells: Vec<&str> = (0..self.width()).map(|at| self.cell(row, at)).collect();
            kept.push(self.line(row) as usize, &cells)?;
        }
        Ok(kept)
    }
}
