//! Convolution and batch normalisation are PyTorch's on every backend, forward and backward.

use burn::module::{Param, RunningState};
use burn::nn::{
    BatchNorm, BatchNormConfig, PaddingConfig2d,
    conv::{Conv2d, Conv2dConfig},
};
use burn::tensor::{Tensor, TensorData};
use serde::Deserialize;
use ugradsl::device::Device;
use ugradsl::layers::{conv2d, norm, norm_add_relu, norm_relu};

use crate::support::{all, compare, golden, on_every_backend};

/// Written by scripts/golden_layers.py with PyTorch.
#[derive(Deserialize)]
struct Golden {
    convolutions: Vec<Convolution>,
    norms: Vec<Normalisation>,
}

#[derive(Deserialize)]
struct Convolution {
    x: [usize; 4],
    weight: [usize; 4],
    bias: bool,
    stride: usize,
    pad: [usize; 2],
    out: Vec<f64>,
    dx: Vec<f64>,
    dweight: Vec<f64>,
    dbias: Vec<f64>,
}

#[derive(Deserialize)]
struct Normalisation {
    x: [usize; 4],
    relu: bool,
    skip: bool,
    training: bool,
    out: Vec<f64>,
    dx: Vec<f64>,
    dgamma: Vec<f64>,
    dbeta: Vec<f64>,
    dskip: Vec<f64>,
    mean: Vec<f64>,
}

/// Numbers from -1 to 1, by the script's rule.
fn wave<const D: usize>(
    shape: [usize; D],
    step: usize,
    period: usize,
    device: &burn::tensor::Device,
) -> Tensor<D> {
    let half = (period - 1) as f64 / 2.0;
    let value = |i: usize| ((((i * step) % period) as f64 - half) / half) as f32;
    let values: Vec<f32> = (0..shape.iter().product()).map(value).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec::<f32>().unwrap()
}

/// Rounding of sums of a few hundred terms of size one.
fn near(what: &str, found: Option<Vec<f32>>, expected: &[f64]) -> Result<(), String> {
    let found = found.unwrap_or_default();
    let largest = expected.iter().fold(1.0, |most: f64, value| most.max(value.abs()));
    compare(what, &found, expected, |_| 3e-6 * largest)
}

fn convolve(case: &Convolution, device: &Device) -> Result<(), String> {
    let device = device.autodiff();
    let ([outputs, inputs, kh, kw], [top, left]) = (case.weight, case.pad);
    let mut layer: Conv2d = Conv2dConfig::new([inputs, outputs], [kh, kw])
        .with_stride([case.stride; 2])
        .with_padding(PaddingConfig2d::Explicit(top, left, top, left))
        .with_bias(case.bias)
        .init(&device);
    let x = wave(case.x, 13, 101, &device).require_grad();
    layer.weight = Param::from_tensor(wave(case.weight, 31, 97, &device).require_grad());
    layer.bias =
        case.bias.then(|| Param::from_tensor(wave([outputs], 7, 11, &device).require_grad()));
    let out = conv2d(&layer, x.clone());
    let slopes = (out.clone() * wave(out.dims(), 17, 89, &device)).sum().backward();
    let bias = layer.bias.as_ref().and_then(|bias| bias.val().grad(&slopes));
    all([
        near("outputs", Some(floats(out)), &case.out),
        near("dx", x.grad(&slopes).map(floats), &case.dx),
        near("dweight", layer.weight.val().grad(&slopes).map(floats), &case.dweight),
        near("dbias", bias.map(floats), &case.dbias),
    ])
}

fn normalise(case: &Normalisation, device: &Device) -> Result<(), String> {
    let device = device.autodiff();
    let channels = case.x[1];
    let mut layer: BatchNorm = BatchNormConfig::new(channels).init(&device);
    let x = wave(case.x, 13, 101, &device).require_grad();
    layer.gamma = Param::from_tensor(wave([channels], 7, 11, &device).require_grad());
    layer.beta = Param::from_tensor(wave([channels], 5, 13, &device).require_grad());
    let plain = device.clone().without_autodiff();
    layer.running_mean = RunningState::new(wave([channels], 3, 7, &plain));
    layer.running_var = RunningState::new(wave([channels], 2, 5, &plain).abs() + 0.5);
    layer.training = Param::from_bool(case.training);
    let skip = wave(case.x, 19, 83, &device).require_grad();
    let out = match (case.relu, case.skip) {
        (true, true) => norm_add_relu(&layer, x.clone(), skip.clone()),
        (true, false) => norm_relu(&layer, x.clone()),
        (false, _) => norm(&layer, x.clone()),
    };
    let slopes = (out.clone() * wave(out.dims(), 17, 89, &device)).sum().backward();
    all([
        near("outputs", Some(floats(out)), &case.out),
        near("dx", x.grad(&slopes).map(floats), &case.dx),
        near("dgamma", layer.gamma.val().grad(&slopes).map(floats), &case.dgamma),
        near("dbeta", layer.beta.val().grad(&slopes).map(floats), &case.dbeta),
        near("dskip", skip.grad(&slopes).map(floats), &case.dskip),
        near("running mean", Some(floats(layer.running_mean.value_sync())), &case.mean),
    ])
}

#[test]
fn layers_are_those_of_pytorch() {
    let golden: Golden = golden!("layers");
    on_every_backend(|device, findings| {
        for case in &golden.convolutions {
            let name = format!("{:?} by {:?}, stride {}", case.x, case.weight, case.stride);
            findings.case(name, || convolve(case, device));
        }
        for case in &golden.norms {
            let Normalisation { relu, skip, training, .. } = case;
            let name = format!("norm: relu {relu}, shortcut {skip}, training {training}");
            findings.case(name, || normalise(case, device));
        }
    });
}
