//! A support vector machine that is fast enough to be run after every experiment.
//!
//! The attack of the literature is LIBSVM's C-SVC with C = 3, the kernel exp(-gamma |x - x'|^2),
//! gamma = 1/features, and the stopping tolerance 1e-3. On 10,000 + 10,000 rows LIBSVM needs half a
//! minute, and fewer rows give another answer, because the number of rows affects the penalty. This
//! is LIBSVM's algorithm (sequential minimal optimisation, second-order choice of the working set:
//! Fan, Chen & Lin, JMLR 6, 2005) with one addition: equal rows are merged into one point with a
//! larger upper bound, which leaves the problem unchanged. A network's outputs are nearly the same
//! for most rows, so rounding to a fine grid turns many rows into few points. The tests compare
//! with LIBSVM itself.
//!
//! It prints nothing and has no global state.

mod solver;
mod unique_points;

use rayon::prelude::*;
use ugradsl_kernels::Columns;

use self::solver::solve;
use self::unique_points::UniquePoints;

/// Upper bound of the dual variable of one row of the smaller side: C.
const PENALTY: f64 = 3.0;
/// Largest violation of the optimality conditions that may remain.
const TOLERANCE: f64 = 1e-3;

/// Class of a training row. LIBSVM lets the second class win where the machine is undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The first class: decision > 0.
    NonMember,
    /// The second class: decision <= 0.
    Member,
}

/// A trained machine: f(x) = sum_i c_i exp(-gamma |x_i - x|^2) + bias.
#[derive(Debug, Clone)]
pub(super) struct Svm {
    width: usize,
    support: Columns,
    coefficients: Vec<f64>,
    bias: f64,
}

impl Svm {
    /// Separates two sets of rows, each row-major with `width` finite features. Both sets weigh the
    /// same: a row of the larger one has a smaller penalty. The result does not depend on the order
    /// of the rows.
    pub(super) fn train(width: usize, non_members: &[f32], members: &[f32]) -> Self {
        let points = UniquePoints::new(width, non_members, members);
        let (coefficients, bias) = solve(&points);
        let rows = points.rows.chunks_exact(width);
        let support = rows.zip(&coefficients).filter(|(_, c)| **c != 0.0);
        let rows: Vec<f32> = support.flat_map(|(row, _)| row).copied().collect();
        Self {
            width,
            support: Columns::new(width, &rows),
            coefficients: coefficients.into_iter().filter(|c| *c != 0.0).collect(),
            bias,
        }
    }

    /// The side of each row. Equal neighbours are computed once, so that sorted queries are fast.
    pub(super) fn predict(&self, rows: &[f32]) -> Vec<Side> {
        const ROWS: usize = 256;
        let parts = rows.par_chunks(ROWS * self.width).map(|rows| self.sides(rows));
        parts.collect::<Vec<_>>().concat()
    }

    fn sides(&self, rows: &[f32]) -> Vec<Side> {
        let mut distances = vec![0.0; self.coefficients.len()];
        let mut last: Option<(&[f32], Side)> = None;
        let mut sides = Vec::with_capacity(rows.len() / self.width);
        for row in rows.chunks_exact(self.width) {
            let side = match last {
                Some((same, side)) if same == row => side,
                _ if self.decision(row, &mut distances) > 0.0 => Side::NonMember,
                _ => Side::Member,
            };
            last = Some((row, side));
            sides.push(side);
        }
        sides
    }

    fn decision(&self, row: &[f32], distances: &mut [f32]) -> f64 {
        if distances.is_empty() {
            return self.bias;
        }
        self.support.squared_distances(row, distances);
        let gamma = 1.0 / self.width as f64;
        let terms = self.coefficients.iter().zip(distances);
        let sum: f64 = terms.map(|(c, d)| c * (-gamma * f64::from(*d)).exp()).sum();
        sum + self.bias
    }
}

#[cfg(test)]
mod tests;
