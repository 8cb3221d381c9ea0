//! The report as one self-contained page: no script, no request to anywhere.

use askama::Template;
use thiserror::Error;

use super::{Report, plots, rows};

/// Why no page could be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HtmlError {
    /// The template could not be filled.
    #[error("the page could not be written: {0}")]
    Template(#[from] askama::Error),
    /// A plot could not be drawn.
    #[error("a plot could not be drawn: {0}")]
    Plot(String),
}

/// A table of the page.
struct Table {
    caption: &'static str,
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// A plot of the page, as inline SVG.
struct Figure {
    caption: &'static str,
    svg: String,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    title: &'a str,
    facts: Vec<(&'static str, String)>,
    tables: Vec<Table>,
    figures: Vec<Figure>,
    warnings: Vec<String>,
    meanings: [(&'static str, &'static str); 7],
    not_proven: &'static str,
    config: String,
}

impl Report {
    /// The report as HTML.
    ///
    /// # Errors
    ///
    /// [`HtmlError`] if a plot cannot be drawn.
    pub fn to_html(&self) -> Result<String, HtmlError> {
        let table = |caption, header: &[&'static str], rows| Table {
            caption,
            header: header.to_vec(),
            rows,
        };
        let mut tables = vec![
            table(
                "Methods: mean ± standard deviation (distance of the mean to the retrained network)",
                &rows::METHOD_HEADER,
                rows::methods(self),
            ),
            table("Runs", &rows::RUN_HEADER, rows::runs(self)),
            table(
                "Other features of the attack: share of the forget set called non-member, per cent",
                &rows::ATTACK_HEADER,
                rows::attacks(self),
            ),
        ];
        if !self.gates.is_empty() {
            tables.push(table("Gates", &rows::GATE_HEADER, rows::gates(self)));
        }
        let page = Page {
            title: &self.config.name,
            facts: rows::facts(self),
            tables,
            figures: vec![
                Figure {
                    caption: "Distance of each measure to the retrained network, in points",
                    svg: plots::distances(self).map_err(HtmlError::Plot)?,
                },
                Figure {
                    caption: "Accuracy on forgotten batches over the course of each run, in per cent",
                    svg: plots::courses(self).map_err(HtmlError::Plot)?,
                },
            ],
            warnings: rows::warnings(self),
            meanings: rows::MEANINGS,
            not_proven: rows::NOT_PROVEN,
            config: serde_json::to_string_pretty(&self.config).unwrap_or_default(),
        };
        Ok(page.render()?)
    }
}
