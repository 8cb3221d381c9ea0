//! A data set on the device: copied there once, read by index ever after.

use burn::tensor::{DType, Int, Tensor, TensorData};

use super::{ImageSet, Normalisation};
use crate::device::Device;

/// Pixels in a 32-bit word.
const PACK: usize = 4;

/// An [`ImageSet`] that lies on a device.
///
/// WGSL has no 8-bit type: four pixels share a word and are unpacked, scaled and normalised on the
/// device, batch by batch. A quarter of the memory of floats, and the host sends nothing but indices.
#[derive(Debug, Clone)]
pub struct ResidentSet {
    pixels: Tensor<2, Int>,
    labels: Tensor<1, Int>,
    shifts: Tensor<3, Int>,
    mean: Tensor<4>,
    deviation: Tensor<4>,
    shape: [usize; 3],
    host_labels: Vec<u32>,
}

impl ResidentSet {
    /// Copies `set` to `device`.
    pub fn new(set: &ImageSet, normalisation: &Normalisation, device: &Device) -> Self {
        let (device, shape) = (device.burn(), set.shape());
        let values = shape.iter().product::<usize>();
        let words = values.div_ceil(PACK);
        let mut packed = Vec::with_capacity(set.len() * words);
        for image in set.pixels().chunks(values) {
            for pixels in image.chunks(PACK) {
                let mut word = [0; PACK];
                word[..pixels.len()].copy_from_slice(pixels);
                packed.push(i32::from_le_bytes(word));
            }
        }
        let channels = shape[0];
        let per_channel = |values: &[f32]| {
            Tensor::from_data(TensorData::new(values.to_vec(), [1, channels, 1, 1]), device)
        };
        let labels: Vec<i32> = set.labels().iter().map(|&label| label as i32).collect();
        let rows = set.len();
        let int = (device, DType::I32);
        Self {
            pixels: Tensor::from_data(TensorData::new(packed, [rows, words]), int),
            labels: Tensor::from_data(TensorData::new(labels, [rows]), int),
            shifts: Tensor::from_data(TensorData::new(vec![0_i32, 8, 16, 24], [1, 1, PACK]), int),
            mean: per_channel(&normalisation.mean),
            deviation: per_channel(&normalisation.std),
            shape,
            host_labels: set.labels().to_vec(),
        }
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.host_labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.host_labels.is_empty()
    }

    /// All row numbers.
    pub fn all_rows(&self) -> Vec<u32> {
        (0..self.len() as u32).collect()
    }

    /// Labels of the rows, on the host.
    pub fn host_labels(&self, rows: &[u32]) -> Vec<u32> {
        rows.iter().map(|&row| self.host_labels[row as usize]).collect()
    }

    /// The images `[n, channels, height, width]`, normalised, and labels `[n]` of `rows`.
    pub fn gather(&self, rows: &[u32]) -> (Tensor<4>, Tensor<1, Int>) {
        let device = self.pixels.device();
        let [channels, height, width] = self.shape;
        let (n, values) = (rows.len(), channels * height * width);
        let [_, words] = self.pixels.dims();
        let index: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
        let index = Tensor::<1, Int>::from_data(TensorData::new(index, [n]), (&device, DType::I32));
        let packed = self.pixels.clone().select(0, index.clone()).reshape([n, words, 1]);
        // The shift may smear the sign bit over the upper bits; the mask takes them off.
        let bytes = packed
            .expand([n, words, PACK])
            .bitwise_right_shift(self.shifts.clone().expand([n, words, PACK]))
            .bitwise_and_scalar(0xff)
            .reshape([n, words * PACK])
            .slice([0..n, 0..values]);
        let images = bytes.float().cast(DType::F32).reshape([n, channels, height, width]) / 255.0;
        let images = (images - self.mean.clone()) / self.deviation.clone();
        (images, self.labels.clone().select(0, index))
    }

    /// What a black pixel is after normalisation, `[1, channels, 1, 1]`.
    pub(crate) fn black(&self) -> Tensor<4> {
        -self.mean.clone() / self.deviation.clone()
    }

    /// Normalised `images` moved by `epsilon`, in units of pixels scaled to 0..1, along the signs of
    /// `direction`, and kept within what pixels can be.
    pub(crate) fn nudge(&self, images: Tensor<4>, direction: Tensor<4>, epsilon: f64) -> Tensor<4> {
        let pixels = images * self.deviation.clone() + self.mean.clone();
        let moved = (pixels + direction.sign() * epsilon).clamp(0.0, 1.0);
        (moved - self.mean.clone()) / self.deviation.clone()
    }
}
