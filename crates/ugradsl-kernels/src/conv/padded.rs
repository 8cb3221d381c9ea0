//! Images with a border of zeros.

use crate::simd::{dispatch, lanes};

/// Floats behind the last plane: a vector may begin at the last pixel.
const SLACK: usize = 16;
/// Share of a vector that pixels of a row must fill on average; where they do not, vectors hold a
/// pixel of several images.
const FILLED: f64 = 0.8;

/// Images that lie in memory together: one, whose vectors hold neighbouring pixels of a row of
/// `width` outputs, or as many as a vector has floats.
pub(super) fn unit(width: usize, images: usize) -> usize {
    let lanes = lanes();
    let filled = width as f64 / (width.div_ceil(lanes) * lanes) as f64;
    if filled < FILLED && images >= lanes { lanes } else { 1 }
}

/// How the channels of a unit of images lie in memory, padded: `[channel][row][column][image]`. The
/// columns of single images are split by phase, so that neighbouring outputs read neighbouring
/// floats whatever the stride: `[channel][row][column % stride][column / stride]`.
pub(super) struct Padded {
    /// Images of a unit.
    pub(super) unit: usize,
    stride: usize,
    /// Floats of one phase of a row.
    pitch: usize,
    /// Floats of a row.
    pub(super) row: usize,
    /// Floats of a channel.
    plane: usize,
    channels: usize,
    /// Zeros above and on the left.
    border: [usize; 2],
}

impl Padded {
    /// For `channels` of `sides` (height and width, border included) that are read with `stride`.
    pub(super) fn new(
        channels: usize,
        sides: [usize; 2],
        border: [usize; 2],
        stride: usize,
        unit: usize,
    ) -> Self {
        let stride = if unit == 1 { stride } else { 1 };
        let pitch = sides[1].div_ceil(stride);
        let row = pitch * stride * unit;
        Self { unit, stride, pitch, row, plane: sides[0] * row, channels, border }
    }

    /// Floats of a unit.
    pub(super) fn len(&self) -> usize {
        self.channels * self.plane + SLACK
    }

    /// How far `row` and `column` of `channel` lie behind the first float of a unit.
    pub(super) fn offset(&self, channel: usize, row: usize, column: usize) -> usize {
        let place = (column % self.stride) * self.pitch + column / self.stride;
        channel * self.plane + row * self.row + place * self.unit
    }

    /// Copies `images`, each `[channels]` of height and width `sides`, into their places in `out`,
    /// whose border is zero.
    pub(super) fn fill(&self, images: &[f32], sides: [usize; 2], out: &mut [f32]) {
        let image = self.channels * sides[0] * sides[1];
        dispatch(|| {
            for (lane, image) in images.chunks_exact(image).enumerate() {
                self.fill_one(lane, image, sides, out);
            }
        });
    }

    #[inline(always)]
    fn fill_one(&self, lane: usize, image: &[f32], sides: [usize; 2], out: &mut [f32]) {
        let [height, width] = sides;
        let [top, left] = self.border;
        let planes = image.chunks_exact(height * width).zip(out.chunks_exact_mut(self.plane));
        for (plane, out) in planes {
            let rows = out.chunks_exact_mut(self.row).skip(top);
            for (line, row) in plane.chunks_exact(width).zip(rows) {
                match (self.unit, self.stride) {
                    (1, 1) => row[left..left + width].copy_from_slice(line),
                    (1, stride) => {
                        for (at, &value) in (left..).zip(line) {
                            row[(at % stride) * self.pitch + at / stride] = value;
                        }
                    }
                    (unit, _) => {
                        let places = row[left * unit + lane..].iter_mut().step_by(unit);
                        places.zip(line).for_each(|(place, value)| *place = *value);
                    }
                }
            }
        }
    }
}

/// A vector's worth of outputs.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// Where the patch of its first output starts in the padded unit.
    pub(super) base: usize,
    /// Where it starts in the plane that comes out.
    pub(super) pixel: usize,
    /// Outputs that count.
    pub(super) live: usize,
}

/// The groups of a plane of height and width `sides`. The patches of a row start at `base`, and
/// those of neighbours are `stride` columns apart.
pub(super) fn groups(
    sides: [usize; 2],
    unit: usize,
    stride: usize,
    base: impl Fn(usize) -> usize,
) -> Vec<Group> {
    let [height, width] = sides;
    let lanes = if unit == 1 { lanes() } else { 1 };
    let step = if unit == 1 { 1 } else { stride * unit };
    let mut all = Vec::with_capacity(height * width.div_ceil(lanes));
    for row in 0..height {
        for column in (0..width).step_by(lanes) {
            all.push(Group {
                base: base(row) + column * step,
                pixel: (row * width + column) * unit,
                live: lanes.min(width - column) * unit,
            });
        }
    }
    all
}
