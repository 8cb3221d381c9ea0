//! Labels become classes: each different label is one, in order, numbered from 0.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::array::{Array, Number};
use super::columns::texts;
use super::{ArraysError, Listed};

/// Below this many classes, nobody is asked whether they are classes.
const FEW_CLASSES: usize = 20;

/// A label as it is in the file. Numbers come first, by value; then texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    Whole(i128),
    Text(String),
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Whole(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The labels of a part.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    pub(super) place: String,
    pub(super) rows: Vec<Label>,
    /// The number of classes, if there was a column for each.
    pub(super) columns: Option<usize>,
}

impl Labels {
    pub(super) fn read(array: &Array) -> Result<Self, ArraysError> {
        let (rows, columns) = match *array.dims {
            [_] | [_, 1] if array.element.is_text() => (words(array)?, None),
            [_] | [_, 1] => (whole(array)?, None),
            [_, width] if !array.element.is_text() => (one_hot(array, width)?, Some(width)),
            _ => {
                let (place, dims) = (array.place.clone(), array.dims.clone());
                return Err(ArraysError::LabelDims { place, dims });
            }
        };
        Ok(Self { place: array.place.clone(), rows, columns })
    }

    fn are_texts(&self) -> bool {
        matches!(self.rows.first(), Some(Label::Text(_)))
    }
}

fn words(array: &Array) -> Result<Vec<Label>, ArraysError> {
    let (mut blank, texts) = (Listed::default(), texts(array)?);
    for (row, text) in texts.iter().enumerate() {
        if text.trim().is_empty() {
            blank.push(|| format!("row {row}"));
        }
    }
    match blank.is_empty() {
        true => Ok(texts.into_iter().map(Label::Text).collect()),
        false => Err(ArraysError::LabelBlank { place: array.place.clone(), rows: blank }),
    }
}

fn whole(array: &Array) -> Result<Vec<Label>, ArraysError> {
    let (mut blank, mut broken) = (Listed::default(), Listed::default());
    let labels = array.numbers().enumerate().map(|(row, number)| match number {
        Number::Whole(value) => Label::Whole(value),
        Number::Float(value) => {
            if value.is_nan() {
                blank.push(|| format!("row {row}"));
            } else if value.fract() != 0.0 || value.abs() > 2_f64.powi(53) {
                broken.push(|| format!("{value} (row {row})"));
            }
            Label::Whole(value as i128)
        }
    });
    let labels = labels.collect();
    let place = array.place.clone();
    if !broken.is_empty() {
        return Err(ArraysError::LabelFraction { place, rows: broken });
    }
    match blank.is_empty() {
        true => Ok(labels),
        false => Err(ArraysError::LabelBlank { place, rows: blank }),
    }
}

/// The column of the one 1 of each row.
fn one_hot(array: &Array, width: usize) -> Result<Vec<Label>, ArraysError> {
    let (mut other, mut several) = (Listed::default(), Listed::default());
    let mut labels = Vec::new();
    let (mut ones, mut at) = (0_usize, 0);
    for (i, number) in array.numbers().enumerate() {
        let (row, column, value) = (i / width.max(1), i % width.max(1), number.as_f64());
        if value == 1.0 {
            (ones, at) = (ones + 1, column);
        } else if value != 0.0 {
            other.push(|| format!("{value} (row {row}, column {column})"));
        }
        if column + 1 == width {
            if ones != 1 {
                several.push(|| format!("row {row} has {ones}"));
            }
            labels.push(Label::Whole(at as i128));
            ones = 0;
        }
    }
    let place = array.place.clone();
    if !other.is_empty() {
        return Err(ArraysError::NotOneHot { place, width, rows: other });
    }
    match several.is_empty() {
        true => Ok(labels),
        false => Err(ArraysError::MultiLabel { place, width, rows: several }),
    }
}

/// The classes of all parts, the training part first.
pub(super) fn classes(
    parts: &[&Labels],
    names: Option<&[String]>,
    notes: &mut Vec<String>,
) -> Result<Vec<Label>, ArraysError> {
    let (texts, numbers): (Vec<&Labels>, Vec<&Labels>) =
        parts.iter().copied().partition(|part| part.are_texts());
    if let ([texts, ..], [numbers, ..]) = (texts.as_slice(), numbers.as_slice()) {
        let (numbers, texts) = (numbers.place.clone(), texts.place.clone());
        return Err(ArraysError::LabelKinds { numbers, texts });
    }
    let distinct = |part: &&Labels| part.rows.iter().cloned().collect::<BTreeSet<_>>();
    let trained = parts.first().map(distinct).unwrap_or_default();
    let mut all: BTreeSet<Label> = parts.iter().flat_map(distinct).collect();
    let elsewhere: Listed = all.difference(&trained).map(Label::to_string).collect();
    if !elsewhere.is_empty() {
        notes.push(format!("these classes do not occur in the training part: {elsewhere}"));
    }
    if let Some(part) = parts.first() {
        let (classes, rows) = (all.len(), part.rows.len());
        if classes > FEW_CLASSES && classes > rows / 5 {
            return Err(ArraysError::TooManyClasses { place: part.place.clone(), classes, rows });
        }
    }
    // A column or a name for a class is a class, whether it occurs or not.
    let columns = parts.iter().filter_map(|part| part.columns).max();
    let known = columns.or(names.filter(|_| texts.is_empty()).map(<[_]>::len)).unwrap_or(0);
    all.extend((0..known).map(|class| Label::Whole(class as i128)));
    if let Some(columns) = columns {
        notes.push(format!("the labels are {columns} columns with one 1 per row: one class each"));
    }
    Ok(all.into_iter().collect())
}

/// The names of the classes: as given, or the labels themselves.
pub(super) fn names(
    classes: &[Label],
    given: Option<(&str, &[String])>,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, ArraysError> {
    let own: Vec<String> = classes.iter().map(Label::to_string).collect();
    let counted = classes.iter().zip(0..).all(|(class, i)| *class == Label::Whole(i));
    match given {
        Some((place, names)) if !matches!(classes.first(), Some(Label::Text(_))) => {
            if counted && names.len() == classes.len() {
                return Ok(names.to_vec());
            }
            let largest = own.last().cloned().unwrap_or_default();
            let place = place.to_owned();
            Err(ArraysError::ClassNames { place, names: names.len(), largest })
        }
        Some((place, _)) => {
            notes.push(format!("{place} was not used: the labels are names already"));
            Ok(own)
        }
        None => {
            notes.extend(renumbered(classes, counted));
            Ok(own)
        }
    }
}

/// Says how numbers that do not count from 0 became classes.
fn renumbered(classes: &[Label], counted: bool) -> Option<String> {
    let (Label::Whole(first), Label::Whole(last)) = (classes.first()?, classes.last()?) else {
        return None;
    };
    let most = classes.len().saturating_sub(1);
    if counted {
        return None;
    }
    let gapless = last.checked_sub(*first) == i128::try_from(most).ok();
    Some(match gapless {
        true => format!("labels {first} to {last} became classes 0 to {most}"),
        false => {
            let labels: Listed = classes.iter().map(Label::to_string).collect();
            format!("labels {labels} became classes 0 to {most}")
        }
    })
}

/// The class of each row, where `known` are the labels of the classes as text.
pub(super) fn numbered(labels: &Labels, known: &[String]) -> Result<Vec<u32>, ArraysError> {
    let numbers: BTreeMap<&str, u32> = known.iter().map(String::as_str).zip(0..).collect();
    let mut cache: BTreeMap<&Label, Option<u32>> = BTreeMap::new();
    let rows = labels.rows.iter().map(|label| {
        *cache.entry(label).or_insert_with(|| numbers.get(label.to_string().as_str()).copied())
    });
    let rows: Option<Vec<u32>> = rows.collect::<Vec<_>>().into_iter().collect();
    rows.ok_or_else(|| {
        let unknown = cache.iter().filter(|entry| entry.1.is_none());
        let labels_unknown = unknown.map(|entry| entry.0.to_string()).collect();
        let known = known.iter().cloned().collect();
        ArraysError::UnknownLabels { place: labels.place.clone(), labels: labels_unknown, known }
    })
}
