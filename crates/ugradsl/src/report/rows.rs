//! The rows of the report's tables, the same for every form.

use super::{Gate, Report, Spread, Summary, table::Table};
use crate::{
    evaluate::{Figure, FigureTable, Figures, Measure, Measures},
    experiment::RunRecord,
    run::Remark,
    unlearn::Method,
};

pub(super) const GATE_HEADER: [&str; 5] = ["method", "promise", "bound", "measured", "holds"];

/// Title and meaning of the measures in the report's tables: first those in the tables of methods
/// and runs, then those with a table of their own.
pub(super) fn meanings() -> Vec<(&'static str, &'static str)> {
    let shown = |measure: Measure, tables: [FigureTable; 2]| {
        let columns = tables.into_iter().flat_map(Figure::columns);
        columns.map(Figure::measure).any(|other| other == measure)
    };
    let headline = |measure: &Measure| shown(*measure, [FigureTable::Methods, FigureTable::Runs]);
    let (first, rest): (Vec<_>, Vec<_>) = Measure::ALL.into_iter().partition(headline);
    let apart = |measure: &Measure| shown(*measure, [FigureTable::Attack, FigureTable::Answers]);
    let all = first.into_iter().chain(rest.into_iter().filter(apart));
    all.map(|measure| (measure.explanation().title, measure.explanation().meaning)).collect()
}

/// What the figures do not show. `retrained`: whether they are distances to a retrained network.
pub(super) fn not_proven(retrained: bool) -> String {
    let reference = match retrained {
        true => "one retrained network",
        false => {
            "an estimate of the retrained network derived from the original's predictions (no \
             network was retrained)"
        }
    };
    format!(
        "This is approximate unlearning: there is no formal guarantee. The figures say how close \
         the networks are to {reference}, by these attacks, on these sets; another attack may see \
         more. The weights may still hold what the outputs no longer show."
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
    facts.extend(
        (config.validation > 0.0).then(|| ("test rows", seen_by_guards(config.validation))),
    );
    let data = &report.data;
    if !data.classes.is_empty() {
        facts.push(("classes", list(data.classes.clone())));
    }
    facts.extend(data.notes.iter().map(|note| ("read", note.clone())));
    facts.extend(data.copies.iter().map(|(name, text)| ("copies", format!("{name}: {text}"))));
    facts.extend(config.original.iter().map(|original| ("original", original.file.clone())));
    facts.extend(expected(report).into_iter().map(|text| ("compared with", text)));
    facts.extend(worse(report).into_iter().map(|text| ("worse than doing nothing", text)));
    facts
}

/// Which test rows the figures are of.
fn seen_by_guards(share: f64) -> String {
    format!(
        "guards see {:.0} % of each class, drawn once for all seeds; every figure is of the others",
        100.0 * share
    )
}

/// What gaps are measured against where no network was retrained, once per request and seed.
pub(super) fn expected(report: &Report) -> Vec<String> {
    let text = |run: &RunRecord| {
        let Measures { ua, ra, ta, mia } = run.expected?;
        Some(format!(
            "an estimate of the retrained network derived from the original's predictions (no \
             network was retrained): UA {ua:.2}, MIA {:.2}, RA {ra:.2}, TA {ta:.2} ({}, seed {})",
            mia.confidence, run.forget, run.seed
        ))
    };
    report.runs.iter().filter_map(text).collect()
}

/// Methods that end further from the retrained network than the untouched original is.
pub(super) fn worse(report: &Report) -> Vec<String> {
    let gap = |row: &Summary| Some(row.figure(Figure::Gap)?.mean);
    let original = report.summary.iter().find(|row| row.method == Method::Original);
    let Some(untouched) = original.and_then(gap) else { return Vec::new() };
    let text = |row: &Summary| {
        let worse = |gap: &f64| Remark::is_worse_than_nothing(*gap, untouched);
        let found = gap(row).filter(worse).filter(|_| row.method != Method::Original)?;
        Some(format!(
            "{} ends further from the retrained network than the untouched original: gap {found:.2}, \
             the original {untouched:.2}",
            row.method
        ))
    };
    report.summary.iter().filter_map(text).collect()
}

/// Means of [`Figure::IN_GAP`] over what the runs are compared with: the retrained networks, or the
/// estimates of them.
pub(super) fn target(report: &Report) -> Option<[f64; 4]> {
    let runs = |method| report.runs.iter().filter(move |run| run.method == method);
    let mut targets: Vec<Figures> = runs(Method::Retrain).map(|run| run.figures.clone()).collect();
    if targets.is_empty() {
        targets =
            runs(Method::Original).filter_map(|run| run.expected.map(Figures::from)).collect();
    }
    let four =
        |target: &Figures| Figure::IN_GAP.map(|figure| target.get(figure).unwrap_or(f64::NAN));
    let sums = targets.iter().map(four).reduce(|a, b| std::array::from_fn(|at| a[at] + b[at]))?;
    Some(sums.map(|sum| sum / targets.len() as f64))
}

pub(super) fn methods(report: &Report) -> Vec<Vec<String>> {
    let target = target(report);
    let distance = |row: &Summary, figure: Figure| {
        let place = Figure::IN_GAP.iter().position(|other| *other == figure)?;
        Some(format!(" ({:+.2})", row.figure(figure)?.mean - target?[place]))
    };
    let row = |row: &Summary| {
        let cells = Figure::columns(FigureTable::Methods).map(|figure| {
            Spread::cell(figure, row.figure(figure)) + &distance(row, figure).unwrap_or_default()
        });
        let first = [row.method.to_string(), row.runs.to_string(), row.outcome()];
        first.into_iter().chain(cells).collect()
    };
    report.summary.iter().map(row).collect()
}

pub(super) fn runs(report: &Report) -> Table {
    let mut header = with_figures(&["method", "seed", "forget", "outcome"], FigureTable::Runs);
    header.extend(["ended by", "rollbacks"]);
    let row = |run: &RunRecord| {
        let ended = run.stopped_by.map(|stopped| stopped.to_string());
        let mut row = vec![run.method.to_string(), run.seed.to_string(), run.forget.clone()];
        let outcome = run.finding.as_ref().map(|finding| match finding.remark {
            Some(remark) => format!("{}, {remark}", finding.verdict),
            None => finding.verdict.to_string(),
        });
        row.push(outcome.unwrap_or_else(|| "-".to_owned()));
        row.extend(cells(run, FigureTable::Runs));
        row.extend([ended.unwrap_or_else(|| "-".to_owned()), run.rollbacks.to_string()]);
        row
    };
    let rows = report.runs.iter().map(row).collect();
    Table { heading: "Runs", caption: "Each run by itself", header, rows }
}

pub(super) fn attacks(report: &Report) -> Table {
    let mut header = with_figures(&["method", "seed"], FigureTable::Attack);
    let headline = header.iter_mut().filter(|title| **title == Figure::Mia.title());
    // Here the headline is one feature among others.
    headline.for_each(|title| *title = "confidence");
    let row = |run: &RunRecord| {
        let mut row = vec![run.method.to_string(), run.seed.to_string()];
        row.extend(cells(run, FigureTable::Attack));
        row
    };
    Table {
        heading: "Other features of the attack",
        caption: "Share of the forget set called non-member, per cent",
        header,
        rows: report.runs.iter().map(row).collect(),
    }
}

/// The threshold attack, and the comparison with the retrained network's answers.
pub(super) fn answers(report: &Report) -> Table {
    let row = |run: &RunRecord| {
        let mut row = vec![run.method.to_string(), run.seed.to_string(), run.forget.clone()];
        row.extend(cells(run, FigureTable::Answers));
        row
    };
    Table {
        heading: "Threshold attack and answers",
        caption: "Forgotten against test samples by the confidence in the true class; answers \
                  compared with those of the retrained network, whose row is the reference for all \
                  figures",
        header: with_figures(&["method", "seed", "forget"], FigureTable::Answers),
        rows: report.runs.iter().map(row).collect(),
    }
}

fn with_figures(first: &[&'static str], table: FigureTable) -> Vec<&'static str> {
    first.iter().copied().chain(Figure::columns(table).map(Figure::title)).collect()
}

fn cells(run: &RunRecord, table: FigureTable) -> impl Iterator<Item = String> {
    Figure::columns(table).map(|figure| figure.cell(run.figure(figure)))
}

pub(super) fn warnings(report: &Report) -> Vec<String> {
    let warnings = |run: &RunRecord| {
        let name = format!("{}, seed {}, {}", run.method, run.seed, run.forget);
        run.warnings.iter().map(|warning| format!("{name}: {warning}")).collect::<Vec<_>>()
    };
    report.runs.iter().flat_map(warnings).collect()
}

pub(super) fn gates(report: &Report) -> Vec<Vec<String>> {
    let figure =
        |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    let row = |gate: &Gate| {
        vec![
            gate.method.to_string(),
            gate.promise.clone(),
            figure(gate.bound),
            figure(gate.measured),
            if gate.holds { "yes" } else { "NO" }.to_owned(),
        ]
    };
    report.gates.iter().map(row).collect()
}
