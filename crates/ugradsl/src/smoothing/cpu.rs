//! Distances on the host: the counting kernel of the CPU backend and the quantile behind beta.

use burn::backend::{
    Flex,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::TensorData;
use rayon::prelude::*;
use ugradsl_kernels::{Metric, count_near};

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
        let metric = if cosine { Metric::Cosine } else { Metric::Euclidean };
        let beta = beta.to_contiguous().storage::<f32>()[0];
        let counts = count_near(forgotten.storage(), retained.storage(), features, beta, metric);
        let n = counts.len();
        let counts: Vec<i32> = counts.into_iter().map(|count| count as i32).collect();
        <IntTensor<Self>>::from_data(TensorData::new(counts, [n]))
    }
}

impl Distance {
    fn metric(self) -> Metric {
        match self {
            Self::Cosine => Metric::Cosine,
            Self::Euclidean => Metric::Euclidean,
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
    let metric = distance.metric();
    let to_all = |a| retained.chunks(features).map(move |b| metric.between(a, b));
    let rows: Vec<Vec<f64>> = forgotten.par_chunks(features).map(|a| to_all(a).collect()).collect();
    let mut distances = rows.concat();
    if distances.is_empty() || distances.iter().any(|d| !d.is_finite()) {
        return None;
    }
    let rank = (q.clamp(0.0, 1.0) * (distances.len() - 1) as f64) as usize;
    let (_, value, _) = distances.select_nth_unstable_by(rank, f64::total_cmp);
    Some(*value as f32)
}
