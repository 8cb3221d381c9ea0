//! The report as one self-contained page, without scripts and without requests.

use askama::Template;

use super::{
    Report, ReportError,
    markdown::{config, hashes, tables},
    plots, rows,
    table::Table,
};

/// A plot of the page, as inline SVG.
pub(super) struct Figure {
    pub(super) caption: String,
    pub(super) svg: String,
}

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) tables: Vec<Table>,
    pub(super) figures: Vec<Figure>,
    pub(super) warnings: Vec<String>,
    pub(super) meanings: Vec<(&'static str, &'static str)>,
    pub(super) not_proven: String,
    pub(super) hashes: Table,
    pub(super) config: String,
}

impl Report {
    /// The report as HTML.
    ///
    /// # Errors
    ///
    /// [`ReportError`] if a plot cannot be drawn.
    pub fn to_html(&self) -> Result<String, ReportError> {
        let figure = |caption: &str, svg: Result<String, String>| {
            let caption = caption.to_owned();
            Ok::<_, ReportError>(Figure { caption, svg: svg.map_err(ReportError::Plot)? })
        };
        let page = Page {
            title: &self.config.name,
            facts: rows::facts(self),
            tables: tables(self),
            figures: vec![
                figure(
                    "Distance of each measure's mean to the retrained network, or to the estimate \
                     of it, in points; lower is closer",
                    plots::distances(self),
                )?,
                figure(
                    "Accuracy on forgotten rows during the runs of the first seed and request; \
                     dashed: the retrained network, or the estimate of it",
                    plots::accuracies(self),
                )?,
                figure(
                    "Loss on retained rows during the same runs; more than 10 is drawn as 10",
                    plots::losses(self),
                )?,
                figure(
                    "Average gap against time, one mark per run; the lower left is best",
                    plots::gap_over_time(self),
                )?,
            ],
            warnings: rows::warnings(self),
            meanings: rows::meanings(),
            not_proven: rows::not_proven(self.config.retrain),
            hashes: hashes(self),
            config: config(self)?,
        };
        Ok(page.render()?)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
