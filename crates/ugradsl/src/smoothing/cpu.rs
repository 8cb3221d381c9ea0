//! Distances on the host: the counting kernel of the CPU backend and the quantile behind beta.

use burn::backend::{
    Flex,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::TensorData;
use rayon::prelude::*;

use super::{Distance, NeighbourOps};

impl NeighbourOps for Flex {
    fn neighbour_count(
        forgotten: FloatTensor<Self>,
        retained: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        cosine: bool,
    ) -> IntTensor<Self> {
        let [forgotten, retained] = [forgotten, retained].map(|tensor| tensor.to_contiguous());
        let features = forgotten.layout().shape()[1];
        let distance = if cosine { Distance::Cosine } else { Distance::Euclidean };
        let beta = f64::from(beta.to_contiguous().storage::<f32>()[0]);
        let rows = retained.storage::<f32>();
        let counts: Vec<i32> = forgotten
            .storage::<f32>()
            .par_chunks(features)
            .map(|row| {
                let near =
                    rows.chunks(features).filter(|other| between(row, other, distance) < beta);
                near.count() as i32
            })
            .collect();
        let n = counts.len();
        <IntTensor<Self>>::from_data(TensorData::new(counts, [n]))
    }
}

/// Distance between two rows, accumulated in f64.
fn between(a: &[f32], b: &[f32], distance: Distance) -> f64 {
    let pairs = || a.iter().zip(b).map(|(&x, &y)| (f64::from(x), f64::from(y)));
    match distance {
        Distance::Euclidean => pairs().map(|(x, y)| (x - y) * (x - y)).sum::<f64>().sqrt(),
        Distance::Cosine => {
            let (mut dot, mut aa, mut bb) = (0.0, 0.0, 0.0);
            for (x, y) in pairs() {
                dot += x * y;
                aa += x * x;
                bb += y * y;
            }
            if aa == 0.0 || bb == 0.0 { 1.0 } else { 1.0 - dot / (aa.sqrt() * bb.sqrt()) }
        }
    }
}

/// The lower empirical `q`-quantile of all distances between two sets of rows of `features` values:
/// the beta at which about a share `q` of all pairs count as neighbours.
///
/// `None` if there is no pair or a distance is not a number.
pub fn distance_quantile(
    forgotten: &[f32],
    retained: &[f32],
    features: usize,
    distance: Distance,
    q: f64,
) -> Option<f32> {
    if features == 0 {
        return None;
    }
    let mut distances: Vec<f64> = forgotten
        .chunks(features)
        .flat_map(|a| retained.chunks(features).map(move |b| between(a, b, distance)))
        .collect();
    if distances.is_empty() || distances.iter().any(|d| !d.is_finite()) {
        return None;
    }
    let rank = (q.clamp(0.0, 1.0) * (distances.len() - 1) as f64) as usize;
    let (_, value, _) = distances.select_nth_unstable_by(rank, f64::total_cmp);
    Some(*value as f32)
}
