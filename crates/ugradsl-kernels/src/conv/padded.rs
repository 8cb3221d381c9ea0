//! Images with a border of zeros.

/// Floats behind the last plane: a vector may begin at the last pixel.
const SLACK: usize = 16;

/// How the channels of an image lie in memory: padded, and their columns split by phase, so that neighbouring outputs
/// read neighbouring floats whatever the stride: `[channel][row][column % stride][column / stride]`.
pub(super) struct Padded {
    stride: usize,
    /// Floats of one phase of a row.
    pitch: usize,
    /// Floats of a row.
    pub(super) row: usize,
    /// Floats of a channel.
    pub(super) plane: usize,
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
    ) -> Self {
        let pitch = sides[1].div_ceil(stride);
        let row = pitch * stride;
        Self { stride, pitch, row, plane: sides[0] * row, channels, border }
    }

    /// Floats of an image.
    pub(super) fn len(&self) -> usize {
        self.channels * self.plane + SLACK
    }

    /// How far `row` and `column` of `channel` lie behind the first float of an image.
    pub(super) fn offset(&self, channel: usize, row: usize, column: usize) -> usize {
        let phase = (column % self.stride) * self.pitch;
        channel * self.plane + row * self.row + phase + column / self.stride
    }

    /// Copies `image`, `[channels]` of height and width `sides`, into its place in `out`, whose border is zero.
    #[inline(always)]
    pub(super) fn fill(&self, image: &[f32], sides: [usize; 2], out: &mut [f32]) {
        let [height, width] = sides;
        let [top, left] = self.border;
        let planes = image.chunks_exact(height * width).zip(out.chunks_exact_mut(self.plane));
        for (plane, out) in planes {
            let rows = out.chunks_exact_mut(self.row).skip(top);
            for (line, row) in plane.chunks_exact(width).zip(rows) {
                if self.stride == 1 {
                    row[left..left + width].copy_from_slice(line);
                    continue;
                }
                for (at, &value) in (left..).zip(line) {
                    row[(at % self.stride) * self.pitch + at / self.stride] = value;
                }
            }
        }
    }
}

/// A vector's worth of output pixels of a row.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// Where the patch of its first pixel starts in the padded image.
    pub(super) base: usize,
    /// Where it starts in the output plane.
    pub(super) pixel: usize,
    /// Pixels that count.
    pub(super) live: usize,
}

/// The groups of a plane of height and width `sides`, `lanes` pixels each; `base` tells where the patches of a row start.
pub(super) fn groups(sides: [usize; 2], lanes: usize, base: impl Fn(usize) -> usize) -> Vec<Group> {
    let [height, width] = sides;
    let mut all = Vec::with_capacity(height * width.div_ceil(lanes));
    for row in 0..height {
        for column in (0..width).step_by(lanes) {
            all.push(Group {
                base: base(row) + column,
                pixel: row * width + column,
                live: lanes.min(width - column),
            });
        }
    }
    all
}
