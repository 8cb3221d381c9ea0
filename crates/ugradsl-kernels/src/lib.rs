//! What training and forgetting spend their time with on the processor: convolution and batch
//! normalisation, forward and backward, counts of near rows, batches of pixels, and the kernels of
//! support vector machines, on slices of `f32`.
//!
//! * Images are `[n, channels, height, width]`, as in PyTorch; nothing is laid out anew but a
//!   border of zeros.
//! * Vectors are those of the machine that runs it (AVX2, NEON, WebAssembly's 128 bits), by
//!   [`pulp`].
//! * Images are computed in parallel. **No result depends on the number of threads**: sums over
//!   images are taken in groups of a fixed size, which are added in order.
//!
//! Lengths of slices are the caller's duty; a wrong one panics.

#![forbid(unsafe_code)]

mod conv;
mod look_up;
mod near;
mod norm;
mod radial;
mod simd;

pub use conv::Conv;
pub use look_up::look_up;
pub use near::{Metric, count_near};
pub use norm::{Gradients, Norm, Statistics};
pub use radial::{Columns, exp_minus};
