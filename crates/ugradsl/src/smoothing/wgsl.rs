//! The counting kernel on GPUs: binds the tensors of `shaders/neighbour_count.wgsl`.

use burn::backend::{
    TensorMetadata,
    tensor::{FloatTensor, IntTensor},
};
use burn::tensor::{DType, Shape};
use burn_cubecl::{CubeBackend, kernel::into_contiguous, tensor::CubeTensor};

use super::NeighbourOps;
use crate::kernel::{Shader, distinct, launch, neighbour_grid};

impl NeighbourOps for CubeBackend {
    fn neighbour_count(
        forgotten: FloatTensor<Self>,
        retained: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        cosine: bool,
    ) -> IntTensor<Self> {
        let (forgotten, retained) = (distinct(forgotten), distinct(retained));
        let beta = into_contiguous(beta);
        let shape = forgotten.shape();
        let [f, r, d] = [shape[0], retained.shape()[0], shape[1]];
        // The tiles add to the counts, so these must start at zero.
        let client = forgotten.client.clone();
        let zeros = client.create_from_slice(&vec![0; f * size_of::<i32>()]);
        let device = forgotten.device.clone();
        let counts = CubeTensor::new_contiguous(client, device, Shape::new([f]), zeros, DType::I32);
        launch(
            Shader::neighbour_count(cosine),
            neighbour_grid(f, r),
            vec![&forgotten, &retained, &beta, &counts],
            &[f as u32, r as u32, d as u32],
        );
        counts
    }
}
