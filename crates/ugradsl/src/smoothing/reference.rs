//! The oracle of the counting kernels: distances with plain tensor operations.

use burn::tensor::{Int, Tensor};

use super::Distance;

/// All distances between the rows of `forgotten` `[f, d]` and `retained` `[r, d]`: `[f, r]`.
///
/// The Euclidean form materialises `f x r x d` differences: an oracle, not for large sets.
pub fn pair_distances(forgotten: Tensor<2>, retained: Tensor<2>, distance: Distance) -> Tensor<2> {
    let ([f, d], [r, _]) = (forgotten.dims(), retained.dims());
    match distance {
        Distance::Euclidean => {
            let a = forgotten.reshape([f, 1, d]).expand([f, r, d]);
            let b = retained.reshape([1, r, d]).expand([f, r, d]);
            (a - b).square().sum_dim(2).sqrt().reshape([f, r])
        }
        Distance::Cosine => {
            let dot = forgotten.clone().matmul(retained.clone().transpose());
            let length = |rows: Tensor<2>| rows.square().sum_dim(1).sqrt();
            let norms = length(forgotten).matmul(length(retained).transpose());
            let zero = norms.clone().equal_elem(0.0);
            let cosine = dot / norms.mask_fill(zero.clone(), 1.0);
            (-cosine + 1.0).mask_fill(zero, 1.0)
        }
    }
}

/// [`neighbour_count`](super::neighbour_count) made of burn's own operations; `f, r >= 1`.
pub fn neighbour_count_reference(
    forgotten: Tensor<2>,
    retained: Tensor<2>,
    beta: f32,
    distance: Distance,
) -> Tensor<1, Int> {
    let [f, _] = forgotten.dims();
    let near = pair_distances(forgotten, retained, distance).lower_elem(beta);
    near.int().sum_dim(1).reshape([f])
}
