//! Arrays with a purpose become labelled parts.

use std::collections::{BTreeMap, BTreeSet};

use super::array::Array;
use super::columns;
use super::labels::{self, Labels};
use super::names::{Named, Role, Split};
use super::{ArrayOptions, ArrayReading, Arrays, ArraysError, Listed, Part, values};

/// The arrays of a part.
#[derive(Debug)]
struct Raw {
    split: Split,
    values: Array,
    labels: Labels,
    ids: Option<Array>,
    groups: Option<Array>,
}

/// All arrays of a set, before any has been interpreted.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) arrays: Vec<Named>,
    /// Names of the classes that a reader knows from elsewhere, and where from.
    pub(super) class_names: Option<(String, Vec<String>)>,
    /// The names of classes by their label.
    pub(super) label_names: BTreeMap<String, String>,
    /// Arrays without a purpose.
    pub(super) unused: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// The parts. Without a name that says otherwise, arrays are for training.
pub(super) fn assemble(
    found: Found,
    options: &ArrayOptions,
    reading: Option<&ArrayReading>,
) -> Result<Arrays, ArraysError> {
    let Found { mut arrays, mut class_names, label_names, unused, mut notes } = found;
    if !unused.is_empty() {
        notes.push(format!("not used: {}", unused.iter().cloned().collect::<Listed>()));
    }
    if let Some(array) = take(&mut arrays, None, Role::ClassNames)? {
        class_names = Some((array.place.clone(), columns::texts(&array)?));
    }
    default_split(&mut arrays, &mut notes);
    let places = arrays.iter().map(|named| named.array.place.clone());
    let all: Listed = places.chain(unused).collect();
    let parts = Split::ALL.map(|split| raw(&mut arrays, split, &all));
    let [train, test, validation] = parts;
    let Some(train) = train? else {
        return Err(missing("values for training", all, "x_train"));
    };
    let raws: Vec<Raw> = [Some(train), test?, validation?].into_iter().flatten().collect();
    let reading = match reading {
        Some(reading) => reading.clone(),
        None => {
            let mut learned = learn(&raws, options, class_names.as_ref(), &mut notes)?;
            rename(&mut learned, &label_names);
            learned
        }
    };
    let mut parts = [None, None, None];
    for raw in raws {
        let at = Split::ALL.iter().position(|split| *split == raw.split);
        let read = part(raw, &reading)?;
        if let Some(part) = at.and_then(|at| parts.get_mut(at)) {
            *part = Some(read);
        }
    }
    let [train, test, validation] = parts;
    let train =
        train.ok_or_else(|| missing("values for training", Listed::default(), "x_train"))?;
    let classes = reading.classes.clone();
    Ok(Arrays { train, test, validation, classes, reading, notes })
}

/// Arrays that are not named for a part are for training, unless others are named for it.
fn default_split(arrays: &mut Vec<Named>, notes: &mut Vec<String>) {
    let train = arrays.iter().any(|named| named.split == Some(Split::Train));
    let parts = arrays.iter().any(|named| named.split.is_some());
    let mut unused = Listed::default();
    arrays.retain_mut(|named| {
        if named.split.is_some() {
            return true;
        }
        // Only training rows have ids and groups.
        if matches!(named.role, Role::Ids | Role::Groups) {
            named.split = Some(Split::Train);
            return true;
        }
        if train {
            unused.push(|| named.array.place.clone());
        } else if parts {
            notes.push(format!("{} is taken for training", named.array.place));
        }
        named.split = Some(Split::Train);
        !train
    });
    if !unused.is_empty() {
        notes.push(format!("not used, because others are named for training: {unused}"));
    }
}

/// Removes the one array of a part with that purpose.
fn take(
    arrays: &mut Vec<Named>,
    split: Option<Split>,
    role: Role,
) -> Result<Option<Array>, ArraysError> {
    let fits = |named: &Named| named.role == role && (split.is_none() || named.split == split);
    let Some(at) = arrays.iter().position(fits) else { return Ok(None) };
    let first = arrays.remove(at).array;
    match arrays.iter().find(|named| fits(named)) {
        None => Ok(Some(first)),
        Some(second) => {
            let second = second.array.place.clone();
            Err(ArraysError::Twice { first: first.place, second })
        }
    }
}

fn raw(arrays: &mut Vec<Named>, split: Split, all: &Listed) -> Result<Option<Raw>, ArraysError> {
    let mut column = |role| take(arrays, Some(split), role);
    let (values, labels) = (column(Role::Values)?, column(Role::Labels)?);
    let (ids, groups) = (column(Role::Ids)?, column(Role::Groups)?);
    let part = |what: &str| format!("{what} for the part `{}`", split.name());
    let (values, labels) = match (values, labels) {
        (Some(values), Some(labels)) => (values, labels),
        (None, None) if ids.is_none() && groups.is_none() => return Ok(None),
        (None, _) => {
            return Err(missing(&part("values"), all.clone(), "x_train, or x in train.npz"));
        }
        (_, None) => {
            return Err(missing(&part("labels"), all.clone(), "y_train, or y in train.npz"));
        }
    };
    let rows = values.rows();
    if rows == 0 || values.dims.is_empty() {
        return Err(ArraysError::Empty { place: values.place });
    }
    if u32::try_from(rows).is_err() {
        return Err(ArraysError::TooManyRows { place: values.place, rows });
    }
    for other in [Some(&labels), ids.as_ref(), groups.as_ref()].into_iter().flatten() {
        if other.rows() != rows {
            let (first, second) = (values.place.clone(), other.place.clone());
            let (first_rows, second_rows) = (rows, other.rows());
            return Err(ArraysError::Rows { first, first_rows, second, second_rows });
        }
    }
    let labels = Labels::read(&labels)?;
    Ok(Some(Raw { split, values, labels, ids, groups }))
}

/// How the training part is read, and which classes there are.
fn learn(
    raws: &[Raw],
    options: &ArrayOptions,
    names: Option<&(String, Vec<String>)>,
    notes: &mut Vec<String>,
) -> Result<ArrayReading, ArraysError> {
    let labels: Vec<&Labels> = raws.iter().map(|raw| &raw.labels).collect();
    let given = names.map(|(place, names)| (place.as_str(), names.as_slice()));
    let found = labels::classes(&labels, given.map(|given| given.1), notes)?;
    let classes = labels::names(&found, given, notes)?;
    let train = raws.first().map(|raw| &raw.values);
    let train =
        train.ok_or_else(|| missing("values for training", Listed::default(), "x_train"))?;
    let values = values::reading(train, options, notes)?;
    let labels = found.iter().map(ToString::to_string).collect();
    Ok(ArrayReading { values, labels, classes })
}

/// Names the classes, if each has a name of its own.
fn rename(reading: &mut ArrayReading, names: &BTreeMap<String, String>) {
    let named: Option<Vec<String>> =
        reading.labels.iter().map(|label| names.get(label).cloned()).collect();
    if let Some(named) = named {
        let different: BTreeSet<&String> = named.iter().collect();
        if different.len() == named.len() {
            reading.classes = named;
        }
    }
}

fn part(raw: Raw, reading: &ArrayReading) -> Result<Part, ArraysError> {
    Ok(Part {
        labels: labels::numbered(&raw.labels, &reading.labels)?,
        ids: raw.ids.as_ref().map(columns::ids).transpose()?,
        groups: raw.groups.as_ref().map(columns::groups).transpose()?,
        values: values::convert(raw.values, &reading.values)?,
    })
}

fn missing(what: &str, found: Listed, example: &'static str) -> ArraysError {
    ArraysError::Missing { what: what.to_owned(), found, example }
}
