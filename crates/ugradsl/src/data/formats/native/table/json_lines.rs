//! JSON: an object on each line, or an array of objects, all with the same names.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::error::Problem;
use super::grid::Grid;
use super::listed::{Listed, names, quoted};

/// Whether a text is JSON with objects; an array of lists is refused.
pub(super) fn is_json(text: &str) -> Result<bool, Problem> {
    let text = text.trim_start();
    let array = text.strip_prefix('[').map(str::trim_start);
    if array.is_some_and(|rest| rest.starts_with('[')) {
        return Err(Problem::JsonArray);
    }
    if array.is_some_and(|rest| rest.starts_with('{')) {
        return Ok(true);
    }
    let object = text.strip_prefix('{');
    Ok(object
        .is_some_and(|rest| rest.trim_start().starts_with(['"', '}']) || rest.trim().is_empty()))
}

/// The table of JSON objects. Names stand in the order of the first one.
pub(super) fn grid(text: &str) -> Result<Grid, Problem> {
    match text.trim_start().starts_with('[') {
        true => of_objects(of_array(text)?),
        false => of_objects(of_lines(text)),
    }
}

/// The fields of an object, and the line that it begins on.
type Object = Result<(usize, Line), Problem>;

fn of_lines(text: &str) -> impl Iterator<Item = Object> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, text)| {
        let line = at + 1;
        let fields = serde_json::from_str(text);
        Ok((line, fields.map_err(|error| Problem::Json { line, reason: reason(&error) })?))
    })
}

fn of_array(text: &str) -> Result<impl Iterator<Item = Object>, Problem> {
    let elements: Result<Vec<Line>, _> = serde_json::from_str(text);
    let elements = elements
        .map_err(|error| Problem::JsonObjects { line: error.line(), reason: reason(&error) })?;
    let begins = beginnings(text);
    Ok(elements.into_iter().zip(begins).map(|(fields, line)| Ok((line, fields))))
}

/// The lines that the objects of an array begin on. The text is valid JSON.
fn beginnings(text: &str) -> Vec<usize> {
    let (mut line, mut depth, mut in_text, mut escaped) = (1, 0_usize, false, false);
    let mut found = Vec::new();
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                if depth == 2 {
                    found.push(line);
                }
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            b'\n' => line += 1,
            _ => {}
        }
    }
    found
}

fn of_objects(objects: impl Iterator<Item = Object>) -> Result<Grid, Problem> {
    let mut table: Option<(Grid, HashMap<String, usize>)> = None;
    let mut other = Listed::default();
    for object in objects {
        let (line, Line(mut fields)) = object?;
        let (grid, order) = table.get_or_insert_with(|| empty(&fields));
        if fields.iter().zip(grid.names()).any(|((name, _), known)| name != known) {
            fields.sort_by_key(|(name, _)| order.get(name));
        }
        if !fields.iter().map(|(name, _)| name).eq(grid.names()) {
            other.push(|| difference(line, &fields, order));
            continue;
        }
        let row: Result<Vec<String>, Problem> =
            fields.into_iter().map(|(name, value)| cell(line, &name, value)).collect();
        grid.push(line, &row?)?;
    }
    match table {
        None => Err(Problem::Empty),
        Some((grid, _)) if other.is_empty() => Ok(grid),
        Some(_) => Err(Problem::Fields { other }),
    }
}

/// A table with the names of the first line, and where each stands.
fn empty(fields: &[(String, Value)]) -> (Grid, HashMap<String, usize>) {
    let names: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
    let order = names.iter().cloned().zip(0..).collect();
    (Grid::new(names, true, None), order)
}

/// What is wrong, without the place, which would be within the line.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.find(" at line ").unwrap_or(text.len());
    format!("{} (column {})", text.get(..end).unwrap_or(""), error.column())
}

fn difference(line: usize, fields: &[(String, Value)], order: &HashMap<String, usize>) -> String {
    let has: HashSet<&String> = fields.iter().map(|(name, _)| name).collect();
    let mut lacks: Vec<(&usize, &String)> =
        order.iter().filter(|(name, _)| !has.contains(name)).map(|(name, at)| (at, name)).collect();
    lacks.sort_unstable();
    let lacks = names(lacks.iter().map(|(_, name)| name.as_str()));
    let extra = fields.iter().map(|(name, _)| name).filter(|name| !order.contains_key(*name));
    let extra = names(extra.map(String::as_str));
    match (lacks.is_empty(), extra.is_empty()) {
        (false, true) => format!("line {line} lacks {lacks}"),
        (true, _) => format!("line {line} has also {extra}"),
        (false, false) => format!("line {line} lacks {lacks} and has also {extra}"),
    }
}

fn cell(line: usize, name: &str, value: Value) -> Result<String, Problem> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => Ok(text),
        Value::Array(_) | Value::Object(_) => Err(Problem::Nested { line, name: quoted(name) }),
    }
}

/// The fields of a line in their order.
struct Line(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object such as {\"text\": \"...\", \"label\": \"...\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            fields.push((name, value));
        }
        let mut sorted: Vec<&String> = fields.iter().map(|(name, _)| name).collect();
        sorted.sort_unstable();
        match sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a == b) {
            Some((name, _)) => {
                let message = format!("{} is there twice", quoted(name));
                Err(serde::de::Error::custom(message))
            }
            None => Ok(Line(fields)),
        }
    }
}
