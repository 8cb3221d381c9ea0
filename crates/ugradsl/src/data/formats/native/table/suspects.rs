//! Columns that do not look like features: ids, people, times, weights.
//!
//! A model learns an id by heart, which makes forgetting look better or worse than it is.

use std::collections::HashSet;

use super::grid::Grid;
use super::heading::pixel;
use super::listed::{Listed, quoted, typed};
use super::number::{is_missing, number, whole, words};
use super::pixels::FEWEST;
use super::roles::Roles;

/// In more rows than this, values that are all different are suspicious.
const FEW_ROWS: usize = 20;

/// In fewer rows than this, 0, 1, 2, ... may be chance.
const COUNTED: usize = 5;

/// From this many words on (their median), cells are texts.
const TEXT_WORDS: usize = 4;

const IDS: &[&str] = &[
    "id",
    "ids",
    "uuid",
    "guid",
    "idx",
    "index",
    "row",
    "rowid",
    "key",
    "nr",
    "no",
    "unnamed",
    "userid",
    "patientid",
    "customerid",
    "clientid",
    "sampleid",
    "recordid",
    "imageid",
    "personid",
    "ssn",
    "mrn",
    "pid",
    "barcode",
    "serial",
    "rownumber",
    "filename",
    "account",
    "pk",
    "hash",
    "url",
    "uri",
    "path",
    "iban",
];
const PEOPLE: &[&str] = &[
    "user",
    "patient",
    "customer",
    "client",
    "person",
    "subject",
    "member",
    "email",
    "name",
    "username",
    "phone",
    "author",
    "speaker",
    "participant",
    "student",
    "employee",
    "visitor",
    "owner",
    "writer",
    "worker",
    "household",
    "respondent",
    "device",
    "session",
    "surname",
    "firstname",
    "lastname",
    "fullname",
    "mail",
    "contact",
    "address",
    "telephone",
    "mobile",
];
const TIMES: &[&str] = &[
    "timestamp",
    "datetime",
    "date",
    "time",
    "datum",
    "ts",
    "dob",
    "birthday",
    "birthdate",
    "created",
    "updated",
];
const WEIGHTS: &[&str] = &["weight", "weights", "split", "fold", "partition"];

/// Why a column may not be a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Id,
    Person,
    Time,
    Weight,
    Counted,
    Code,
    Different,
    Texts,
}

/// The message about all suspicious columns, if there are any; else the column of texts, if that is
/// all there is.
pub(super) fn check(grid: &Grid, roles: &Roles) -> Result<Option<usize>, Listed> {
    let named = |&at: &usize| (!roles.wanted.contains(&at)).then(|| by_name(grid.name(at)));
    let unnamed = |at: &usize| named(at).flatten().is_none();
    let left: Vec<usize> = roles.rest.iter().copied().filter(unnamed).collect();
    let text = match left[..] {
        [only] if !roles.wanted.contains(&only) && are_texts(grid, only) => Some(only),
        _ => None,
    };
    let pixels = left.iter().filter(|&&at| pixel(grid.name(at)).is_some()).count() >= FEWEST;
    let mut found = Listed::default();
    for &at in roles.rest.iter().filter(|at| !roles.wanted.contains(at) && text != Some(**at)) {
        let exempt = pixels && pixel(grid.name(at)).is_some();
        let by_values = || if exempt { None } else { by_values(grid, at) };
        if let Some(why) = by_name(grid.name(at)).or_else(by_values) {
            found.push(|| remedy(grid.name(at), why));
        }
    }
    if found.is_empty() { Ok(text) } else { Err(found) }
}

/// Words of a name: `userId`, `user_id` and `User ID` are two words each.
fn name_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for char in name.chars() {
        if !char.is_alphanumeric() || (lower && char.is_uppercase()) {
            words.push(String::new());
        }
        lower = char.is_lowercase();
        if let (true, Some(word)) = (char.is_alphanumeric(), words.last_mut()) {
            word.extend(char.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn by_name(name: &str) -> Option<Why> {
    let words = name_words(name);
    let (first, last) = (words.first()?.as_str(), words.last()?.as_str());
    let only = words.len() == 1;
    // `no` and `row` are ids alone, but `row_sum` and `yes_no` are not.
    let id = IDS.contains(&last) && (only || !["row", "no"].contains(&last));
    if id || ["id", "index", "unnamed"].contains(&first) {
        let whose = words.len() == 2 && PEOPLE.contains(&first);
        return Some(if whose { Why::Person } else { Why::Id });
    }
    let number = ["number", "nr", "no", "code"].contains(&last);
    let person = only || (words.len() == 2 && number);
    if (person && PEOPLE.contains(&first)) || ["name", "email", "mail"].contains(&last) {
        return Some(Why::Person);
    }
    if words.len() == 2 && last == "at" && ["created", "updated"].contains(&first) {
        return Some(Why::Time);
    }
    if TIMES.contains(&last) || ["date", "timestamp", "datetime"].contains(&first) {
        return Some(Why::Time);
    }
    WEIGHTS.contains(&last).then_some(Why::Weight)
}

fn by_values(grid: &Grid, column: usize) -> Option<Why> {
    if counted(grid, column) {
        return Some(Why::Counted);
    }
    if grid.column(column).any(leads_with_zero) {
        return Some(Why::Code);
    }
    if !different(grid, column) {
        return None;
    }
    Some(if are_texts(grid, column) { Why::Texts } else { Why::Different })
}

/// Whether the values are 0, 1, 2, ... or 1, 2, 3, ... in the order of the rows.
fn counted(grid: &Grid, column: usize) -> bool {
    let mut values = grid.column(column).map(|cell| whole(cell, grid.comma));
    let Some(Some(start @ (0 | 1))) = values.next() else { return false };
    grid.rows() >= COUNTED && values.zip(start + 1..).all(|(value, at)| value == Some(at))
}

/// Whether a cell is written like a code: `01067` is a postcode, and as a number it is another one.
fn leads_with_zero(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether all values are different, and all whole numbers or all text.
fn different(grid: &Grid, column: usize) -> bool {
    let mut seen = HashSet::new();
    let mut texts = None;
    for cell in grid.column(column).filter(|cell| !is_missing(cell)) {
        let is_text = number(cell, grid.comma).is_none();
        let like = *texts.get_or_insert(is_text) == is_text;
        if !like || (!is_text && whole(cell, grid.comma).is_none()) || !seen.insert(cell) {
            return false;
        }
    }
    seen.len() > FEW_ROWS
}

/// Whether a column holds texts rather than words or numbers.
pub(super) fn are_texts(grid: &Grid, column: usize) -> bool {
    let numbers = grid.column(column).filter(|cell| number(cell, grid.comma).is_some()).count();
    if numbers * 2 > grid.rows() {
        return false;
    }
    let mut counts: Vec<usize> = grid.column(column).map(words).collect();
    let middle = counts.len() / 2;
    middle < counts.len() && *counts.select_nth_unstable(middle).1 >= TEXT_WORDS
}

fn remedy(name: &str, why: Why) -> String {
    let (looks, options): (&str, &[&str]) = match why {
        Why::Id => ("is called like an id", &["id", "group", "ignore"]),
        Why::Person => ("is called like a person", &["group", "id", "ignore"]),
        Why::Time => ("is called like a time", &["ignore", "group"]),
        Why::Weight => ("is called like a weight or a split", &["ignore"]),
        Why::Counted => ("counts the rows", &["id", "ignore"]),
        Why::Code => ("has numbers with leading zeros, as codes have", &["ignore", "group"]),
        Why::Different => ("is different in every row", &["id", "text", "ignore"]),
        Why::Texts => ("holds a text that is different in every row", &["text", "ignore"]),
    };
    let name_typed = typed(name);
    let typed: Vec<String> = options.iter().map(|it| format!("--{it} {name_typed}")).collect();
    let feature = if why == Why::Texts { "" } else { " to learn from it" };
    let last =
        if why == Why::Texts { String::new() } else { format!(" or --feature {name_typed}") };
    format!("{} {looks}: type {}{last}{feature}", quoted(name), typed.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_columns_away() {
        let cases: [(Why, &[&str]); 4] = [
            (
                Why::Id,
                &["id", "ID", "row", "index", "Unnamed: 0", "sampleId", "id_2", "PassengerId"],
            ),
            (
                Why::Person,
                &[
                    "user_id",
                    "patient_id",
                    "customer",
                    "Name",
                    "first_name",
                    "userId",
                    "participant",
                    "employee number",
                    "surname",
                    "e-mail",
                    "contact",
                ],
            ),
            (
                Why::Time,
                &[
                    "timestamp",
                    "date",
                    "date_of_birth",
                    "created time",
                    "Time",
                    "created_at",
                    "dob",
                    "Datum",
                ],
            ),
            (Why::Weight, &["sample_weight", "weight", "split", "fold"]),
        ];
        for (why, names) in cases {
            for name in names {
                assert_eq!(by_name(name), Some(why), "{name}");
            }
        }
        for name in ["age", "humid", "valid", "petal_length", "row_sum", "p1", "time_spent", "7"] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }
}
