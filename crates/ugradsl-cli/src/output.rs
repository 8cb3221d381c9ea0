//! The two channels: results on stdout, messages on stderr. A closed pipe is not an error.

use std::{io::Write, path::Path};

use ugradsl::{report::Report, run::write_atomically};

use crate::exit::{Failure, Outcome, Result};

/// Refuses an output that is not a file, or that is one of the `inputs` (the flags that name them, and
/// their paths): who types that has slipped, and would lose it.
pub(crate) fn check_out(out: &Path, inputs: &[(&str, Option<&Path>)]) -> Result<()> {
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
        if input.is_some_and(|path| target == path || path.is_dir() && target.starts_with(path)) {
            return Err(Failure::usage(format!(
                "{out} is to be read ({flag}) and written: it would be lost; give another name"
            )));
        }
    }
    Ok(())
}

/// The file of a request that begins with a list.
pub(crate) fn file_of(request: &str) -> Option<&Path> {
    let file = ["ids:", "rows:", "files:"].iter().find_map(|kind| request.strip_prefix(kind));
    file.map(Path::new)
}

/// Writes a result, with a newline.
pub(crate) fn emit(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
    match written {
        // `ugradsl ... | head` closes the pipe early, as it may.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            note(&format!("ugradsl: the result cannot be written to stdout: {error}"));
            std::process::exit(Outcome::Data.number().into());
        }
        _ => {}
    }
}

/// Writes a message for the user.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes the report in its three formats into `folder`.
pub(crate) fn write_report(report: &Report, folder: &Path) -> Result<()> {
    let forms = [
        ("report.json", report.to_json()?),
        ("report.md", report.to_markdown()?),
        ("report.html", report.to_html()?),
    ];
    for (name, text) in forms {
        write_atomically(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}
