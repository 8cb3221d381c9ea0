//! The convolution under automatic differentiation.

use burn::backend::{
    Autodiff, Flex,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    tensor::FloatTensor,
};

use super::{ConvOps, Convolution, cpu::gradients};

#[derive(Debug)]
struct ConvBackward;

impl Backward<Flex, 3> for ConvBackward {
    /// x and the weight.
    type State = (FloatTensor<Flex>, FloatTensor<Flex>, Convolution);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [x, weight, bias] = ops.parents;
        let (input, kernel, convolution) = ops.state;
        let dy = grads.consume::<Flex>(&ops.node);
        // Where there is no bias, the weight stands for it.
        let bias = bias.filter(|_| convolution.has_bias);
        let wanted = [x.is_some(), weight.is_some(), bias.is_some()];
        let found = gradients((input, kernel, dy), convolution, wanted);
        for (parent, gradient) in [x, weight, bias].into_iter().zip(found) {
            if let (Some(node), Some(gradient)) = (parent, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

impl<C: CheckpointStrategy> ConvOps for Autodiff<Flex, C> {
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        convolution: Convolution,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let (x, weight) = (x.into_primitive(), weight.into_primitive());
        let y = Flex::convolve(x.clone(), weight.clone(), bias.into_primitive(), convolution);
        match ConvBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((x, weight, convolution), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }
}
