//! Training files by their paths, as people write them: from the folder of the data, from anywhere
//! else, or only their last part; with slashes of either kind; with patterns.

use std::collections::{BTreeSet, HashMap};

use super::super::composed::composed;
use super::super::row_names::RowNames;
use super::{Dataset, ForgetError};

/// Rows that an entry fits, which a message shows.
const SHOWN: usize = 3;

/// The rows that `entries` name, ascending, each once.
pub(super) fn rows(
    entries: &[String],
    names: &RowNames,
    data: &Dataset,
) -> Result<Vec<u32>, ForgetError> {
    let rows: BTreeSet<u32> = each(entries, names, data)?.into_iter().flatten().collect();
    Ok(rows.into_iter().collect())
}

/// The rows that each of `entries` names.
pub(super) fn each(
    entries: &[String],
    names: &RowNames,
    data: &Dataset,
) -> Result<Vec<Vec<u32>>, ForgetError> {
    let known = Known::new(names, data);
    let tested = Tested(data.test_names.as_ref().map(|names| Known::new(names, data)));
    let (mut rows, mut unknown, mut several) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        match known.find(entry) {
            Found::Rows(found) if found.is_empty() => unknown.push(tested.explain(entry)),
            Found::Rows(found) if !known.is_exact(entry, &found) && tested.has(entry) => {
                let name = found.first().and_then(|&row| names.get(row)).unwrap_or_default();
                several.push(format!("{entry} may be {name} or a file of the test part"));
            }
            Found::Rows(found) => rows.push(found),
            Found::Several(found) => {
                let shown: Vec<&str> =
                    found.iter().take(SHOWN).filter_map(|&row| names.get(row)).collect();
                several.push(format!("{entry} may be {}", shown.join(" or ")));
            }
        }
    }
    if !unknown.is_empty() {
        return Err(ForgetError::UnknownNames { entries: unknown, data: data.name.clone() });
    }
    match several.is_empty() {
        true => Ok(rows),
        false => Err(ForgetError::SeveralRows { entries: several }),
    }
}

/// The files of the test part, which may be asked for by mistake.
struct Tested(Option<Known>);

impl Tested {
    /// Whether `entry`, which is not a pattern, fits one of them.
    fn has(&self, entry: &str) -> bool {
        let known = self.0.as_ref().filter(|_| !entry.contains(['*', '?']));
        known
            .is_some_and(|known| !matches!(known.find(entry), Found::Rows(rows) if rows.is_empty()))
    }

    fn explain(&self, entry: &str) -> String {
        match self.0.as_ref().map(|known| known.find(entry)) {
            None => entry.to_owned(),
            Some(Found::Rows(rows)) if rows.is_empty() => entry.to_owned(),
            Some(_) => format!("{entry} (a row of the test part)"),
        }
    }
}

/// Whether two paths name the same file, one of them perhaps from further up.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (normal(one), normal(other));
    one == other || ends_with(&one, &other) || ends_with(&other, &one)
}

enum Found {
    Rows(Vec<u32>),
    /// Not a pattern, but it fits several.
    Several(Vec<u32>),
}

/// The files of a data set.
struct Known {
    /// What the data are called: their folder.
    data: String,
    paths: Vec<String>,
    by_file_name: HashMap<String, Vec<u32>>,
}

impl Known {
    fn new(names: &RowNames, data: &Dataset) -> Self {
        let paths: Vec<String> = names.all().iter().map(|name| normal(name)).collect();
        let mut by_file_name: HashMap<String, Vec<u32>> = HashMap::new();
        for (row, path) in (0..).zip(&paths) {
            by_file_name.entry(file_name(path).to_owned()).or_default().push(row);
        }
        Self { data: normal(&data.name), paths, by_file_name }
    }

    /// Whether `entry` is the whole path of the one row that it fits.
    fn is_exact(&self, entry: &str, rows: &[u32]) -> bool {
        let path = |&row: &u32| self.paths.get(row as usize);
        rows.len() == 1 && rows.iter().filter_map(path).all(|path| *path == normal(entry))
    }

    fn find(&self, entry: &str) -> Found {
        let entry = normal(entry);
        let candidates = self.by_file_name.get(file_name(&entry)).map_or(&[][..], Vec::as_slice);
        let path = |row: &u32| &self.paths[*row as usize];
        if let Some(row) = candidates.iter().find(|row| *path(row) == entry) {
            return Found::Rows(vec![*row]);
        }
        let from_above = |row: &u32| {
            let before = entry.strip_suffix(path(row))?.strip_suffix('/')?;
            Some(!self.is_elsewhere(&entry, before))
        };
        let fits = |row: &&u32| ends_with(path(row), &entry) || from_above(row) == Some(true);
        let fitting: Vec<u32> = candidates.iter().filter(fits).copied().collect();
        match fitting.len() {
            0 => Found::Rows(self.matching(&entry)),
            1 => Found::Rows(fitting),
            _ => Found::Several(fitting),
        }
    }

    /// Whether a path from further up is that of a file which is there, but in no folder that is
    /// called as the data's.
    fn is_elsewhere(&self, entry: &str, before: &str) -> bool {
        let ours = file_name(&self.data);
        !["", ".", ".."].contains(&ours)
            && !before.split('/').any(|folder| folder == ours)
            && std::path::Path::new(entry).is_file()
    }

    /// The rows that fit a pattern, which may begin at any folder.
    fn matching(&self, pattern: &str) -> Vec<u32> {
        if !pattern.contains(['*', '?']) {
            return Vec::new();
        }
        let fits = matcher(pattern);
        let rows = (0..).zip(&self.paths).filter(|(_, path)| fits(path));
        rows.map(|(row, _)| row).collect()
    }
}

#[cfg(all(feature = "formats", not(target_family = "wasm")))]
fn matcher(pattern: &str) -> impl Fn(&str) -> bool {
    // Brackets are part of a name, as in `img[1].jpg`.
    let pattern = pattern.replace('[', "[[]");
    let patterns = [pattern.clone(), format!("*/{pattern}")];
    let patterns: Vec<_> =
        patterns.iter().filter_map(|text| glob::Pattern::new(text).ok()).collect();
    move |path| patterns.iter().any(|pattern| pattern.matches(path))
}

/// Without folders there are no files to match.
#[cfg(not(all(feature = "formats", not(target_family = "wasm"))))]
fn matcher(_: &str) -> impl Fn(&str) -> bool {
    |_| false
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether `path` ends with all of `end`, at the border of a folder.
fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.ends_with('/'))
}

/// One way to write a path: slashes, composed letters, without `./`. Systems differ in both.
fn normal(path: &str) -> String {
    let slashed = composed(path.trim()).replace('\\', "/");
    let without = slashed.strip_prefix("./").unwrap_or(&slashed);
    without.to_owned()
}

#[cfg(all(test, feature = "formats"))]
#[path = "files_tests.rs"]
mod tests;
