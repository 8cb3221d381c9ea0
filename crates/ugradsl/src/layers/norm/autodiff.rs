//! The normalisation under automatic differentiation.

use burn::backend::{
    Autodiff, AutodiffBackend, Flex,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    tensor::FloatTensor,
};

use super::{
    NormOps, Normalisation,
    cpu::{Saved, gradients},
};

#[derive(Debug)]
struct NormBackward;

impl Backward<Flex, 4> for NormBackward {
    type State = Saved;

    fn backward(
        self,
        ops: Ops<Self::State, 4>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let dy = grads.consume::<Flex>(&ops.node);
        // Where there is no shortcut, x stands for it and has no second gradient.
        for (parent, gradient) in ops.parents.into_iter().zip(gradients(ops.state, dy)) {
            if let (Some(node), Some(gradient)) = (parent, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

impl<C: CheckpointStrategy> NormOps for Autodiff<Flex, C> {
    fn normalise(
        x: FloatTensor<Self>,
        skip: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        normalisation: Normalisation,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let nodes = [x.node(), skip.node(), scale.node(), shift.node()];
        let [x, skip, scale, shift, mean, variance] =
            [x, skip, scale, shift, mean, variance].map(|tensor| tensor.into_primitive());
        let (y, mean, variance) = Flex::normalise(
            x.clone(),
            skip,
            scale.clone(),
            shift.clone(),
            mean,
            variance,
            normalisation,
        );
        let constant =
            |tensor: &FloatTensor<Flex>| <Self as AutodiffBackend>::from_inner(tensor.clone());
        let statistics = (constant(&mean), constant(&variance));
        let y = match NormBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let out = normalisation.has_skip.then(|| y.clone());
                prep.finish(Saved { x, out, scale, shift, mean, variance, normalisation }, y)
            }
            OpsKind::UnTracked(prep) => prep.finish(y),
        };
        (y, statistics.0, statistics.1)
    }
}
