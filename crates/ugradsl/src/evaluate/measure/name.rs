//! Measures by their names.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{Figure, Measure, Unit};

/// No measure has this name.
#[derive(Debug, Error)]
#[error("unknown measure {name:?}{}",
    suggestion.map(|s| format!(", did you mean {s:?}?")).unwrap_or_default())]
pub struct UnknownMeasure {
    /// The name as given.
    name: String,
    /// The nearest known one.
    suggestion: Option<&'static str>,
}

impl Measure {
    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        self.explanation().name
    }

    /// Its unit.
    pub const fn unit(self) -> Unit {
        self.explanation().unit
    }

    /// Its figures in records, in the order of tables; none for a measure that is taken on demand.
    pub fn figures(self) -> impl Iterator<Item = Figure> {
        Figure::ALL.into_iter().filter(move |figure| figure.measure() == self)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// By its name or its title, whatever the case.
impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<Self, UnknownMeasure> {
        let name = text.trim().to_lowercase().replace([' ', '_'], "-");
        let titled = |measure: &Self| measure.explanation().title.eq_ignore_ascii_case(text.trim());
        let known = |measure: &Self| measure.name() == name || titled(measure);
        if let Some(measure) = Self::ALL.into_iter().find(known) {
            return Ok(measure);
        }
        let near = |known: &&str| strsim::damerau_levenshtein(known, &name);
        let nearest = Self::ALL.map(Self::name).into_iter().min_by_key(near);
        let close = |known: &&str| near(known) <= 3 && near(known) < known.len();
        Err(UnknownMeasure { name: text.to_owned(), suggestion: nearest.filter(close) })
    }
}
