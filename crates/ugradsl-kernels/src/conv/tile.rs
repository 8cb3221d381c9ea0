//! What forward pass and gradient of the data share: weighted sums of patches of a padded image.

use std::array::from_fn;

use pulp::{Simd, WithSimd};

use super::padded::Group;
use crate::simd::load;

/// Weights `[rows, terms]` as blocks of `M` rows, `[block][term][M]`, filled up with zeros.
pub(crate) fn pack<const M: usize>(
    rows: usize,
    terms: usize,
    at: impl Fn(usize, usize) -> f32,
) -> Vec<[f32; M]> {
    let mut all = Vec::with_capacity(rows.div_ceil(M) * terms);
    for block in (0..rows).step_by(M) {
        for term in 0..terms {
            all.push(from_fn(|m| if block + m < rows { at(block + m, term) } else { 0.0 }));
        }
    }
    all
}

/// One image: `y[channel][pixel] = bias[channel] + sum of weights[channel][term] * x[pixel +
/// offsets[term]]`.
pub(super) struct Image<'a, const M: usize, const V: usize> {
    pub(super) x: &'a [f32],
    pub(super) offsets: &'a [usize],
    /// `[block][term][M]`
    pub(super) weights: &'a [[f32; M]],
    pub(super) bias: Option<&'a [f32]>,
    pub(super) groups: &'a [Group],
    /// Pixels of a channel that comes out.
    pub(super) plane: usize,
    pub(super) y: &'a mut [f32],
}

/// `M` channels times `V` vectors of pixels.
#[inline(always)]
pub(crate) fn tile<S: Simd, const M: usize, const V: usize>(
    simd: S,
    x: &[f32],
    offsets: impl Iterator<Item = usize>,
    weights: &[[f32; M]],
    start: [f32; M],
    base: [usize; V],
) -> [[S::f32s; V]; M] {
    let mut sums: [[S::f32s; V]; M] = from_fn(|m| [simd.splat_f32s(start[m]); V]);
    for (w, offset) in weights.iter().zip(offsets) {
        let x = &x[offset..];
        let xs: [S::f32s; V] = from_fn(|v| load(simd, x, base[v]));
        for m in 0..M {
            let w = simd.splat_f32s(w[m]);
            for v in 0..V {
                sums[m][v] = simd.mul_add_e_f32s(w, xs[v], sums[m][v]);
            }
        }
    }
    sums
}

impl<const M: usize, const V: usize> Image<'_, M, V> {
    #[inline(always)]
    fn part<S: Simd, const U: usize>(&mut self, simd: S, block: usize, at: usize) {
        let terms = self.offsets.len();
        let channels = self.y.len() / self.plane;
        let first = block * M;
        let bias = |m: usize| self.bias.and_then(|bias| bias.get(first + m).copied());
        let start = from_fn(|m| bias(m).unwrap_or(0.0));
        let group: [Group; U] = from_fn(|u| self.groups[at + u]);
        let weights = &self.weights[block * terms..(block + 1) * terms];
        let bases = group.map(|group| group.base);
        let offsets = self.offsets.iter().copied();
        let sums = tile::<S, M, U>(simd, self.x, offsets, weights, start, bases);
        for (m, sums) in sums.iter().enumerate().take(channels - first) {
            let y = &mut self.y[(first + m) * self.plane..][..self.plane];
            for (group, &sum) in group.iter().zip(sums) {
                let y = &mut y[group.pixel..][..group.live];
                if group.live == S::F32_LANES {
                    S::as_mut_simd_f32s(y).0[0] = sum;
                } else {
                    simd.partial_store_f32s(y, sum);
                }
            }
        }
    }
}

impl<const M: usize, const V: usize> WithSimd for Image<'_, M, V> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let blocks = self.weights.len() / self.offsets.len();
        let groups = self.groups.len();
        for block in 0..blocks {
            let mut at = 0;
            while at + V <= groups {
                self.part::<S, V>(simd, block, at);
                at += V;
            }
            while at < groups {
                self.part::<S, 1>(simd, block, at);
                at += 1;
            }
        }
    }
}

/// Calls a function with the tile (channels x vectors) that suits `channels` and the pixels of a
/// plane: what the registers hold, and fewer vectors for small planes.
macro_rules! with_tile {
    ($channels:expr, $plane:expr, $function:ident($($argument:expr),* $(,)?)) => {
        match ($channels, $plane) {
            (channels, _) if channels % 6 == 0 && channels % 4 != 0 => $function::<6, 2>($($argument),*),
            (_, plane) if plane <= 64 => $function::<4, 2>($($argument),*),
            _ => $function::<4, 3>($($argument),*),
        }
    };
}
pub(super) use with_tile;
