//! Random crops and flips of training images.
//!
//! What happens to a row is drawn on the host from the seed and the step, so a resumed run sees the
//! same pictures as one that was never interrupted, on every device. The pixels move on the device.

use burn::tensor::{Bool, DType, Int, Tensor, TensorData};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::{
    data::ResidentSet,
    random::{self, Stream},
};

/// How training images are varied.
///
/// ```
/// use ugradsl::train::Augmentation;
///
/// assert_eq!(Augmentation::default(), Augmentation { pad: 0, flip: false }); // images as they are
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Augmentation {
    /// Black pixels added on each side of an image, before a crop of the original size is taken at
    /// random (`torchvision.transforms.RandomCrop(size, padding=pad)`).
    pub pad: usize,
    /// Whether an image is mirrored from left to right, with probability 1/2.
    pub flip: bool,
}

impl Augmentation {
    pub(super) fn check(self) -> Result<(), PlanError> {
        if self.pad <= 1024 {
            return Ok(());
        }
        let value = self.pad as f64;
        Err(PlanError::Range { name: "augmentation.pad", value, range: "at most 1024" })
    }

    /// `images` `[n, channels, height, width]` of `data`, each varied in its own way.
    pub(super) fn apply(
        self,
        images: Tensor<4>,
        data: &ResidentSet,
        seed: u64,
        step: usize,
    ) -> Tensor<4> {
        if self == Self::default() {
            return images;
        }
        let [n, channels, height, width] = images.dims();
        let pixels = height * width;
        let (sources, outside) = self.sources([n, height, width], seed, step);
        let device = images.device();
        let sources = TensorData::new(sources, [n, 1, pixels]);
        let sources = Tensor::<3, Int>::from_data(sources, (&device, DType::I32));
        let outside = TensorData::new(outside, [n, 1, pixels]);
        let outside = Tensor::<3, Bool>::from_data(outside, &device);
        let shape = [n, channels, pixels];
        let moved = images.reshape(shape).gather(2, sources.expand(shape));
        let black = data.black().reshape([1, channels, 1]).expand(shape);
        moved.mask_where(outside.expand(shape), black).reshape([n, channels, height, width])
    }

    /// For every pixel of every image, where it comes from, and whether that lies outside the
    /// image.
    fn sources(
        self,
        [n, height, width]: [usize; 3],
        seed: u64,
        step: usize,
    ) -> (Vec<i32>, Vec<bool>) {
        let mut rng = random::rng_at(seed, Stream::Augmentation, step);
        let (mut sources, mut outside) = (Vec::new(), Vec::new());
        for _ in 0..n {
            let [down, right] = [(); 2].map(|()| rng.random_range(0..=2 * self.pad));
            let mirrored = self.flip && rng.random_bool(0.5);
            for y in 0..height {
                for x in 0..width {
                    let x = if mirrored { width - 1 - x } else { x };
                    // Above the image and left of it, the subtraction wraps to a large number.
                    let y = (y + down).wrapping_sub(self.pad);
                    let x = (x + right).wrapping_sub(self.pad);
                    let inside = y < height && x < width;
                    sources.push(if inside { (y * width + x) as i32 } else { 0 });
                    outside.push(!inside);
                }
            }
        }
        (sources, outside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        data::{ImageSet, Normalisation},
        device::Device,
    };

    const SIDE: usize = 5;

    /// One image whose pixels all differ; none is black.
    fn set() -> ResidentSet {
        let pixels = (0..2 * SIDE * SIDE).map(|at| 10 + at as u8).collect();
        let set = ImageSet::new([2, SIDE, SIDE], pixels, vec![0]).expect("an image");
        let normalisation = Normalisation { mean: vec![0.5, 0.25], std: vec![0.25, 0.5] };
        ResidentSet::new(&set.into(), &normalisation, &Device::cpu())
    }

    fn varied(augmentation: Augmentation, rows: usize, seed: u64, step: usize) -> Vec<Vec<u8>> {
        let data = set();
        let (images, _) = data.gather(&vec![0; rows]);
        let varied = augmentation.apply(images, &data, seed, step);
        let values = varied.into_data().try_to_vec::<f32>().expect("floats");
        let pixel = |(at, value): (usize, &f32)| {
            let (mean, std) = if at < SIDE * SIDE { (0.5, 0.25) } else { (0.25, 0.5) };
            ((value * std + mean) * 255.0).round() as u8
        };
        let images = values.chunks(2 * SIDE * SIDE);
        images.map(|image| image.iter().enumerate().map(pixel).collect()).collect()
    }

    /// The image moved by whole pixels, by the plain definition.
    fn expected(down: isize, right: isize, mirrored: bool) -> Vec<u8> {
        let side = SIDE as isize;
        let mut image = Vec::new();
        for channel in 0..2 {
            for y in 0..side {
                for x in 0..side {
                    let x = if mirrored { side - 1 - x } else { x };
                    let (y, x) = (y + down, x + right);
                    let inside = (0..side).contains(&y) && (0..side).contains(&x);
                    let at = channel * side * side + y * side + x;
                    image.push(if inside { 10 + at as u8 } else { 0 });
                }
            }
        }
        image
    }

    #[test]
    fn every_image_is_a_crop_of_the_padded_one_perhaps_mirrored_and_all_of_them_occur() {
        let found = varied(Augmentation { pad: 2, flip: true }, 2000, 3, 7);
        let mut counts = std::collections::HashMap::new();
        for image in found {
            *counts.entry(image).or_insert(0) += 1;
        }
        let mut allowed = 0;
        for down in -2..=2 {
            for right in -2..=2 {
                for mirrored in [false, true] {
                    // About 40 of each, with a standard deviation of 6.
                    let count = counts.remove(&expected(down, right, mirrored)).unwrap_or(0);
                    assert!((10..80).contains(&count), "{down} {right} {mirrored}: {count}");
                    allowed += 1;
                }
            }
        }
        assert_eq!((allowed, counts.len()), (50, 0), "nothing else occurs");
    }

    #[test]
    fn a_step_decides_and_nothing_else() {
        let both = Augmentation { pad: 2, flip: true };
        let first = varied(both, 8, 3, 0);
        assert_eq!(varied(both, 8, 3, 0), first);
        assert_ne!(varied(both, 8, 3, 1), first);
        assert_ne!(varied(both, 8, 4, 0), first);
        assert_eq!(varied(Augmentation::default(), 2, 3, 0), vec![expected(0, 0, false); 2]);
    }
}
