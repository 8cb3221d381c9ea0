//! The result of a deletion.

use std::fmt;

use serde::Serialize;

use crate::{
    data::Copies,
    evaluate::Measures,
    models::ModelFile,
    run::{Finding, StoppedBy},
    session::drift::{Drift, counted},
    unlearn::Method,
};

/// A network that has been made to forget. Displays as a short table, and serialises without the
/// weights themselves.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Unlearned {
    /// The method.
    pub method: Method,
    /// Seed of draws and shuffles.
    pub seed: u64,
    /// The request as given.
    pub forget: String,
    /// Training rows that this request is to forget; `finding` says whether they are forgotten.
    pub forgotten_rows: usize,
    /// Measures of the network before the run, on the rows of this request.
    pub before: Measures,
    /// Measures of the network after the run, on the same rows.
    pub after: Measures,
    /// Expected accuracy on the forget set, in per cent; `None` where nothing is expected.
    pub target_forget_accuracy: Option<f64>,
    /// Wall time of steps and guards, in seconds.
    pub seconds: f64,
    /// Steps taken by the network that was kept.
    pub steps: usize,
    /// Why the run ended.
    pub stopped_by: StoppedBy,
    /// What became of the request; `None` where nothing was unlearned, as in retraining.
    pub finding: Option<Finding>,
    /// How often the guards went back to an earlier state.
    pub rollbacks: usize,
    /// SHA-256 of the data set.
    pub data: String,
    /// Exact copies of the forgotten rows among those that stay.
    pub copies: Copies,
    /// This request and all earlier ones together.
    pub so_far: SoFar,
    /// SHA-256 of the weights before.
    pub weights_before: String,
    /// SHA-256 of the weights after.
    pub weights_after: String,
    /// The network, with this request in its ledger.
    #[serde(skip)]
    pub model: ModelFile,
}

/// All requests that a network has been made to carry out, taken together.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct SoFar {
    /// Number of requests.
    pub requests: usize,
    /// Training rows forgotten.
    pub forgotten_rows: usize,
    /// SHA-256 of their numbers.
    pub forget_list: String,
    /// The network, measured on all of them.
    pub measures: Measures,
    /// A network retrained without any of them, measured on the same rows, if there is one.
    pub retrained: Option<Measures>,
    /// Average gap to it, in percentage points.
    pub gap: Option<f64>,
    /// How far the network has drifted.
    pub drift: Drift,
}

impl Unlearned {
    /// Whether the request is fulfilled, as far as the run can tell. It always is where the network
    /// never saw the rows, as in retraining.
    pub fn is_fulfilled(&self) -> bool {
        self.finding.as_ref().is_none_or(|finding| finding.verdict.is_fulfilled())
    }
}

impl fmt::Display for Unlearned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, m) in [("before", &self.before), ("after", &self.after)] {
            let (ua, mia, ra, ta) = (m.ua, m.mia.confidence, m.ra, m.ta);
            writeln!(f, "{name:>7}  UA {ua:6.2}  MIA {mia:6.2}  RA {ra:6.2}  TA {ta:6.2}")?;
        }
        if !self.copies.is_empty() {
            writeln!(f, "{}", self.copies)?;
        }
        let (steps, seconds, stopped_by) = (self.steps, self.seconds, self.stopped_by);
        match &self.finding {
            Some(finding) => writeln!(f, "{}: {finding}", finding.verdict)?,
            None => writeln!(f, "{} never seen", counted(self.forgotten_rows, "row"))?,
        }
        writeln!(f, "{} in {seconds:.1} s, ended by {stopped_by}", counted(steps, "step"))?;
        match self.so_far.gap {
            Some(gap) => writeln!(
                f,
                "average gap to the retrained network, over everything forgotten so far: {gap:.2} points"
            )?,
            None => writeln!(f, "without a retrained network the gap is unknown")?,
        }
        let known = 100.0 - self.so_far.measures.ua;
        writeln!(f, "accuracy on everything forgotten so far: {known:.2} %")?;
        f.write_str(&self.so_far.drift.summary())
    }
}
