//! What the classes are called.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::composed::composed;

/// Names of the classes, in the order of their numbers. Where data have no names, a class is called
/// by its number.
///
/// ```
/// use ugradsl::data::ClassNames;
///
/// let names = ClassNames::new(["cat", "dog"])?;
/// assert_eq!((names.find("dog"), names.shown(1)), (Some(1), "1 (dog)".to_owned()));
/// assert_eq!(ClassNames::numbered(2).shown(1), "1");
/// assert!(ClassNames::new(["cat", "cat"]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct ClassNames(Vec<String>);

/// Why texts are not the names of classes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClassNamesError {
    /// Two classes of one name.
    #[error("two classes are called {0:?}")]
    Twice(String),
    /// A class without a name.
    #[error("class {0} has an empty name")]
    Empty(usize),
}

impl ClassNames {
    /// Names in the order of the class numbers.
    ///
    /// # Errors
    /// When a name is empty or given twice.
    pub fn new<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
    ) -> Result<Self, ClassNamesError> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if let Some(at) = names.iter().position(|name| name.trim().is_empty()) {
            return Err(ClassNamesError::Empty(at));
        }
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_unstable();
        match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(ClassNamesError::Twice(pair[0].clone())),
            None => Ok(Self(names)),
        }
    }

    /// Names that are known to be distinct.
    pub(super) fn known(names: &[&str]) -> Self {
        Self(names.iter().map(|&name| name.to_owned()).collect())
    }

    /// `count` classes that are called by their numbers.
    pub fn numbered(count: usize) -> Self {
        Self((0..count).map(|class| class.to_string()).collect())
    }

    /// Number of classes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no classes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All names, in the order of the numbers.
    pub fn all(&self) -> &[String] {
        &self.0
    }

    /// The name of a class.
    pub fn get(&self, class: u32) -> Option<&str> {
        self.0.get(class as usize).map(String::as_str)
    }

    /// The number of the class with this name.
    pub fn find(&self, name: &str) -> Option<u32> {
        let place = |is: &dyn Fn(&String) -> bool| self.0.iter().position(is);
        let wanted = composed(name);
        // Systems write accents in two ways.
        let at =
            place(&|known| known == name).or_else(|| place(&|known| composed(known) == wanted));
        at.map(|at| at as u32)
    }

    /// Whether every class is called by its number.
    pub fn are_numbers(&self) -> bool {
        self.0.iter().enumerate().all(|(class, name)| *name == class.to_string())
    }

    /// A class for the eye: `3`, or `3 (cat)` where it has a name of its own.
    pub fn shown(&self, class: u32) -> String {
        match self.get(class).filter(|name| *name != class.to_string()) {
            Some(name) => format!("{class} ({name})"),
            None => class.to_string(),
        }
    }

    /// The names nearest to `text`, at most three.
    pub(crate) fn near(&self, text: &str) -> Vec<String> {
        crate::nearest::names(text, self.0.iter().map(String::as_str))
    }
}

/// At most twenty names, and how many more there are.
impl fmt::Display for ClassNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        let more = self.0.len().saturating_sub(SHOWN);
        f.write_str(&self.0[..self.0.len() - more].join(", "))?;
        if more > 0 {
            write!(f, " and {more} more")?;
        }
        Ok(())
    }
}

impl TryFrom<Vec<String>> for ClassNames {
    type Error = ClassNamesError;

    fn try_from(names: Vec<String>) -> Result<Self, ClassNamesError> {
        Self::new(names)
    }
}

impl From<ClassNames> for Vec<String> {
    fn from(names: ClassNames) -> Self {
        names.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_where_they_say_more_than_the_number() {
        let names = ClassNames::new(["0", "10", "2"]).expect("names");
        assert_eq!(["0", "1 (10)", "2"].map(str::to_owned), [0, 1, 2].map(|c| names.shown(c)));
        assert!(!names.are_numbers() && ClassNames::numbered(3).are_numbers());
        assert_eq!(names.find("10"), Some(1));
    }

    #[test]
    fn names_are_distinct_and_not_empty() {
        assert_eq!(ClassNames::new(["a", "b", "a"]), Err(ClassNamesError::Twice("a".to_owned())));
        assert_eq!(ClassNames::new(["a", " "]), Err(ClassNamesError::Empty(1)));
        assert!(serde_json::from_str::<ClassNames>(r#"["a", "a"]"#).is_err());
    }

    #[test]
    fn many_names_are_cut() {
        assert_eq!(ClassNames::numbered(3).to_string(), "0, 1, 2");
        assert!(ClassNames::numbered(25).to_string().ends_with("19 and 5 more"));
    }
}
