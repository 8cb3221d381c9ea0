//! The two channels: results on stdout, messages on stderr. A closed pipe is not an error.

use std::{io::Write, path::Path};

use ugradsl::{report::Report, run::write_atomically};

use crate::exit::Result;

/// Writes a result, with a newline.
pub(crate) fn emit(text: &str) {
    let mut out = std::io::stdout().lock();
    // `ugradsl ... | head` closes the pipe early, as it may.
    let _ = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
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
