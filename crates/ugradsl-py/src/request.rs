//! Requests to forget, as Python writes them.

use serde::Deserialize;
use ugradsl::data::{Dataset, ForgetError, ForgetRequest};

use crate::error::Result;

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
    Group(String),
    Ids(Vec<String>),
    Random(f64),
    Rows(Vec<u32>),
    /// As on the command line.
    Text(String),
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
    // A text as on the command line is its own name.
    let name = match (any.as_slice(), but_not.is_empty()) {
        ([Term::Text(text)], true) => Some(text.clone()),
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
        Term::Group(name) => ForgetRequest::Group(name),
        Term::Ids(ids) => ForgetRequest::by_ids(ids, data)?,
        Term::Random(share) => ForgetRequest::Random(share),
        Term::Rows(rows) => ForgetRequest::Ids(rows),
        Term::Text(text) => ForgetRequest::parse_for(&text, data)?,
    })
}
