//! Means and deviations over the runs of a method.

use serde::{Deserialize, Serialize};

use super::{Spread, Spreads};
use crate::{
    evaluate::{Figure, FigureTable},
    experiment::RunRecord,
    unlearn::Method,
};

/// The figures of one method over its runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The method.
    pub method: Method,
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

/// One row per method among `runs`, in the order of [`Method::ALL`].
pub fn summarise(runs: &[RunRecord]) -> Vec<Summary> {
    let summary = |method: Method| {
        let rows: Vec<&RunRecord> = runs.iter().filter(|run| run.method == method).collect();
        let spread = |figure: Figure| {
            let values = rows.iter().filter_map(|run| run.figure(figure));
            Some((
                figure,
                Spread::from_values(values.map(|value| figure.unit().summarised(value)))?,
            ))
        };
        let figures = || Figure::summarised().filter_map(spread).collect();
        (!rows.is_empty()).then(|| Summary { method, runs: rows.len(), figures: figures() })
    };
    Method::ALL.into_iter().filter_map(summary).collect()
}
