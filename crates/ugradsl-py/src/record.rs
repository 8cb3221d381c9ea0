//! The results of runs.

use std::sync::Arc;

use pyo3::prelude::*;
use ugradsl::{
    data::Dataset,
    device::DeviceInfo,
    record::{About, Asked, DeletionRecord},
    session,
};

use crate::{
    error::{Failure, Result},
    network::Network,
};

/// Most rows that a record shows.
const SHOWN: usize = 200;

/// A network that was trained.
#[pyclass(frozen, module = "ugradsl._native")]
pub(crate) struct Trained {
    inner: session::Trained,
}

impl Trained {
    pub(crate) fn of(inner: session::Trained) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl Trained {
    fn json(&self) -> PyResult<String> {
        Ok(serde_json::to_string(&self.inner).map_err(Failure::from)?)
    }

    fn text(&self) -> String {
        self.inner.to_string()
    }

    fn network(&self) -> Network {
        Network::of(self.inner.model.clone())
    }
}

/// A network that was made to forget.
#[pyclass(frozen, module = "ugradsl._native")]
pub(crate) struct Unlearned {
    inner: session::Unlearned,
    dataset: Arc<Dataset>,
    device: DeviceInfo,
}

impl Unlearned {
    pub(crate) fn of(inner: session::Unlearned, dataset: Arc<Dataset>, device: DeviceInfo) -> Self {
        Self { inner, dataset, device }
    }
}

/// What a run does not know of the request.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Request {
    file: String,
    asked_by: Option<String>,
    number: Option<String>,
    reason: Option<String>,
    date: Option<String>,
    private: bool,
    /// Whether the rows are shown.
    pictures: bool,
    unix_time: Option<u64>,
    check: Vec<String>,
}

#[pymethods]
impl Unlearned {
    fn json(&self) -> PyResult<String> {
        Ok(serde_json::to_string(&self.inner).map_err(Failure::from)?)
    }

    fn text(&self) -> String {
        self.inner.to_string()
    }

    fn network(&self) -> Network {
        Network::of(self.inner.model.clone())
    }

    fn is_fulfilled(&self) -> bool {
        self.inner.is_fulfilled()
    }

    /// The record of the deletion: `html`, `markdown` or `json`.
    fn record(&self, form: &str, request: Request) -> PyResult<String> {
        Ok(self.written(form, request)?)
    }
}

impl Unlearned {
    fn written(&self, form: &str, request: Request) -> Result<String> {
        let mut about = About::new(request.file);
        let Request { asked_by, number, reason, date, .. } = request;
        about.asked = Asked { by: asked_by, number, reason, date };
        (about.private, about.unix_time) = (request.private, request.unix_time);
        about.check = request.check;
        let rows = self.inner.model.ledger.entries().last().map(|entry| entry.rows.as_slice());
        let shown = rows.filter(|_| request.pictures);
        let sheet = shown.map(|rows| ugradsl_cli::contact_sheet(&self.dataset, rows, SHOWN));
        let record = DeletionRecord::of(&self.inner, &self.dataset, &self.device, about);
        match form {
            "html" => Ok(record.to_html(sheet.as_deref())),
            "markdown" => Ok(record.to_markdown()),
            "json" => Ok(record.to_json()),
            _ => Err(Failure::setting(format!(
                "unknown form {form:?}: choose html, markdown or json"
            ))),
        }
    }
}
