//! The convolution of the CPU backend.

use burn::backend::{Flex, TensorMetadata, tensor::FloatTensor};
use burn::tensor::{Shape, TensorData};
use ugradsl_kernels::Conv;

use super::{ConvOps, Convolution};

type Floats = FloatTensor<Flex>;

impl ConvOps for Flex {
    fn convolve(x: Floats, weight: Floats, bias: Floats, convolution: Convolution) -> Floats {
        let [x, weight, bias] = [x, weight, bias].map(|tensor| tensor.to_contiguous());
        let conv = sizes(&x, &weight, convolution);
        let bias = convolution.has_bias.then(|| bias.storage());
        let y = conv.forward(x.storage(), weight.storage(), bias);
        let [height, width] = conv.output().unwrap_or_default();
        tensor(y, [conv.images, conv.outputs, height, width])
    }
}

/// The gradients of x, the weight and the bias, of those that are `wanted`.
pub(super) fn gradients(
    (x, weight, dy): (Floats, Floats, Floats),
    convolution: Convolution,
    wanted: [bool; 3],
) -> [Option<Floats>; 3] {
    let [x, weight, dy] = [x, weight, dy].map(|tensor| tensor.to_contiguous());
    let conv = sizes(&x, &weight, convolution);
    let (xs, ws, ds): (&[f32], &[f32], &[f32]) = (x.storage(), weight.storage(), dy.storage());
    let [of_x, of_weight, of_bias] = wanted;
    [
        of_x.then(|| tensor(conv.data_gradient(ds, ws), x.shape())),
        of_weight.then(|| tensor(conv.weight_gradient(xs, ds), weight.shape())),
        of_bias.then(|| tensor(conv.bias_gradient(ds), [conv.outputs])),
    ]
}

fn sizes(x: &Floats, weight: &Floats, convolution: Convolution) -> Conv {
    let sides = |tensor: &Floats| {
        let shape = tensor.shape();
        [shape[0], shape[1], shape[2], shape[3]]
    };
    convolution.sizes(sides(x), sides(weight))
}

fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> Floats {
    Floats::from_data(TensorData::new(values, shape.into()))
}
