//! Batch normalisation with what follows it: a sum with a shortcut, ReLU.

mod backward;
mod forward;

/// Images per task. Fixed, so that no sum depends on the number of threads.
const IMAGES: usize = 8;

/// A batch normalisation of `[images, channels, plane]`: `gamma (x - mean) / sqrt(variance +
/// epsilon) + beta`, then the sum with a shortcut, then ReLU, where they are asked for.
///
/// ```
/// use ugradsl_kernels::Norm;
///
/// let norm = Norm {
///     images: 2, channels: 1, plane: 1, gamma: &[1.0], beta: &[0.5], epsilon: 0.0, relu: true,
/// };
/// let x = [1.0, 3.0];
/// let batch = norm.statistics(&x);
/// assert_eq!((batch.mean[0], batch.variance[0]), (2.0, 1.0));
/// assert_eq!(norm.forward(&x, None, &batch), [0.0, 1.5]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Norm<'a> {
    /// Number of images n.
    pub images: usize,
    /// Number of channels, at least one.
    pub channels: usize,
    /// Pixels of a channel, at least one.
    pub plane: usize,
    /// Scale of each channel.
    pub gamma: &'a [f32],
    /// Shift of each channel.
    pub beta: &'a [f32],
    /// Added to the variance.
    pub epsilon: f64,
    /// Whether what is below zero becomes zero.
    pub relu: bool,
}

/// Mean and biased variance of each channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Mean.
    pub mean: Vec<f32>,
    /// The mean square of the distances to it.
    pub variance: Vec<f32>,
}

/// The gradients that [`Norm::backward`] does not write in place.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// Of the scale of each channel.
    pub gamma: Vec<f32>,
    /// Of the shift of each channel.
    pub beta: Vec<f32>,
    /// Of the shortcut, if there is one.
    pub skip: Option<Vec<f32>>,
}

impl Norm<'_> {
    /// Floats of an image.
    fn image(&self) -> usize {
        self.channels * self.plane
    }

    /// Scale and shift of each channel that make of x its distance to the mean in standard
    /// deviations.
    fn standard(&self, of: &Statistics) -> Vec<(f64, f64)> {
        let pairs = of.mean.iter().zip(&of.variance);
        let line = |(&mean, &variance): (&f32, &f32)| {
            let scale = 1.0 / (f64::from(variance) + self.epsilon).sqrt();
            (scale, -scale * f64::from(mean))
        };
        pairs.map(line).collect()
    }
}
