//! Means and deviations over the runs of a method.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Spreads;
use crate::{
    evaluate::{Figure, FigureTable, Unit, mean_and_deviation},
    experiment::RunRecord,
    unlearn::Method,
};

/// Mean and sample standard deviation (n - 1) of a figure; `deviation` is null for a single run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Arithmetic mean.
    pub mean: f64,
    /// Sample standard deviation.
    pub deviation: Option<f64>,
    /// Smallest value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
}

/// `mean ± deviation` with as many digits as the format's precision says.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(2);
        write!(f, "{:.digits$}", self.mean)?;
        match self.deviation {
            Some(deviation) => write!(f, " ± {deviation:.digits$}"),
            None => Ok(()),
        }
    }
}

impl Spread {
    /// `figure` of a method for a table: mean and deviation, or the largest value where room has to be made for it.
    pub fn cell(figure: Figure, spread: Option<Self>) -> String {
        let (factor, digits) = (figure.unit().table_factor(), figure.digits());
        match spread {
            Some(spread) if figure.unit() == Unit::Bytes => figure.cell(Some(spread.most)),
            Some(Self { mean, deviation, .. }) => {
                let deviation = deviation.map(|deviation| factor * deviation);
                format!(
                    "{:.digits$}",
                    Self { mean: factor * mean, deviation, least: mean, most: mean }
                )
            }
            None => figure.cell(None),
        }
    }

    fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.collect();
        if values.is_empty() {
            return None;
        }
        let (mean, deviation) = mean_and_deviation(&values);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Some(Self { mean, deviation, least, most })
    }
}

/// What the runs of one method have in common.
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

    /// What is above [`cells`](Self::cells) in a table.
    pub fn header() -> Vec<&'static str> {
        Figure::columns(FigureTable::Methods).map(Figure::title).collect()
    }

    /// The figures of [`FigureTable::Methods`], for a table.
    pub fn cells(&self) -> Vec<String> {
        let cell = |figure| Spread::cell(figure, self.figure(figure));
        Figure::columns(FigureTable::Methods).map(cell).collect()
    }
}

/// One row for each method among `runs`, in the order of [`Method::ALL`].
pub fn summarise(runs: &[RunRecord]) -> Vec<Summary> {
    let of = |method: Method| {
        let rows: Vec<&RunRecord> = runs.iter().filter(|run| run.method == method).collect();
        let spread = |figure: Figure| {
            let values = rows.iter().filter_map(|run| run.figure(figure));
            Some((figure, Spread::of(values.map(|value| figure.unit().summarised(value)))?))
        };
        let figures = || Figure::summarised().filter_map(spread).collect();
        (!rows.is_empty()).then(|| Summary { method, runs: rows.len(), figures: figures() })
    };
    Method::ALL.into_iter().filter_map(of).collect()
}
