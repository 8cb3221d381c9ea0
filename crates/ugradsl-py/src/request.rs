//! Requests to forget, as Python writes them.

use serde::Deserialize;
use ugradsl::data::{Dataset, ForgetError, ForgetRequest};

use crate::error::{Failure, Result};

/// A request: rows of any of some terms, but not those of others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    any: Vec<Term>,
    but_not: Vec<Term>,
    copies: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Term {
    Class(Class),
    /// A path, with `*` and `?`.
    File(String),
    Group(String),
    Ids(Vec<String>),
    /// One value per training row.
    Mask(Vec<bool>),
    Random(f64),
    Rows(Vec<u32>),
    /// As on the command line.
    Text(String),
    /// Columns and values.
    Where(Vec<(String, String)>),
}

impl Term {
    /// How the command line would say it, for terms that their rows do not name.
    fn name(&self) -> Option<String> {
        let condition = |(column, value): &(String, String)| format!("{column}={value}");
        match self {
            Self::File(pattern) => Some(format!("file:{pattern}")),
            Self::Text(text) => Some(text.clone()),
            Self::Where(pairs) => {
                let conditions: Vec<_> = pairs.iter().map(condition).collect();
                Some(format!("where:{}", conditions.join("&")))
            }
            _ => None,
        }
    }
}

/// A class by its number or its name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Class {
    Number(u32),
    Name(String),
}

/// The request that the JSON `asked` stands for in `data`, and its name in results.
pub(crate) fn read(asked: &str, data: &Dataset) -> Result<(ForgetRequest, String)> {
    let Asked { any, but_not, copies } = serde_json::from_str(asked)?;
    let name = match (any.as_slice(), but_not.is_empty()) {
        ([term], true) => term.name(),
        _ => None,
    };
    let (mut of, without) = (all(any, data)?, all(but_not, data)?);
    let request = match (of.len(), without.is_empty()) {
        (1, true) => of.remove(0),
        _ => ForgetRequest::Several { of, without },
    };
    let name = name.unwrap_or_else(|| request.to_string());
    Ok(match copies {
        true => (ForgetRequest::WithCopies(Box::new(request)), format!("{name} with copies")),
        false => (request, name),
    })
}

fn all(terms: Vec<Term>, data: &Dataset) -> Result<Vec<ForgetRequest>> {
    terms.into_iter().map(|term| one(term, data)).collect()
}

fn one(term: Term, data: &Dataset) -> Result<ForgetRequest> {
    Ok(match term {
        Term::Class(Class::Number(class)) => ForgetRequest::Class(class),
        Term::Class(Class::Name(name)) => match data.class_names.find(&name) {
            Some(class) => ForgetRequest::Class(class),
            None => {
                let names = data.class_names.clone();
                return Err(ForgetError::UnknownClassName { name, names }.into());
            }
        },
        Term::File(pattern) => ForgetRequest::by_files(&[pattern], data)?,
        Term::Group(name) => ForgetRequest::Group(name),
        Term::Ids(ids) => ForgetRequest::by_ids(ids, data)?,
        Term::Mask(taken) => ForgetRequest::Ids(taken_rows(&taken, data)?),
        Term::Random(share) => ForgetRequest::Random(share),
        Term::Rows(rows) => ForgetRequest::Ids(rows),
        Term::Text(text) => ForgetRequest::parse_for(&text, data)?,
        Term::Where(pairs) => {
            let pairs: Vec<_> = pairs.iter().map(|(column, value)| (&**column, &**value)).collect();
            ForgetRequest::by_values(&pairs, data)?
        }
    })
}

/// Numbers of the rows that a mask takes.
fn taken_rows(taken: &[bool], data: &Dataset) -> Result<Vec<u32>> {
    let (found, rows) = (taken.len(), data.train.len());
    if found != rows {
        return Err(Failure::new(
            "RequestError",
            format!(
                "the mask has {found} values, and there are {rows} training rows: give one value per row"
            ),
        ));
    }
    Ok((0..).zip(taken).filter_map(|(row, taken)| taken.then_some(row)).collect())
}
