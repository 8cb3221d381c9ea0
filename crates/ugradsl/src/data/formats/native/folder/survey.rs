//! What lies in a folder, for people whose folder cannot be read as anything.

mod advice;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use image::ImageReader;

use crate::data::formats::native::folder::names::{
    count, extension, foreign_picture, is_picture, is_text_like, left_behind,
};

/// The most entries that are looked at.
const MOST: usize = 100_000;

/// The most pictures whose sizes are looked up.
const SAMPLED: usize = 100;

/// What lies in a folder, down to two levels of sub-folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Survey {
    /// The folder.
    pub path: PathBuf,
    /// Files by form (`pictures`, `texts`, `tables`, …) and extension.
    pub forms: BTreeMap<&'static str, BTreeMap<String, usize>>,
    /// Pictures per width and height, of those that were sampled.
    pub sizes: BTreeMap<(u32, u32), usize>,
    /// Entries that systems left behind, by kind.
    pub left_behind: BTreeMap<&'static str, usize>,
    /// Sub-folders two levels deep, each with the number of files directly in it.
    pub folders: Vec<(String, usize)>,
    /// Files by form that lie in the folder itself.
    pub direct: BTreeMap<&'static str, usize>,
    /// Whether there was more than is counted.
    pub cut: bool,
    /// The nearest thing to do, in one sentence.
    pub advice: String,
    seen: usize,
}

/// Surveys a folder. What cannot be read counts as empty.
pub fn survey(folder: &Path) -> Survey {
    let mut survey = Survey { path: folder.to_owned(), ..Survey::default() };
    survey.walk(folder, "", 0);
    survey.advice = advice::advice(&survey);
    survey
}

/// What a file is, by its name.
fn form(path: &Path) -> &'static str {
    let is = |list: &[&str]| list.contains(&extension(path).as_str());
    match () {
        () if is_picture(path) => "pictures",
        () if foreign_picture(path).is_some() => "pictures that cannot be read",
        () if is(&["csv", "tsv", "parquet", "arrow", "feather", "xlsx", "xls", "ods", "arff"]) => {
            "tables"
        }
        () if is(&["json", "jsonl", "ndjson", "xml", "yaml", "yml"]) => "records",
        () if is(&["npy", "npz", "pt", "pth", "safetensors", "h5", "hdf5", "mat", "pkl"]) => {
            "arrays"
        }
        () if is(&["zip", "tar", "gz", "tgz", "xz", "bz2", "zst", "7z", "rar"]) => "archives",
        () if path.extension().is_some() && is_text_like(path) => "texts",
        () => "other files",
    }
}

impl Survey {
    fn walk(&mut self, folder: &Path, name: &str, depth: usize) {
        let mut found: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if self.seen >= MOST {
                self.cut = true;
                break;
            }
            self.seen += 1;
            found.push(entry.path());
        }
        found.sort();
        let (folders, files): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| path.is_dir());
        let before = self.files();
        files.iter().for_each(|file| self.count(file, depth));
        if depth > 0 {
            self.folders.push((name.to_owned(), self.files() - before));
        }
        for path in folders {
            let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if let Some(kind) = left_behind(&own, true, depth == 0) {
                *self.left_behind.entry(kind).or_default() += 1;
            } else if depth < 2 {
                let slash = if name.is_empty() { "" } else { "/" };
                self.walk(&path, &format!("{name}{slash}{own}"), depth + 1);
            } else {
                self.cut = true;
            }
        }
    }

    fn count(&mut self, file: &Path, depth: usize) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if let Some(kind) = left_behind(&name, false, depth == 0) {
            *self.left_behind.entry(kind).or_default() += 1;
            return;
        }
        let form = form(file);
        *self.forms.entry(form).or_default().entry(extension(file)).or_default() += 1;
        if depth == 0 {
            *self.direct.entry(form).or_default() += 1;
        }
        let sampled: usize = self.sizes.values().sum();
        if form == "pictures" && sampled < SAMPLED && file.is_file() {
            let reader = ImageReader::open(file).and_then(ImageReader::with_guessed_format);
            if let Some(size) = reader.ok().and_then(|reader| reader.into_dimensions().ok()) {
                *self.sizes.entry(size).or_default() += 1;
            }
        }
    }

    /// The number of files of a form.
    pub fn of_form(&self, form: &str) -> usize {
        self.forms.get(form).map_or(0, |extensions| extensions.values().sum())
    }

    fn files(&self) -> usize {
        self.forms.values().flat_map(BTreeMap::values).sum()
    }
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} holds:", self.path.display())?;
        for (form, extensions) in &self.forms {
            let name = |name: &str| if name.is_empty() { "no extension" } else { name }.to_owned();
            let text = |(ext, many): (&String, &usize)| format!("{many} {}", name(ext));
            let by: Vec<_> = extensions.iter().map(text).collect();
            writeln!(
                f,
                "  {} {form} ({})",
                self.of_form(form),
                crate::data::formats::native::folder::names::listed(&by, ", ")
            )?;
        }
        if !self.sizes.is_empty() {
            let text = |((w, h), many): (&(u32, u32), &usize)| format!("{many} of {w} x {h}");
            let sizes: Vec<_> = self.sizes.iter().map(text).collect();
            writeln!(
                f,
                "  sizes sampled: {}",
                crate::data::formats::native::folder::names::listed(&sizes, ", ")
            )?;
        }
        for (kind, &many) in &self.left_behind {
            writeln!(f, "  {many} left behind: {kind}")?;
        }
        for (name, files) in self.folders.iter().take(20) {
            writeln!(f, "  {name}/ with {}", count(*files, "file"))?;
        }
        if self.folders.len() > 20 {
            writeln!(f, "  and {} more folders", self.folders.len() - 20)?;
        }
        if self.cut {
            writeln!(f, "  and more, which was not counted")?;
        }
        write!(f, "{}", self.advice)
    }
}

#[cfg(test)]
mod tests;
