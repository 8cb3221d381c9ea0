//! The result as a table: aligned text, CSV, LaTeX.

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use ugradsl::{
    experiment::ExperimentConfig,
    report::{Report, Spread, Summary, SweepReport},
};

use crate::exit::{Failure, Outcome, Result};

/// What is above a terminal's columns, in two lines where one would make a column wider than its figures.
fn header(first: &[&str]) -> Vec<String> {
    let titles = first.iter().chain(&Summary::HEADER);
    titles.map(|title| title.replace("% of ", "% of\n")).collect()
}

/// What gaps are to.
fn reference(config: &ExperimentConfig) -> &'static str {
    match config.retrain {
        true => "`retrain`",
        false => "what is expected of a retrained network",
    }
}

/// The table for a terminal, with what it means below.
pub(crate) fn text(report: &Report) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header(header(&["method"]));
    for row in &report.summary {
        let mut cells = vec![row.method.to_string()];
        cells.extend(row.cells());
        table.add_row(cells);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let reference = reference(&report.config);
    let mut text = format!(
        "{table}\nCloser to {reference} is better, not higher: gap is the mean distance of UA, MIA, RA and TA to it,\n\
         in points. Approximate unlearning: no formal guarantee.\n"
    );
    for sentence in report.expected() {
        text += &format!("Compared with {sentence}.\n");
    }
    for gate in &report.gates {
        let verdict = if gate.holds { "holds" } else { "FAILS" };
        let figure = |value: Option<f64>| {
            value.map_or("not measured".to_owned(), |value| format!("{value:.3}"))
        };
        let (bound, measured) = (figure(gate.bound), figure(gate.measured));
        text += &format!("{verdict}: {} {} {bound}: {measured}\n", gate.method, gate.promise);
    }
    text
}

/// One line a run.
pub(crate) fn csv(report: &Report) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fail = |error: csv::Error| Failure::new(Outcome::Data, error);
    writer
        .write_record([
            "method",
            "seed",
            "forget",
            "ua",
            "mia",
            "ra",
            "ta",
            "gap",
            "seconds",
            "retrain_share",
            "stopped_by",
            "steps",
            "rollbacks",
            "peak_memory",
        ])
        .map_err(fail)?;
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for run in &report.runs {
        let stopped = run.stopped_by.map(|stopped| stopped.to_string());
        let fields = [
            run.method.to_string(),
            run.seed.to_string(),
            run.forget.clone(),
            run.measures.ua.to_string(),
            run.measures.mia.confidence.to_string(),
            run.measures.ra.to_string(),
            run.measures.ta.to_string(),
            number(run.gap),
            number(run.seconds),
            number(run.retrain_share),
            stopped.unwrap_or_default(),
            run.steps.to_string(),
            run.rollbacks.to_string(),
            run.peak_memory.map_or_else(String::new, |bytes| bytes.to_string()),
        ];
        writer.write_record(fields).map_err(fail)?;
    }
    written(writer)
}

/// The table of a sweep for a terminal: a line for each cell and method.
pub(crate) fn sweep(report: &SweepReport) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header(header(&["cell", "method"]));
    for cell in &report.cells {
        let mut name = cell.values.join(", ");
        for row in &cell.summary {
            let mut cells = vec![std::mem::take(&mut name), row.method.to_string()];
            cells.extend(row.cells());
            table.add_row(cells);
        }
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let keys: Vec<&str> = report.axes.iter().map(|axis| axis.key.as_str()).collect();
    let (keys, reference) = (keys.join(", "), reference(&report.config));
    format!("{table}\ncell: {keys}. Closer to {reference} is better, not higher.\n")
}

/// One line for each cell and method: the cell's settings, then means.
pub(crate) fn sweep_csv(report: &SweepReport) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fail = |error: csv::Error| Failure::new(Outcome::Data, error);
    let keys = report.axes.iter().map(|axis| axis.key.as_str());
    let figures =
        ["method", "runs", "ua", "mia", "ra", "ta", "gap", "seconds", "retrain_share", "peak_mib"];
    writer.write_record(keys.chain(figures)).map_err(fail)?;
    let mean =
        |spread: Option<Spread>| spread.map_or_else(String::new, |spread| spread.mean.to_string());
    for cell in &report.cells {
        for row in &cell.summary {
            let of = [
                row.ua,
                row.mia,
                row.ra,
                row.ta,
                row.gap,
                row.seconds,
                row.retrain_share,
                row.peak_mib,
            ];
            let figures = [row.method.to_string(), row.runs.to_string()].into_iter();
            let figures = figures.chain(of.map(mean));
            writer.write_record(cell.values.iter().cloned().chain(figures)).map_err(fail)?;
        }
    }
    written(writer)
}

/// What a writer has written.
fn written(writer: csv::Writer<Vec<u8>>) -> Result<String> {
    let bytes =
        writer.into_inner().map_err(|error| Failure::new(Outcome::Data, error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A tabular environment.
pub(crate) fn latex(report: &Report) -> String {
    let mut text = String::from(
        "\\begin{tabular}{lrrrrrrrr}\n\\toprule\nmethod & UA & MIA & RA & TA & avg.\\ gap & seconds & \\% of retraining & peak MiB \\\\\n\\midrule\n",
    );
    for row in &report.summary {
        let figures = row.cells().map(|figure| match figure.as_str() {
            "-" => "--".to_owned(),
            figure => format!("${}$", figure.replace('±', "\\pm")),
        });
        text += &format!("{} & {} \\\\\n", row.method, figures.join(" & "));
    }
    text + "\\bottomrule\n\\end{tabular}\n"
}
