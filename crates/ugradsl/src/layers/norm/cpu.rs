//! The normalisation of the CPU backend.

use burn::backend::{Flex, TensorMetadata, tensor::FloatTensor};
use burn::tensor::{Shape, TensorData};
use ugradsl_kernels::{Norm, Statistics};

use super::{NormOps, Normalisation};

type Floats = FloatTensor<Flex>;

/// What the backward pass needs.
#[derive(Debug, Clone)]
pub(super) struct Saved {
    pub(super) x: Floats,
    /// What came out, where there was a shortcut.
    pub(super) out: Option<Floats>,
    pub(super) scale: Floats,
    pub(super) shift: Floats,
    pub(super) mean: Floats,
    pub(super) variance: Floats,
    pub(super) normalisation: Normalisation,
}

impl NormOps for Flex {
    fn normalise(
        x: Floats,
        skip: Floats,
        scale: Floats,
        shift: Floats,
        mean: Floats,
        variance: Floats,
        normalisation: Normalisation,
    ) -> (Floats, Floats, Floats) {
        let [x, skip, scale, shift] = [x, skip, scale, shift].map(|tensor| tensor.to_contiguous());
        let shape = x.shape();
        let norm = norm(&shape, &scale, &shift, normalisation);
        let statistics = match normalisation.fixed {
            true => given(mean, variance),
            false => norm.statistics(x.storage()),
        };
        let skip = normalisation.has_skip.then(|| skip.storage());
        let y = norm.forward(x.storage(), skip, &statistics);
        let channels = [statistics.mean.len()];
        let Statistics { mean, variance } = statistics;
        (tensor(y, shape), tensor(mean, channels), tensor(variance, channels))
    }
}

/// The gradients of x, the shortcut, scale and shift.
pub(super) fn gradients(saved: Saved, dy: Floats) -> [Option<Floats>; 4] {
    let Saved { x, out, scale, shift, mean, variance, normalisation } = saved;
    let [x, scale, shift] = [x, scale, shift].map(|tensor| tensor.to_contiguous());
    let (shape, mut dy) = (x.shape(), dy.to_contiguous());
    let norm = norm(&shape, &scale, &shift, normalisation);
    let statistics = given(mean, variance);
    let out = out.map(|out| out.to_contiguous());
    let out = out.as_ref().map(|out| out.storage());
    let found = norm.backward(x.storage(), out, &statistics, normalisation.fixed, dy.storage_mut());
    let channels = [found.gamma.len()];
    [
        Some(dy),
        found.skip.map(|skip| tensor(skip, shape)),
        Some(tensor(found.gamma, channels)),
        Some(tensor(found.beta, channels)),
    ]
}

fn norm<'a>(
    shape: &Shape,
    scale: &'a Floats,
    shift: &'a Floats,
    Normalisation { epsilon, relu, .. }: Normalisation,
) -> Norm<'a> {
    let (images, channels, plane) = (shape[0], shape[1], shape[2] * shape[3]);
    let (gamma, beta) = (scale.storage(), shift.storage());
    Norm { images, channels, plane, gamma, beta, epsilon, relu }
}

fn given(mean: Floats, variance: Floats) -> Statistics {
    let [mean, variance] =
        [mean, variance].map(|tensor| tensor.to_contiguous().storage::<f32>().to_vec());
    Statistics { mean, variance }
}

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> Floats {
    Floats::from_data(TensorData::new(values, shape.into()))
}
