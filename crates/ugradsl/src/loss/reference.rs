//! The oracle of the loss kernels: the formula written with plain, differentiable tensor
//! operations.

use burn::tensor::{Int, Tensor, activation::log_softmax};

/// [`gls_cross_entropy`](super::gls_cross_entropy) made of burn's own operations.
///
/// Slower, and there to be compared with. Shapes as there; `n` must be at least 1.
pub fn gls_cross_entropy_reference(
    logits: Tensor<2>,
    targets: Tensor<1, Int>,
    rates: Tensor<1>,
    weights: Tensor<1>,
) -> Tensor<1> {
    let [n, classes] = logits.dims();
    let log_p = log_softmax(logits, 1);
    let target = log_p.clone().gather(1, targets.reshape([n, 1])).reshape([n]);
    let mean = log_p.sum_dim(1).reshape([n]) / classes as f32;
    // (1 - a) log p_y + a mean(log p), without subtracting large terms from each other.
    -(target.clone() + rates * (mean - target)) * weights
}
