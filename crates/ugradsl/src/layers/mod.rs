//! The layers that convolutional networks spend their time in. On the processor they are computed
//! by [`ugradsl_kernels`], which burn's CPU backend has no equal of: it lays images out anew for
//! every convolution and composes batch normalisation of a dozen passes. Elsewhere they are burn's.
//!
//! Parameters stay in burn's modules, so that names, files and optimisers know nothing of it.

mod conv;
mod norm;

use burn::backend::DispatchDevice;
use burn::tensor::{DType, Tensor};

pub use conv::conv2d;
#[cfg(feature = "onnx")]
pub(crate) use conv::{Convolution, convolve};
pub use norm::{norm, norm_add_relu, norm_relu};

/// Whether kernels of the processor can compute with `x`.
fn on_cpu(x: &Tensor<4>) -> bool {
    let device = x.device().without_autodiff();
    x.dtype() == DType::F32 && matches!(device.as_dispatch(), DispatchDevice::Flex(_))
}
