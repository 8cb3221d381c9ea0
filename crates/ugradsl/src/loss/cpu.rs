//! The loss kernel of the CPU backend: one pass over each row in f64, rows in parallel.

use burn::backend::{
    Flex,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::TensorData;
use rayon::prelude::*;

use super::GlsOps;

/// Rows handed to a thread at once: enough work to be worth the hand-over.
const ROWS_PER_TASK: usize = 32;

impl GlsOps for Flex {
    fn gls_cross_entropy(
        logits: FloatTensor<Self>,
        targets: IntTensor<Self>,
        rates: FloatTensor<Self>,
        weights: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [logits, targets, rates, weights] =
            [logits, targets, rates, weights].map(|tensor| tensor.to_contiguous());
        let [n, classes] = [logits.layout().shape()[0], logits.layout().shape()[1]];
        let mut losses = vec![0.0_f32; n];
        let mut gradients = vec![0.0_f32; n * classes];
        let (z, y): (&[f32], &[i32]) = (logits.storage(), targets.storage());
        let (a, w): (&[f32], &[f32]) = (rates.storage(), weights.storage());
        losses
            .par_iter_mut()
            .zip(gradients.par_chunks_mut(classes))
            .enumerate()
            .with_min_len(ROWS_PER_TASK)
            .for_each(|(i, (loss, gradient))| {
                let z = &z[i * classes..(i + 1) * classes];
                *loss = row(z, y[i] as usize, a[i].into(), w[i].into(), gradient);
            });
        (
            <FloatTensor<Self>>::from_data(TensorData::new(losses, [n])),
            <FloatTensor<Self>>::from_data(TensorData::new(gradients, [n, classes])),
        )
    }
}

/// Loss of one row; writes its gradient.
fn row(logits: &[f32], target: usize, rate: f64, weight: f64, gradient: &mut [f32]) -> f32 {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let top = f64::from(top);
    let (mut total, mut distances) = (0.0, 0.0);
    for &z in logits {
        let d = f64::from(z) - top;
        total += d.exp();
        distances += d;
    }
    let shared = rate / logits.len() as f64;
    for (j, (g, &z)) in gradient.iter_mut().zip(logits).enumerate() {
        let p = (f64::from(z) - top).exp() / total;
        let t = shared + if j == target { 1.0 - rate } else { 0.0 };
        *g = (weight * (p - t)) as f32;
    }
    let d = f64::from(logits[target]) - top;
    (weight * (total.ln() - d + rate * d - shared * distances)) as f32
}
