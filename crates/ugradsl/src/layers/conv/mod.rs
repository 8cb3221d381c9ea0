//! Convolution of images.

mod autodiff;
mod cpu;

use burn::backend::{
    Backend, Dispatch, DispatchTensor, TensorMetadata, backend_extension, tensor::FloatTensor,
};
use burn::nn::{PaddingConfig2d, conv::Conv2d};
use burn::tensor::Tensor;

use super::on_cpu;

/// A convolution without groups and dilation, with one stride for both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Convolution {
    pub(crate) stride: usize,
    /// Rows of zeros above and below, columns left and right.
    pub(crate) pad: [usize; 2],
    /// Whether the bias is one; where it is not, any tensor stands for it.
    pub(crate) has_bias: bool,
}

/// The convolution as an operation of the CPU backend.
#[backend_extension(Flex, Autodiff)]
pub(crate) trait ConvOps: Backend {
    /// `[n, outputs, ..]` for `x` `[n, inputs, height, width]`, `weight` `[outputs, inputs, ..]`
    /// and `bias` `[outputs]`.
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self>;
}

/// `layer` of `x`, `[n, channels, height, width]`.
///
/// # Panics
///
/// As the layer's own forward pass.
///
/// # Example
///
/// ```
/// use ugradsl::burn::{nn::conv::Conv2dConfig, tensor::Tensor};
/// use ugradsl::{device::Device, layers::conv2d};
///
/// let device = Device::cpu();
/// let layer = Conv2dConfig::new([3, 8], [5, 5]).init(device.burn());
/// let x = Tensor::<4>::ones([2, 3, 28, 28], device.burn());
/// let (ours, burns) = (conv2d(&layer, x.clone()), layer.forward(x));
/// assert_eq!(ours.dims(), [2, 8, 24, 24]);
/// assert!((ours - burns).abs().max().into_scalar::<f32>() < 1e-5);
/// ```
pub fn conv2d(layer: &Conv2d, x: Tensor<4>) -> Tensor<4> {
    let bias = layer.bias.as_ref().map(|bias| bias.val().into_dispatch());
    let own = of_layer(layer).and_then(|convolution| {
        let weight = layer.weight.val().into_dispatch();
        convolve(&x.clone().into_dispatch(), &weight, bias.as_ref(), convolution)
    });
    own.map_or_else(|| layer.forward(x), Tensor::from_dispatch)
}

/// The convolution of `x`, if it has four axes, lies on the processor and belongs to `weight`.
pub(crate) fn convolve(
    x: &DispatchTensor,
    weight: &DispatchTensor,
    bias: Option<&DispatchTensor>,
    convolution: Convolution,
) -> Option<DispatchTensor> {
    if !convolution.fits(&x.shape(), &weight.shape()) || !on_cpu(&Tensor::from_dispatch(x.clone()))
    {
        return None;
    }
    let convolution = Convolution { has_bias: bias.is_some(), ..convolution };
    let bias = bias.unwrap_or(weight).clone();
    Some(<Dispatch as ConvOps>::convolve(x.clone(), weight.clone(), bias, convolution))
}

/// What `layer` computes, if it is simple enough.
fn of_layer(layer: &Conv2d) -> Option<Convolution> {
    let pad = match &layer.padding {
        PaddingConfig2d::Valid => [0, 0],
        PaddingConfig2d::Explicit(top, left, bottom, right) if (top, left) == (bottom, right) => {
            [*top, *left]
        }
        _ => return None,
    };
    let [stride, other] = layer.stride;
    let plain = stride == other && layer.dilation == [1, 1] && layer.groups == 1;
    plain.then_some(Convolution { stride, pad, has_bias: layer.bias.is_some() })
}

impl Convolution {
    /// Whether tensors of these shapes belong together, and something comes out.
    fn fits(&self, x: &[usize], weight: &[usize]) -> bool {
        match (x, weight) {
            (&[images, inputs, height, width], &[outputs, channels, kh, kw]) => {
                let sizes =
                    self.sizes([images, inputs, height, width], [outputs, channels, kh, kw]);
                inputs == channels && images > 0 && outputs > 0 && sizes.output().is_some()
            }
            _ => false,
        }
    }

    fn sizes(&self, x: [usize; 4], weight: [usize; 4]) -> ugradsl_kernels::Conv {
        ugradsl_kernels::Conv {
            images: x[0],
            inputs: x[1],
            outputs: weight[0],
            image: [x[2], x[3]],
            kernel: [weight[2], weight[3]],
            stride: self.stride,
            pad: self.pad,
        }
    }
}
