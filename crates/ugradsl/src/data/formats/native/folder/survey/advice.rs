//! The nearest thing to do with a folder that cannot be read.

use super::Survey;
use crate::data::formats::formats;
use crate::data::formats::native::folder::Kind;
use crate::data::formats::native::folder::names::count;
use crate::data::formats::native::folder::parts::PARTS;

/// One sentence.
pub(super) fn advice(survey: &Survey) -> String {
    let direct = |form: &str| survey.direct.get(form).copied().unwrap_or(0);
    let (pictures, foreign) =
        (survey.of_form("pictures"), survey.of_form("pictures that cannot be read"));
    let only_archives = survey.files() > 0 && survey.of_form("archives") == survey.files();
    if !survey.path.is_dir() {
        return "There is not a folder of this name: check the path.".to_owned();
    }
    if survey.files() == 0 {
        return nothing(survey);
    }
    if only_archives {
        let what = count(survey.files(), "archive");
        return format!("Only {what}: unpack it and give the folder that comes out.");
    }
    if let Some(kind) = crate::data::formats::native::folder::find(&survey.path) {
        return format!("This looks like class folders of {}.", kind.what());
    }
    if let Some(folder) = data_set_within(survey) {
        return format!("The data set seems to be in {folder}: give that folder.");
    }
    if direct("pictures") > 0 {
        return "Pictures lie directly in the folder: put each class in a folder of its own."
            .to_owned();
    }
    if pictures == 0 && foreign > 0 {
        return "The pictures are in formats that cannot be read: convert them to PNG or JPEG."
            .to_owned();
    }
    if let Some(format) = formats().find(|format| (format.find)(&survey.path).is_some()) {
        return format!("This looks like {}; what is wrong is said above.", format.name);
    }
    if direct("tables") > 0 || direct("arrays") > 0 {
        return "Give the table or the array file itself.".to_owned();
    }
    if direct("texts") > 0 {
        return "Texts lie directly in the folder: put each class in a folder of its own."
            .to_owned();
    }
    "Nothing here is known: give a folder with one folder of pictures or texts for each class."
        .to_owned()
}

fn nothing(survey: &Survey) -> String {
    match (survey.left_behind.is_empty(), survey.cut) {
        (_, true) => {
            "The files lie deeper: give the folder that holds the class folders.".to_owned()
        }
        (true, _) => "The folder is empty: copy the data set into it.".to_owned(),
        (false, _) => {
            "The folder holds only what systems leave behind: copy the data set into it.".to_owned()
        }
    }
}

/// A sub-folder that is a data set by itself.
fn data_set_within(survey: &Survey) -> Option<&str> {
    // A test part is not the data set, however well it reads.
    let is_part = |name: &&str| !PARTS.contains(&name.to_lowercase().as_str());
    let folders = survey.folders.iter().map(|(name, _)| name.as_str()).take(50).filter(is_part);
    let fits = |kind| matches!(kind, Some(Kind::Pictures | Kind::Texts));
    folders
        .into_iter()
        .find(|name| fits(crate::data::formats::native::folder::find(&survey.path.join(name))))
}
