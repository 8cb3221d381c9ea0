//! The forward pass.

use rayon::prelude::*;

use super::{
    Conv,
    padded::{Group, Padded, groups, unit},
    tile::{Image, pack, with_tile},
};
use crate::simd::dispatch;

impl Conv {
    /// The convolution of `x` `[images, inputs, ..image]` with `weights` `[outputs, inputs,
    /// ..kernel]` and a `bias` `[outputs]`: `[images, outputs, ..output]`.
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
    let unit = padded.unit;
    let offsets = conv.offsets(&padded);
    let weights = pack::<M>(conv.outputs, terms, |row, term| weights[row * terms + term]);
    let groups = conv.groups(&padded);
    let out = conv.outputs * plane;
    let mut y = vec![0.0; conv.images * out];
    let images = x.par_chunks(unit * conv.inputs * conv.image[0] * conv.image[1]);
    images.zip(y.par_chunks_mut(unit * out)).for_each_init(
        || (vec![0.0; padded.len()], vec![0.0; if unit > 1 { unit * out } else { 0 }]),
        |(buffer, together), (images, y)| {
            padded.fill(images, conv.image, buffer);
            let (x, offsets, groups) = (&buffer[..], &offsets[..], &groups[..]);
            let plane = plane * unit;
            let to = if unit > 1 { &mut together[..] } else { &mut *y };
            dispatch(Image::<M, V> { x, offsets, weights: &weights, bias, groups, plane, y: to });
            if unit > 1 {
                hand_out(together, unit, y, out);
            }
        },
    );
    y
}

/// Copies what a unit has computed, `[..][image]`, to each of its images, which have `size` floats.
fn hand_out(together: &[f32], unit: usize, images: &mut [f32], size: usize) {
    dispatch(|| {
        for (lane, image) in images.chunks_exact_mut(size).enumerate() {
            let values = together[lane..].iter().step_by(unit);
            image.iter_mut().zip(values).for_each(|(to, value)| *to = *value);
        }
    });
}

impl Conv {
    /// How its images are padded.
    pub(super) fn padded(&self) -> Padded {
        let sides = [0, 1].map(|axis| self.image[axis] + 2 * self.pad[axis]);
        let unit = unit(self.sides()[1], self.images);
        Padded::new(self.inputs, sides, self.pad, self.stride, unit)
    }

    /// How far each term of an output lies behind its first.
    pub(super) fn offsets(&self, padded: &Padded) -> Vec<usize> {
        let [height, width] = self.kernel;
        let terms = 0..self.terms();
        let place = |term: usize| (term / (height * width), term / width % height, term % width);
        let offset = |(channel, row, column)| padded.offset(channel, row, column);
        terms.map(place).map(offset).collect()
    }

    /// Vectors of outputs.
    pub(super) fn groups(&self, padded: &Padded) -> Vec<Group> {
        let base = |row: usize| row * self.stride * padded.row;
        groups(self.sides(), padded.unit, self.stride, base)
    }
}
