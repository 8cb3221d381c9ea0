//! The gradient of the data: the gradient of the outputs, convolved with the turned kernel. With a
//! stride, each phase of rows and columns has a smaller kernel of its own, so that nothing is
//! multiplied by zeros in between.

use rayon::prelude::*;

use super::{
    Conv,
    padded::{Group, Padded, groups, unit},
    tile::{Image, pack, with_tile},
};
use crate::simd::dispatch;

impl Conv {
    /// The gradient of `x`, for the gradient `dy` of what came out.
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward).
    pub fn data_gradient(&self, dy: &[f32], weights: &[f32]) -> Vec<f32> {
        let conv = self.flat();
        let [height, width] = self.sides();
        assert_eq!(dy.len(), self.images * self.outputs * height * width, "dy");
        assert_eq!(weights.len(), self.outputs * self.terms(), "weights");
        let pixels = conv.image[0] * conv.image[1] / (conv.stride * conv.stride);
        with_tile!(self.inputs, pixels, gradient(&conv, dy, weights))
    }
}

/// The pixels along one axis whose distance from the border, `pad` included, has the same rest by
/// the stride. Pixel number `k` of them is `first + k * stride`; term `t` of its kernel of `terms`
/// is `start + t * stride` of the whole one, and reads output number `quotient + k - t`.
#[derive(Debug, Clone, Copy)]
struct Phase {
    first: usize,
    count: usize,
    start: usize,
    terms: usize,
    quotient: usize,
}

impl Phase {
    fn new(conv: &Conv, axis: usize, start: usize) -> Self {
        let (stride, pad) = (conv.stride, conv.pad[axis]);
        let quotient = pad.saturating_sub(start).div_ceil(stride);
        let first = quotient * stride + start - pad;
        let count = conv.image[axis].saturating_sub(first).div_ceil(stride);
        let terms = conv.kernel[axis].saturating_sub(start).div_ceil(stride);
        Self { first, count, start, terms, quotient }
    }
}

/// What one phase of both axes needs.
struct Walk<const M: usize> {
    phases: [Phase; 2],
    offsets: Vec<usize>,
    weights: Vec<[f32; M]>,
    groups: Vec<Group>,
}

impl<const M: usize> Walk<M> {
    fn new(conv: &Conv, padded: &Padded, most: [usize; 2], w: &[f32], phases: [Phase; 2]) -> Self {
        let [rows, columns] = phases;
        let taps = rows.terms * columns.terms;
        let place = |term: usize| (term / taps, term % taps / columns.terms, term % columns.terms);
        // Term t reads t rows above; the border is as high as the most of them.
        let offset = |term: usize| {
            let (channel, t, u) = place(term);
            padded.offset(channel, most[0] - 1 - t, most[1] - 1 - u)
        };
        let [height, width] = conv.kernel;
        let weight = |input: usize, term: usize| {
            let (output, t, u) = place(term);
            let (row, column) = (rows.start + t * conv.stride, columns.start + u * conv.stride);
            w[((output * conv.inputs + input) * height + row) * width + column]
        };
        let terms = conv.outputs * taps;
        let base = |row: usize| (rows.quotient + row) * padded.row + columns.quotient * padded.unit;
        Self {
            phases,
            offsets: (0..terms).map(offset).collect(),
            weights: pack::<M>(conv.inputs, terms, weight),
            groups: groups([rows.count, columns.count], padded.unit, 1, base),
        }
    }

    fn pixels(&self) -> usize {
        self.phases[0].count * self.phases[1].count
    }
}

fn gradient<const M: usize, const V: usize>(conv: &Conv, dy: &[f32], weights: &[f32]) -> Vec<f32> {
    let stride = conv.stride;
    let sides = conv.sides();
    // The most terms of a phase, and with them the border.
    let most = conv.kernel.map(|side| side.div_ceil(stride));
    let reach = [0, 1].map(|axis| {
        let last = (conv.image[axis] - 1 + conv.pad[axis]) / stride + 1;
        last.max(sides[axis]) + most[axis] - 1
    });
    let unit = unit(conv.image[1].div_ceil(stride), conv.images);
    let padded = Padded::new(conv.outputs, reach, most.map(|terms| terms - 1), 1, unit);
    let phases = (0..stride).flat_map(|row| (0..stride).map(move |column| [row, column]));
    let walks: Vec<Walk<M>> = phases
        .map(|[row, column]| [Phase::new(conv, 0, row), Phase::new(conv, 1, column)])
        .filter(|phases| phases.iter().all(|phase| phase.count > 0 && phase.terms > 0))
        .map(|phases| Walk::new(conv, &padded, most, weights, phases))
        .collect();
    let straight = stride == 1 && unit == 1;
    let most_pixels = walks.iter().map(Walk::pixels).max().unwrap_or(0);
    let together = if straight { 0 } else { most_pixels * conv.inputs * unit };
    let image = conv.inputs * conv.image[0] * conv.image[1];
    let mut dx = vec![0.0; conv.images * image];
    let images = dy.par_chunks(unit * conv.outputs * sides[0] * sides[1]);
    images.zip(dx.par_chunks_mut(unit * image)).for_each_init(
        || (vec![0.0; padded.len()], vec![0.0; together]),
        |(buffer, together), (images, dx)| {
            padded.fill(images, sides, buffer);
            for walk in &walks {
                let plane = walk.pixels() * unit;
                let y = if straight { &mut *dx } else { &mut together[..conv.inputs * plane] };
                let (offsets, weights, groups) = (&walk.offsets, &walk.weights, &walk.groups);
                dispatch(Image::<M, V> {
                    x: buffer,
                    offsets,
                    weights,
                    bias: None,
                    groups,
                    plane,
                    y,
                });
                if !straight {
                    let found = &together[..conv.inputs * plane];
                    for (lane, dx) in dx.chunks_exact_mut(image).enumerate() {
                        scatter(conv, walk.phases, found, (lane, unit), dx);
                    }
                }
            }
        },
    );
    dx
}

/// Puts the pixels of a phase of image number `lane` of a `unit` where they belong.
fn scatter(
    conv: &Conv,
    [rows, columns]: [Phase; 2],
    from: &[f32],
    (lane, unit): (usize, usize),
    to: &mut [f32],
) {
    let [height, width] = conv.image;
    let planes = from.chunks_exact(rows.count * columns.count * unit);
    for (from, to) in planes.zip(to.chunks_exact_mut(height * width)) {
        for (k, line) in from.chunks_exact(columns.count * unit).enumerate() {
            let row = &mut to[(rows.first + k * conv.stride) * width..][..width];
            let places = row[columns.first..].iter_mut().step_by(conv.stride);
            let values = line[lane..].iter().step_by(unit);
            places.zip(values).for_each(|(place, value)| *place = *value);
        }
    }
}
