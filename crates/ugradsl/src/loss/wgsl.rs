//! The loss kernel on GPUs: binds the tensors of `shaders/gls_cross_entropy.wgsl`.

use burn::backend::{
    TensorMetadata,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::{DType, Shape};
use burn_cubecl::{CubeBackend, kernel::into_contiguous, tensor::CubeTensor};

use super::GlsOps;
use crate::kernel::{Shader, distinct, launch, loss_grid};

impl GlsOps for CubeBackend {
    fn gls_cross_entropy(
        logits: FloatTensor<Self>,
        targets: IntTensor<Self>,
        rates: FloatTensor<Self>,
        weights: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (logits, targets) = (into_contiguous(logits), into_contiguous(targets));
        let (rates, weights) = (distinct(rates), distinct(weights));
        debug_assert_eq!((logits.dtype, targets.dtype), (DType::F32, DType::I32));
        let shape = logits.shape();
        let [n, classes] = [shape[0], shape[1]];
        let client = logits.client.clone();
        let output = |shape: Shape| {
            let bytes = shape.num_elements() * size_of::<f32>();
            let device = logits.device.clone();
            let handle = client.empty(bytes);
            CubeTensor::new_contiguous(client.clone(), device, shape, handle, DType::F32)
        };
        let losses = output(Shape::new([n]));
        let gradients = output(shape);
        launch(
            Shader::gls_cross_entropy(classes),
            loss_grid(n, classes),
            vec![&logits, &targets, &rates, &weights, &losses, &gradients],
            &[n as u32, classes as u32],
        );
        (losses, gradients)
    }
}
