//! Counting retained neighbours, as a backend operation.

use burn::backend::{
    Autodiff, Backend, Dispatch,
    autodiff::checkpoint::strategy::CheckpointStrategy,
    backend_extension,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::{DType, Int, Tensor};

use super::Distance;

/// The count as a backend operation. It has no gradient: rates are constants of a step.
#[backend_extension(Cube, Flex, Autodiff, Fusion: cfg(feature = "fusion"))]
pub trait NeighbourOps: Backend {
    /// Counts `[f]` for rows `forgotten` `[f, d]` among `retained` `[r, d]`; `beta` is `[1]`.
    #[fusion(meta = fusion_output)]
    fn neighbour_count(
        forgotten: FloatTensor<Self>,
        retained: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        cosine: bool,
    ) -> IntTensor<Self>;
}

#[cfg(feature = "fusion")]
use burn::backend::fusion::custom::TensorSpec;

#[cfg(feature = "fusion")]
fn fusion_output(
    forgotten: &TensorSpec,
    _retained: &TensorSpec,
    _beta: &TensorSpec,
    _cosine: &bool,
) -> TensorSpec {
    TensorSpec::new(burn::tensor::Shape::new([forgotten.shape[0]]), DType::I32)
}

impl<B: NeighbourOps, C: CheckpointStrategy> NeighbourOps for Autodiff<B, C> {
    fn neighbour_count(
        forgotten: FloatTensor<Self>,
        retained: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        cosine: bool,
    ) -> IntTensor<Self> {
        B::neighbour_count(
            forgotten.into_primitive(),
            retained.into_primitive(),
            beta.into_primitive(),
            cosine,
        )
    }
}

/// For every forgotten row, the number of retained rows closer than `beta` (strictly).
///
/// Never materialises the `f x r x d` differences; integer sums, so the same counts every time.
///
/// # Shapes
///
/// - `forgotten`: `[f, d]`, `retained`: `[r, d]`; `f` and `r` may be 0
/// - output: `[f]`, i32, each in `0..=r`
///
/// # Panics
///
/// If the rows differ in width.
///
/// # Example
///
/// ```
/// use ugradsl::burn::tensor::Tensor;
/// use ugradsl::device::Device;
/// use ugradsl::smoothing::{Distance, neighbour_count};
///
/// let device = Device::cpu();
/// let forgotten = Tensor::<2>::from_data([[1.0, 0.0]], device.burn());
/// let retained = Tensor::<2>::from_data([[2.0, 0.0], [0.0, 1.0]], device.burn());
/// let counts = neighbour_count(forgotten, retained, 0.5, Distance::Cosine);
/// assert_eq!(counts.into_data().to_vec::<i32>().unwrap(), [1]); // the parallel row, not the orthogonal one
/// ```
pub fn neighbour_count(
    forgotten: Tensor<2>,
    retained: Tensor<2>,
    beta: f32,
    distance: Distance,
) -> Tensor<1, Int> {
    let ([f, d], [r, d_retained]) = (forgotten.dims(), retained.dims());
    assert_eq!(d, d_retained, "neighbour_count: rows of {d} against rows of {d_retained} features");
    let device = forgotten.device();
    if f == 0 || r == 0 || d == 0 {
        return Tensor::zeros([f], (&device, DType::I32));
    }
    let counts = <Dispatch as NeighbourOps>::neighbour_count(
        forgotten.cast(DType::F32).into_dispatch(),
        retained.cast(DType::F32).into_dispatch(),
        Tensor::<1>::from_data([beta], (&device, DType::F32)).into_dispatch(),
        distance == Distance::Cosine,
    );
    Tensor::from_dispatch(counts)
}
