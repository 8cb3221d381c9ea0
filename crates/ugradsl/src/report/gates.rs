//! Gates: what a recipe promises about its results, checked against them.

use serde::{Deserialize, Serialize};

use super::Summary;
use crate::{
    experiment::{Expectation, RunRecord},
    unlearn::Method,
};

/// One promise and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// The method it is about.
    pub method: Method,
    /// What is promised, in words.
    pub promise: String,
    /// What was measured; absent if the method has no run.
    pub measured: Option<f64>,
    /// The bound; absent if it is a rival's figure and the rival has no run.
    pub bound: Option<f64>,
    /// Whether it holds.
    pub holds: bool,
}

/// Checks all `expectations`; a figure that was not measured fails its gate.
pub fn check_gates(
    expectations: &[Expectation],
    runs: &[RunRecord],
    summary: &[Summary],
) -> Vec<Gate> {
    expectations.iter().flat_map(|expectation| check(expectation, runs, summary)).collect()
}

fn check(expectation: &Expectation, runs: &[RunRecord], summary: &[Summary]) -> Vec<Gate> {
    let method = expectation.method;
    let mean_gap = |method: Method| {
        let row = summary.iter().find(|row| row.method == method)?;
        row.gap.map(|gap| gap.mean)
    };
    let row = summary.iter().find(|row| row.method == method);
    let mut gates = Vec::new();
    let mut at_most = |promise: &str, measured: Option<f64>, bound: Option<f64>| {
        if let Some(bound) = bound {
            let holds = measured.is_some_and(|measured| measured <= bound);
            gates.push(Gate {
                method,
                promise: promise.to_owned(),
                measured,
                bound: Some(bound),
                holds,
            });
        }
    };
    at_most("mean gap at most", mean_gap(method), expectation.mean_gap);
    let worst = row.and_then(|row| row.gap).map(|gap| gap.most);
    at_most("gap of any run at most", worst, expectation.worst_gap);
    at_most(
        "RA and TA of any run within",
        worst_accuracy_gap(method, runs),
        expectation.worst_accuracy_gap,
    );
    let share = row.and_then(|row| row.retrain_share).map(|share| share.mean);
    at_most("share of retraining's time at most", share, expectation.retrain_share);
    let of_original =
        mean_gap(method).zip(mean_gap(Method::Original)).map(|(gap, full)| gap / full);
    at_most(
        "gap as a share of the original's at most",
        of_original,
        expectation.share_of_original_gap,
    );
    for rival in &expectation.better_than {
        let (ours, theirs) = (mean_gap(method), mean_gap(*rival));
        gates.push(Gate {
            method,
            promise: format!("mean gap below that of {rival}"),
            measured: ours,
            bound: theirs,
            holds: ours.zip(theirs).is_some_and(|(ours, theirs)| ours < theirs),
        });
    }
    if let Some(bound) = expectation.training_accuracy {
        // The worse of the two sets: both were trained on.
        let accuracy = |run: &RunRecord| run.measures.ra.min(100.0 - run.measures.ua);
        let of_method = runs.iter().filter(|run| run.method == method).map(accuracy);
        let measured = of_method.min_by(f64::total_cmp);
        let holds = measured.is_some_and(|measured| measured >= bound);
        let promise = "training accuracy at least".to_owned();
        gates.push(Gate { method, promise, measured, bound: Some(bound), holds });
    }
    gates
}

/// Largest |RA - RA*| or |TA - TA*| of the method's runs against the retrained network of the same
/// seed and request, or what is expected of it.
fn worst_accuracy_gap(method: Method, runs: &[RunRecord]) -> Option<f64> {
    let gap = |run: &RunRecord| {
        let of = |method: Method| {
            runs.iter().find(|other| {
                other.method == method && other.seed == run.seed && other.forget == run.forget
            })
        };
        let oracle = of(Method::Retrain).map(|oracle| oracle.measures);
        let oracle = oracle.or_else(|| of(Method::Original)?.expected)?;
        let ra = (run.measures.ra - oracle.ra).abs();
        Some(ra.max((run.measures.ta - oracle.ta).abs()))
    };
    let gaps: Option<Vec<f64>> = runs.iter().filter(|run| run.method == method).map(gap).collect();
    gaps?.into_iter().max_by(f64::total_cmp)
}
