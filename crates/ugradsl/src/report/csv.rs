//! Runs and sweeps as CSV, below one header line: keys as in JSON, figures to the last digit.

use super::{Report, ReportError, SweepReport};
use crate::{
    evaluate::{Figure, FigureTable, WhenAbsent},
    experiment::RunRecord,
};

impl Report {
    /// The runs as CSV, one line per run; what was not measured is empty.
    ///
    /// # Errors
    ///
    /// [`ReportError::Csv`] if the text could not be written.
    pub fn to_csv(&self) -> Result<String, ReportError> {
        let columns = Figure::columns(FigureTable::Methods);
        // Readers may know a column by its position, so later columns stand behind all others.
        let (later, first): (Vec<_>, Vec<_>) =
            columns.partition(|figure| figure.when_absent() == WhenAbsent::LeaveOut);
        let keys =
            |figures: &[Figure]| figures.iter().map(|figure| figure.key()).collect::<Vec<_>>();
        let header = [
            vec!["method", "seed", "forget"],
            keys(&first),
            vec!["stopped_by", "steps", "rollbacks"],
            keys(&later),
            vec!["verdict"],
        ];
        let line = |run: &RunRecord| {
            let figures = |figures: &[Figure]| -> Vec<String> {
                figures.iter().map(|figure| number(run.figure(*figure))).collect()
            };
            let stopped = run.stopped_by.map(|stopped| stopped.to_string()).unwrap_or_default();
            [
                vec![run.method.to_string(), run.seed.to_string(), run.forget.clone()],
                figures(&first),
                vec![stopped, run.steps.to_string(), run.rollbacks.to_string()],
                figures(&later),
                vec![
                    run.finding.as_ref().map(|found| found.verdict.to_string()).unwrap_or_default(),
                ],
            ]
            .concat()
        };
        write(&header.concat(), self.runs.iter().map(line))
    }
}

impl SweepReport {
    /// The sweep as CSV: one line per cell and method, with the cell's settings and then means.
    ///
    /// # Errors
    ///
    /// [`ReportError::Csv`] if the text could not be written.
    pub fn to_csv(&self) -> Result<String, ReportError> {
        let columns: Vec<Figure> = Figure::columns(FigureTable::Methods).collect();
        let mut header: Vec<&str> = self.axes.iter().map(|axis| axis.key.as_str()).collect();
        header.extend(["method", "runs"]);
        header.extend(columns.iter().filter_map(|figure| figure.summary_key()));
        header.push("outcome");
        let lines = self.cells.iter().flat_map(|cell| {
            cell.summary.iter().map(|row| {
                let mut line = cell.values.clone();
                line.extend([row.method.to_string(), row.runs.to_string()]);
                line.extend(
                    columns
                        .iter()
                        .map(|figure| number(row.figure(*figure).map(|spread| spread.mean))),
                );
                line.push(row.outcome());
                line
            })
        });
        write(&header, lines)
    }
}

/// As many digits as the number has.
fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn write(header: &[&str], lines: impl Iterator<Item = Vec<String>>) -> Result<String, ReportError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for line in lines {
        writer.write_record(line)?;
    }
    let bytes = writer.into_inner().map_err(|error| ::csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
