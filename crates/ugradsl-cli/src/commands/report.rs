//! `ugradsl report`: a report.json in another format.

use ugradsl::{report::Report, run::write_atomically};

use crate::{
    args::{Format, ReportArgs},
    exit::{Failure, Outcome, Result},
    output, table,
};

pub(crate) fn run(args: ReportArgs) -> Result {
    if let Some(out) = &args.out {
        output::check_out(out, &[("the report", Some(&args.file))])?;
    }
    let text =
        std::fs::read_to_string(&args.file).map_err(|error| Failure::file(&args.file, error))?;
    let report =
        Report::from_json(&text).map_err(|error| Failure::from(error).about(&args.file))?;
    if !report.is_intact(&text) {
        output::note(&format!(
            "warning: {} was changed after it was written: its digest is not that of its contents; \
             `ugradsl verify` says what differs",
            args.file.display()
        ));
    }
    let rendered = match args.format {
        // Serializing an edited report again would give it a valid digest.
        Format::Json => text,
        format => render(&report, format)?,
    };
    match &args.out {
        Some(path) => write_atomically(path, rendered.as_bytes())?,
        None => output::emit(&rendered),
    }
    Ok(Outcome::Done)
}

/// `report` in the given format.
pub(crate) fn render(report: &Report, format: Format) -> Result<String> {
    Ok(match format {
        Format::Text => table::text(report),
        Format::Csv => report.to_csv()?,
        Format::Json => report.to_json()?,
        Format::Latex => report.to_latex(),
        Format::Markdown => report.to_markdown()?,
        Format::Html => report.to_html()?,
    })
}
