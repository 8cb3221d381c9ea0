//! Means and deviations over the runs of a method.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde::{Deserialize, Serialize};

use super::{Spread, Spreads};
use crate::{
    evaluate::{Figure, FigureTable},
    experiment::RunRecord,
    run::{Remark, Verdict},
    unlearn::Contender,
};

/// The figures of one method over its runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// The method.
    pub method: Contender,
    /// Number of runs.
    pub runs: usize,
    /// How often its runs ended in which verdict.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub verdicts: BTreeMap<Verdict, usize>,
    /// How often what had to be said beside the verdict.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub remarks: BTreeMap<Remark, usize>,
    /// Means and deviations of the figures that are [summarised](Figure::summarised).
    #[serde(flatten)]
    pub figures: Spreads,
}

impl Summary {
    /// Mean and deviation of `figure` over the runs that have it.
    pub fn figure(&self, figure: Figure) -> Option<Spread> {
        self.figures.get(figure)
    }

    /// The titles above [`cells`](Self::cells) in a table. The outcome comes first: where a table
    /// is wider than the window, it must not be what is cut off.
    pub fn header() -> Vec<&'static str> {
        let titles = Figure::columns(FigureTable::Methods).map(Figure::title);
        ["outcome"].into_iter().chain(titles).collect()
    }

    /// The outcome and the figures of [`FigureTable::Methods`], for a table.
    pub fn cells(&self) -> Vec<String> {
        let cell = |figure| Spread::cell(figure, self.figure(figure));
        [self.outcome()]
            .into_iter()
            .chain(Figure::columns(FigureTable::Methods).map(cell))
            .collect()
    }

    /// How its runs ended, in words: `reached`, or `reached 2, partly 1` where they differ. What
    /// has to be said beside it follows, as in `reached, worse than nothing`.
    pub fn outcome(&self) -> String {
        fn counted(words: impl Display, runs: usize, of: usize) -> String {
            if runs == of { words.to_string() } else { format!("{words} {runs}") }
        }
        let all: usize = self.verdicts.values().sum();
        let verdicts = self.verdicts.iter().map(|(words, &runs)| counted(words, runs, all));
        let remarks = self.remarks.iter().map(|(words, &runs)| counted(words, runs, all));
        match self.verdicts.is_empty() {
            true => "-".to_owned(),
            false => verdicts.chain(remarks).collect::<Vec<_>>().join(", "),
        }
    }
}

/// One row per method among `runs`, in the order of [`Method::ALL`](crate::unlearn::Method::ALL),
/// then the plans of one's own.
pub fn summarise(runs: &[RunRecord]) -> Vec<Summary> {
    let summary = |method: &Contender| {
        let rows: Vec<&RunRecord> = runs.iter().filter(|run| run.method == *method).collect();
        let spread = |figure: Figure| {
            let values = rows.iter().filter_map(|run| run.figure(figure));
            Some((
                figure,
                Spread::from_values(values.map(|value| figure.unit().summarised(value)))?,
            ))
        };
        let figures = Figure::summarised().filter_map(spread).collect();
        let (mut verdicts, mut remarks) = (BTreeMap::new(), BTreeMap::new());
        for finding in rows.iter().filter_map(|run| run.finding.as_ref()) {
            *verdicts.entry(finding.verdict).or_default() += 1;
            if let Some(remark) = finding.remark {
                *remarks.entry(remark).or_default() += 1;
            }
        }
        Summary { method: method.clone(), runs: rows.len(), verdicts, remarks, figures }
    };
    let methods: BTreeSet<&Contender> = runs.iter().map(|run| &run.method).collect();
    methods.into_iter().map(summary).collect()
}
