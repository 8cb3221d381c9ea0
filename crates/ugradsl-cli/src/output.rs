//! The two channels: results on stdout, messages on stderr. A closed pipe is not an error.

use std::{borrow::Cow, io::Write, path::Path};

use ugradsl::{record::DeletionRecord, report::Report, run::write_atomically};

use crate::{
    exit::{Failure, Outcome, Result},
    model_arg,
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

/// The same for a text, which a network's file is not to make way for.
pub(crate) fn check_text_out(out: &Path, inputs: &[(&str, Option<&Path>)]) -> Result<()> {
    check_out(out, inputs)?;
    let what = if model_arg::is_network(out) {
        "a network"
    } else if is_record(out) {
        "the record of a deletion"
    } else {
        return Ok(());
    };
    Err(Failure::usage(format!(
        "{} is {what}, and would be lost: give another name",
        out.display()
    )))
}

/// Whether `path` is the record of a deletion.
fn is_record(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    DeletionRecord::from_json(&text).is_ok()
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

/// The text of a file that is given.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    if path.is_dir() {
        return Err(Failure::file(path, "this is a folder: give a file"));
    }
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => {
            Failure::file(path, "this is not a text file (it is not valid UTF-8)")
        }
        _ => Failure::file(path, error),
    })
}

/// The file of a request that begins with a list.
pub(crate) fn file_of(request: &str) -> Option<&Path> {
    let file = ["ids:", "rows:", "files:"].iter().find_map(|kind| request.strip_prefix(kind));
    file.map(Path::new)
}

/// `text` without characters that would steer a terminal: names of classes and files come from
/// anybody.
fn harmless(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    match text.contains(steers) {
        true => Cow::Owned(text.replace(steers, "\u{fffd}")),
        false => Cow::Borrowed(text),
    }
}

/// Writes a result, with a newline.
pub(crate) fn emit(text: &str) {
    let mut out = std::io::stdout().lock();
    let text = harmless(text.trim_end_matches('\n'));
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    match written {
        // `ugradsl ... | head` closes the pipe early, as it may.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            note(&format!("ugradsl: the result cannot be written to stdout: {error}"));
            std::process::exit(Outcome::Data.code().into());
        }
        _ => {}
    }
}

/// Writes a message for the user.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text));
}

/// The files of a report; the first one holds all of it.
const REPORT: [&str; 3] = ["report.json", "report.md", "report.html"];
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

/// Writes the report in its three formats into `folder`.
pub(crate) fn write_report(report: &Report, folder: &Path) -> Result<()> {
    let forms = [report.to_json()?, report.to_markdown()?, report.to_html()?];
    for (name, text) in REPORT.into_iter().zip(forms) {
        write_atomically(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\x1b[2Jb\r\tc\n"), "a\u{fffd}[2Jb\u{fffd}\tc\n");
        assert_eq!(harmless("plain é\n"), "plain é\n");
    }
}
