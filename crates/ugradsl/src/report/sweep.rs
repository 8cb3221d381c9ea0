//! The record of a sweep: what came out of every cell of a grid, side by side.

#[cfg(feature = "html")]
use askama::Template;
use serde::{Deserialize, Serialize};

use super::{
    Environment, Report, ReportError, SCHEMA_VERSION, Summary, markdown, rows, table::Table,
};
#[cfg(feature = "html")]
use super::{
    html::{Figure, Page},
    plots,
};
use crate::experiment::{Axis, Cell, ExperimentConfig, Grid};
#[cfg(feature = "html")]
use crate::unlearn::Method;

/// The summary of one cell; its folder has the whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SweepCell {
    /// Value of each axis, in the order of the axes.
    pub values: Vec<String>,
    /// Folder of the cell's report, records and models.
    pub folder: String,
    /// Whether the gates of the recipe hold.
    pub passed: bool,
    /// One row per method.
    pub summary: Vec<Summary>,
}

/// A sweep and what came out of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SweepReport {
    /// [`SCHEMA_VERSION`]
    pub schema_version: u32,
    /// The config that all cells share; what an axis sets is as in the first cell.
    pub config: ExperimentConfig,
    /// Where the first cell ran.
    pub environment: Environment,
    /// The axes.
    pub axes: Vec<Axis>,
    /// The cells that are finished, in the order of the grid.
    pub cells: Vec<SweepCell>,
}

impl SweepReport {
    /// A sweep over `grid` whose first cell gave `report`; cells are [added](Self::add) as they are
    /// finished.
    pub fn new(grid: &Grid, report: &Report) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            config: report.config.clone(),
            environment: report.environment.clone(),
            axes: grid.axes().to_vec(),
            cells: Vec::new(),
        }
    }

    /// Adds a finished cell.
    pub fn add(&mut self, cell: &Cell, report: &Report) {
        self.cells.push(SweepCell {
            values: cell.pairs().iter().map(|(_, value)| value.clone()).collect(),
            folder: cell.name(),
            passed: report.passed(),
            summary: report.summary.clone(),
        });
    }

    /// Whether every gate of every finished cell holds.
    pub fn passed(&self) -> bool {
        self.cells.iter().all(|cell| cell.passed)
    }

    /// The machine form: one JSON object.
    ///
    /// # Errors
    ///
    /// If a value has no JSON form.
    pub fn to_json(&self) -> Result<String, ReportError> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// The sweep as Markdown.
    ///
    /// # Errors
    ///
    /// If the config has no JSON form.
    pub fn to_markdown(&self) -> Result<String, ReportError> {
        let config = serde_json::to_string_pretty(&self.config)?;
        let (facts, tables) = (self.facts(), [self.methods(), self.folders()]);
        let not_proven = rows::not_proven(self.config.retrain);
        Ok(markdown::document(&self.config.name, &facts, &tables, &[], &not_proven, &config))
    }

    /// The sweep as a self-contained page, with a heat map of the average gap for each method.
    ///
    /// # Errors
    ///
    /// [`ReportError`] if a plot cannot be drawn.
    #[cfg(feature = "html")]
    pub fn to_html(&self) -> Result<String, ReportError> {
        let methods = Method::ALL.into_iter().filter(|method| *method != Method::Retrain);
        let mut figures = Vec::new();
        for method in
            methods.filter(|method| self.cells.iter().any(|cell| cell.row(*method).is_some()))
        {
            for (rest, svg) in self.heat_maps(method)? {
                let fixed = if rest.is_empty() { String::new() } else { format!(", {rest}") };
                let caption = format!("Average gap of {method}{fixed}, in points; lower is closer");
                figures.push(Figure { caption, svg });
            }
        }
        let page = Page {
            title: &self.config.name,
            facts: self.facts(),
            tables: vec![self.methods()],
            figures,
            warnings: Vec::new(),
            meanings: rows::meanings(),
            not_proven: rows::not_proven(self.config.retrain),
            hashes: self.folders(),
            config: serde_json::to_string_pretty(&self.config)?,
        };
        Ok(page.render()?)
    }

    #[cfg(feature = "html")]
    /// One heat map over the last two axes for each combination of the others, with that
    /// combination.
    fn heat_maps(&self, method: Method) -> Result<Vec<(String, String)>, ReportError> {
        let (others, shown) = self.axes.split_at(self.axes.len().saturating_sub(2));
        let mut combinations: Vec<&[String]> = self
            .cells
            .iter()
            .map(|cell| &cell.values[..others.len().min(cell.values.len())])
            .collect();
        combinations.dedup();
        let no_axis = Axis { key: String::new(), values: vec![String::new()] };
        let (y, x) = match shown {
            [y, x] => (y, x),
            [x] => (&no_axis, x),
            _ => return Ok(Vec::new()),
        };
        let map = |combination: &[String]| {
            let gap = |column: usize, row: usize| {
                let cell = self.cells.iter().find(|cell| {
                    let (other, own) = cell.values.split_at(others.len().min(cell.values.len()));
                    let wanted: &[&String] = match shown {
                        [_, _] => &[&y.values[row], &x.values[column]],
                        _ => &[&x.values[column]],
                    };
                    other == combination && own.iter().eq(wanted.iter().copied())
                })?;
                cell.row(method)?.figure(crate::evaluate::Figure::Gap).map(|gap| gap.mean)
            };
            let keys = others.iter().zip(combination);
            let rest: Vec<_> = keys.map(|(axis, value)| format!("{}={value}", axis.key)).collect();
            Ok((rest.join(", "), plots::heat_map(x, y, gap).map_err(ReportError::Plot)?))
        };
        combinations.into_iter().map(map).collect()
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let axis = |axis: &Axis| format!("{}: {}", axis.key, axis.values.join(", "));
        let cells: usize = self.axes.iter().map(|axis| axis.values.len()).product();
        vec![
            ("axes", self.axes.iter().map(axis).collect::<Vec<_>>().join("; ")),
            ("cells", format!("{} of {cells} finished", self.cells.len())),
            ("data", format!("{} (SHA-256 {})", self.config.data, self.environment.data)),
            ("network", self.config.architecture.to_string()),
            ("device", self.environment.device.to_string()),
            ("platform", self.environment.platform.clone()),
            ("version", format!("ugradsl {}", self.environment.version)),
        ]
    }

    /// One line per cell and method.
    pub(super) fn methods(&self) -> Table {
        let lines = self.cells.iter().flat_map(|cell| {
            let named = self.axes.iter().zip(&cell.values);
            let name: Vec<_> = named.map(|(axis, value)| format!("{}={value}", axis.key)).collect();
            let name = name.join(", ");
            cell.summary.iter().map(move |row| line(&name, row))
        });
        Table {
            heading: "Cells",
            caption: "Mean ± standard deviation over the runs of a cell",
            header: [vec!["cell", "method", "runs"], Summary::header()].concat(),
            rows: lines.collect(),
        }
    }

    fn folders(&self) -> Table {
        let row = |cell: &SweepCell| vec![cell.values.join(", "), cell.folder.clone()];
        Table {
            heading: "Folders",
            caption: "Where the report, the records and the models of each cell are",
            header: vec!["cell", "folder"],
            rows: self.cells.iter().map(row).collect(),
        }
    }
}

impl SweepCell {
    #[cfg(feature = "html")]
    fn row(&self, method: Method) -> Option<&Summary> {
        self.summary.iter().find(|row| row.method == method)
    }
}

fn line(cell: &str, row: &Summary) -> Vec<String> {
    let name = [cell.to_owned(), row.method.to_string(), row.runs.to_string()];
    name.into_iter().chain(row.cells()).collect()
}
