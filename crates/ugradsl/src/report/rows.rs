//! The rows of the report's tables, the same for every form.

use super::Report;
use crate::{
    evaluate::{Measure, Measures},
    unlearn::Method,
};

pub(super) const RUN_HEADER: [&str; 12] = [
    "method",
    "seed",
    "forget",
    "UA %",
    "MIA %",
    "RA %",
    "TA %",
    "gap",
    "JS forget",
    "seconds",
    "ended by",
    "rollbacks",
];
pub(super) const ATTACK_HEADER: [&str; 7] =
    ["method", "seed", "confidence", "correctness", "entropy", "modified entropy", "probabilities"];
pub(super) const GATE_HEADER: [&str; 5] = ["method", "promise", "bound", "measured", "holds"];

pub(super) const FURTHER_HEADER: [&str; 10] = [
    "method",
    "seed",
    "forget",
    "AUC",
    "TPR at 1 % FPR",
    "TPR at 0.1 % FPR",
    "balanced accuracy",
    "KL forget",
    "agreement forget",
    "agreement test",
];

/// What each figure means, with its formula.
pub(super) const MEANINGS: [(&str, &str); 13] = [
    meaning(Measure::Ua),
    meaning(Measure::Ra),
    meaning(Measure::Ta),
    meaning(Measure::Mia),
    meaning(Measure::Gap),
    meaning(Measure::Js),
    meaning(Measure::Seconds),
    meaning(Measure::PeakMemory),
    meaning(Measure::Auc),
    meaning(Measure::Tpr),
    meaning(Measure::BalancedAccuracy),
    meaning(Measure::Kl),
    meaning(Measure::Agreement),
];

const fn meaning(measure: Measure) -> (&'static str, &'static str) {
    let explanation = measure.explanation();
    (explanation.title, explanation.meaning)
}

/// What figures do not show. `retrained`: whether they are distances to a network that was.
pub(super) fn not_proven(retrained: bool) -> String {
    let reference = match retrained {
        true => "one retrained network",
        false => "what the original's answers let expect of a retrained network, which nobody made",
    };
    format!(
        "This is approximate unlearning: there is no formal guarantee. The figures say how close the networks are to \
         {reference}, by these attacks, on these sets; another attack may see more. The weights may still hold what the \
         outputs no longer show."
    )
}

pub(super) fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let (config, environment) = (&report.config, &report.environment);
    let list = |values: Vec<String>| values.join(", ");
    let mut facts = vec![
        ("forgotten", list(config.forget.clone())),
        ("data", format!("{} (SHA-256 {})", config.data, environment.data)),
        ("network", config.architecture.to_string()),
        ("seeds", list(config.seeds.iter().map(u64::to_string).collect())),
        ("device", environment.device.to_string()),
        ("platform", environment.platform.clone()),
        ("version", format!("ugradsl {}", environment.version)),
    ];
    facts.extend(config.original.iter().map(|original| ("original", original.file.clone())));
    facts.extend(expected(report).into_iter().map(|text| ("compared with", text)));
    facts
}

/// What gaps are to where no network was retrained, once for each request and seed.
pub(super) fn expected(report: &Report) -> Vec<String> {
    let text = |run: &crate::experiment::RunRecord| {
        let Measures { ua, ra, ta, mia } = run.expected?;
        Some(format!(
            "what the original's answers let expect of a retrained network, as none was made: UA {ua:.2}, MIA {:.2}, RA \
             {ra:.2}, TA {ta:.2} ({}, seed {})",
            mia.confidence, run.forget, run.seed
        ))
    };
    report.runs.iter().filter_map(text).collect()
}

fn optional(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// Means of UA, MIA, RA and TA over what the runs are compared with: the retrained networks, or what is expected of them.
pub(super) fn aim(report: &Report) -> Option<[f64; 4]> {
    let of = |method| report.runs.iter().filter(move |run| run.method == method);
    let mut aims: Vec<Measures> = of(Method::Retrain).map(|run| run.measures).collect();
    if aims.is_empty() {
        aims = of(Method::Original).filter_map(|run| run.expected).collect();
    }
    let figures = aims.iter().map(|of| [of.ua, of.mia.confidence, of.ra, of.ta]);
    let sums = figures.reduce(|a, b| std::array::from_fn(|at| a[at] + b[at]))?;
    Some(sums.map(|sum| sum / aims.len() as f64))
}

pub(super) fn methods(report: &Report) -> Vec<Vec<String>> {
    let aim = aim(report);
    let row = |row: &super::Summary| {
        let mut cells = row.cells();
        for (at, own) in [row.ua, row.mia, row.ra, row.ta].into_iter().enumerate() {
            if let Some((own, aim)) = own.zip(aim) {
                cells[at] += &format!(" ({:+.2})", own.mean - aim[at]);
            }
        }
        [row.method.to_string(), row.runs.to_string()].into_iter().chain(cells).collect()
    };
    report.summary.iter().map(row).collect()
}

pub(super) fn runs(report: &Report) -> Vec<Vec<String>> {
    let row = |run: &crate::experiment::RunRecord| {
        let ended = run.stopped_by.map(|stopped| stopped.to_string());
        vec![
            run.method.to_string(),
            run.seed.to_string(),
            run.forget.clone(),
            format!("{:.2}", run.measures.ua),
            format!("{:.2}", run.measures.mia.confidence),
            format!("{:.2}", run.measures.ra),
            format!("{:.2}", run.measures.ta),
            optional(run.gap, 2),
            optional(run.js_forget, 4),
            optional(run.seconds, 1),
            ended.unwrap_or_else(|| "-".to_owned()),
            run.rollbacks.to_string(),
        ]
    };
    report.runs.iter().map(row).collect()
}

pub(super) fn attacks(report: &Report) -> Vec<Vec<String>> {
    let row = |run: &crate::experiment::RunRecord| {
        let mia = run.measures.mia;
        vec![
            run.method.to_string(),
            run.seed.to_string(),
            format!("{:.2}", mia.confidence),
            optional(mia.correctness, 2),
            optional(mia.entropy, 2),
            optional(mia.modified_entropy, 2),
            optional(mia.probabilities, 2),
        ]
    };
    report.runs.iter().map(row).collect()
}

/// The threshold attack, and the answers beside the retrained network's.
pub(super) fn further(report: &Report) -> Vec<Vec<String>> {
    let row = |run: &crate::experiment::RunRecord| {
        let (roc, likeness) = (run.roc.map(|roc| roc.forget), run.likeness);
        vec![
            run.method.to_string(),
            run.seed.to_string(),
            run.forget.clone(),
            optional(roc.map(|roc| roc.auc), 4),
            optional(roc.map(|roc| roc.tpr_at_fpr_1), 2),
            optional(roc.map(|roc| roc.tpr_at_fpr_0_1), 2),
            optional(roc.map(|roc| roc.balanced_accuracy), 2),
            optional(likeness.map(|likeness| likeness.kl_forget), 4),
            optional(likeness.map(|likeness| likeness.agreement_forget), 2),
            optional(likeness.map(|likeness| likeness.agreement_test), 2),
        ]
    };
    report.runs.iter().map(row).collect()
}

pub(super) fn warnings(report: &Report) -> Vec<String> {
    let of = |run: &crate::experiment::RunRecord| {
        let name = format!("{}, seed {}, {}", run.method, run.seed, run.forget);
        run.warnings.iter().map(|warning| format!("{name}: {warning}")).collect::<Vec<_>>()
    };
    report.runs.iter().flat_map(of).collect()
}

pub(super) fn gates(report: &Report) -> Vec<Vec<String>> {
    let row = |gate: &super::Gate| {
        vec![
            gate.method.to_string(),
            gate.promise.clone(),
            optional(gate.bound, 3),
            optional(gate.measured, 3),
            if gate.holds { "yes" } else { "NO" }.to_owned(),
        ]
    };
    report.gates.iter().map(row).collect()
}
