//! The keys that a type takes, found by asking the type itself: no list of them has to be kept up
//! to date.
//!
//! When serde reads a type, the type names the keys of each table. The deserializer here follows
//! one path and stops at its end, where it records those keys.

use std::cell::Cell;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, IntoDeserializer, MapAccess, Visitor, value::Error},
    forward_to_deserialize_any,
};

/// What a recipe may have at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A table with these keys.
    Table(&'static [&'static str]),
    /// A table whose keys are names, such as those of methods.
    Named,
    /// A value, or a table whose shape its own type checks.
    Value,
}

/// What `T` takes at `path`.
pub(super) fn at<'de, T: Deserialize<'de>>(path: &[&str]) -> Place {
    let found = Cell::new(Place::Value);
    // Always an error, which ends the walk at the end of the path: the result is in `found`.
    let _: Result<T, Error> = T::deserialize(Walk { path, found: &found });
    found.get()
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    path: &'a [&'a str],
    found: &'a Cell<Place>,
}

impl Walk<'_> {
    fn enter<'de, V: Visitor<'de>>(self, place: Place, visitor: V) -> Result<V::Value, Error> {
        match self.path.split_first() {
            None => {
                self.found.set(place);
                Err(de::Error::custom("the end of the path"))
            }
            Some((first, rest)) => visitor.visit_map(One(Some(first), Walk { path: rest, ..self })),
        }
    }
}

impl<'de> Deserializer<'de> for Walk<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("a value"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.enter(Place::Table(fields), visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.enter(Place::Named, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct enum identifier ignored_any
    }
}

/// A table of one key.
struct One<'a>(Option<&'a str>, Walk<'a>);

impl<'de> MapAccess<'de> for One<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.0.take().map(|key| seed.deserialize(key.into_deserializer())).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::ExperimentConfig;

    #[test]
    fn a_type_says_which_keys_it_takes_optional_ones_too() {
        let at = |path: &[&str]| at::<ExperimentConfig>(path);
        let has = |path: &[&str], key: &str| matches!(at(path), Place::Table(keys) if keys.contains(&key));
        for key in ["limit_train", "original", "text", "expect", "method", "retrain"] {
            assert!(has(&[], key), "{key}");
        }
        assert!(has(&["original"], "file") && has(&["original"], "freeze"));
        assert_eq!(at(&["training", "augmentation"]), Place::Table(&["pad", "flip"]));
        assert!(has(&["training"], "clip_norm") && has(&["guards"], "patience"));
        assert_eq!(at(&["method"]), Place::Named);
        assert!(has(&["method", "ugradsl"], "quantile") && !has(&["method", "ft"], "quantile"));
        assert_eq!(
            at(&["method", "ssd"]),
            Place::Table(&["threshold", "strength", "batch_size", "guards"])
        );
        for value in [&["seeds"][..], &["expect"], &["training", "optimizer"], &["nonsense"]] {
            assert_eq!(at(value), Place::Value, "{value:?}");
        }
        for method in [&["method", "magic"], &["method", "retrain"]] {
            assert_eq!(at(method), Place::Value, "{method:?}");
        }
    }
}
