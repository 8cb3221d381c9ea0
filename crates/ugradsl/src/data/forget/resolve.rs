//! What the terms of a request mean beside the data they speak of.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::path::Path;

use super::super::class_names::ClassNames;
use super::super::composed::composed;
use super::super::row_names::{RowNameKind, RowNames};
use super::{Dataset, ForgetError, ForgetRequest, beside::check, files, list, number, phrase};
use crate::nearest;

/// A term as rows of `data`, as far as no chance is in it.
pub(super) fn term(term: &str, data: &Dataset) -> Result<ForgetRequest, ForgetError> {
    match phrase::kind_of(term)? {
        ("class", text) => class(text.trim(), data).map(ForgetRequest::Class),
        ("ids", file) => ids(Path::new(file), data),
        ("rows", file) => rows(Path::new(file), data).map(ForgetRequest::Ids),
        ("file", pattern) => {
            let entries = [pattern.trim().to_owned()];
            files::rows(&entries, paths(term, data)?, data).map(ForgetRequest::Found)
        }
        ("files", list) => {
            listed(Path::new(list), paths(term, data)?, data).map(ForgetRequest::Found)
        }
        ("where", text) => with_values(&conditions(text)?, data).map(ForgetRequest::Found),
        _ => ForgetRequest::parse_term(term),
    }
}

/// A class by its name or its number. A number that is the name of another class is refused.
fn class(text: &str, data: &Dataset) -> Result<u32, ForgetError> {
    let names = &data.class_names;
    let unknown =
        |name: &str| ForgetError::UnknownClassName { name: name.to_owned(), names: names.clone() };
    if let Some(name) = text.strip_prefix("name=") {
        return names.find(name).ok_or_else(|| unknown(name));
    }
    let not_a_class = || ForgetError::ClassNumber { text: text.to_owned() };
    if let Some(index) = text.strip_prefix("index=") {
        return number(index).ok_or_else(not_a_class);
    }
    if text.is_empty() {
        return Err(not_a_class());
    }
    let all_numbers = (0..names.len() as u32).all(|class| named_number(names, class).is_some());
    let named = names.find(text).or_else(|| {
        let wanted = decimal(text).filter(|_| all_numbers)?;
        (0..names.len() as u32).find(|&class| named_number(names, class) == Some(wanted))
    });
    match (number(text), named) {
        (Some(index), Some(named)) if index != named && (index as usize) < names.len() => {
            let (text, names) = (text.to_owned(), names.clone());
            Err(ForgetError::ClassAmbiguous { text, index, named, names })
        }
        (_, Some(named)) => Ok(named),
        (Some(index), None) if all_numbers && (index as usize) < names.len() => {
            Err(ForgetError::NoClassNumber { text: text.to_owned(), names: names.clone() })
        }
        (Some(index), None) => Ok(index),
        (None, None) => Err(unknown(text)),
    }
}

/// The number that a class is called by, as ratings and grades are.
fn named_number(names: &ClassNames, class: u32) -> Option<f64> {
    decimal(names.get(class)?)
}

/// A number with a decimal point or comma.
fn decimal(text: &str) -> Option<f64> {
    let begins =
        |text: &str| text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    text.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite() && begins(text))
}

/// Rows by their own ids, or else by their numbers.
fn ids(path: &Path, data: &Dataset) -> Result<ForgetRequest, ForgetError> {
    match data.row_names.as_ref().filter(|names| names.kind() == RowNameKind::Id) {
        Some(names) => known(path, names, data).map(ForgetRequest::Found),
        None => match data.columns.names().find(|name| is_id(name)) {
            Some(column) => {
                Err(ForgetError::IdsIgnored { path: path.to_owned(), column: column.to_owned() })
            }
            None => rows(path, data).map(ForgetRequest::Ids),
        },
    }
}

/// Whether a column is called like one of ids: `id`, `customer_id`, `PassengerId`.
fn is_id(column: &str) -> bool {
    let ends = |end: &str| column.strip_suffix(end).is_some_and(|stem| !stem.is_empty());
    column.eq_ignore_ascii_case("id")
        || ["_id", "-id", " id", "_ID", " ID", "Id"].into_iter().any(ends)
}

/// The rows with the ids that the list in `path` names.
fn known(path: &Path, names: &RowNames, data: &Dataset) -> Result<Vec<u32>, ForgetError> {
    // The column that the ids come from.
    let column = data.columns.names().find(|name| data.columns.values(name) == Some(names.all()));
    let list::Texts { texts, beside } = list::ids(path, column)?;
    let index = ById::of(names);
    let stated =
        texts.iter().zip(&beside).filter_map(|(id, beside)| Some((index.row(id)?, beside)));
    check(path, stated, data)?;
    let mut ranges = list::Ranges::of(path);
    with_ids(texts, &mut |id| ranges.expand(id), names, data)
}

impl ForgetRequest {
    /// The rows of `data` that have these ids, or these paths, each given once.
    ///
    /// # Errors
    /// When the rows of `data` have no names, or there is none of such a name; the error has all
    /// that are unknown.
    ///
    /// ```
    /// use ugradsl::data::{Dataset, ForgetRequest, ImageSet, Normalisation, RowNameKind, RowNames};
    ///
    /// let images = |labels: Vec<u32>| ImageSet::new([1, 1, 1], vec![7; labels.len()], labels);
    /// let (train, test) = (images(vec![0, 1, 1])?, images(vec![0, 1])?);
    /// let names = RowNames::new(RowNameKind::Id, ["ann", "bob", "eve"].map(str::to_owned).to_vec())?;
    /// let people = Dataset::new("people", 2, train, test, Normalisation::identity(1))?.with_row_names(names)?;
    /// assert_eq!(ForgetRequest::by_ids(["eve", "ann"], &people)?, ForgetRequest::Found(vec![0, 2]));
    /// assert!(ForgetRequest::by_ids(["mallory"], &people).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_ids<S: Into<String>>(
        ids: impl IntoIterator<Item = S>,
        data: &Dataset,
    ) -> Result<Self, ForgetError> {
        let names = data.row_names.as_ref();
        let names = names.ok_or_else(|| ForgetError::NoNames { data: data.name.clone() })?;
        with_ids(ids.into_iter().map(Into::into), &mut |_| Ok(None), names, data).map(Self::Found)
    }

    /// The rows of `data` whose files have one of these paths, in which `*` and `?` stand for any
    /// characters.
    ///
    /// # Errors
    /// When the rows of `data` have no files, or a path fits none of them, or more than one without
    /// `*` or `?`.
    ///
    /// ```
    /// # use ugradsl::data::{self, Dataset, ForgetRequest, RowNameKind, RowNames};
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(3), None)?;
    /// let paths = ["2/Tom and Jerry.png", "2/tom.png", "7/eve.png"].map(str::to_owned).to_vec();
    /// let digits = digits.with_row_names(RowNames::new(RowNameKind::Path, paths)?)?;
    /// let asked = ForgetRequest::by_files(&["2/Tom and Jerry.png".to_owned()], &digits)?;
    /// assert_eq!(asked, ForgetRequest::Found(vec![0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_files(patterns: &[String], data: &Dataset) -> Result<Self, ForgetError> {
        let term = format!("file:{}", patterns.first().map_or("", String::as_str));
        files::rows(patterns, paths(&term, data)?, data).map(Self::Found)
    }

    /// The rows of `data` that have all of these values, as pairs of a column and a value.
    ///
    /// # Errors
    /// When `data` have no such column, or no row has the value.
    ///
    /// ```
    /// # use ugradsl::data::{self, ForgetRequest};
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(3), None)?;
    /// let error = ForgetRequest::by_values(&[("country", "DE")], &digits).expect_err("no columns");
    /// assert!(error.to_string().contains("country"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_values(conditions: &[(&str, &str)], data: &Dataset) -> Result<Self, ForgetError> {
        with_values(conditions, data).map(Self::Found)
    }
}

/// Rows by their ids, as programs write these: spreadsheets make 7.0 of 7, and systems write `é` as
/// one character or as two.
struct ById<'a> {
    exact: HashMap<&'a str, u32>,
    /// By the composed form, where the names are not ASCII alone; `None` for one that two rows
    /// have.
    composed: HashMap<String, Option<u32>>,
}

impl<'a> ById<'a> {
    fn of(names: &'a RowNames) -> Self {
        let exact = names.index();
        let mut by_form = HashMap::new();
        if !names.all().iter().all(|name| name.is_ascii()) {
            for (name, row) in &exact {
                let known = by_form.entry(composed(name)).or_insert(Some(*row));
                *known = known.filter(|known| known == row);
            }
        }
        Self { exact, composed: by_form }
    }

    fn row(&self, id: &str) -> Option<u32> {
        let exact = |id: &str| self.exact.get(id).copied();
        let whole = || exact(id.strip_suffix(".0")?);
        let decimal = || number(id).and_then(|_| exact(&format!("{id}.0")));
        let composed = || *self.composed.get(&composed(id))?;
        exact(id).or_else(whole).or_else(decimal).or_else(composed)
    }
}

/// What may stand for several ids, such as `3-7`.
type Expand<'a> = dyn FnMut(&str) -> Result<Option<RangeInclusive<u32>>, ForgetError> + 'a;

/// The rows with these ids, ascending.
fn with_ids(
    ids: impl IntoIterator<Item = String>,
    expand: &mut Expand<'_>,
    names: &RowNames,
    data: &Dataset,
) -> Result<Vec<u32>, ForgetError> {
    let index = ById::of(names);
    let of_test =
        |id: &str| data.test_names.as_ref().is_some_and(|names| ById::of(names).row(id).is_some());
    let (mut rows, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    let mut twice = Vec::new();
    for id in ids {
        if let Some(row) = index.row(&id) {
            if !rows.insert(row) {
                twice.push(id);
            }
            continue;
        }
        // `3-7` stands for the ids from 3 to 7, unless that is an id itself.
        match expand(&id)? {
            Some(ids) if ids.start() < ids.end() => {
                for number in ids {
                    let Some(row) = index.row(&number.to_string()) else {
                        unknown.insert(format!("{number} of {id}"));
                        break;
                    };
                    rows.insert(row);
                }
            }
            _ if of_test(&id) => _ = unknown.insert(format!("{id} (a row of the test part)")),
            _ => _ = unknown.insert(id),
        }
    }
    if !unknown.is_empty() {
        let entries = unknown.into_iter().collect();
        return Err(ForgetError::UnknownNames { entries, data: data.name.clone() });
    }
    match twice.is_empty() {
        true => Ok(rows.into_iter().collect()),
        false => Err(ForgetError::IdTwice { ids: twice }),
    }
}

/// Files by their paths. What the same table says of them must be so.
fn listed(list: &Path, names: &RowNames, data: &Dataset) -> Result<Vec<u32>, ForgetError> {
    let list::Texts { texts, beside } = list::paths(list)?;
    let found = files::each(&texts, names, data)?;
    // A pattern may take many.
    let single = found.iter().zip(&beside).filter(|(rows, _)| rows.len() == 1);
    check(list, single.map(|(rows, beside)| (rows[0], beside)), data)?;
    let rows: BTreeSet<u32> = found.into_iter().flatten().collect();
    Ok(rows.into_iter().collect())
}

/// Rows by their numbers. What the same table says of them must be so.
fn rows(path: &Path, data: &Dataset) -> Result<Vec<u32>, ForgetError> {
    if data.renumbered {
        return Err(ForgetError::Renumbered { path: path.to_owned() });
    }
    let list::Numbers { rows, beside, heading } = list::rows_and_beside(path)?;
    let has_ids = data.row_names.as_ref().is_some_and(|names| names.kind() == RowNameKind::Id);
    if let Some(heading) = heading.filter(|_| has_ids) {
        return Err(ForgetError::RowsOrIds { path: path.to_owned(), heading });
    }
    let rows = of_training(rows, data)?;
    let in_range = |row: &u32| (*row as usize) < data.train.len();
    let stated = beside
        .iter()
        .filter_map(|(at, beside)| Some((rows.get(*at).copied().filter(in_range)?, beside)));
    check(path, stated, data)?;
    Ok(rows)
}

/// Numbers of rows of the file as those of training rows: some of its rows may be the test part.
fn of_training(asked: Vec<u32>, data: &Dataset) -> Result<Vec<u32>, ForgetError> {
    let Some(numbers) = &data.row_numbers else { return Ok(asked) };
    let position = |row: &u32| numbers.binary_search(row).map(|at| at as u32);
    let unknown = asked.iter().filter(|row| position(row).is_err());
    let unknown: Vec<String> = unknown.map(|row| format!("row {row} of the file")).collect();
    match unknown.is_empty() {
        true => Ok(asked.iter().filter_map(|row| position(row).ok()).collect()),
        false => Err(ForgetError::UnknownNames {
            entries: unknown,
            data: format!("{} (they may be in its test part)", data.name),
        }),
    }
}

/// The names of the files that the rows are.
fn paths<'a>(term: &str, data: &'a Dataset) -> Result<&'a RowNames, ForgetError> {
    let names = data.row_names.as_ref().filter(|names| names.kind() == RowNameKind::Path);
    names.ok_or_else(|| ForgetError::NoFiles { request: term.to_owned(), data: data.name.clone() })
}

/// The columns and values of `COLUMN=VALUE`, or of several with `&` between them.
pub(super) fn conditions(text: &str) -> Result<Vec<(&str, &str)>, ForgetError> {
    // A value may hold the sign.
    match text.split('&').all(|part| part.contains('=')) {
        true => text.split('&').map(condition).collect(),
        false => Ok(vec![condition(text)?]),
    }
}

fn condition(text: &str) -> Result<(&str, &str), ForgetError> {
    let parts = text.split_once('=').map(|(column, value)| (column.trim(), value.trim()));
    parts
        .filter(|(column, _)| !column.is_empty())
        .ok_or_else(|| ForgetError::Where { text: text.to_owned() })
}

/// The rows that have all of the values.
fn with_values(conditions: &[(&str, &str)], data: &Dataset) -> Result<Vec<u32>, ForgetError> {
    let mut all: Option<BTreeSet<u32>> = None;
    for condition in conditions {
        let rows: BTreeSet<u32> = with_value(*condition, data)?.into_iter().collect();
        all = Some(all.map_or(rows.clone(), |all| &all & &rows));
    }
    Ok(all.unwrap_or_default().into_iter().collect())
}

fn with_value((column, value): (&str, &str), data: &Dataset) -> Result<Vec<u32>, ForgetError> {
    let Some(rows) = data.columns.rows(column, value) else {
        return Err(ForgetError::UnknownColumn {
            data: data.name.clone(),
            column: column.to_owned(),
            near: nearest::names(column, data.columns.names()),
            columns: data.columns.names().map(str::to_owned).collect(),
        });
    };
    if rows.is_empty() {
        let mut values: Vec<&str> =
            data.columns.values(column).unwrap_or_default().iter().map(String::as_str).collect();
        values.sort_unstable();
        values.dedup();
        let near = nearest::names(value, values);
        let (column, value) = (column.to_owned(), value.to_owned());
        return Err(ForgetError::UnknownValue { column, value, near });
    }
    // A cell such as `ann;bob` is a row of both.
    let shared = |cell: &&String| {
        cell.contains([';', '|']) && cell.split([';', '|']).any(|name| name.trim() == value)
    };
    let cells = data.columns.values(column).unwrap_or_default();
    let others = cells.iter().filter(shared).count();
    if others > 0 && data.groups.as_ref().is_some_and(|groups| groups.rows(value).is_some()) {
        let (column, value, rows) = (column.to_owned(), value.to_owned(), rows.len());
        return Err(ForgetError::SharedCells { column, value, rows, others });
    }
    Ok(rows)
}
