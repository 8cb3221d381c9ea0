//! Gaussian kernels of support vector machines.

use rayon::prelude::*;

use crate::simd::dispatch;

/// Points of a task: enough work to be worth the hand-over.
const POINTS: usize = 4096;

/// Points, column-major: many distances are computed at a time.
#[derive(Debug, Clone)]
pub struct Columns {
    points: usize,
    values: Vec<f32>,
}

impl Columns {
    /// Of `rows` `[points, width]`.
    pub fn new(width: usize, rows: &[f32]) -> Self {
        let column = |k| rows.iter().skip(k).step_by(width).copied();
        Self { points: rows.len() / width, values: (0..width).flat_map(column).collect() }
    }

    /// The values of a point.
    pub fn row(&self, point: usize) -> Vec<f32> {
        self.values.iter().skip(point).step_by(self.points).copied().collect()
    }

    /// `|point - row|^2` for all points. Differences of near numbers are exact, so that small
    /// distances lose nothing to `f32`.
    ///
    /// ```
    /// use ugradsl_kernels::Columns;
    ///
    /// let columns = Columns::new(2, &[0.0, 0.0, 3.0, 4.0]);
    /// let mut distances = [0.0; 2];
    /// columns.squared_distances(&[0.0, 0.0], &mut distances);
    /// assert_eq!(distances, [0.0, 25.0]);
    /// ```
    pub fn squared_distances(&self, row: &[f32], distances: &mut [f32]) {
        self.each(row, distances, |distance| distance);
    }

    /// `exp(-gamma |point - row|^2)` for all points.
    pub fn gaussians(&self, row: &[f32], gamma: f32, values: &mut [f32]) {
        self.each(row, values, |distance| exp_minus(gamma * distance));
    }

    fn each(&self, row: &[f32], to: &mut [f32], f: impl Fn(f32) -> f32 + Sync) {
        to.par_chunks_mut(POINTS).enumerate().for_each(|(part, to)| {
            dispatch(|| {
                to.fill(0.0);
                for (column, &center) in self.values.chunks_exact(self.points).zip(row) {
                    for (sum, x) in to.iter_mut().zip(&column[part * POINTS..]) {
                        *sum += (x - center) * (x - center);
                    }
                }
                to.iter_mut().for_each(|value| *value = f(*value));
            });
        });
    }
}

/// `exp(-x)` for `x >= 0`, to 2e-7, and about 1e-38 where it is smaller than that.
///
/// The standard library calls the platform's function, which is slow in a loop and not the same
/// everywhere.
///
/// ```
/// use ugradsl_kernels::exp_minus;
///
/// assert!((exp_minus(1.0) - (-1.0_f32).exp()).abs() < 2e-7);
/// assert!(exp_minus(1e9) < 2e-38);
/// ```
#[inline(always)]
pub fn exp_minus(x: f32) -> f32 {
    // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let power = (-x * std::f32::consts::LOG2_E).max(-126.0);
    let shifted = power + ROUND;
    let r = (power - (shifted - ROUND)) * std::f32::consts::LN_2;
    let tail = 1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0)));
    let fraction = 1.0 + r * (1.0 + r * (0.5 + r * tail));
    let integer = shifted.to_bits().wrapping_sub(ROUND.to_bits());
    fraction * f32::from_bits(integer.wrapping_add(127) << 23)
}
