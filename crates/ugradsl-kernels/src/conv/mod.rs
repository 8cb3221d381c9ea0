//! Direct convolution: an image is copied once into a plane with a border of zeros, and a tile of
//! output channels x vectors of pixels walks over it by a table of offsets. There is no im2col, and
//! no product of packed matrices.

mod data;
mod forward;
mod padded;
mod tile;
mod weights;

pub(crate) use tile::{pack, tile};

/// The sizes of a convolution: one stride for both sides, zeros as border.
///
/// ```
/// use ugradsl_kernels::Conv;
///
/// // A kernel of 1 x 2 over one row of four pixels.
/// let conv = Conv {
///     images: 1, inputs: 1, outputs: 1, image: [1, 4], kernel: [1, 2], stride: 1, pad: [0, 0],
/// };
/// assert_eq!(conv.output(), Some([1, 3]));
/// let x = [1.0, 2.0, 4.0, 8.0];
/// assert_eq!(conv.forward(&x, &[1.0, -1.0], Some(&[0.5])), [-0.5, -1.5, -3.5]);
/// assert_eq!(conv.data_gradient(&[1.0, 0.0, 0.0], &[1.0, -1.0]), [1.0, -1.0, 0.0, 0.0]);
/// assert_eq!(conv.weight_gradient(&x, &[1.0, 0.0, 1.0]), [5.0, 10.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv {
    /// Number of images n.
    pub images: usize,
    /// Channels of an image.
    pub inputs: usize,
    /// Channels that come out.
    pub outputs: usize,
    /// Height and width of an image.
    pub image: [usize; 2],
    /// Height and width of the kernel.
    pub kernel: [usize; 2],
    /// Distance of neighbouring outputs.
    pub stride: usize,
    /// Rows of zeros above and below, columns left and right.
    pub pad: [usize; 2],
}

impl Conv {
    /// Height and width of what comes out. `None` where no output is: a side is zero, or the kernel
    /// does not fit.
    pub fn output(&self) -> Option<[usize; 2]> {
        let side = |axis: usize| {
            let padded = self.image[axis] + 2 * self.pad[axis];
            let fits = self.kernel[axis] > 0 && self.image[axis] > 0 && self.stride > 0;
            (fits && padded >= self.kernel[axis])
                .then(|| (padded - self.kernel[axis]) / self.stride + 1)
        };
        Some([side(0)?, side(1)?])
    }

    /// The same; panics where there is none, which callers rule out.
    fn sides(&self) -> [usize; 2] {
        self.output().expect("a kernel that fits into the padded image")
    }

    /// Terms of an output.
    fn terms(&self) -> usize {
        self.inputs * self.kernel[0] * self.kernel[1]
    }

    /// The gradient of the bias, `[outputs]`, for the gradient `dy` of what came out.
    pub fn bias_gradient(&self, dy: &[f32]) -> Vec<f32> {
        use rayon::prelude::*;

        let [height, width] = self.sides();
        let plane = height * width;
        let channel = |channel: usize| {
            let planes = dy.chunks_exact(plane).skip(channel).step_by(self.outputs);
            let sum = |plane: &[f32]| crate::simd::sums(plane.len(), |at| [plane[at]])[0];
            planes.map(sum).sum::<f64>() as f32
        };
        (0..self.outputs).into_par_iter().map(channel).collect()
    }

    /// The same convolution in the form in which it is computed: of a kernel of one pixel, the
    /// image is one long row.
    fn flat(&self) -> Self {
        let plain = self.kernel == [1, 1] && self.stride == 1 && self.pad == [0, 0];
        let image = if plain { [1, self.image[0] * self.image[1]] } else { self.image };
        Self { image, ..*self }
    }
}
