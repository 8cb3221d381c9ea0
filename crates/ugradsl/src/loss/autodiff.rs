//! The loss kernel under automatic differentiation: the forward launch already wrote the gradient,
//! the backward pass only scales it row by row.

use burn::backend::{
    Autodiff, AutodiffBackend, TensorMetadata,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::Shape;

use super::GlsOps;

#[derive(Debug)]
struct GlsBackward;

impl<B: GlsOps> Backward<B, 1> for GlsBackward {
    /// d loss_i / d logits, `[n, K]`.
    type State = FloatTensor<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [parent] = ops.parents;
        let upstream = grads.consume::<B>(&ops.node);
        if let Some(logits) = parent {
            let shape = ops.state.shape();
            let rows = Shape::new([shape[0], 1]);
            let upstream = B::float_expand(B::float_reshape(upstream, rows), shape);
            grads.register::<B>(logits.id, B::float_mul(ops.state, upstream));
        }
    }
}

impl<B: GlsOps, C: CheckpointStrategy> GlsOps for Autodiff<B, C> {
    fn gls_cross_entropy(
        logits: FloatTensor<Self>,
        targets: IntTensor<Self>,
        rates: FloatTensor<Self>,
        weights: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let node = logits.node();
        let (losses, gradients) = B::gls_cross_entropy(
            logits.into_primitive(),
            targets,
            rates.into_primitive(),
            weights.into_primitive(),
        );
        let constant = <Self as AutodiffBackend>::from_inner(gradients.clone());
        let losses = match GlsBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(gradients, losses),
            OpsKind::UnTracked(prep) => prep.finish(losses),
        };
        (losses, constant)
    }
}
