//! The report of a comparison.

use pyo3::prelude::*;
use ugradsl::report;

use crate::error::{Failure, Result};

/// A report.
#[pyclass(frozen, module = "ugradsl._native")]
pub(crate) struct Report {
    pub(crate) inner: report::Report,
}

#[pymethods]
impl Report {
    /// Reads what `json` gave.
    #[staticmethod]
    fn parse(text: &str) -> PyResult<Self> {
        let inner = report::Report::from_json(text).map_err(Failure::from)?;
        Ok(Self { inner })
    }

    /// The report as `json`, `markdown`, `html`, `latex` or `csv`.
    fn written(&self, py: Python<'_>, form: &str) -> PyResult<String> {
        py.detach(|| written(&self.inner, form)).map_err(Failure::into)
    }

    /// Whether every gate holds.
    fn passed(&self) -> bool {
        self.inner.passed()
    }
}

/// `report` in one of its forms.
pub(crate) fn written(report: &report::Report, form: &str) -> Result<String> {
    Ok(match form {
        "json" => report.to_json()?,
        "markdown" => report.to_markdown()?,
        "html" => report.to_html()?,
        "latex" => report.to_latex(),
        "csv" => report.to_csv()?,
        _ => {
            let problem =
                format!("unknown form {form:?}: choose json, markdown, html, latex or csv");
            return Err(Failure::setting(problem));
        }
    })
}
