//! Writes the record of a deletion.

use std::path::Path;

use ugradsl::{
    data::Dataset,
    device::DeviceInfo,
    record::{About, Asked, DeletionRecord},
    run::{FolderStore, write_atomically},
    session::Unlearned,
};

use crate::{
    args::RecordArgs,
    exit::{Failure, Result},
    places::{check_out, check_text_out},
    sheet,
};

/// Pictures in a record.
const SHOWN: usize = 200;

/// A form of the record.
#[derive(Debug, Clone, Copy)]
enum Form {
    Html,
    Markdown,
    Json,
}

/// Refuses forms that there are not, and files that would be written twice.
pub(crate) fn check(args: &RecordArgs, out: Option<&Path>) -> Result<()> {
    let forms = args.report.iter().map(|path| form(path)).collect::<Result<Vec<Form>>>()?;
    if args.with_pictures && !forms.iter().any(|form| matches!(form, Form::Html)) {
        return Err(Failure::usage(
            "--with-pictures is for the page of the record: give also a --report that ends in .html",
        ));
    }
    for (at, path) in args.report.iter().enumerate() {
        // A record that cannot be written is found before the work is done.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        FolderStore::new(folder.unwrap_or(Path::new(".")))?.check_writable()?;
        if args.report[..at].contains(path) || out == Some(path) {
            let path = path.display();
            return Err(Failure::usage(format!(
                "{path} would be written twice: give another name"
            )));
        }
    }
    Ok(())
}

/// Refuses a place where something else would be lost. The record of the same file may be replaced.
pub(crate) fn check_place(
    path: &Path,
    out: Option<&Path>,
    inputs: &[(&str, Option<&Path>)],
) -> Result<()> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let before = DeletionRecord::from_json(&text).ok();
    let name = out.and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    match before.is_some_and(|before| before.model.file == name) {
        true => check_out(path, inputs),
        false => check_text_out(path, inputs),
    }
}

fn form(path: &Path) -> Result<Form> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html" | "htm") => Ok(Form::Html),
        Some("md") => Ok(Form::Markdown),
        Some("json") => Ok(Form::Json),
        _ => Err(Failure::usage(format!(
            "--report {}: give a name that ends in .html, .md or .json",
            path.display()
        ))),
    }
}

/// Writes the record in every form that is asked for.
pub(crate) fn write(
    args: &RecordArgs,
    unlearned: &Unlearned,
    dataset: &Dataset,
    device: &DeviceInfo,
    (out, unix_time): (&Path, Option<u64>),
) -> Result<()> {
    if args.report.is_empty() {
        return Ok(());
    }
    let file = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut about = About::new(file);
    about.asked = Asked {
        by: args.asked_by.clone(),
        number: args.request_number.clone(),
        reason: args.reason.clone(),
        date: args.asked_on.clone(),
    };
    about.private = args.private;
    about.unix_time = unix_time;
    let json = args.report.iter().find(|path| matches!(form(path), Ok(Form::Json)));
    let json = json.map_or("RECORD.json".into(), |path| path.to_string_lossy());
    about.check = vec![format!("ugradsl verify {json}")];
    let record = DeletionRecord::of(unlearned, dataset, device, about);
    let rows = unlearned.model.ledger.entries().last().map_or(&[][..], |entry| &entry.rows);
    let pictures = args.with_pictures.then(|| sheet::fragment(dataset, rows, SHOWN));
    for path in &args.report {
        let text = match form(path)? {
            Form::Html => record.to_html(pictures.as_deref()),
            Form::Markdown => record.to_markdown(),
            Form::Json => record.to_json(),
        };
        write_atomically(path, text.as_bytes())?;
    }
    Ok(())
}
