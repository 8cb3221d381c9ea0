//! The gradients.

use rayon::prelude::*;

use super::{Gradients, IMAGES, Norm, Statistics};
use crate::simd::{dispatch, sums};

/// What each channel needs: x's distance to the mean is `scale x + shift` standard deviations.
#[derive(Debug, Clone, Copy)]
struct Line {
    scale: f32,
    shift: f32,
    gamma: f32,
    beta: f32,
}

impl Line {
    #[inline(always)]
    fn distance(self, x: f32) -> f32 {
        self.scale * x + self.shift
    }

    /// The gradient behind the ReLU, which is closed where what came out is not above zero.
    #[inline(always)]
    fn behind_relu(self, distance: f32, dy: f32) -> f32 {
        if self.gamma * distance + self.beta <= 0.0 { 0.0 } else { dy }
    }
}

impl Norm<'_> {
    /// Replaces the gradient `dy` of what came out by that of `x`, and returns the others. `of` are
    /// the statistics of the forward pass; `fixed` says that they were not those of the batch,
    /// so that they have no gradient. `out` is what came out where there was a shortcut.
    pub fn backward(
        &self,
        x: &[f32],
        out: Option<&[f32]>,
        of: &Statistics,
        fixed: bool,
        dy: &mut [f32],
    ) -> Gradients {
        let lines: Vec<Line> = self
            .standard(of)
            .into_iter()
            .zip(self.gamma.iter().zip(self.beta))
            .map(|((scale, shift), (&gamma, &beta))| Line {
                scale: scale as f32,
                shift: shift as f32,
                gamma,
                beta,
            })
            .collect();
        let skip = out.map(|out| {
            if self.relu {
                close(out, dy, IMAGES * self.image());
            }
            dy.to_vec()
        });
        let masked = self.relu && out.is_none();
        let total = self.sums(x, dy, &lines, masked);
        let rows = (self.images * self.plane) as f64;
        let means: Vec<[f32; 2]> = match fixed {
            true => vec![[0.0; 2]; self.channels],
            false => total.iter().map(|sums| sums.map(|sum| (sum / rows) as f32)).collect(),
        };
        self.spread(x, dy, &lines, &means, masked);
        Gradients {
            gamma: total.iter().map(|sums| sums[1] as f32).collect(),
            beta: total.iter().map(|sums| sums[0] as f32).collect(),
            skip,
        }
    }

    /// Per channel, the sums of the gradient, and of the gradient times the distance to the mean.
    fn sums(&self, x: &[f32], dy: &[f32], lines: &[Line], masked: bool) -> Vec<[f64; 2]> {
        let size = IMAGES * self.image();
        let part = |(x, dy): (&[f32], &[f32])| {
            let mut all = vec![[0.0; 2]; self.channels];
            dispatch(|| {
                for (x, dy) in x.chunks_exact(self.image()).zip(dy.chunks_exact(self.image())) {
                    let planes = x.chunks_exact(self.plane).zip(dy.chunks_exact(self.plane));
                    for ((sum, &line), (x, dy)) in all.iter_mut().zip(lines).zip(planes) {
                        let (x, dy) = (&x[..self.plane], &dy[..self.plane]);
                        let found = if masked {
                            sums(self.plane, |at| {
                                let distance = line.distance(x[at]);
                                let dy = line.behind_relu(distance, dy[at]);
                                [dy, dy * distance]
                            })
                        } else {
                            sums(self.plane, |at| [dy[at], dy[at] * line.distance(x[at])])
                        };
                        sum.iter_mut().zip(found).for_each(|(sum, found)| *sum += found);
                    }
                }
            });
            all
        };
        let parts: Vec<_> = x.par_chunks(size).zip(dy.par_chunks(size)).map(part).collect();
        let mut total = vec![[0.0; 2]; self.channels];
        for part in parts {
            for (sum, part) in total.iter_mut().flatten().zip(part.into_iter().flatten()) {
                *sum += part;
            }
        }
        total
    }

    /// Replaces the gradient by that of x.
    fn spread(&self, x: &[f32], dy: &mut [f32], lines: &[Line], means: &[[f32; 2]], masked: bool) {
        let size = self.image();
        dy.par_chunks_mut(size).zip(x.par_chunks(size)).for_each(|(dy, x)| {
            dispatch(|| {
                let planes = dy.chunks_exact_mut(self.plane).zip(x.chunks_exact(self.plane));
                for ((dy, x), (&line, &[mean, slope])) in planes.zip(lines.iter().zip(means)) {
                    let factor = line.gamma * line.scale;
                    if masked {
                        for (dy, &x) in dy.iter_mut().zip(x) {
                            let distance = line.distance(x);
                            let open = line.behind_relu(distance, *dy);
                            *dy = factor * (open - mean - distance * slope);
                        }
                    } else {
                        for (dy, &x) in dy.iter_mut().zip(x) {
                            *dy = factor * (*dy - mean - line.distance(x) * slope);
                        }
                    }
                }
            });
        });
    }
}

/// Zero where nothing came out.
fn close(out: &[f32], dy: &mut [f32], size: usize) {
    dy.par_chunks_mut(size).zip(out.par_chunks(size)).for_each(|(dy, out)| {
        dispatch(|| {
            for (dy, &out) in dy.iter_mut().zip(out) {
                *dy = if out <= 0.0 { 0.0 } else { *dy };
            }
        });
    });
}
