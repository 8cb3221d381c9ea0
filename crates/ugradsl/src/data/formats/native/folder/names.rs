//! What names say: formats, files that systems leave behind, and the order of classes.

use std::path::Path;

/// Extensions of the pictures that are read.
pub(crate) const PICTURES: [&str; 16] = [
    "png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "dib", "tif", "tiff", "pnm", "pbm",
    "pgm", "ppm", "pam",
];

/// Extensions of pictures that are not read, and what they are.
const FOREIGN: [(&str, &str); 20] = [
    ("heic", "HEIC"),
    ("heif", "HEIC"),
    ("avif", "AVIF"),
    ("svg", "SVG"),
    ("svgz", "SVG"),
    ("psd", "PSD"),
    ("cr2", "raw (CR2)"),
    ("cr3", "raw (CR3)"),
    ("nef", "raw (NEF)"),
    ("arw", "raw (ARW)"),
    ("dng", "raw (DNG)"),
    ("orf", "raw (ORF)"),
    ("rw2", "raw (RW2)"),
    ("raf", "raw (RAF)"),
    ("jp2", "JPEG 2000"),
    ("jxl", "JPEG XL"),
    ("ico", "ICO"),
    ("tga", "TGA"),
    ("exr", "OpenEXR"),
    ("eps", "EPS"),
];

/// The extension in small letters, or nothing.
pub(crate) fn extension(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// Whether a file is named like a picture that can be read.
pub(crate) fn is_picture(path: &Path) -> bool {
    PICTURES.contains(&extension(path).as_str())
}

/// The format of a picture that cannot be read, by its name.
pub(crate) fn foreign_picture(path: &Path) -> Option<&'static str> {
    let extension = extension(path);
    FOREIGN.iter().find(|(known, _)| *known == extension).map(|&(_, format)| format)
}

/// Whether a name is one that texts have: of a text format, or none, or a number.
pub(crate) fn is_text_like(path: &Path) -> bool {
    let extension = extension(path);
    let known = ["txt", "text", "md", "eml", "html", "htm", "rst", "tex", "log"];
    extension.bytes().all(|byte| byte.is_ascii_digit()) || known.contains(&extension.as_str())
}

/// What a file or folder is that a system or program left behind; `None` for anything else.
///
/// At the `top` of a data set and of its parts, files for people count as well.
pub(crate) fn left_behind(name: &str, is_folder: bool, top: bool) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let system = [
        "@eadir",
        "__macosx",
        "lost+found",
        "$recycle.bin",
        "__pycache__",
        "#recycle",
        "@recycle",
        "node_modules",
    ];
    let previews = ["thumbnails", "thumbs", "_thumbs"];
    let files = ["thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"];
    let unfinished = [".tmp", ".crdownload", ".part", ".partial", "~"];
    let people = ["readme", "license", "licence", "copying", "citation", "_metadata.json"];
    let ends = |list: &[&str]| list.iter().any(|end| lower.ends_with(end));
    if lower.starts_with("._") || lower.starts_with('.') {
        return Some("hidden");
    }
    if is_folder {
        let known = system.contains(&lower.as_str()) || lower == "system volume information";
        return match previews.contains(&lower.as_str()) {
            true => Some("folder of thumbnails"),
            false => known.then_some("system folder"),
        };
    }
    match () {
        () if files.contains(&lower.as_str()) => Some("system file"),
        () if ends(&unfinished) => Some("unfinished or backup file"),
        () if top && people.iter().any(|start| lower.starts_with(start)) => Some("file for people"),
        () if top && lower == "metadata.json" => Some("file for people"),
        () => None,
    }
}

/// Whether all names are whole numbers, so that their order is that of the numbers.
pub(crate) fn are_numbers<'a>(mut names: impl Iterator<Item = &'a str>) -> bool {
    names.all(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `1 picture`, `3 pictures`: the plural is by `s`.
pub(crate) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The first ten, and how many more there are.
pub(crate) fn listed<S: AsRef<str>>(entries: &[S], separator: &str) -> String {
    let shown: Vec<&str> = entries.iter().take(10).map(AsRef::as_ref).collect();
    let rest = entries.len() - shown.len();
    let more = if rest == 0 { String::new() } else { format!("{separator}and {rest} more") };
    shown.join(separator) + &more
}

#[cfg(test)]
mod tests;
