//! The two channels: results on stdout, talk on stderr. A reader that went away is no error.

use std::{io::Write, path::Path};

use ugradsl::{report::Report, run::write_atomically};

use crate::exit::Result;

/// Writes a result, with a newline.
pub(crate) fn emit(text: &str) {
    let mut out = std::io::stdout().lock();
    // `ugradsl ... | head` closes the pipe early: that is the reader's right.
    let _ = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
}

/// Says something to the person at the terminal.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes the report in its three forms into `folder`.
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
