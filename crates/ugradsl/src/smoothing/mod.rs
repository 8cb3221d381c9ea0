//! Smoothing rates of the forgotten samples: constant, or read off their neighbourhood.
//!
//! The self-adaptive rate of UGradSL counts, for each forgotten sample of a step, the retained
//! samples of that step which the network finds similar: `alpha_j = -c_j / |B_r|` with
//! `c_j = #{ i : d(h(x_i), h(x_j)) < beta }`. The paper leaves `d` open; [`Distance`] lists what is
//! offered. Counting is a kernel ([`neighbour_count`]) with a CPU twin and an oracle made of plain
//! tensor operations ([`neighbour_count_reference`]).

mod count;
mod cpu;
mod rate;
mod reference;
mod wgsl;

pub use count::{NeighbourOps, neighbour_count};
pub use cpu::distance_quantile;
pub use rate::{AdaptiveRate, RateHistogram, Smoothing, SmoothingError, Space};
pub use reference::{neighbour_count_reference, pair_distances};

use serde::{Deserialize, Serialize};

/// How far apart two rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distance {
    /// `1 - cos`; lies in `[0, 1]` for non-negative rows. A zero row is at distance 1 from all.
    #[default]
    Cosine,
    /// `|a - b|`, the Euclidean length of the difference.
    Euclidean,
}
