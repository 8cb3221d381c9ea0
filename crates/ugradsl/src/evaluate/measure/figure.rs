//! The properties of a figure.

use super::{Figure, Measure, Part, Unit};

/// A table that shows figures, one column each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FigureTable {
    /// A line per method with means over its runs: text, LaTeX, Markdown, HTML, and the table of a
    /// sweep. Its figures come first in CSV, which has a line per run.
    Methods,
    /// A line per run: Markdown and HTML.
    Runs,
    /// The membership attack by its features.
    Attack,
    /// The threshold attack, and the comparison with the retrained network's answers.
    Answers,
}

/// What a record has where a figure was not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenAbsent {
    /// Every record has the figure: one without it is refused.
    Refuse,
    /// The key is there and `null`, as in all records so far.
    Null,
    /// The key is left out. Right for a new figure: records without it stay as they are, and its
    /// column of a CSV file comes after those that readers know by their position.
    LeaveOut,
}

/// A row of the table of figures.
pub(super) struct Row {
    pub(super) measure: Measure,
    pub(super) part: Part,
    pub(super) unit: Unit,
    pub(super) key: &'static str,
    pub(super) summary_key: &'static str,
    pub(super) title: &'static str,
    pub(super) digits: usize,
    pub(super) absent: WhenAbsent,
    pub(super) tables: &'static [FigureTable],
}

impl Figure {
    /// The four whose mean distance to the retrained network is the [`Gap`](Self::Gap).
    pub const IN_GAP: [Self; 4] = [Self::Ua, Self::Mia, Self::Ra, Self::Ta];

    /// The measure that explains it.
    pub const fn measure(self) -> Measure {
        self.row().measure
    }

    /// The set on which it is measured.
    pub const fn part(self) -> Part {
        self.row().part
    }

    /// Its unit.
    pub const fn unit(self) -> Unit {
        self.row().unit
    }

    /// Its place in the JSON of a record; a dot leads into an object.
    pub const fn key(self) -> &'static str {
        self.row().key
    }

    /// Its key in the JSON of a summary, if it has means and deviations there.
    pub fn summary_key(self) -> Option<&'static str> {
        Some(self.row().summary_key).filter(|key| !key.is_empty())
    }

    /// The title of its column, with the unit.
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    /// Digits after the decimal point in tables.
    pub const fn digits(self) -> usize {
        self.row().digits
    }

    /// What a record has where it was not measured.
    pub const fn when_absent(self) -> WhenAbsent {
        self.row().absent
    }

    /// The columns of `table`.
    pub fn columns(table: FigureTable) -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().filter(move |figure| figure.row().tables.contains(&table))
    }

    /// The figures that are summarised over the runs of a method.
    pub fn summarised() -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().filter(|figure| figure.summary_key().is_some())
    }

    /// `value` as a table shows it, without its unit; a dash where it was not measured.
    pub fn cell(self, value: Option<f64>) -> String {
        let factor = self.unit().table_factor();
        let digits = self.digits();
        value.map_or_else(|| "-".to_owned(), |value| format!("{:.digits$}", factor * value))
    }
}
