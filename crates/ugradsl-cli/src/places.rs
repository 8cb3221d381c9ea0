//! Where outputs may be written: what the user would lose is refused.

use std::path::Path;

use ugradsl::{record::DeletionRecord, report::Report};

use crate::{
    exit::{Failure, Result},
    model_arg,
    output::{REPORT, note},
};

/// Refuses an output that is not a file, or that is one of the `inputs` (the flags that name them,
/// and their paths): who types that has slipped, and would lose it.
pub(crate) fn check_out(out: &Path, inputs: &[(&str, Option<&Path>)]) -> Result<()> {
    // Names of files beside it are longer by an ending.
    const LONGEST: usize = 220;
    let name = out.file_name().unwrap_or_default().len();
    let text = out.as_os_str().to_string_lossy();
    if name > LONGEST || text.ends_with(std::path::MAIN_SEPARATOR) {
        let problem = match name > LONGEST {
            true => "the name is too long",
            false => "this names a folder, not a file",
        };
        return Err(Failure::usage(format!("{text}: {problem}: give another name")));
    }
    let (Ok(target), Ok(about)) = (out.canonicalize(), out.metadata()) else { return Ok(()) };
    let out = out.display();
    if about.is_dir() {
        return Err(Failure::usage(format!("{out} is a folder, not a file")));
    }
    if !about.is_file() {
        return Err(Failure::usage(format!("{out} is not a regular file: give a file's name")));
    }
    for (flag, input) in inputs {
        let input = input.and_then(|path| path.canonicalize().ok());
        // A file within a folder of data is one of the data.
        let of_data = ["--data", "NAME|FOLDER|FILE"].contains(flag);
        if input.is_some_and(|path| target == path || of_data && target.starts_with(path)) {
            return Err(Failure::usage(format!(
                "{out} is to be read ({flag}) and written: it would be lost; give another name"
            )));
        }
    }
    Ok(())
}

/// The same for a text. It may replace only what can be made again: a table or a page that this
/// program wrote.
pub(crate) fn check_text_out(out: &Path, inputs: &[(&str, Option<&Path>)]) -> Result<()> {
    check_out(out, inputs)?;
    if out.metadata().map_or(true, |about| about.len() == 0) {
        return Ok(());
    }
    let text = std::fs::read(out).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let what = if model_arg::is_network(out) {
        "is a network"
    } else if DeletionRecord::from_json(&text).is_ok() {
        "is the record of a deletion"
    } else if Report::from_json(&text).is_ok() {
        "is the report of a comparison"
    } else if is_output(&text) {
        return Ok(());
    } else {
        "is there, and is not a table or page that ugradsl wrote"
    };
    let out = out.display();
    Err(Failure::usage(format!("{out} {what}: it would be lost; give another name, or delete it")))
}

/// Whether `text` is a table or a page of this program.
fn is_output(text: &str) -> bool {
    let start = ["row,label", "method,seed,forget,", "# Record of a request to forget"];
    start.iter().any(|start| text.starts_with(start))
        || text.starts_with("\\begin{tabular}") && text.contains("\nmethod & ")
        || text.starts_with("<!doctype html>") && text.contains("ugradsl")
        || text.contains("This is approximate unlearning")
}

/// Refuses to replace a file that holds no network by one.
pub(crate) fn check_network_out(out: &Path, inputs: &[(&str, Option<&Path>)]) -> Result<()> {
    check_out(out, inputs)?;
    let holds_something = out.metadata().is_ok_and(|about| about.len() > 0);
    match holds_something && !model_arg::is_network(out) {
        true => Err(Failure::usage(format!(
            "{} is there and holds no network: it would be lost; give another name",
            out.display()
        ))),
        false => Ok(()),
    }
}

/// Refuses a name that promises another kind of file than that of a network.
pub(crate) fn check_network_name(out: &Path, from_onnx: bool) -> Result<()> {
    const OTHERS: [&str; 12] =
        ["pt", "pth", "ckpt", "pkl", "h5", "keras", "npz", "csv", "json", "html", "md", "txt"];
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let ending = ending.to_ascii_lowercase();
    let written = match from_onnx {
        true => "as ONNX, or as safetensors where the name ends in .safetensors",
        false => "as safetensors: give a name that ends in .safetensors",
    };
    match OTHERS.contains(&ending.as_str()) || ending == "onnx" && !from_onnx {
        true => Err(Failure::usage(format!(
            "--out {}: this network is not written as .{ending}, but {written}",
            out.display()
        ))),
        false => Ok(()),
    }
}

/// The files of a sweep's tables; the first one holds all of it.
const SWEEP: [&str; 4] = ["sweep.json", "sweep.md", "sweep.html", "sweep.csv"];

/// Refuses a folder in which the tables of a sweep would replace a file of somebody else's, and
/// says which they replace.
pub(crate) fn check_sweep(folder: &Path) -> Result<()> {
    check_forms(folder, &SWEEP)?;
    if folder.join(SWEEP[0]).exists() {
        let folder = folder.display();
        note(&format!("{folder} holds the tables of an earlier sweep, which this one replaces"));
    }
    Ok(())
}

/// Refuses a folder in which a report cannot be written, or would replace a file of somebody
/// else's, before the work is done.
pub(crate) fn check_report(folder: &Path) -> Result<()> {
    check_forms(folder, &REPORT)
}

fn check_forms(folder: &Path, names: &[&str]) -> Result<()> {
    let whole = folder.join(names[0]);
    check_out(&whole, &[])?;
    for text in names[1..].iter().map(|name| folder.join(name)) {
        check_out(&text, &[])?;
        if text.exists() && !whole.exists() {
            return Err(Failure::usage(format!(
                "{} is there and no {} beside it, so it is not of a report made here, and would be \
                 replaced: give another folder",
                text.display(),
                names[0]
            )));
        }
    }
    Ok(())
}
