//! What a data set holds, and what a request would take from it, for people to look at before
//! anything is done.

use std::fmt;

use serde::Serialize;

use super::{Copies, Dataset, Split, groups::counts};

/// Names that are shown of many.
const SHOWN: usize = 20;

/// Rows of a class or group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// Its name.
    pub name: String,
    /// Training rows.
    pub training_rows: usize,
    /// Test rows; `None` for groups, which only training rows have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_rows: Option<usize>,
}

/// What a data set holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Overview {
    /// The name of the data set.
    pub name: String,
    /// `images`, `features` or `texts`.
    pub kind: String,
    /// Channels, height and width; for features and texts 1, 1 and their number.
    pub shape: [usize; 3],
    /// Number of training rows.
    pub training_rows: usize,
    /// Number of test rows.
    pub test_rows: usize,
    /// All classes, in the order of their numbers.
    pub classes: Vec<Count>,
    /// All groups, the largest first.
    pub groups: Vec<Count>,
    /// Columns that a request can ask for.
    pub columns: Vec<String>,
    /// Training rows that are exact copies of an earlier one.
    pub copies: usize,
    /// Test rows that are exact copies of a training row.
    pub copies_in_test: usize,
    /// What was guessed or changed when the data were read.
    pub notes: Vec<String>,
}

/// What a request takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Taken {
    /// The request as given.
    pub request: String,
    /// Number of rows.
    pub rows: usize,
    /// Rows of each class that loses some, with the rows that the class has.
    pub classes: Vec<(String, usize, usize)>,
    /// Rows of each group that loses some, with the rows that the group has.
    pub groups: Vec<(String, usize, usize)>,
    /// Numbers of the rows, as `rows:` takes them.
    pub numbers: Vec<u32>,
    /// Names of the rows, if they have names.
    pub names: Vec<String>,
    /// Exact copies that stay.
    pub copies: Copies,
}

impl Dataset {
    /// What this data set holds.
    ///
    /// ```
    /// use ugradsl::data;
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let overview = digits.overview();
    /// assert_eq!((overview.training_rows, overview.classes.len()), (60, 10));
    /// println!("{overview}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn overview(&self) -> Overview {
        let rows = 0..self.train.len() as u32;
        let train = self.class_counts(rows.clone());
        let test = counts(self.test.labels().iter().copied(), self.classes);
        let classes = (0..).zip(train.into_iter().zip(test)).map(|(class, (train, test))| Count {
            name: self.class_names.shown(class),
            training_rows: train,
            test_rows: Some(test),
        });
        let of_groups = self
            .groups
            .iter()
            .flat_map(|groups| groups.names().iter().zip(groups.counts(rows.clone())));
        let mut groups: Vec<Count> = of_groups
            .map(|(name, rows)| Count { name: name.clone(), training_rows: rows, test_rows: None })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.training_rows));
        let (copies, copies_in_test) = self.copies();
        Overview {
            name: self.name.clone(),
            kind: self.train.kind().to_string(),
            shape: self.train.shape(),
            training_rows: self.train.len(),
            test_rows: self.test.len(),
            classes: classes.collect(),
            groups,
            columns: self.columns.names().map(str::to_owned).collect(),
            copies,
            copies_in_test,
            notes: self.notes.clone(),
        }
    }

    /// How many of these training rows each class has.
    pub(crate) fn class_counts(&self, rows: impl IntoIterator<Item = u32>) -> Vec<usize> {
        let label = |row: u32| self.train.labels().get(row as usize).copied();
        counts(rows.into_iter().filter_map(label), self.classes)
    }
}

impl Taken {
    /// What `request`, which comes to `split`, takes from `data`.
    pub fn of(request: impl Into<String>, data: &Dataset, split: &Split) -> Self {
        let all = 0..data.train.len() as u32;
        let lost = data.class_counts(split.forget.iter().copied());
        let classes = (0..).zip(lost.into_iter().zip(data.class_counts(all.clone())));
        let classes = classes.filter(|(_, (lost, _))| *lost > 0);
        let classes =
            classes.map(|(class, (lost, all))| (data.class_names.shown(class), lost, all));
        let groups = data.groups.iter().flat_map(|groups| {
            let lost = groups.counts(split.forget.iter().copied());
            let all = groups.counts(all.clone());
            let counted = groups.names().iter().zip(lost.into_iter().zip(all));
            let touched = counted.filter(|(_, (lost, _))| *lost > 0);
            touched.map(|(name, (lost, all))| (name.clone(), lost, all))
        });
        let name = |row: &u32| Some(data.row_names.as_ref()?.get(*row)?.to_owned());
        Self {
            request: request.into(),
            rows: split.forget.len(),
            classes: classes.collect(),
            groups: groups.collect(),
            numbers: split.forget.iter().map(|&row| data.number_of(row)).collect(),
            names: split.forget.iter().filter_map(name).collect(),
            copies: Copies::of(data, split),
        }
    }
}

impl fmt::Display for Overview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [channels, height, width] = self.shape;
        let what = match self.kind.as_str() {
            "images" => format!("images of {width} x {height} pixels, {channels} channels"),
            kind => format!("rows of {width} {}", if kind == "texts" { "tokens" } else { kind }),
        };
        writeln!(f, "{}: {what}", self.name)?;
        writeln!(f, "{} rows to train on, {} to test on", self.training_rows, self.test_rows)?;
        writeln!(f, "\n{:>24} {:>8} {:>8}", "class", "train", "test")?;
        for class in self.classes.iter().take(5 * SHOWN) {
            let test = class.test_rows.unwrap_or_default();
            writeln!(f, "{:>24} {:>8} {test:>8}", class.name, class.training_rows)?;
        }
        more(f, self.classes.len(), 5 * SHOWN, "classes")?;
        if !self.groups.is_empty() {
            writeln!(f, "\n{:>24} {:>8}", "group", "train")?;
            for group in self.groups.iter().take(SHOWN) {
                writeln!(f, "{:>24} {:>8}", group.name, group.training_rows)?;
            }
            more(f, self.groups.len(), SHOWN, "groups")?;
        }
        if !self.columns.is_empty() {
            writeln!(f, "\ncolumns for where:COLUMN=VALUE: {}", self.columns.join(", "))?;
        }
        if self.copies + self.copies_in_test > 0 {
            writeln!(
                f,
                "\nexact copies: {} training rows of earlier ones, {} test rows of training rows",
                self.copies, self.copies_in_test
            )?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = if self.rows == 1 { "row" } else { "rows" };
        writeln!(f, "{} takes {} {rows}", self.request, self.rows)?;
        for (kind, counts) in [("class", &self.classes), ("group", &self.groups)] {
            for (name, lost, all) in counts.iter().take(SHOWN) {
                writeln!(f, "  {lost} of {all} of {kind} {name}")?;
            }
            more(f, counts.len(), SHOWN, kind)?;
        }
        let shown: Vec<String> = match self.names.is_empty() {
            true => self.numbers.iter().take(SHOWN).map(u32::to_string).collect(),
            false => self.names.iter().take(SHOWN).cloned().collect(),
        };
        let what = if self.names.is_empty() { "rows" } else { "names" };
        writeln!(f, "  {what}: {}", shown.join(", "))?;
        more(f, self.rows, SHOWN, what)?;
        match self.copies.is_empty() {
            true => Ok(()),
            false => {
                writeln!(f, "  {}: `with copies` after the request takes them, too", self.copies)
            }
        }
    }
}

/// How many more there are than were shown.
fn more(f: &mut fmt::Formatter<'_>, all: usize, shown: usize, what: &str) -> fmt::Result {
    match all.checked_sub(shown) {
        Some(rest @ 1..) => writeln!(f, "  and {rest} more {what}"),
        _ => Ok(()),
    }
}
