//! Means and deviations over the runs of a method.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Spread, Spreads};
use crate::{
    evaluate::{Figure, FigureTable},
    experiment::RunRecord,
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
    /// Means and deviations of the figures that are [summarised](Figure::summarised).
    #[serde(flatten)]
    pub figures: Spreads,
}

impl Summary {
    /// Mean and deviation of `figure` over the runs that have it.
    pub fn figure(&self, figure: Figure) -> Option<Spread> {
        self.figures.get(figure)
    }

    /// The titles above [`cells`](Self::cells) in a table.
    pub fn header() -> Vec<&'static str> {
        Figure::columns(FigureTable::Methods).map(Figure::title).collect()
    }

    /// The figures of [`FigureTable::Methods`], for a table.
    pub fn cells(&self) -> Vec<String> {
        let cell = |figure| Spread::cell(figure, self.figure(figure));
        Figure::columns(FigureTable::Methods).map(cell).collect()
    }
}

/// One row per method among `runs`, in the order of [`Method::ALL`](crate::unlearn::Method::ALL), then
/// the plans of one's own.
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
        Summary { method: method.clone(), runs: rows.len(), figures }
    };
    let methods: BTreeSet<&Contender> = runs.iter().map(|run| &run.method).collect();
    methods.into_iter().map(summary).collect()
}
