//! Figures under the keys that records have always had.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::{Map, Value};

use super::Figures;
use crate::evaluate::{Figure, WhenAbsent};

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Object { figures: self, path: "" }.serialize(serializer)
    }
}

/// The figures whose keys begin with `path`, as an object.
struct Object<'a> {
    figures: &'a Figures,
    path: &'a str,
}

impl Object<'_> {
    fn is_measured(&self) -> bool {
        self.figures.iter().any(|(figure, _)| figure.key().starts_with(self.path))
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut objects = Vec::new();
        for figure in Figure::ALL {
            let Some(rest) = figure.key().strip_prefix(self.path) else { continue };
            if let Some((name, _)) = rest.split_once('.') {
                // The first figure of an object writes all of them.
                if !objects.contains(&name) {
                    objects.push(name);
                    let path = format!("{}{name}.", self.path);
                    let inner = Object { figures: self.figures, path: &path };
                    map.serialize_entry(name, &inner.is_measured().then_some(inner))?;
                }
                continue;
            }
            match self.figures.get(figure) {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole numbers"
                )]
                Some(value) if figure.unit().is_whole() => {
                    map.serialize_entry(rest, &(value as u64))?;
                }
                Some(value) => map.serialize_entry(rest, &value)?,
                None if figure.when_absent() == WhenAbsent::LeaveOut => {}
                None => map.serialize_entry(rest, &None::<f64>)?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Figures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let figures = deserializer.deserialize_map(Reader)?;
        let needed = |figure: &Figure| figure.when_absent() == WhenAbsent::Refuse;
        match Figure::ALL.into_iter().filter(needed).find(|figure| figures.get(*figure).is_none()) {
            Some(figure) => {
                Err(Error::custom(format!("`{}` is missing or not a number", figure.key())))
            }
            None => Ok(figures),
        }
    }
}

/// Reads the keys of figures, and leaves all others to the surrounding record.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Figures;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the figures of a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Figures, A::Error> {
        let mut found = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if !Figure::ALL.iter().any(|figure| figure.key().split('.').next() == Some(&key)) {
                map.next_value::<IgnoredAny>()?;
            } else if found.insert(key.clone(), map.next_value()?).is_some() {
                return Err(Error::custom(format!("duplicate field `{key}`")));
            }
        }
        let found = Value::Object(found);
        let mut figures = Figures::default();
        for figure in Figure::ALL {
            match found.pointer(&format!("/{}", figure.key().replace('.', "/"))) {
                None | Some(Value::Null) => {}
                Some(Value::Number(number)) => figures.set(figure, number.as_f64()),
                Some(other) => {
                    let key = figure.key();
                    return Err(Error::custom(format!("`{key}` is {other}, not a number")));
                }
            }
        }
        Ok(figures)
    }
}
