//! A single setting of a recipe: a key and its value, given as text or as a Rust value.

use std::{fmt, str::FromStr};

use serde::Serialize;
use toml::{Table, Value};

use super::RecipeError;
use crate::unlearn::Method;

/// Keys whose value is a list; a setting may give a single element without brackets.
const LISTS: [&str; 3] = ["forget", "methods", "seeds"];

/// A key of the config and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    path: Vec<String>,
    value: Value,
}

impl Setting {
    /// The setting of `key` (dotted, as in a recipe) to `value`, whatever characters it has.
    ///
    /// # Errors
    ///
    /// If TOML cannot hold the value, such as an integer above [`i64::MAX`] or a path that is not
    /// UTF-8.
    pub fn new(key: &str, value: &(impl Serialize + ?Sized)) -> Result<Self, RecipeError> {
        Ok(Self { path: path(key), value: Value::try_from(value)? })
    }

    /// The key in its long form, e.g. `method.ugradsl-plus.p`.
    pub fn key(&self) -> String {
        self.path.join(".")
    }

    /// Whether both set the same key, or one of them sets a part of what the other sets.
    pub fn overlaps(&self, other: &Self) -> bool {
        overlap(&self.path, &other.path)
    }

    /// Whether the setting is the key `key` or a part of it.
    pub fn is_within(&self, key: &str) -> bool {
        self.path.starts_with(&path(key))
    }

    /// The keys of all values that it sets: those inside, where its value is a table.
    pub fn keys(&self) -> Vec<String> {
        fn below(path: &str, value: &Value) -> Vec<String> {
            match value {
                Value::Table(inner) => {
                    let keys = inner.iter();
                    keys.flat_map(|(key, value)| below(&format!("{path}.{key}"), value)).collect()
                }
                _ => vec![path.to_owned()],
            }
        }
        below(&self.key(), &self.value)
    }

    /// `a.b=c` as the table `{a: {b: c}}`.
    pub(super) fn to_table(&self) -> Table {
        let (Some((last, before)), value) = (self.path.split_last(), self.value.clone()) else {
            return Table::new();
        };
        let innermost = Table::from_iter([(last.clone(), value)]);
        let around = |inner, key: &String| Table::from_iter([(key.clone(), Value::Table(inner))]);
        before.iter().rev().fold(innermost, around)
    }
}

/// Whether two dotted keys name the same value, or one names a part of the other. `ugradsl.p` is
/// short for `method.ugradsl.p`.
pub fn keys_overlap(one: &str, other: &str) -> bool {
    overlap(&path(one), &path(other))
}

fn overlap(one: &[String], other: &[String]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

/// The parts of a key, in its long form.
fn path(key: &str) -> Vec<String> {
    let parts = || key.trim().split('.').map(str::to_owned);
    match parts().next().is_some_and(|first| is_unlearning_method(&first)) {
        true => std::iter::once("method".to_owned()).chain(parts()).collect(),
        false => parts().collect(),
    }
}

fn is_unlearning_method(name: &str) -> bool {
    name.parse().is_ok_and(Method::unlearns)
}

impl FromStr for Setting {
    type Err = RecipeError;

    /// `key=value`, the value in TOML or plain text. In `forget`, `methods` and `seeds` plain text
    /// is a list of elements with commas between them.
    fn from_str(text: &str) -> Result<Self, RecipeError> {
        let (key, value) =
            text.split_once('=').ok_or_else(|| RecipeError::Setting(text.to_owned()))?;
        let value = match parsed(value.trim()) {
            Value::String(_) if LISTS.contains(&key.trim()) => list(value.trim()),
            Value::Array(list) => Value::Array(list),
            element if LISTS.contains(&key.trim()) => Value::Array(vec![element]),
            value => value,
        };
        Ok(Self { path: path(key), value })
    }
}

/// The elements of `text`; a comma within quotes belongs to its element.
fn list(text: &str) -> Value {
    match format!("value = [{text}]").parse::<Table>() {
        Ok(mut table) if table.len() == 1 => table.remove("value"),
        _ => None,
    }
    .unwrap_or_else(|| {
        Value::Array(text.split(',').map(|element| parsed(element.trim())).collect())
    })
}

/// `text` as a TOML value, or as a string if it is not one.
fn parsed(text: &str) -> Value {
    let table: Result<Table, _> = format!("value = {text}").parse();
    match table {
        // With more than one key, the text holds a line break and the rest of it must not be lost.
        Ok(mut table) if table.len() == 1 => table.remove("value"),
        _ => None,
    }
    .unwrap_or_else(|| Value::String(text.to_owned()))
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key(), self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(text: &str) -> Setting {
        text.parse().unwrap()
    }

    #[test]
    fn keys_overlap_if_one_is_part_of_the_other() {
        for (one, other, expected) in [
            ("seeds", "seeds", true),
            ("training", "training.epochs", true),
            ("training.epochs", "training", true),
            ("ugradsl-plus.p", "method.ugradsl-plus.p", true),
            ("ugradsl-plus.p", "method", true),
            (" seeds ", "seeds", true),
            ("training.epochs", "training.batch_size", false),
            ("ugradsl.p", "ugradsl-plus.p", false),
            ("method.ugradsl.p", "methods", false),
            ("limit_train", "limit_test", false),
        ] {
            assert_eq!(keys_overlap(one, other), expected, "{one} and {other}");
            let [one, other] = [one, other].map(|key| setting(&format!("{key}=1")));
            assert_eq!(one.overlaps(&other), expected, "{one} and {other}");
        }
        assert!(setting("text.length=3").is_within("text"));
        assert!(!setting("text=3").is_within("text.length"));
        assert_eq!(
            setting("training={ epochs = 3, augmentation = { pad = 2 } }").keys(),
            ["training.augmentation.pad", "training.epochs"]
        );
        assert_eq!(setting("ft.epochs=3").keys(), ["method.ft.epochs"]);
    }

    #[test]
    fn plain_text_is_a_list_where_a_list_is_wanted() {
        for (text, expected) in [
            ("seeds=1,2", "seeds=[1, 2]"),
            ("seeds=1", "seeds=[1]"),
            ("methods=ft, ga", "methods=[\"ft\", \"ga\"]"),
            ("forget=class:1,class:2", "forget=[\"class:1\", \"class:2\"]"),
            ("forget=\"ids:a,b.txt\"", "forget=[\"ids:a,b.txt\"]"),
            ("name=a,b", "name=\"a,b\""),
        ] {
            assert_eq!(setting(text).to_string(), expected, "{text}");
        }
        assert_eq!(setting("ugradsl={p=0.5}").key(), "method.ugradsl");
    }

    #[test]
    fn values_keep_every_character() {
        for text in ["a b", "it's \"quoted\"", "[x] = {y}", "a=b", "#", "", "1\n2 = 3", "\u{7f}\\"]
        {
            let made = Setting::new("data", text).unwrap();
            assert_eq!(made, setting(&made.to_string()), "{made}");
            assert_eq!(made.value, Value::String(text.to_owned()));
        }
        assert_eq!(setting("name=1\n2 = 3").value, Value::String("1\n2 = 3".to_owned()));
        assert!(Setting::new("seeds", &[u64::MAX]).is_err());
    }

    #[test]
    fn one_element_stands_for_a_list() {
        for (one, list) in [
            ("forget=class:3", "forget=[\"class:3\"]"),
            ("seeds=4", "seeds=[4]"),
            ("methods=\"ga\"", "methods=[\"ga\"]"),
        ] {
            assert_eq!(setting(one), setting(list));
        }
    }
}
