//! Generalized label smoothing (GLS): one differentiable operation for every objective of the
//! family.
//!
//! Cross-entropy, gradient ascent, NegGrad+ and UGradSL differ only in two numbers per row: the
//! smoothing rate of its target and the signed weight of its loss. [`gls_cross_entropy`] takes
//! both, so a whole objective over retained and forgotten rows is one kernel launch.
//!
//! Three implementations must agree: the WGSL kernel on GPUs, the parallel kernel of the CPU
//! backend, and [`gls_cross_entropy_reference`], plain tensor operations, which is the oracle.

mod autodiff;
mod cpu;
mod reference;
mod wgsl;

use burn::backend::{
    Backend, Dispatch, backend_extension,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::{DType, Int, Tensor};

pub use reference::gls_cross_entropy_reference;

/// The kernel as a backend operation: implemented by each backend, differentiated once.
#[backend_extension(Cube, Flex, Autodiff, Fusion: cfg(feature = "fusion"))]
pub trait GlsOps: Backend {
    /// Weighted losses `[n]` and their gradients `[n, K]` with respect to `logits` `[n, K]`.
    #[fusion(meta = fusion_outputs)]
    fn gls_cross_entropy(
        logits: FloatTensor<Self>,
        targets: IntTensor<Self>,
        rates: FloatTensor<Self>,
        weights: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

#[cfg(feature = "fusion")]
use burn::backend::fusion::custom::TensorSpec;

#[cfg(feature = "fusion")]
fn fusion_outputs(
    logits: &TensorSpec,
    _targets: &TensorSpec,
    _rates: &TensorSpec,
    _weights: &TensorSpec,
) -> (TensorSpec, TensorSpec) {
    let losses = burn::tensor::Shape::new([logits.shape[0]]);
    (TensorSpec::new(losses, logits.dtype), logits.clone())
}

/// Weighted softmax cross-entropy against generalized-label-smoothing targets, per row.
///
/// For row `i` with label `y`, smoothing rate `a` and weight `w`:
///
/// ```text
/// t    = (1 - a) onehot(y) + a / K
/// loss = w (logsumexp(z) - (1 - a) z_y - (a / K) sum_k z_k)
/// d loss / dz = w (softmax(z) - t)
/// ```
///
/// `a > 0` is ordinary label smoothing, `0` plain cross-entropy, `a < 0` negative label smoothing;
/// a negative `w` turns descent into ascent (Di et al., *Label Smoothing Improves Machine
/// Unlearning*, ICLR 2026, Eq. 8 per row). The result is differentiable with respect to `logits`
/// only, computed in f32.
///
/// # Shapes
///
/// - `logits`: `[n, K]`, `K >= 1`; `n` may be 0
/// - `targets`: `[n]`, classes below `K` (the caller's duty: a kernel cannot refuse)
/// - `rates`, `weights`: `[n]`
/// - output: `[n]`
///
/// # Panics
///
/// If the shapes do not belong together.
///
/// # Example
///
/// ```
/// use ugradsl::burn::tensor::{Int, Tensor};
/// use ugradsl::{device::Device, loss::gls_cross_entropy};
///
/// let device = Device::cpu();
/// let floats = |values: [f32; 2]| Tensor::<1>::from_data(values, device.burn());
/// // Two rows of the same logits: plain cross-entropy, and ascent with negative smoothing.
/// let logits = Tensor::<2>::from_data([[0.0, 0.0], [0.0, 0.0]], device.burn());
/// let targets = Tensor::<1, Int>::from_data([0, 1], device.burn());
/// let losses = gls_cross_entropy(logits, targets, floats([0.0, -0.5]), floats([1.0, -1.0]));
/// let losses = losses.into_data().to_vec::<f32>().unwrap();
/// let ln2 = std::f32::consts::LN_2; // of equal logits every target has the loss ln K
/// assert!((losses[0] - ln2).abs() < 1e-6 && (losses[1] + ln2).abs() < 1e-6);
/// ```
pub fn gls_cross_entropy(
    logits: Tensor<2>,
    targets: Tensor<1, Int>,
    rates: Tensor<1>,
    weights: Tensor<1>,
) -> Tensor<1> {
    let [n, classes] = logits.dims();
    assert!(
        [targets.dims(), rates.dims(), weights.dims()] == [[n]; 3] && classes > 0,
        "gls_cross_entropy: logits [{n}, {classes}], targets {:?}, rates {:?}, weights {:?}",
        targets.dims(),
        rates.dims(),
        weights.dims(),
    );
    if n == 0 {
        return logits.sum_dim(1).reshape([0]);
    }
    let (losses, _) = <Dispatch as GlsOps>::gls_cross_entropy(
        logits.cast(DType::F32).into_dispatch(),
        targets.cast(DType::I32).into_dispatch(),
        rates.cast(DType::F32).into_dispatch(),
        weights.cast(DType::F32).into_dispatch(),
    );
    Tensor::from_dispatch(losses)
}
