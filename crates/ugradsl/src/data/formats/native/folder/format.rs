//! Folders of pictures and texts as formats of data sets.

use std::path::{Path, PathBuf};

use super::{Folder, FolderOptions, FolderPart, Kind, PictureReading, background, find};
use super::{read_pictures, read_texts};
use crate::data::columns::Columns;
use crate::data::formats::native::{
    Content, Format, FormatError, How, Part, Rows, Texts, newsgroups, saved,
};
use crate::data::groups::Groups;
use crate::data::image_set::ImageSet;
use crate::data::row_names::{RowNameKind, RowNames};

/// Folders of pictures.
pub const PICTURES: Format = Format {
    name: "pictures",
    files: "train/<class>/x.png and test/<class>/y.png, or <class>/x.png without parts",
    reads: &["resize", "channels", "background", "skip_damaged"],
    find: |directory| found(directory, Kind::Pictures),
    in_folders: Some("pictures"),
    open: pictures,
};

/// Folders of texts.
pub const TEXTS: Format = Format {
    name: "texts",
    files: "train/<class>/<file> and test/<class>/<file>, or <class>/x.txt without parts",
    reads: &["skip_damaged"],
    find: |directory| found(directory, Kind::Texts),
    in_folders: Some("texts"),
    open: texts,
};

fn found(directory: &Path, kind: Kind) -> Option<PathBuf> {
    // The two parts of 20 Newsgroups look like two classes.
    let is_folder = directory.is_dir() && newsgroups::found(directory).is_none();
    (is_folder && find(directory) == Some(kind)).then(|| directory.to_owned())
}

fn pictures(directory: &Path, how: How<'_>) -> Result<Content, FormatError> {
    let at = || FormatError::at(directory);
    let config = how.config;
    let asked = PictureReading {
        resize: config.resize,
        channels: config.channels,
        background: config.background.as_deref().map(background).transpose().map_err(at())?,
    };
    let before: Option<PictureReading> = saved(how).map_err(FormatError::at(directory))?;
    // What the user says now comes first: the network's input must have its shape in any case.
    let pictures = PictureReading {
        resize: asked.resize.or(before.and_then(|before| before.resize)),
        channels: asked.channels.or(before.and_then(|before| before.channels)),
        background: asked.background.or(before.and_then(|before| before.background)),
    };
    let options = FolderOptions { pictures, skip_damaged: config.skip_damaged };
    let folder = read_pictures(directory, &options).map_err(FormatError::at(directory))?;
    let reading = serde_json::to_value(pictures).ok();
    let rows = |part: FolderPart<super::Images>| {
        let set = ImageSet::new(part.rows.shape, part.rows.pixels, part.labels.clone());
        let images = Rows::Images(set.map_err(FormatError::at(directory))?);
        named(directory, images, &part.folder, part.paths, part.groups)
    };
    content(directory, folder, rows).map(|content| Content { reading, ..content })
}

fn texts(directory: &Path, how: How<'_>) -> Result<Content, FormatError> {
    let options =
        FolderOptions { skip_damaged: how.config.skip_damaged, ..FolderOptions::default() };
    let folder = read_texts(directory, &options).map_err(FormatError::at(directory))?;
    let rows = |part: FolderPart<Vec<String>>| {
        let texts = Rows::Texts(Texts { texts: part.rows, labels: part.labels });
        named(directory, texts, &part.folder, part.paths, part.groups)
    };
    content(directory, folder, rows)
}

fn content<R>(
    directory: &Path,
    folder: Folder<R>,
    rows: impl Fn(FolderPart<R>) -> Result<Part, FormatError>,
) -> Result<Content, FormatError> {
    let test = folder.test.map(&rows).transpose()?;
    let content = Content::new(rows(folder.train)?, test);
    let content = content.with_classes(folder.classes).map_err(FormatError::at(directory))?;
    let renumbered = !folder.skipped.is_empty();
    Ok(Content { notes: folder.notes, renumbered, ..content })
}

/// Rows with the paths of their files.
fn named(
    directory: &Path,
    rows: Rows,
    folder: &str,
    paths: Vec<String>,
    groups: Option<Vec<Option<String>>>,
) -> Result<Part, FormatError> {
    let below = |path: String| match folder {
        "" => path,
        folder => format!("{}/{path}", folder.replace('\\', "/")),
    };
    let names = RowNames::new(RowNameKind::Path, paths.into_iter().map(below).collect());
    Ok(Part {
        rows,
        names: Some(names.map_err(FormatError::at(directory))?),
        groups: groups.map(|groups| Groups::written(&groups)),
        columns: Columns::default(),
    })
}
