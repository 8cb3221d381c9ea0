//! The two channels: results on stdout, messages on stderr. A closed pipe is not an error.

use std::{borrow::Cow, io::Write, path::Path};

use ugradsl::{report::Report, run::write_atomically};

use crate::exit::{Failure, Outcome, Result};

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
pub(crate) const REPORT: [&str; 3] = ["report.json", "report.md", "report.html"];
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
