//! The grammar of a request: terms joined by `and` or `or`, and after `but not` those that are
//! excluded.

use super::{ForgetError, ForgetRequest};

/// Between two terms.
pub(super) const AND: &str = " and ";
/// The same, for conditions, of which `and` could mean both.
const OR: &str = " or ";
/// Before the terms that are excluded.
pub(super) const BUT_NOT: &str = " but not ";

/// At the end, for copies of the rows.
pub(super) const WITH_COPIES: &str = " with copies";

/// Parses a request, each of its terms by `term`.
pub(super) fn parse(
    request: &str,
    term: &dyn Fn(&str) -> Result<ForgetRequest, ForgetError>,
) -> Result<ForgetRequest, ForgetError> {
    if let Some(request) = request.trim_end().strip_suffix(WITH_COPIES) {
        return Ok(ForgetRequest::WithCopies(Box::new(parse(request, term)?)));
    }
    let mut sides = split(request, BUT_NOT).into_iter();
    let terms = |side: &str| {
        let parts = split(side, AND);
        let conditions = parts.iter().filter(|part| part.trim_start().starts_with("where:"));
        if conditions.count() > 1 {
            return Err(ForgetError::Conditions(side.to_owned()));
        }
        let parts = parts.into_iter().flat_map(|part| split(part, OR));
        parts.map(term).collect::<Result<Vec<_>, _>>()
    };
    let mut of = terms(sides.next().unwrap_or_default())?;
    let excluded = |side: &str| match terms(side)? {
        several if several.len() > 1 => {
            Err(ForgetError::JoinedExclusions(format!("{}{side}", BUT_NOT.trim_start())))
        }
        one => Ok(one),
    };
    let without = sides.map(excluded).collect::<Result<Vec<_>, _>>()?.concat();
    Ok(match of.pop() {
        Some(only) if of.is_empty() && without.is_empty() => only,
        last => ForgetRequest::Several { of: of.into_iter().chain(last).collect(), without },
    })
}

/// The parts between `word`, where it is followed by a term: names may hold the word, too.
fn split<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(found) = rest.get(from..).and_then(|tail| tail.find(word)) {
        let (at, after) = (from + found, from + found + word.len());
        match kind_of(&rest[after..]).is_ok() {
            true => {
                parts.push(&rest[..at]);
                (rest, from) = (&rest[after..], 0);
            }
            false => from = after,
        }
    }
    parts.push(rest);
    parts
}

/// The kind of a term, without its colon, and what follows.
pub(super) fn kind_of(term: &str) -> Result<(&str, &str), ForgetError> {
    let known = |kind: &str| {
        ForgetRequest::KINDS.iter().any(|known| known.prefix.strip_suffix(':') == Some(kind))
    };
    // A class or share without anything has an error of its own.
    let stated = |(kind, text): &(&str, &str)| {
        matches!(*kind, "class" | "random") || !text.trim().is_empty()
    };
    term.trim_start()
        .split_once(':')
        .filter(|(kind, _)| known(kind))
        .filter(stated)
        .ok_or_else(|| ForgetError::Syntax { request: term.to_owned() })
}
