//! The gradient of the weights: tiles of output channels x terms are held in registers while all
//! pixels pass by.

use std::{array::from_fn, ops::Range};

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{Conv, padded::Padded};
use crate::simd::{dispatch, lanes, load};

/// Channels and terms of a tile: what the registers hold.
const CHANNELS: usize = 4;
const TERMS: usize = 3;
/// Images whose gradients are summed by one task. Fixed, so that no sum depends on the number of
/// threads.
const IMAGES: usize = 8;
/// From so many weights on, tasks share out the channels and not the images: sums per task would be
/// too large.
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
        let layout = &Layout::new(conv);
        let [image, gradient] = layout.sizes();
        assert_eq!((x.len(), dy.len()), (conv.images * image, conv.images * gradient), "x and dy");
        let size = conv.outputs * conv.terms();
        if size >= MANY {
            let laid = layout.lay_out_all(x, dy);
            let blocks = layout.blocks();
            let tasks = (0..blocks).into_par_iter().step_by(BLOCKS);
            let parts = tasks.map(|at| layout.walk(&laid, at..(at + BLOCKS).min(blocks)));
            return parts.collect::<Vec<_>>().concat();
        }
        let images = IMAGES.max(layout.padded.unit);
        let tasks = x.par_chunks(images * image).zip(dy.par_chunks(images * gradient));
        let parts: Vec<Vec<f32>> = tasks.map(|(x, dy)| layout.of_images(x, dy)).collect();
        let mut dw = vec![0.0; size];
        for part in &parts {
            dw.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        dw
    }
}

/// How images and gradients lie in memory while they are walked over.
struct Layout<'a> {
    conv: &'a Conv,
    padded: Padded,
    offsets: Vec<usize>,
    /// Where each vector starts in a padded unit and in a plane of gradients.
    places: Vec<(usize, usize)>,
    /// Outputs of a row that come out of the walk, those behind its end included, which count as
    /// zero.
    wide: usize,
}

/// Units of images and of gradients.
struct Laid {
    x: Vec<f32>,
    dy: Vec<f32>,
}

impl<'a> Layout<'a> {
    fn new(conv: &'a Conv) -> Self {
        let padded = conv.padded();
        let groups = conv.groups(&padded);
        let places = groups.iter().enumerate().map(|(at, group)| (group.base, at * lanes()));
        let width = conv.sides()[1];
        let wide = if padded.unit == 1 { width.next_multiple_of(lanes()) } else { width };
        Self { conv, offsets: conv.offsets(&padded), places: places.collect(), wide, padded }
    }

    /// Floats of an image and of its gradient, as they are given.
    fn sizes(&self) -> [usize; 2] {
        let [height, width] = self.conv.sides();
        let image = self.conv.inputs * self.conv.image[0] * self.conv.image[1];
        [image, self.conv.outputs * height * width]
    }

    fn blocks(&self) -> usize {
        self.conv.outputs.div_ceil(CHANNELS)
    }

    /// Floats of a channel of the gradients of a unit.
    fn plane(&self) -> usize {
        self.conv.sides()[0] * self.wide * self.padded.unit
    }

    /// Memory for `units`, all zero.
    fn empty(&self, units: usize) -> Laid {
        let gradients = units * self.conv.outputs * self.plane();
        Laid { x: vec![0.0; units * self.padded.len()], dy: vec![0.0; gradients] }
    }

    /// Puts a unit of images and gradients into its place.
    fn lay_out(&self, x: &[f32], dy: &[f32], to_x: &mut [f32], to_dy: &mut [f32]) {
        let (unit, width) = (self.padded.unit, self.conv.sides()[1]);
        self.padded.fill(x, self.conv.image, to_x);
        dispatch(|| {
            for (lane, dy) in dy.chunks_exact(self.sizes()[1]).enumerate() {
                let rows = to_dy.chunks_exact_mut(self.wide * unit);
                for (from, to) in dy.chunks_exact(width).zip(rows) {
                    let places = to[lane..].iter_mut().step_by(unit);
                    places.zip(from).for_each(|(place, value)| *place = *value);
                }
            }
        });
    }

    /// All images and gradients.
    fn lay_out_all(&self, x: &[f32], dy: &[f32]) -> Laid {
        let ([image, gradient], unit) = (self.sizes(), self.padded.unit);
        let mut laid = self.empty(self.conv.images.div_ceil(unit));
        let from = x.par_chunks(unit * image).zip(dy.par_chunks(unit * gradient));
        let size = self.conv.outputs * self.plane();
        let to = laid.x.par_chunks_mut(self.padded.len()).zip(laid.dy.par_chunks_mut(size));
        from.zip(to).for_each(|((x, dy), (to_x, to_dy))| self.lay_out(x, dy, to_x, to_dy));
        laid
    }

    /// The gradient by a few images, a part of them at a time.
    fn of_images(&self, x: &[f32], dy: &[f32]) -> Vec<f32> {
        let ([image, gradient], unit) = (self.sizes(), self.padded.unit);
        let at_once = (AT_ONCE / (4 * self.padded.len())).clamp(1, IMAGES);
        let mut sum = vec![0.0; self.conv.outputs * self.conv.terms()];
        let parts = x.chunks(at_once * unit * image).zip(dy.chunks(at_once * unit * gradient));
        let mut laid = self.empty(at_once);
        for (x, dy) in parts {
            // What is left of the images before must not count.
            if x.len() < at_once * unit * image {
                laid = self.empty(x.len().div_ceil(unit * image));
            }
            let size = self.conv.outputs * self.plane();
            let from = x.chunks(unit * image).zip(dy.chunks(unit * gradient));
            let to = laid.x.chunks_exact_mut(self.padded.len()).zip(laid.dy.chunks_exact_mut(size));
            from.zip(to).for_each(|((x, dy), (to_x, to_dy))| self.lay_out(x, dy, to_x, to_dy));
            self.add(&laid, 0..self.blocks(), &mut sum);
        }
        sum
    }

    /// The gradient of some blocks of channels by all images.
    fn walk(&self, laid: &Laid, blocks: Range<usize>) -> Vec<f32> {
        let channels = (blocks.end * CHANNELS).min(self.conv.outputs) - blocks.start * CHANNELS;
        let mut sum = vec![0.0; channels * self.conv.terms()];
        self.add(laid, blocks, &mut sum);
        sum
    }

    fn add(&self, laid: &Laid, blocks: Range<usize>, sum: &mut [f32]) {
        dispatch(Walk { layout: self, laid, blocks, sum });
    }
}

struct Walk<'a> {
    layout: &'a Layout<'a>,
    laid: &'a Laid,
    /// Blocks of output channels.
    blocks: Range<usize>,
    /// Their gradient so far.
    sum: &'a mut [f32],
}

impl WithSimd for Walk<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { layout, laid, blocks, sum } = self;
        let (outputs, terms, plane) = (layout.conv.outputs, layout.conv.terms(), layout.plane());
        for block in blocks.clone() {
            // A channel too many reads the last one again and is dropped.
            let rows: [usize; CHANNELS] =
                from_fn(|m| (block * CHANNELS + m).min(outputs - 1) * plane);
            for term in (0..terms).step_by(TERMS) {
                let offsets: [usize; TERMS] =
                    from_fn(|j| layout.offsets[(term + j).min(terms - 1)]);
                let mut sums = [[simd.splat_f32s(0.0); TERMS]; CHANNELS];
                let units = laid.x.chunks_exact(layout.padded.len());
                for (x, dy) in units.zip(laid.dy.chunks_exact(outputs * plane)) {
                    let dys = rows.map(|row| &dy[row..row + plane]);
                    add(simd, offsets.map(|offset| &x[offset..]), dys, &layout.places, &mut sums);
                }
                let first = (block - blocks.start) * CHANNELS;
                for m in 0..CHANNELS.min(outputs - block * CHANNELS) {
                    for j in 0..TERMS.min(terms - term) {
                        sum[(first + m) * terms + term + j] += simd.reduce_sum_f32s(sums[m][j]);
                    }
                }
            }
        }
    }
}

/// Adds the products of one unit.
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
