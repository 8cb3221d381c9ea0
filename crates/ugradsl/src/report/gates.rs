//! Gates: what a recipe promises about its results, checked against them.

use serde::{Deserialize, Serialize};

use super::Summary;
use crate::{
    evaluate::Figure,
    experiment::{Expectation, RunRecord},
    unlearn::Method,
};

/// One promise, and whether it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gate {
    /// The method it is about.
    pub method: Method,
    /// What is promised, in words.
    pub promise: String,
    /// What was measured; absent if the method has no run.
    pub measured: Option<f64>,
    /// The bound; absent if it is a baseline's figure and the baseline has no run.
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
    let bounds = bounds(expectation, runs, summary).into_iter();
    let bounds = bounds.filter_map(|(promise, measured, bound)| {
        Some(gate(expectation, promise, measured, Some(bound?), |measured, bound| {
            measured <= bound
        }))
    });
    let baselines = expectation.better_than.iter().map(|baseline| {
        let [ours, theirs] =
            [expectation.method, *baseline].map(|method| mean_gap(method, summary));
        let promise = format!("mean gap below that of {baseline}");
        gate(expectation, promise, ours, theirs, |ours, theirs| ours < theirs)
    });
    let accuracy = expectation.training_accuracy.map(|bound| {
        let measured = training_accuracy(expectation.method, runs);
        let promise = "training accuracy at least".to_owned();
        gate(expectation, promise, measured, Some(bound), |measured, bound| measured >= bound)
    });
    bounds.chain(baselines).chain(accuracy).collect()
}

/// A promise and whether it holds; it does not if one of the two figures is missing.
fn gate(
    expectation: &Expectation,
    promise: String,
    measured: Option<f64>,
    bound: Option<f64>,
    holds: fn(f64, f64) -> bool,
) -> Gate {
    let holds = measured.zip(bound).is_some_and(|(measured, bound)| holds(measured, bound));
    Gate { method: expectation.method, promise, measured, bound, holds }
}

/// The upper bounds: the promise, what was measured, and the bound if there is one.
fn bounds(
    expectation: &Expectation,
    runs: &[RunRecord],
    summary: &[Summary],
) -> [(String, Option<f64>, Option<f64>); 5] {
    let method = expectation.method;
    let spread = |figure| summary.iter().find(|row| row.method == method)?.figure(figure);
    let gap = mean_gap(method, summary);
    let share_of_original =
        gap.zip(mean_gap(Method::Original, summary)).map(|(gap, full)| gap / full);
    [
        ("mean gap at most", gap, expectation.mean_gap),
        ("gap of any run at most", spread(Figure::Gap).map(|gap| gap.most), expectation.worst_gap),
        (
            "RA and TA of any run within",
            worst_accuracy_gap(method, runs),
            expectation.worst_accuracy_gap,
        ),
        (
            "share of retraining's time at most",
            spread(Figure::RetrainShare).map(|share| share.mean),
            expectation.retrain_share,
        ),
        (
            "gap as a share of the original's at most",
            share_of_original,
            expectation.share_of_original_gap,
        ),
    ]
    .map(|(promise, measured, bound)| (promise.to_owned(), measured, bound))
}

fn mean_gap(method: Method, summary: &[Summary]) -> Option<f64> {
    let row = summary.iter().find(|row| row.method == method)?;
    row.figure(Figure::Gap).map(|gap| gap.mean)
}

/// The lowest training accuracy of the method's runs, on the worse of their two sets.
fn training_accuracy(method: Method, runs: &[RunRecord]) -> Option<f64> {
    let runs = runs.iter().filter(|run| run.method == method).map(RunRecord::measures);
    runs.map(|measures| measures.ra.min(100.0 - measures.ua)).min_by(f64::total_cmp)
}

/// Largest |RA - RA*| or |TA - TA*| of the method's runs against the retrained network of the same
/// seed and request, or the estimate of it.
fn worst_accuracy_gap(method: Method, runs: &[RunRecord]) -> Option<f64> {
    let gap = |run: &RunRecord| {
        let counterpart = |method: Method| {
            runs.iter().find(|other| {
                other.method == method && other.seed == run.seed && other.forget == run.forget
            })
        };
        let oracle = counterpart(Method::Retrain).map(RunRecord::measures);
        let oracle = oracle.or_else(|| counterpart(Method::Original)?.expected)?;
        let measures = run.measures();
        let ra = (measures.ra - oracle.ra).abs();
        Some(ra.max((measures.ta - oracle.ta).abs()))
    };
    let gaps: Option<Vec<f64>> = runs.iter().filter(|run| run.method == method).map(gap).collect();
    gaps?.into_iter().max_by(f64::total_cmp)
}
