//! Means and deviations over the runs of a method.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{evaluate::mean_and_deviation, experiment::RunRecord, unlearn::Method};

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
    /// A figure that may be absent, for a table.
    pub fn cell(spread: Option<Self>, digits: usize) -> String {
        spread.map_or_else(|| "-".to_owned(), |spread| format!("{spread:.digits$}"))
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
    /// Unlearning accuracy, per cent.
    pub ua: Option<Spread>,
    /// Membership attack on the confidence, per cent called non-member.
    pub mia: Option<Spread>,
    /// Accuracy on the retain set, per cent.
    pub ra: Option<Spread>,
    /// Accuracy on the test set, per cent.
    pub ta: Option<Spread>,
    /// Average gap to the retrained network, points.
    pub gap: Option<Spread>,
    /// Wall time, seconds.
    pub seconds: Option<Spread>,
    /// Wall time as a share of retraining's.
    pub retrain_share: Option<Spread>,
    /// [Memory](RunRecord::peak_memory) of steps and guards at their peak, MiB.
    #[serde(default)]
    pub peak_mib: Option<Spread>,
    /// Jensen-Shannon divergence to the retrained network on the forget set, nats.
    pub js_forget: Option<Spread>,
}

impl Summary {
    /// What is above [`cells`](Self::cells) in a table.
    pub const HEADER: [&str; 8] =
        ["UA %", "MIA %", "RA %", "TA %", "gap", "seconds", "% of retraining", "peak MiB"];

    /// UA, MIA, RA, TA, gap, seconds, the share of retraining's time in per cent, and the largest peak of memory, for a table.
    pub fn cells(&self) -> [String; 8] {
        let share = self.retrain_share.map(|share| Spread {
            mean: 100.0 * share.mean,
            deviation: share.deviation.map(|deviation| 100.0 * deviation),
            ..share
        });
        [
            Spread::cell(self.ua, 2),
            Spread::cell(self.mia, 2),
            Spread::cell(self.ra, 2),
            Spread::cell(self.ta, 2),
            Spread::cell(self.gap, 2),
            Spread::cell(self.seconds, 1),
            Spread::cell(share, 1),
            self.peak_mib.map_or_else(|| "-".to_owned(), |peak| format!("{:.1}", peak.most)),
        ]
    }
}

/// `bytes` in MiB.
#[allow(clippy::cast_precision_loss, reason = "exact up to 8 PiB")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

/// One row for each method among `runs`, in the order of [`Method::ALL`].
pub fn summarise(runs: &[RunRecord]) -> Vec<Summary> {
    let of = |method: Method| {
        let rows: Vec<&RunRecord> = runs.iter().filter(|run| run.method == method).collect();
        let spread = |figure: fn(&RunRecord) -> Option<f64>| {
            Spread::of(rows.iter().filter_map(|run| figure(run)))
        };
        (!rows.is_empty()).then(|| Summary {
            method,
            runs: rows.len(),
            ua: spread(|run| Some(run.measures.ua)),
            mia: spread(|run| Some(run.measures.mia.confidence)),
            ra: spread(|run| Some(run.measures.ra)),
            ta: spread(|run| Some(run.measures.ta)),
            gap: spread(|run| run.gap),
            seconds: spread(|run| run.seconds),
            retrain_share: spread(|run| run.retrain_share),
            peak_mib: spread(|run| run.peak_memory.map(mebibytes)),
            js_forget: spread(|run| run.js_forget),
        })
    };
    Method::ALL.into_iter().filter_map(of).collect()
}
