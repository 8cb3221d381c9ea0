//! The forward pass.

use rayon::prelude::*;

use super::{
    Conv,
    padded::{Padded, groups},
    tile::{Image, pack, with_tile},
};
use crate::simd::{dispatch, lanes};

impl Conv {
    /// The convolution of `x` `[images, inputs, ..image]` with `weights` `[outputs, inputs, ..kernel]` and a `bias`
    /// `[outputs]`: `[images, outputs, ..output]`.
    ///
    /// # Panics
    ///
    /// If there is no [`output`](Self::output), or a slice has another length.
    pub fn forward(&self, x: &[f32], weights: &[f32], bias: Option<&[f32]>) -> Vec<f32> {
        let conv = self.flat();
        assert_eq!(x.len(), self.images * self.inputs * self.image[0] * self.image[1], "x");
        assert_eq!(weights.len(), self.outputs * self.terms(), "weights");
        let plane = conv.sides().iter().product::<usize>();
        with_tile!(self.outputs, plane, forward(&conv, x, weights, bias))
    }
}

fn forward<const M: usize, const V: usize>(
    conv: &Conv,
    x: &[f32],
    weights: &[f32],
    bias: Option<&[f32]>,
) -> Vec<f32> {
    let (sides, terms) = (conv.sides(), conv.terms());
    let plane = sides[0] * sides[1];
    let padded = conv.padded();
    let offsets = conv.offsets(&padded);
    let weights = pack::<M>(conv.outputs, terms, |row, term| weights[row * terms + term]);
    let groups = groups(sides, lanes(), |row| row * conv.stride * padded.row);
    let mut y = vec![0.0; conv.images * conv.outputs * plane];
    let images = x.par_chunks(conv.inputs * conv.image[0] * conv.image[1]);
    images.zip(y.par_chunks_mut(conv.outputs * plane)).for_each_init(
        || vec![0.0; padded.len()],
        |buffer, (image, y)| {
            dispatch(|| padded.fill(image, conv.image, buffer));
            let (x, offsets, groups) = (&buffer[..], &offsets[..], &groups[..]);
            dispatch(Image::<M, V> { x, offsets, weights: &weights, bias, groups, plane, y });
        },
    );
    y
}

impl Conv {
    /// How its images are padded.
    pub(super) fn padded(&self) -> Padded {
        let sides = [0, 1].map(|axis| self.image[axis] + 2 * self.pad[axis]);
        Padded::new(self.inputs, sides, self.pad, self.stride)
    }

    /// How far each term of an output lies behind its first.
    pub(super) fn offsets(&self, padded: &Padded) -> Vec<usize> {
        let [height, width] = self.kernel;
        let terms = 0..self.terms();
        let place = |term: usize| (term / (height * width), term / width % height, term % width);
        let offset = |(channel, row, column)| padded.offset(channel, row, column);
        terms.map(place).map(offset).collect()
    }
}
