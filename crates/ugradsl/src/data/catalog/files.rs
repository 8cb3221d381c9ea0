//! Builds data sets from the content of files.

use std::path::{Path, PathBuf};

use super::super::dataset::{Dataset, Normalisation};
use super::super::formats::{
    Content, FormatError, FormatErrorKind, GroupSource, TextFolder, groups_files, read_groups,
};
use super::super::image_set::ImageSet;
use super::error::DataError;
use super::options::OpenOptions;

/// Two sets of images as a data set. Classes and normalisation that are not given come from the
/// training set.
pub(super) fn assemble(
    name: &str,
    train: ImageSet,
    test: ImageSet,
    classes: Option<usize>,
    normalisation: Option<Normalisation>,
) -> Result<Dataset, DataError> {
    let highest = || train.labels().iter().max().map_or(0, |&label| label as usize + 1);
    let classes = classes.unwrap_or_else(highest);
    let normalisation = normalisation.unwrap_or_else(|| Normalisation::measure(&train));
    Dataset::new(name, classes, train, test, normalisation)
        .map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })
}

/// The data set `name`, from the content of `directory`. What is `known` of it takes precedence
/// over what was read.
pub(super) fn dataset(
    name: &str,
    directory: &Path,
    content: Content,
    known: Option<(usize, Normalisation)>,
    options: &OpenOptions,
) -> Result<Dataset, DataError> {
    match content {
        Content::Images { train, test, classes, normalisation, groups } => {
            let (classes, normalisation) = match known {
                Some((classes, normalisation)) => (Some(classes), Some(normalisation)),
                None => (classes, normalisation),
            };
            let data = |groups| {
                let data = assemble(name, train, test, classes, normalisation)?;
                Ok::<_, DataError>(Dataset { groups, ..data })
            };
            match groups {
                GroupSource::List(groups) => grouped(data(groups)?, directory),
                GroupSource::Folders(groups) => {
                    no_list_of_groups(directory, Some("pictures"))?;
                    data(groups)
                }
            }
        }
        Content::Texts(folder) => {
            no_list_of_groups(directory, Some("texts"))?;
            tokenised(name, folder, options)
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
        FormatErrorKind::NoTest(test) => {
            DataError::NoTest { name: name.clone(), train: path, test }
        }
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

/// Texts as a data set. The tokenizer is trained on the training texts if none is given.
#[cfg(all(feature = "text", not(target_family = "wasm")))]
fn tokenised(name: &str, folder: TextFolder, options: &OpenOptions) -> Result<Dataset, DataError> {
    use super::super::formats::Texts;
    use super::super::text_set::TextSet;
    use super::super::tokenizer::Tokenizer;

    let failed = |reason| DataError::Tokenizer { name: name.to_owned(), reason };
    let length = options.text.length;
    let tokenizer = match &options.tokenizer {
        Some(tokenizer) => tokenizer.clone(),
        None => Tokenizer::train(&folder.train.texts, options.text.vocabulary).map_err(failed)?,
    };
    let set = |texts: Texts| {
        let tokens = tokenizer.encode(&texts.texts, length).map_err(failed)?;
        let set = TextSet::new(length, tokens, texts.labels, tokenizer.clone());
        set.map_err(|reason| DataError::Texts { name: name.to_owned(), reason })
    };
    let (train, test) = (set(folder.train)?, set(folder.test)?);
    let data = Dataset::new(name, folder.classes.len(), train, test, Normalisation::identity(1));
    let data = data.map_err(|reason| DataError::Dataset { name: name.to_owned(), reason })?;
    Ok(Dataset { groups: folder.groups, ..data })
}

#[cfg(not(all(feature = "text", not(target_family = "wasm"))))]
fn tokenised(name: &str, _: TextFolder, _: &OpenOptions) -> Result<Dataset, DataError> {
    Err(DataError::Feature { name: name.to_owned(), feature: "text" })
}
