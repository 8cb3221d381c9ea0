//! Statistics of a batch, and the forward pass.

use rayon::prelude::*;

use super::{IMAGES, Norm, Statistics};
use crate::simd::{dispatch, sums};

/// Number, mean and sum of squared distances to the mean of some values.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(plane: &[f32]) -> Self {
        let count = plane.len() as f64;
        let [sum] = sums(plane.len(), |at| [plane[at]]);
        let mean = sum / count;
        let near = mean as f32;
        let [squares] = sums(plane.len(), |at| [(plane[at] - near) * (plane[at] - near)]);
        // Squares were taken around the rounded mean.
        let off = mean - f64::from(near);
        Self { count, mean, squares: (squares - count * off * off).max(0.0) }
    }

    /// Those of both sets of values (Chan, Golub, LeVeque 1979).
    fn and(self, other: Self) -> Self {
        let count = self.count + other.count;
        if count == 0.0 {
            return self;
        }
        let apart = other.mean - self.mean;
        Self {
            count,
            mean: self.mean + apart * other.count / count,
            squares: self.squares
                + other.squares
                + apart * apart * self.count * other.count / count,
        }
    }
}

impl Norm<'_> {
    /// Mean and variance of each channel of `x` `[images, channels, plane]`.
    pub fn statistics(&self, x: &[f32]) -> Statistics {
        let part = |x: &[f32]| {
            let mut all = vec![Moments::default(); self.channels];
            dispatch(|| {
                for image in x.chunks_exact(self.image()) {
                    for (plane, moments) in image.chunks_exact(self.plane).zip(&mut all) {
                        *moments = moments.and(Moments::of(plane));
                    }
                }
            });
            all
        };
        let parts: Vec<_> = x.par_chunks(IMAGES * self.image()).map(part).collect();
        let mut all = vec![Moments::default(); self.channels];
        for part in parts {
            all.iter_mut().zip(part).for_each(|(sum, part)| *sum = sum.and(part));
        }
        let variance = |moments: &Moments| (moments.squares / moments.count.max(1.0)) as f32;
        Statistics {
            mean: all.iter().map(|moments| moments.mean as f32).collect(),
            variance: all.iter().map(variance).collect(),
        }
    }

    /// What comes out for `x` and, if there is one, the shortcut `skip` of the same shape, with the
    /// statistics `by`: those of the batch, or others.
    pub fn forward(&self, x: &[f32], skip: Option<&[f32]>, by: &Statistics) -> Vec<f32> {
        let lines: Vec<(f32, f32)> = self
            .standard(by)
            .into_iter()
            .zip(self.gamma.iter().zip(self.beta))
            .map(|((scale, shift), (&gamma, &beta))| {
                let (gamma, beta) = (f64::from(gamma), f64::from(beta));
                ((gamma * scale) as f32, (gamma * shift + beta) as f32)
            })
            .collect();
        let floor = if self.relu { 0.0 } else { f32::NEG_INFINITY };
        let size = self.image();
        let mut y = vec![0.0; x.len()];
        let images = y.par_chunks_mut(size).zip(x.par_chunks(size)).enumerate();
        images.for_each(|(at, (y, x))| {
            let skip = skip.map(|skip| &skip[at * size..(at + 1) * size]);
            dispatch(|| {
                let planes = y.chunks_exact_mut(self.plane).zip(x.chunks_exact(self.plane));
                for (channel, ((y, x), &(scale, shift))) in planes.zip(&lines).enumerate() {
                    match skip.map(|skip| &skip[channel * self.plane..][..self.plane]) {
                        None => {
                            y.iter_mut()
                                .zip(x)
                                .for_each(|(y, x)| *y = cut(scale * x + shift, floor));
                        }
                        Some(skip) => {
                            let pairs = x.iter().zip(skip);
                            let sum = |(x, skip): (&f32, &f32)| scale * x + shift + skip;
                            y.iter_mut()
                                .zip(pairs)
                                .for_each(|(y, pair)| *y = cut(sum(pair), floor));
                        }
                    }
                }
            });
        });
        y
    }
}

/// ReLU that keeps what is not a number, as PyTorch's.
#[inline(always)]
fn cut(value: f32, floor: f32) -> f32 {
    if value < floor { floor } else { value }
}
