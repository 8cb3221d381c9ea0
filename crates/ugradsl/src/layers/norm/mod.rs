//! Batch normalisation with what follows it.

mod autodiff;
mod cpu;

use burn::backend::{Backend, Dispatch, backend_extension, tensor::FloatTensor};
use burn::module::RunningState;
use burn::nn::BatchNorm;
use burn::tensor::{Tensor, activation::relu};

use super::on_cpu;

/// What is computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Normalisation {
    epsilon: f64,
    relu: bool,
    /// Whether there is a shortcut; where there is none, any tensor stands for it.
    has_skip: bool,
    /// Whether mean and variance are given; else they are those of the batch, and any tensors
    /// stand for them.
    fixed: bool,
}

/// The normalisation as an operation of the CPU backend.
#[backend_extension(Flex, Autodiff)]
pub(crate) trait NormOps: Backend {
    /// What comes out for `x` and `skip` `[n, channels, height, width]`, and the mean and variance
    /// that it was normalised by, which have no gradient.
    fn normalise(
        x: FloatTensor<Self>,
        skip: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        normalisation: Normalisation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// `layer` of `x`, `[n, channels, height, width]`: by the statistics of the batch where the layer
/// is trained, which then also moves its running ones, else by these.
///
/// # Panics
///
/// As the layer's own forward pass.
///
/// # Example
///
/// ```
/// use ugradsl::burn::{nn::BatchNormConfig, tensor::Tensor};
/// use ugradsl::{device::Device, layers::{norm, norm_add_relu, norm_relu}};
///
/// let device = Device::cpu();
/// let layer = BatchNormConfig::new(1).init(device.burn());
/// let x = Tensor::<4>::from_data([[[[-1.0, 2.0]]]], device.burn());
/// // Untrained, mean 0 and variance 1 are as good as no normalisation.
/// let values = |y: Tensor<4>| y.into_data().to_vec::<f32>().unwrap();
/// let near = |y: Tensor<4>, expected: [f32; 2]| {
///     values(y).iter().zip(expected).all(|(y, expected)| (y - expected).abs() < 1e-4)
/// };
/// assert!(near(norm(&layer, x.clone()), [-1.0, 2.0]));
/// assert!(near(norm_relu(&layer, x.clone()), [0.0, 2.0]));
/// assert!(near(norm_add_relu(&layer, x.clone(), x), [0.0, 4.0]));
/// ```
pub fn norm(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    apply(layer, x, None, false)
}

/// [`norm`], then ReLU.
pub fn norm_relu(layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
    apply(layer, x, None, true)
}

/// [`norm`], then the sum with `skip`, which has the shape of `x`, then ReLU.
pub fn norm_add_relu(layer: &BatchNorm, x: Tensor<4>, skip: Tensor<4>) -> Tensor<4> {
    apply(layer, x, Some(skip), true)
}

fn apply(layer: &BatchNorm, x: Tensor<4>, skip: Option<Tensor<4>>, positive: bool) -> Tensor<4> {
    let (shape, channels) = (x.dims(), layer.gamma.val().dims()[0]);
    let fits = shape[1] == channels && !shape.contains(&0);
    let fits = fits && skip.as_ref().is_none_or(|skip| skip.dims() == shape);
    if !(fits && on_cpu(&x)) {
        return composed(layer, x, skip, positive);
    }
    let device = x.device();
    let fixed = !(device.is_autodiff() && layer.training.is_enabled());
    let has_skip = skip.is_some();
    let given = |state: &RunningState<Tensor<1>>| match fixed {
        true => state.value().to_device(&device),
        false => layer.gamma.val(),
    };
    let normalisation = Normalisation { epsilon: layer.epsilon, relu: positive, has_skip, fixed };
    let (y, mean, variance) = <Dispatch as NormOps>::normalise(
        x.clone().into_dispatch(),
        skip.unwrap_or(x).into_dispatch(),
        layer.gamma.val().into_dispatch(),
        layer.beta.val().into_dispatch(),
        given(&layer.running_mean).into_dispatch(),
        given(&layer.running_var).into_dispatch(),
        normalisation,
    );
    if !fixed {
        let moved = |state: &RunningState<Tensor<1>>, batch: Tensor<1>| {
            let before = state.value_sync().to_device(&device);
            let kept = before.mul_scalar(1.0 - layer.momentum);
            state.update(kept.add(batch.detach().mul_scalar(layer.momentum)).detach());
        };
        moved(&layer.running_mean, Tensor::from_dispatch(mean));
        moved(&layer.running_var, Tensor::from_dispatch(variance));
    }
    Tensor::from_dispatch(y)
}

/// The same by burn.
fn composed(layer: &BatchNorm, x: Tensor<4>, skip: Option<Tensor<4>>, positive: bool) -> Tensor<4> {
    let y = layer.forward(x);
    let y = match skip {
        Some(skip) => y + skip,
        None => y,
    };
    if positive { relu(y) } else { y }
}
