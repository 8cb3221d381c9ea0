//! Rows that lie side by side, so that a vector holds one value of several rows.

use std::array::from_fn;

use pulp::{Simd, WithSimd};

use super::{ROWS, VECTORS};
use crate::conv::tile;
use crate::simd::dispatch;

/// `[panel][feature][width]`, filled up with zeros.
pub(super) struct Panels {
    values: Vec<f32>,
    width: usize,
    features: usize,
}

impl Panels {
    pub(super) fn new(rows: &[f32], features: usize, width: usize) -> Self {
        let panel = features * width;
        let mut values = vec![0.0; (rows.len() / features).div_ceil(width) * panel];
        for (to, rows) in values.chunks_exact_mut(panel).zip(rows.chunks(panel)) {
            for (at, row) in rows.chunks_exact(features).enumerate() {
                for (feature, &value) in row.iter().enumerate() {
                    to[feature * width + at] = value;
                }
            }
        }
        Self { values, width, features }
    }

    /// Rows of a panel.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn count(&self) -> usize {
        self.values.len() / (self.features * self.width)
    }

    /// The products of panel number `at` with the rows that are `packed`, into `to`.
    pub(super) fn multiply(&self, at: usize, packed: &[[f32; ROWS]], to: &mut [Vec<f32>; ROWS]) {
        let panel = &self.values[at * self.features * self.width..][..self.features * self.width];
        dispatch(Multiply { panel, width: self.width, packed, to });
    }
}

struct Multiply<'a> {
    panel: &'a [f32],
    width: usize,
    packed: &'a [[f32; ROWS]],
    to: &'a mut [Vec<f32>; ROWS],
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let base: [usize; VECTORS] = from_fn(|v| v * S::F32_LANES);
        let offsets = (0..self.packed.len()).map(|feature| feature * self.width);
        let sums =
            tile::<S, ROWS, VECTORS>(simd, self.panel, offsets, self.packed, [0.0; ROWS], base);
        for (to, sums) in self.to.iter_mut().zip(sums) {
            for (to, sum) in to.chunks_exact_mut(S::F32_LANES).zip(sums) {
                S::as_mut_simd_f32s(to).0[0] = sum;
            }
        }
    }
}
