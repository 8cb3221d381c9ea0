//! `ugradsl report`: a report.json, or the record of a deletion, in another format.

use ugradsl::{record::DeletionRecord, report::Report, run::write_atomically};

use super::verify::{is_record, is_sweep};

use crate::{
    args::{Format, ReportArgs},
    exit::{Failure, Outcome, Result},
    output, places, table,
};

pub(crate) fn run(args: ReportArgs) -> Result {
    let text = output::read_text(&args.file)?;
    if let Some(out) = &args.out {
        let inputs = [("the report", Some(args.file.as_path()))];
        // What was written before is written again.
        match std::fs::read_to_string(out).is_ok_and(|before| before == text) {
            true => places::check_out(out, &inputs)?,
            false => places::check_text_out(out, &inputs)?,
        }
    }
    if is_record(&text) {
        return record(&text, &args);
    }
    if is_sweep(&text) {
        return Err(Failure::file(
            &args.file,
            "this is the table of a sweep, which has its other forms beside it (sweep.csv, sweep.md, \
             sweep.html); give the report.json of one of its cells",
        ));
    }
    let report =
        Report::from_json(&text).map_err(|error| Failure::from(error).about(&args.file))?;
    if !report.is_intact(&text) {
        output::note(&format!(
            "warning: {} was changed after it was written: its digest is not that of its contents; \
             `ugradsl verify` says what differs",
            args.file.display()
        ));
    }
    let rendered = match format(&args) {
        // Serializing an edited report again would give it a valid digest.
        Format::Json => text,
        format => render(&report, format)?,
    };
    give(&rendered, &args)
}

/// The format that is asked for, or that the name of the output promises.
fn format(args: &ReportArgs) -> Format {
    let promised = args.out.as_deref().and_then(Format::of_name);
    args.format.or(promised).unwrap_or(Format::Text)
}

/// Writes the result to where it is wanted.
fn give(rendered: &str, args: &ReportArgs) -> Result {
    match &args.out {
        Some(path) => write_atomically(path, rendered.as_bytes())?,
        None => output::emit(rendered),
    }
    Ok(Outcome::Done)
}

/// The record of a deletion in another form.
fn record(text: &str, args: &ReportArgs) -> Result {
    let record =
        DeletionRecord::from_json(text).map_err(|error| Failure::file(&args.file, error))?;
    let rendered = match format(args) {
        Format::Text | Format::Markdown => record.to_markdown(),
        Format::Html => record.to_html(None),
        Format::Json => text.to_owned(),
        Format::Csv | Format::Latex => {
            return Err(Failure::usage(
                "the record of a deletion has no table: --format takes text, markdown, html or json for it",
            ));
        }
    };
    give(&rendered, args)
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
