//! A data set on the device: copied there once, then read by index.

mod pieces;

use std::sync::Arc;

use burn::tensor::{DType, Float, Int, Tensor, TensorData};
use thiserror::Error;

use self::pieces::Pieces;
use super::{Normalisation, RowKind, Samples};
use crate::device::Device;

/// Pixels in a 32-bit word.
const PACK: usize = 4;

/// [`Samples`] on a device.
///
/// WGSL has no 8-bit type, so a word holds four pixels, which are unpacked, scaled and normalised
/// on the device, batch by batch. This takes a quarter of the memory of floats, and the host sends
/// only indices. On the CPU pixels stay bytes, each of which is looked up. Texts are smaller: each
/// token has a word of its own. Features stay floats. A set that is larger than a buffer of the
/// device becomes several tensors.
#[derive(Debug, Clone)]
pub struct ResidentSet {
    rows: Rows,
    labels: Tensor<1, Int>,
    /// How far each pixel of a word is shifted.
    shifts: Tensor<3, Int>,
    mean: Tensor<4>,
    deviation: Tensor<4>,
    shape: [usize; 3],
    host_labels: Vec<u32>,
}

#[derive(Debug, Clone)]
enum Rows {
    /// `[rows, words]`, four pixels each.
    Pixels(Pieces<Int>),
    /// Pixels on the host, and what each byte is after normalisation, channel by channel.
    Bytes(Arc<[u8]>, Arc<[[f32; 256]]>),
    /// `[rows, d]`
    Features(Pieces<Float>),
    /// `[rows, length]`
    Tokens(Pieces<Int>),
}

/// A row that does not fit into one buffer of the device.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "a row needs {need} bytes in one buffer, and {device} lends at most {limit}: use smaller rows, or the CPU"
)]
#[non_exhaustive]
pub struct TooLarge {
    /// Bytes that a row needs.
    pub need: u64,
    /// Bytes that the device lends to one buffer.
    pub limit: u64,
    /// Which device.
    pub device: String,
}

impl ResidentSet {
    /// Copies `set` to `device`, in [pieces](Self::pieces) if it does not fit into one buffer there.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] if not even a row does.
    ///
    /// # Example
    ///
    /// ```
    /// use ugradsl::data::{self, ResidentSet};
    /// use ugradsl::device::Device;
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?.limit(Some(60), Some(30))?;
    /// let train = ResidentSet::try_new(&digits.train, &digits.normalisation, &Device::cpu())?;
    /// assert_eq!(train.len(), 60);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn try_new(
        set: &Samples,
        normalisation: &Normalisation,
        device: &Device,
    ) -> Result<Self, TooLarge> {
        let limit = device.info().largest_tensor().unwrap_or(u64::MAX);
        let need = bytes_of_a_row(set);
        if need > limit {
            return Err(TooLarge { need, limit, device: device.info().to_string() });
        }
        Ok(Self::new(set, normalisation, device))
    }

    /// The number of buffers that the rows of `set` need on `device`.
    ///
    /// ```
    /// use ugradsl::data::{self, ResidentSet};
    /// use ugradsl::device::Device;
    ///
    /// let digits = data::open("mnist-subset", &data::OpenOptions::new())?;
    /// assert_eq!(ResidentSet::pieces(&digits.train, &Device::cpu()), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pieces(set: &Samples, device: &Device) -> usize {
        set.len().div_ceil(rows_of_a_buffer(set, device)).max(1)
    }

    /// Copies `set` to `device`, in [pieces](Self::pieces) if it does not fit into one buffer there.
    /// If not even a row does, what is computed with it fails; see [`try_new`](Self::try_new).
    pub fn new(set: &Samples, normalisation: &Normalisation, device: &Device) -> Self {
        let on_cpu = device.info().kind == "cpu";
        let most = rows_of_a_buffer(set, device);
        let (device, shape) = (device.burn(), set.shape());
        let values = shape.iter().product::<usize>();
        let (int, count) = ((device, DType::I32), set.len());
        let words = |packed: Vec<i32>| {
            let words = packed.len() / count.max(1);
            Pieces::new(packed, words, most, int)
        };
        let rows = match set {
            Samples::Images(images) if on_cpu => {
                Rows::Bytes(images.pixels().into(), tables(normalisation))
            }
            Samples::Images(images) => {
                Rows::Pixels(words(images.pixels().chunks(values).flat_map(pack).collect()))
            }
            Samples::Features(features) => {
                let values_of = features.values().to_vec();
                Rows::Features(Pieces::new(values_of, values, most, (device, DType::F32)))
            }
            Samples::Texts(texts) => {
                Rows::Tokens(words(texts.tokens().iter().map(|&token| token as i32).collect()))
            }
        };
        let channels = shape[0];
        let per_channel = |values: &[f32]| {
            Tensor::from_data(TensorData::new(values.to_vec(), [1, channels, 1, 1]), device)
        };
        let labels: Vec<i32> = set.labels().iter().map(|&label| label as i32).collect();
        let shifts = TensorData::new(vec![0_i32, 8, 16, 24], [1, 1, PACK]);
        Self {
            rows,
            shifts: Tensor::from_data(shifts, int),
            labels: Tensor::from_data(TensorData::new(labels, [count]), int),
            mean: per_channel(&normalisation.mean),
            deviation: per_channel(&normalisation.std),
            shape,
            host_labels: set.labels().to_vec(),
        }
    }

    /// What the rows are.
    pub fn kind(&self) -> RowKind {
        match self.rows {
            Rows::Pixels(_) | Rows::Bytes(..) => RowKind::Images,
            Rows::Features(_) => RowKind::Features,
            Rows::Tokens(_) => RowKind::Texts,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.host_labels.len()
    }

    /// Whether there are no rows.
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

    /// The normalised images `[n, channels, height, width]`, the features `[n, 1, 1, d]` or the
    /// tokens `[n, 1, 1, length]` as floats, and the labels `[n]`, of `rows`.
    pub fn gather(&self, rows: &[u32]) -> (Tensor<4>, Tensor<1, Int>) {
        let device = self.labels.device();
        let [channels, height, width] = self.shape;
        let n = rows.len();
        let index: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
        let index = Tensor::<1, Int>::from_data(TensorData::new(index, [n]), (&device, DType::I32));
        let shape = [n, channels, height, width];
        let floats = |values: Tensor<2, Int>| values.float().cast(DType::F32).reshape(shape);
        let samples = match &self.rows {
            Rows::Bytes(pixels, tables) => {
                let values = ugradsl_kernels::look_up(pixels, tables, height * width, rows);
                Tensor::from_data(TensorData::new(values, shape), &device)
            }
            Rows::Pixels(words) => {
                let pixels =
                    unpack(words.pick(rows, &index), &self.shifts, channels * height * width);
                (floats(pixels) / 255.0 - self.mean.clone()) / self.deviation.clone()
            }
            Rows::Features(values) => values.pick(rows, &index).reshape(shape),
            Rows::Tokens(tokens) => floats(tokens.pick(rows, &index)),
        };
        (samples, self.labels.clone().select(0, index))
    }

    /// The value of a black pixel after normalisation, `[1, channels, 1, 1]`.
    pub(crate) fn black(&self) -> Tensor<4> {
        -self.mean.clone() / self.deviation.clone()
    }

    /// Normalised `images` moved by `epsilon`, in units of pixels scaled to 0..1, along the signs
    /// of `direction`, and clamped to the range of pixels.
    pub(crate) fn nudge(&self, images: Tensor<4>, direction: Tensor<4>, epsilon: f64) -> Tensor<4> {
        let pixels = images * self.deviation.clone() + self.mean.clone();
        let moved = (pixels + direction.sign() * epsilon).clamp(0.0, 1.0);
        (moved - self.mean.clone()) / self.deviation.clone()
    }
}

/// What each byte is after normalisation, channel by channel.
fn tables(normalisation: &Normalisation) -> Arc<[[f32; 256]]> {
    let channels = normalisation.mean.iter().zip(&normalisation.std);
    let table =
        |(mean, deviation)| std::array::from_fn(|byte| (byte as f32 / 255.0 - mean) / deviation);
    channels.map(table).collect()
}

/// Rows that fit into one buffer of the device, at least one.
fn rows_of_a_buffer(set: &Samples, device: &Device) -> usize {
    let limit = device.info().largest_tensor().unwrap_or(u64::MAX);
    usize::try_from(limit / bytes_of_a_row(set).max(1)).unwrap_or(usize::MAX).max(1)
}

/// Bytes that a row takes on a device.
fn bytes_of_a_row(set: &Samples) -> u64 {
    let values = set.shape().iter().product::<usize>();
    let words = match set {
        Samples::Images(_) => values.div_ceil(PACK),
        Samples::Features(_) | Samples::Texts(_) => values,
    };
    4 * words as u64
}

/// The pixels of an image, four per word.
fn pack(image: &[u8]) -> impl Iterator<Item = i32> {
    image.chunks(PACK).map(|pixels| {
        let mut word = [0; PACK];
        word[..pixels.len()].copy_from_slice(pixels);
        i32::from_le_bytes(word)
    })
}

/// The first `values` pixels of each row of `words`.
fn unpack(words: Tensor<2, Int>, shifts: &Tensor<3, Int>, values: usize) -> Tensor<2, Int> {
    let [n, words_per_row] = words.dims();
    let shape = [n, words_per_row, PACK];
    // The shift may smear the sign bit over the upper bits; the mask clears them.
    words
        .reshape([n, words_per_row, 1])
        .expand(shape)
        .bitwise_right_shift(shifts.clone().expand(shape))
        .bitwise_and_scalar(0xff)
        .reshape([n, words_per_row * PACK])
        .slice([0..n, 0..values])
}
