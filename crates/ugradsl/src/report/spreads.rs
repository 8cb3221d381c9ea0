//! Figures over the runs of a method, under the keys that summaries have always had.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};

use super::Spread;
use crate::evaluate::Figure;

/// Means and deviations by figure; a figure that no run has is absent, and `null` in JSON.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spreads(BTreeMap<Figure, Spread>);

impl Spreads {
    /// The spread of `figure`, in the unit of summaries: shares are fractions, memory is in MiB.
    pub fn get(&self, figure: Figure) -> Option<Spread> {
        self.0.get(&figure).copied()
    }

    /// Sets the spread of `figure`, or removes it with `None`.
    pub fn set(&mut self, figure: Figure, spread: Option<Spread>) {
        match spread {
            Some(spread) => drop(self.0.insert(figure, spread)),
            None => drop(self.0.remove(&figure)),
        }
    }
}

impl FromIterator<(Figure, Spread)> for Spreads {
    fn from_iter<T: IntoIterator<Item = (Figure, Spread)>>(spreads: T) -> Self {
        Self(spreads.into_iter().collect())
    }
}

impl Serialize for Spreads {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = |figure: Figure| Some((figure.summary_key()?, self.get(figure)));
        serializer.collect_map(Figure::summarised().filter_map(entry))
    }
}

impl<'de> Deserialize<'de> for Spreads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

/// Reads the keys of figures, and leaves all others to the surrounding summary.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Spreads;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the figures of a summary")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Spreads, A::Error> {
        let mut found = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            match Figure::summarised().find(|figure| figure.summary_key() == Some(&key)) {
                None => drop(map.next_value::<IgnoredAny>()?),
                Some(figure) => {
                    let spread: Option<Spread> = map.next_value()?;
                    if found.insert(figure, spread).is_some() {
                        return Err(Error::custom(format!("duplicate field `{key}`")));
                    }
                }
            }
        }
        let measured = |(figure, spread): (Figure, Option<Spread>)| Some((figure, spread?));
        Ok(found.into_iter().filter_map(measured).collect())
    }
}
