//! The trainable weights of a module as one vector, for code that ranks them or sums over them.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor};

/// The gradient `[P]` of all trainable weights, in the order of a visit; zero where a weight took
/// no part.
pub(super) fn gradient_vector<M: Module>(model: &M, gradients: Gradients) -> Tensor<1> {
    struct Collector(Gradients, Vec<Tensor<1>>);
    impl ModuleVisitor for Collector {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if !param.is_require_grad() {
                return;
            }
            let weights = param.val();
            let gradient = weights.grad_remove(&mut self.0);
            let gradient: Tensor<D> = gradient.unwrap_or_else(|| weights.inner().zeros_like());
            self.1.push(flat(gradient));
        }
    }
    let mut collector = Collector(gradients, Vec::new());
    model.visit(&mut collector);
    Tensor::cat(collector.1, 0)
}

/// All float tensors, flattened, in the order of a visit, and whether each is trained.
pub(super) fn flat_tensors<M: Module>(model: &M) -> Vec<(bool, Tensor<1>)> {
    struct Tensors(Vec<(bool, Tensor<1>)>);
    impl ModuleVisitor for Tensors {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0.push((param.is_require_grad(), flat(param.val().inner())));
        }
    }
    let mut tensors = Tensors(Vec::new());
    model.visit(&mut tensors);
    tensors.0
}

/// Replaces the trainable weights, tensor by tensor: `change` gets the flattened weights of a
/// tensor and the position of the first of them in the vector.
pub(super) fn change_weights<M: Module>(
    model: M,
    change: impl FnMut(Tensor<1>, usize) -> Tensor<1>,
) -> M {
    struct Changer<F> {
        change: F,
        start: usize,
    }
    impl<F: FnMut(Tensor<1>, usize) -> Tensor<1>> ModuleMapper for Changer<F> {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            if !param.is_require_grad() {
                return param;
            }
            param.map(|weights| {
                let shape = weights.dims();
                let weights = flat(weights.inner());
                let [elements] = weights.dims();
                let changed = (self.change)(weights, self.start);
                self.start += elements;
                Tensor::from_inner(changed.reshape(shape)).require_grad()
            })
        }
    }
    model.map(&mut Changer { change, start: 0 })
}

fn flat<const D: usize>(tensor: Tensor<D>) -> Tensor<1> {
    let elements = tensor.shape().num_elements();
    tensor.reshape([elements])
}
