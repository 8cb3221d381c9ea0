//! The hand-written kernels against the same results from plain tensor operations, on the CPU and,
//! if there is an adapter, on the GPU.
//!
//! `cargo bench --workspace --bench kernels`, and a part of a name (`gls`, `cosine_kernel`) to pick
//! some. Every sample ends with a synchronisation: queued work is not finished work.

#![recursion_limit = "256"]

use std::{fmt, sync::OnceLock};

use burn::tensor::{Int, Tensor, TensorData};
use divan::Bencher;
use ugradsl::{
    device::{Device, DeviceChoice},
    loss::{gls_cross_entropy, gls_cross_entropy_reference},
    smoothing::{Distance, neighbour_count, neighbour_count_reference},
};

fn main() {
    divan::main();
}

/// The CPU, and the GPU if there is one.
fn devices() -> &'static [Device] {
    static DEVICES: OnceLock<Vec<Device>> = OnceLock::new();
    DEVICES.get_or_init(|| {
        let gpu = pollster::block_on(Device::open(DeviceChoice::Gpu)).ok();
        std::iter::once(Device::cpu()).chain(gpu).collect()
    })
}

/// One size on one device.
struct Case<const D: usize> {
    device: &'static Device,
    size: [usize; D],
}

impl<const D: usize> fmt::Display for Case<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.size.map(|side| side.to_string()).join("x");
        write!(f, "{} {size}", self.device.info().kind)
    }
}

/// Every size on every device.
fn cases<const D: usize, const N: usize>(sizes: [[usize; D]; N]) -> Vec<Case<D>> {
    let on = |device| sizes.into_iter().map(move |size| Case { device, size });
    devices().iter().flat_map(on).collect()
}

/// Rows and classes.
fn loss_cases() -> Vec<Case<2>> {
    cases([[256, 10], [256, 1_000], [32, 50_000]])
}

/// Forgotten rows, retained rows and features.
fn neighbour_cases() -> Vec<Case<3>> {
    cases([[128, 128, 128], [256, 256, 512]])
}

/// Numbers between -1 and 1 that repeat late.
fn numbers(n: usize) -> Vec<f32> {
    (0..n).map(|i| (i * 7_919 % 10_007) as f32 / 5_003.5 - 1.0).collect()
}

type Loss = fn(Tensor<2>, Tensor<1, Int>, Tensor<1>, Tensor<1>) -> Tensor<1>;

/// Forward and backward.
fn loss(bencher: Bencher, case: &Case<2>, loss: Loss) {
    let [n, classes] = case.size;
    let (plain, autodiff) = (case.device.burn(), case.device.autodiff());
    let logits = TensorData::new(numbers(n * classes), [n, classes]);
    let logits = Tensor::<2>::from_data(logits, &autodiff);
    let targets: Vec<i64> = (0..n).map(|i| (i % classes) as i64).collect();
    let targets = Tensor::<1, Int>::from_data(TensorData::new(targets, [n]), plain);
    let rates = Tensor::<1>::full([n], -0.5, plain);
    let weights = Tensor::<1>::full([n], 1.0 / n as f32, plain);
    plain.sync().expect("the device works");
    bencher.bench_local(|| {
        let logits = logits.clone().require_grad();
        let losses = loss(logits.clone(), targets.clone(), rates.clone(), weights.clone());
        let gradients = logits.grad(&losses.sum().backward());
        plain.sync().expect("the device works");
        gradients
    });
}

/// The kernel.
#[divan::bench(args = loss_cases())]
fn gls_kernel(bencher: Bencher, case: &Case<2>) {
    loss(bencher, case, gls_cross_entropy);
}

/// The same with plain tensor operations.
#[divan::bench(args = loss_cases())]
fn gls_reference(bencher: Bencher, case: &Case<2>) {
    loss(bencher, case, gls_cross_entropy_reference);
}

type Count = fn(Tensor<2>, Tensor<2>, f32, Distance) -> Tensor<1, Int>;

fn count(bencher: Bencher, case: &Case<3>, distance: Distance, count: Count) {
    let [f, r, d] = case.size;
    let device = case.device.burn();
    let rows = |n| Tensor::<2>::from_data(TensorData::new(numbers(n * d), [n, d]), device);
    let (forgotten, retained) = (rows(f), rows(r));
    device.sync().expect("the device works");
    bencher.bench_local(|| {
        let counts = count(forgotten.clone(), retained.clone(), 0.5, distance);
        device.sync().expect("the device works");
        counts
    });
}

/// The kernel, Euclidean.
#[divan::bench(args = neighbour_cases())]
fn neighbours_euclidean_kernel(bencher: Bencher, case: &Case<3>) {
    count(bencher, case, Distance::Euclidean, neighbour_count);
}

/// The same with plain tensor operations, which materialise all differences.
#[divan::bench(args = neighbour_cases())]
fn neighbours_euclidean_reference(bencher: Bencher, case: &Case<3>) {
    count(bencher, case, Distance::Euclidean, neighbour_count_reference);
}

/// The kernel, cosine.
#[divan::bench(args = neighbour_cases())]
fn neighbours_cosine_kernel(bencher: Bencher, case: &Case<3>) {
    count(bencher, case, Distance::Cosine, neighbour_count);
}

/// The same with plain tensor operations: one matrix product.
#[divan::bench(args = neighbour_cases())]
fn neighbours_cosine_reference(bencher: Bencher, case: &Case<3>) {
    count(bencher, case, Distance::Cosine, neighbour_count_reference);
}
