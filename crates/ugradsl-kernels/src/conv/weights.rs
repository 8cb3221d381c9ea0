//! The gradient of the weights: tiles of output channels x terms are held in registers while all pixels pass by.

use std::{array::from_fn, ops::Range};

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{
    Conv,
    padded::{Padded, groups},
};
use crate::simd::{dispatch, load};

/// Channels and terms of a tile: what the registers hold.
const CHANNELS: usize = 4;
const TERMS: usize = 3;
/// Images whose gradients are summed by one task. Fixed, so that no sum depends on the number of threads.
const IMAGES: usize = 8;
/// From so many weights on, tasks share out the channels and not the images: sums per task would be too large.
const MANY: usize = 1 << 17;
/// Blocks of channels of a task then.
const BLOCKS: usize = 4;
/// Bytes of padded images that are walked over at once: what stays in the second cache.
const AT_ONCE: usize = 220_000;

impl Conv {
    /// The gradient of the weights, for `x` and the gradient `dy` of what came out.
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward).
    pub fn weight_gradient(&self, x: &[f32], dy: &[f32]) -> Vec<f32> {
        let conv = &self.flat();
        let [height, width] = conv.sides();
        let (image, gradient) =
            (conv.inputs * conv.image[0] * conv.image[1], conv.outputs * height * width);
        assert_eq!((x.len(), dy.len()), (conv.images * image, conv.images * gradient), "x and dy");
        let padded = &conv.padded();
        let terms = conv.terms();
        let blocks = conv.outputs.div_ceil(CHANNELS);
        let walk = |x, dy, blocks: Range<usize>| {
            let channels = blocks.end.saturating_mul(CHANNELS).min(conv.outputs);
            let mut out = vec![0.0; (channels - blocks.start * CHANNELS) * terms];
            dispatch(Walk { conv, padded, x, dy, blocks, out: &mut out });
            out
        };
        if conv.outputs * terms >= MANY {
            let tasks = (0..blocks).into_par_iter().step_by(BLOCKS);
            let parts = tasks.map(|at| walk(x, dy, at..(at + BLOCKS).min(blocks)));
            return parts.collect::<Vec<_>>().concat();
        }
        let images = x.par_chunks(IMAGES * image).zip(dy.par_chunks(IMAGES * gradient));
        let parts: Vec<Vec<f32>> = images.map(|(x, dy)| walk(x, dy, 0..blocks)).collect();
        let mut dw = vec![0.0; conv.outputs * terms];
        for part in &parts {
            dw.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        dw
    }
}

struct Walk<'a> {
    conv: &'a Conv,
    padded: &'a Padded,
    x: &'a [f32],
    dy: &'a [f32],
    /// Blocks of output channels.
    blocks: Range<usize>,
    /// Their gradient.
    out: &'a mut [f32],
}

impl WithSimd for Walk<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { conv, padded, x, dy, blocks, out } = self;
        let lanes = S::F32_LANES;
        let ([height, width], terms) = (conv.sides(), conv.terms());
        // Rows of gradients are filled up to whole vectors: what lies behind them counts as zero.
        let wide = width.div_ceil(lanes) * lanes;
        let plane = height * wide;
        let base = |row: usize| row * conv.stride * padded.row;
        let groups = groups([height, width], lanes, base);
        let places: Vec<(usize, usize)> =
            groups.iter().enumerate().map(|(at, group)| (group.base, at * lanes)).collect();
        let offsets = conv.offsets(padded);
        let at_once = (AT_ONCE / (4 * padded.len())).clamp(1, IMAGES);
        let mut images = vec![0.0; padded.len() * at_once];
        let mut filled = vec![0.0; if wide == width { 0 } else { at_once * conv.outputs * plane }];
        let image = conv.inputs * conv.image[0] * conv.image[1];
        let gradient = conv.outputs * height * width;
        for (x, dy) in x.chunks(at_once * image).zip(dy.chunks(at_once * gradient)) {
            let count = x.len() / image;
            for (x, to) in x.chunks_exact(image).zip(images.chunks_exact_mut(padded.len())) {
                padded.fill(x, conv.image, to);
            }
            let dy = if wide == width { dy } else { fill_up(dy, width, wide, &mut filled) };
            for block in blocks.clone() {
                // A channel too many reads the last one again and is dropped.
                let rows: [usize; CHANNELS] =
                    from_fn(|m| (block * CHANNELS + m).min(conv.outputs - 1) * plane);
                for term in (0..terms).step_by(TERMS) {
                    let offsets: [usize; TERMS] = from_fn(|j| offsets[(term + j).min(terms - 1)]);
                    let mut sums = [[simd.splat_f32s(0.0); TERMS]; CHANNELS];
                    for at in 0..count {
                        let x = &images[at * padded.len()..][..padded.len()];
                        let dy = &dy[at * conv.outputs * plane..][..conv.outputs * plane];
                        let dys = from_fn(|m| &dy[rows[m]..][..plane]);
                        add(simd, offsets.map(|offset| &x[offset..]), dys, &places, &mut sums);
                    }
                    let first = (block - blocks.start) * CHANNELS;
                    for m in 0..CHANNELS.min(conv.outputs - block * CHANNELS) {
                        for j in 0..TERMS.min(terms - term) {
                            out[(first + m) * terms + term + j] += simd.reduce_sum_f32s(sums[m][j]);
                        }
                    }
                }
            }
        }
    }
}

/// Adds the products of one image.
#[inline(always)]
fn add<S: Simd>(
    simd: S,
    xs: [&[f32]; TERMS],
    dys: [&[f32]; CHANNELS],
    places: &[(usize, usize)],
    sums: &mut [[S::f32s; TERMS]; CHANNELS],
) {
    let mut sum = *sums;
    for &(base, pixel) in places {
        let x: [S::f32s; TERMS] = from_fn(|j| load(simd, xs[j], base));
        for m in 0..CHANNELS {
            let d = load(simd, dys[m], pixel);
            for j in 0..TERMS {
                sum[m][j] = simd.mul_add_e_f32s(d, x[j], sum[m][j]);
            }
        }
    }
    *sums = sum;
}

/// Copies rows of `width` into rows of `wide`, whose ends are zero.
#[inline(always)]
fn fill_up<'a>(dy: &[f32], width: usize, wide: usize, to: &'a mut [f32]) -> &'a [f32] {
    for (from, to) in dy.chunks_exact(width).zip(to.chunks_exact_mut(wide)) {
        to[..width].copy_from_slice(from);
    }
    to
}
