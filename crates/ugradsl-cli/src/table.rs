//! The result as a table for a terminal.

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use ugradsl::{
    experiment::ExperimentConfig,
    report::{Gate, Report, Summary, SweepReport},
};

/// Column titles for a terminal, in two lines where one would be wider than the figures below.
fn header(first: &[&str]) -> Vec<String> {
    let titles = first.iter().copied().chain(Summary::header());
    titles.map(|title| title.replace("% of ", "% of\n")).collect()
}

/// What gaps are measured against.
fn reference(config: &ExperimentConfig) -> &'static str {
    match config.retrain {
        true => "`retrain`",
        false => "the estimate of a retrained network",
    }
}

/// The table for a terminal, and its meaning below.
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
        "{table}\nCloser to {reference} is better, not higher: gap is the mean distance of UA, \
         MIA, RA and TA to it,\nin points. Approximate unlearning: no formal guarantee.\n"
    );
    if let requests @ 2.. = report.config.forget.len() {
        let seeds = report.config.seeds.len();
        text += &format!(
            "Each line is the mean over {} runs ({requests} requests, {seeds} {}), and so are the bounds of \
             gates; --format csv has every run.\n",
            requests * seeds,
            if seeds == 1 { "seed" } else { "seeds" },
        );
    }
    for sentence in report.expected() {
        text += &format!("Compared with {sentence}.\n");
    }
    for sentence in report.worse_than_original() {
        text += &format!("Worse than doing nothing: {sentence}.\n");
    }
    for gate in &report.gates {
        text += &format!("{}\n", self::gate(gate));
    }
    text
}

/// What a gate promises, and whether it holds.
pub(crate) fn gate(gate: &Gate) -> String {
    let verdict = if gate.holds { "holds" } else { "FAILS" };
    let figure =
        |value: Option<f64>| value.map_or("not measured".to_owned(), |value| format!("{value:.3}"));
    // A bound is shown as it was written: a small one must not read as 0.
    let bound = gate.bound.map_or("not measured".to_owned(), |bound| bound.to_string());
    let measured = figure(gate.measured);
    format!("{verdict}: {} {} {bound}: {measured}", gate.method, gate.promise)
}

/// The table of a sweep for a terminal: one line per cell and method.
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
