//! What arrays are called, and what that says of them.

use super::array::Array;

/// A part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Split {
    Train,
    Test,
    Validation,
}

impl Split {
    pub(super) const ALL: [Self; 3] = [Self::Train, Self::Test, Self::Validation];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
            Self::Validation => "validation",
        }
    }
}

/// What an array is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Values,
    Labels,
    Ids,
    Groups,
    ClassNames,
}

/// An array that has a purpose.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) split: Option<Split>,
    pub(super) role: Role,
    pub(super) array: Array,
}

const SPLITS: [(&str, Split); 8] = [
    ("training", Split::Train),
    ("train", Split::Train),
    ("testing", Split::Test),
    ("test", Split::Test),
    ("validation", Split::Validation),
    ("valid", Split::Validation),
    ("val", Split::Validation),
    ("dev", Split::Validation),
];

fn split(word: &str) -> Option<Split> {
    SPLITS.iter().find(|entry| entry.0 == word).map(|entry| entry.1)
}

fn role(word: &str) -> Option<Role> {
    Some(match word {
        "x" | "images" | "image" | "imgs" | "img" | "data" | "features" | "feature" | "inputs"
        | "input" | "embeddings" | "embedding" | "pixels" => Role::Values,
        "y" | "labels" | "label" | "targets" | "target" => Role::Labels,
        "ids" | "id" => Role::Ids,
        "groups" | "group" | "subjects" | "writers" => Role::Groups,
        _ => return None,
    })
}

fn words(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let words = name.split(['_', '-', '.', ' ', '/']).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The part and the purpose that the name of an array gives; `None` for any other name. Names are
/// taken whole: `y_train_coarse` is not `y_train`.
pub(super) fn read(name: &str) -> Option<(Option<Split>, Role)> {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words.as_slice() {
        ["class" | "target" | "label", "names"] => Some((None, Role::ClassNames)),
        [one] => role(one).map(|role| (None, role)).or_else(|| run_together(one)),
        [a, b] => {
            let (part, word) = split(a).map(|part| (part, b)).or(split(b).map(|part| (part, a)))?;
            Some((Some(part), role(word)?))
        }
        _ => None,
    }
}

/// `xtrain`, `trainx`.
fn run_together(word: &str) -> Option<(Option<Split>, Role)> {
    // `valid` is a part, not the ids of `val`.
    if split(word).is_some() {
        return None;
    }
    SPLITS.iter().find_map(|&(name, part)| {
        let rest = word.strip_suffix(name).or_else(|| word.strip_prefix(name))?;
        Some((Some(part), role(rest)?))
    })
}

/// The part that the name of a file gives, if it gives exactly one.
pub(super) fn split_of_file(stem: &str) -> Option<Split> {
    let mut parts: Vec<Split> = words(stem).iter().filter_map(|word| split(word)).collect();
    parts.dedup();
    match *parts.as_slice() {
        [part] => Some(part),
        _ => None,
    }
}

/// The name of a file without its folder and its ending.
pub(super) fn stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
