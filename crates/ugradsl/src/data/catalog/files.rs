//! Builds data sets from the content of files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::class_names::ClassNames;
use super::super::dataset::Dataset;
use super::super::formats::{
    Content, FormatError, FormatErrorKind, Part, Rows, Texts, groups_files, read_groups,
};
use super::super::groups::Groups;
use super::super::image_set::ImageSet;
use super::super::normalisation::Normalisation;
use super::super::reading::Reading;
use super::super::samples::Samples;
use super::error::DataError;
use super::options::OpenOptions;
use super::{parts as beside, test_share};

/// What is known of a data set, which takes precedence over what was read.
pub(super) type Known = (ClassNames, Normalisation);

/// Two sets of images as a data set. Classes and normalisation that are not known come from the
/// training set.
pub(super) fn assemble(
    name: &str,
    train: ImageSet,
    test: ImageSet,
    known: Option<Known>,
) -> Result<Dataset, DataError> {
    let (classes, normalisation) = known.unzip();
    finish(name, train.into(), test.into(), classes, normalisation)
}

fn finish(
    name: &str,
    train: Samples,
    test: Samples,
    classes: Option<ClassNames>,
    normalisation: Option<Normalisation>,
) -> Result<Dataset, DataError> {
    let classes = classes.unwrap_or_else(|| numbered(train.labels()));
    let normalisation = normalisation.unwrap_or_else(|| match &train {
        Samples::Images(images) => Normalisation::measure(images),
        _ => Normalisation::identity(1),
    });
    Dataset::new(name, classes.len(), train, test, normalisation)
        .and_then(|data| data.with_class_names(classes))
        .map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })
}

/// As many classes as the highest label says.
fn numbered(labels: &[u32]) -> ClassNames {
    ClassNames::numbered(labels.iter().max().map_or(0, |&label| label as usize + 1))
}

/// The data set `name`, from the content of `directory`.
pub(super) fn dataset(
    name: &str,
    directory: &Path,
    content: Content,
    known: Option<Known>,
    in_folders: Option<&'static str>,
    options: &OpenOptions,
) -> Result<Dataset, DataError> {
    let Content { train, test, classes, normalisation, reading: form, mut notes, renumbered } =
        content;
    let (classes, normalisation) = match known {
        Some((classes, normalisation)) => (Some(classes), Some(normalisation)),
        None => (classes, normalisation),
    };
    let mut reading = Reading { said: options.read.clone(), form, test: None };
    let before = options.saved.as_ref().and_then(|saved| saved.test.as_ref());
    let named = || classes.clone().unwrap_or_else(|| numbered(train.rows.labels()));
    let (train, test, row_numbers) = match (test, before, options.read.test_share) {
        (Some(test), None, None) => (train, test, None),
        (Some(_), ..) => return Err(DataError::TestPartTwice { name: name.to_owned() }),
        (None, Some(made), _) => {
            reading.test = Some(made.clone());
            let parts = test_share::apply(made, &train, &named());
            (parts.train, parts.test, Some(parts.numbers))
        }
        (None, None, Some(share)) => {
            let (parts, made) = test_share::split(name, &train, &named(), share, &mut notes)?;
            reading.test = Some(made);
            (parts.train, parts.test, Some(parts.numbers))
        }
        (None, None, None) => return Err(DataError::NoTestPart { path: directory.to_owned() }),
    };
    let Part { rows, names, groups, columns } = train;
    let test_names = test.names;
    let (train, test) = samples(name, rows, test.rows, options)?;
    if normalisation.is_none() {
        beside::same_scale(name, &train, &test)?;
    }
    let data = finish(name, train, test, classes, normalisation)?;
    notes.extend(beside::notes(&data.train, &data.test, &data.class_names));
    notes.extend(similar("classes", data.class_names.all().iter()));
    let data = Dataset {
        groups,
        row_names: names,
        row_numbers,
        test_names,
        columns,
        reading,
        notes,
        renumbered,
        ..data
    };
    no_list_of_groups(directory, in_folders)?;
    let mut data = grouped(data, directory)?;
    let groups = data.groups.iter().flat_map(of_groups).collect::<Vec<_>>();
    let columns = data.columns.names().filter_map(|column| {
        let values: BTreeSet<&String> = data.columns.values(column)?.iter().collect();
        similar(&format!("values of column `{column}`"), values.into_iter())
    });
    let found: Vec<String> = groups.into_iter().chain(columns).collect();
    data.notes.extend(found);
    Ok(data)
}

/// Notes on groups that a request may not take as it was meant.
fn of_groups(groups: &Groups) -> Vec<String> {
    let several = groups.several().map(|(row, names, rows)| {
        format!("{rows} rows belong to several groups each; row {row} to {}", names.join(" and "))
    });
    let mut numbers: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for name in groups.names() {
        if let Ok(number) = name.parse::<f64>() {
            numbers.entry(number.to_bits()).or_default().push(name);
        }
    }
    let alike = numbers.into_values().find(|names| names.len() > 1).map(|names| {
        format!(
            "these groups are different, although they are the same number: {}",
            names.join(", ")
        )
    });
    similar("groups", groups.names().iter()).into_iter().chain(several).chain(alike).collect()
}

/// A note where names differ in upper and lower case or in spaces only: a request for one does not
/// take the other.
fn similar<'a>(what: &str, names: impl Iterator<Item = &'a String>) -> Option<String> {
    const SHOWN: usize = 3;
    let mut written: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for name in names {
        let plain = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        written.entry(plain).or_default().push(name);
    }
    let alike: Vec<String> = written
        .into_values()
        .filter(|names| names.len() > 1)
        .map(|names| names.join(", "))
        .collect();
    let (count, shown) = (alike.len(), alike.iter().take(SHOWN).cloned().collect::<Vec<_>>());
    let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
    (count > 0).then(|| {
        format!("these {what} are different, although they look alike: {}{more}", shown.join("; "))
    })
}

/// Rows as they are kept; texts are cut into tokens.
fn samples(
    name: &str,
    train: Rows,
    test: Rows,
    options: &OpenOptions,
) -> Result<(Samples, Samples), DataError> {
    match (train, test) {
        (Rows::Texts(train), Rows::Texts(test)) => tokenised(name, train, test, options),
        (train, test) => {
            let [train, test] = [train, test].map(|rows| match rows {
                Rows::Images(images) => Some(images.into()),
                Rows::Features(features) => Some(features.into()),
                Rows::Texts(_) => None,
            });
            train.zip(test).ok_or_else(|| DataError::Dataset {
                name: name.to_owned(),
                reason: super::super::dataset::DatasetError::Kinds,
            })
        }
    }
}

/// Refuses a list of groups in `directory` where the groups of `what` are folders.
pub(super) fn no_list_of_groups(
    directory: &Path,
    what: Option<&'static str>,
) -> Result<(), DataError> {
    match groups_files(directory).pop().zip(what) {
        Some((path, what)) => Err(DataError::GroupsOfFiles { path, what }),
        None => Ok(()),
    }
}

/// The error of a format, with the data set's name if a file is missing.
pub(super) fn named(name: &str) -> impl Fn(FormatError) -> DataError {
    let name = name.to_owned();
    move |FormatError { path, kind }| match *kind {
        FormatErrorKind::Missing(paths) => DataError::Missing { name: name.clone(), paths },
        kind => DataError::Format(FormatError { path, kind: Box::new(kind) }),
    }
}

/// The data with the groups from the list beside its files, if there is one.
fn grouped(data: Dataset, directory: &Path) -> Result<Dataset, DataError> {
    let twice = |path: PathBuf, other| Err(DataError::GroupsTwice { path, other });
    let mut files = groups_files(directory);
    match (files.pop(), files.pop()) {
        (Some(path), Some(other)) => twice(path, other.display().to_string()),
        (Some(path), None) if data.groups.is_some() => {
            twice(path, "the column `group` of the training table".to_owned())
        }
        (Some(path), None) => {
            let groups = read_groups(&path, data.train.len())?;
            Ok(Dataset { groups: Some(groups), ..data })
        }
        (None, _) => Ok(data),
    }
}

/// Texts as rows of tokens. The tokenizer is trained on the training texts if none is given.
#[cfg(all(feature = "text", not(target_family = "wasm")))]
fn tokenised(
    name: &str,
    train: Texts,
    test: Texts,
    options: &OpenOptions,
) -> Result<(Samples, Samples), DataError> {
    use super::super::text_set::TextSet;
    use super::super::tokenizer::Tokenizer;

    let failed = |reason| DataError::Tokenizer { name: name.to_owned(), reason };
    let length = options.text.length;
    let tokenizer = match (&options.tokenizer, &options.text.tokenizer) {
        (Some(tokenizer), _) => tokenizer.clone(),
        (None, Some(file)) => {
            let path = Path::new(file);
            let json = std::fs::read_to_string(path).map_err(FormatError::at(path))?;
            let named = |reason| DataError::Tokenizer { name: file.clone(), reason };
            Tokenizer::foreign(json).map_err(named)?
        }
        (None, None) => Tokenizer::train(&train.texts, options.text.vocabulary).map_err(failed)?,
    };
    let set = |texts: Texts| {
        let tokens = tokenizer.encode(&texts.texts, length).map_err(failed)?;
        let set = TextSet::new(length, tokens, texts.labels, tokenizer.clone());
        let set = set.map_err(|reason| DataError::Texts { name: name.to_owned(), reason })?;
        Ok::<Samples, DataError>(set.into())
    };
    Ok((set(train)?, set(test)?))
}

#[cfg(not(all(feature = "text", not(target_family = "wasm"))))]
fn tokenised(
    name: &str,
    _: Texts,
    _: Texts,
    _: &OpenOptions,
) -> Result<(Samples, Samples), DataError> {
    Err(DataError::Feature { name: name.to_owned(), feature: "text" })
}
