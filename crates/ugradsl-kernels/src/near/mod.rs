//! How many rows of one set lie near a row of another: a matrix product whose epilogue counts.
//! Pairs that rounding could put on either side are settled in `f64`, so that the counts are those
//! of the formula.

mod panel;

use std::array::from_fn;

use rayon::prelude::*;

use crate::conv::pack;
use crate::simd::lanes;
use panel::Panels;

/// Rows that share a pass over the other set.
const ROWS: usize = 4;
/// Vectors of a panel.
const VECTORS: usize = 2;
/// The relative error of one rounding of a float.
const ROUNDING: f64 = 1.0 / (1 << 24) as f64;

/// What is measured between two rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// `1 - a b / (|a| |b|)`; 1 where a row is zero.
    Cosine,
    /// `|a - b|`.
    Euclidean,
}

impl Metric {
    /// The distance of two rows of one length, computed in `f64`.
    ///
    /// ```
    /// use ugradsl_kernels::Metric;
    ///
    /// assert_eq!(Metric::Euclidean.between(&[0.0, 3.0], &[4.0, 0.0]), 5.0);
    /// assert_eq!(Metric::Cosine.between(&[0.0, 3.0], &[4.0, 0.0]), 1.0);
    /// ```
    pub fn between(self, a: &[f32], b: &[f32]) -> f64 {
        let pairs = || a.iter().zip(b).map(|(&x, &y)| (f64::from(x), f64::from(y)));
        if self == Self::Euclidean {
            return pairs().map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt();
        }
        let (mut dot, mut aa, mut bb) = (0.0, 0.0, 0.0);
        for (x, y) in pairs() {
            dot += x * y;
            aa += x * x;
            bb += y * y;
        }
        if aa == 0.0 || bb == 0.0 { 1.0 } else { 1.0 - dot / (aa.sqrt() * bb.sqrt()) }
    }
}

/// For each row of `features` values of `rows`, the number of `others` that are nearer than `beta`
/// (strictly).
///
/// ```
/// use ugradsl_kernels::{Metric, count_near};
///
/// let others = [0.0, 0.0, 3.0, 4.0];
/// assert_eq!(count_near(&[0.0, 1.0], &others, 2, 2.0, Metric::Euclidean), [1]);
/// ```
///
/// # Panics
///
/// If `features` is zero.
pub fn count_near(
    rows: &[f32],
    others: &[f32],
    features: usize,
    beta: f32,
    metric: Metric,
) -> Vec<u32> {
    let mut counts = vec![0; rows.len() / features];
    // Below, the square of beta stands for it.
    if beta.is_nan() || (metric == Metric::Euclidean && beta <= 0.0) {
        return counts;
    }
    let near = Near::new(rows, others, features, beta.into(), metric);
    counts.par_chunks_mut(ROWS).enumerate().for_each(|(block, counts)| near.count(block, counts));
    counts
}

/// A row near another has a product with it above the sum (Euclidean) or the product (cosine) of a
/// term of each. `weights` say how far rounding reaches, as a product of one of each.
struct Terms {
    terms: Vec<f32>,
    weights: Vec<f32>,
}

struct Near<'a> {
    rows: &'a [f32],
    others: &'a [f32],
    features: usize,
    beta: f64,
    metric: Metric,
    panels: Panels,
    /// `[block][feature][ROWS]`
    packed: Vec<[f32; ROWS]>,
    of_rows: Terms,
    of_others: Terms,
    /// Relative bound of the error of a product and of what it is compared with.
    error: f32,
}

impl<'a> Near<'a> {
    fn new(rows: &'a [f32], others: &'a [f32], features: usize, beta: f64, metric: Metric) -> Self {
        let lengths = |rows: &[f32]| -> Vec<f64> {
            let square = |&value: &f32| f64::from(value) * f64::from(value);
            let length = |row: &[f32]| row.iter().map(square).sum::<f64>().sqrt();
            rows.chunks_exact(features).map(length).collect()
        };
        let (own, other) = (lengths(rows), lengths(others));
        let longest = own.iter().chain(&other).fold(beta.abs(), |most, &length| most.max(length));
        let terms = |lengths: &[f64], first: bool| {
            let term = |length: f64| match (metric, first) {
                (Metric::Cosine, true) => (1.0 - beta) * length,
                (Metric::Cosine, false) => length,
                (Metric::Euclidean, true) => (length * length - beta * beta) / 2.0,
                (Metric::Euclidean, false) => length * length / 2.0,
            };
            // Squares of lengths are compared: the longest row says how far rounding reaches.
            let weight = |length: f64| match metric {
                Metric::Cosine => length,
                Metric::Euclidean => longest,
            };
            Terms {
                terms: lengths.iter().map(|&length| term(length) as f32).collect(),
                weights: lengths.iter().map(|&length| weight(length) as f32).collect(),
            }
        };
        let scale = if metric == Metric::Cosine { (1.0 - beta).abs().max(1.0) } else { 1.0 };
        Self {
            panels: Panels::new(others, features, VECTORS * lanes()),
            packed: pack::<ROWS>(own.len(), features, |row, k| rows[row * features + k]),
            of_rows: terms(&own, true),
            of_others: terms(&other, false),
            error: ((features + 8) as f64 * ROUNDING * scale) as f32,
            rows,
            others,
            features,
            beta,
            metric,
        }
    }

    /// Counts for the rows of a block.
    fn count(&self, block: usize, counts: &mut [u32]) {
        let (first, width) = (block * ROWS, self.panels.width());
        let packed = &self.packed[block * self.features..(block + 1) * self.features];
        let mut products: [Vec<f32>; ROWS] = from_fn(|_| vec![0.0; width]);
        for at in 0..self.panels.count() {
            self.panels.multiply(at, packed, &mut products);
            for (m, count) in counts.iter_mut().enumerate() {
                let start = at * width;
                let live = width.min(self.of_others.terms.len() - start);
                *count += self.near(first + m, start, &products[m][..live]);
            }
        }
    }

    /// How many of the others from `start` on are near row `row`, whose products with them are
    /// given.
    fn near(&self, row: usize, start: usize, products: &[f32]) -> u32 {
        let end = start + products.len();
        let (term, weight) = (self.of_rows.terms[row], self.error * self.of_rows.weights[row]);
        let (terms, weights) =
            (&self.of_others.terms[start..end], &self.of_others.weights[start..end]);
        let gap = |product: f32, other: f32| match self.metric {
            Metric::Cosine => product - term * other,
            Metric::Euclidean => product - (term + other),
        };
        // Underflow is not a relative error: what is as small as that is unsure, too.
        let sure = |gap: f32, other: f32| {
            gap.abs() > weight * other + f32::MIN_POSITIVE && gap.abs() < f32::INFINITY
        };
        let (mut near, mut unsure) = (0, 0);
        for ((&product, &other), &reach) in products.iter().zip(terms).zip(weights) {
            let gap = gap(product, other);
            near += u32::from(gap > 0.0 && sure(gap, reach));
            unsure += u32::from(!sure(gap, reach));
        }
        if unsure > 0 {
            for (j, &product) in products.iter().enumerate() {
                if !sure(gap(product, terms[j]), weights[j]) {
                    near += u32::from(self.distance(row, start + j) < self.beta);
                }
            }
        }
        near
    }

    fn distance(&self, row: usize, other: usize) -> f64 {
        let [a, b] = [(self.rows, row), (self.others, other)]
            .map(|(rows, at)| &rows[at * self.features..(at + 1) * self.features]);
        self.metric.between(a, b)
    }
}
