//! The built-in networks compute what the published ones of the same name do, and learn on every
//! backend.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Gradients, Int, Tensor, TensorData};
use serde::Deserialize;
use ugradsl::{
    data::Tokenizer,
    device::Device,
    loss::gls_cross_entropy,
    models::{Architecture, Classifier, ModelSpec, read_state, write_state},
};

use crate::support::{all, compare, devices, golden, on_every_backend, same};

/// Written by scripts/golden_architectures.py with PyTorch, torchvision and timm.
#[derive(Deserialize)]
struct Golden {
    architecture: Architecture,
    tensors: BTreeMap<String, Vec<usize>>,
    logits: Vec<f64>,
}

/// `count` numbers from -1 to 1, by the script's rule.
fn wave(count: usize, step: usize, start: usize, period: usize) -> Vec<f32> {
    let half = ((period - 1) / 2) as f64;
    (0..count).map(|i| ((((i * step + start) % period) as f64 - half) / half) as f32).collect()
}

/// The weights of tensor number `t`, by the script's rule.
fn weights(t: usize, name: &str, shape: &[usize]) -> TensorData {
    let mut values = wave(shape.iter().product(), 31, 17 * t, 97);
    let fan_in: usize = shape.iter().skip(1).product();
    for value in &mut values {
        *value = match shape.len() {
            1 if name.ends_with("running_var") => 1.0 + value.abs() / 2.0,
            1 if name.ends_with("bn3.weight") => (1.0 + *value / 8.0) / 4.0,
            1 if name.ends_with("weight") => 1.0 + *value / 8.0,
            1 | 3 => *value / 8.0,
            _ => (f64::from(*value) * (6.0 / fan_in as f64).sqrt()) as f32,
        };
    }
    TensorData::new(values, shape.to_vec())
}

#[test]
fn logits_are_those_of_the_published_networks() {
    let cases: Vec<Golden> = golden!("architectures");
    on_every_backend(|device, findings| {
        for Golden { architecture, tensors, logits } in &cases {
            findings.case(architecture, || {
                let spec = ModelSpec::new(*architecture, [3, 32, 32], 10);
                let network = spec.init(0, device).unwrap();
                let own = pollster::block_on(read_state(&network)).unwrap();
                let shapes = own.iter().map(|(name, data)| (name.clone(), data.shape().to_vec()));
                let names = same("tensors", &shapes.collect(), tensors);
                let state = tensors.iter().enumerate();
                let state = state.map(|(t, (name, shape))| (name.clone(), weights(t, name, shape)));
                let network = write_state(network, state.collect()).map_err(|e| e.to_string())?;
                let images = TensorData::new(wave(2 * 3 * 32 * 32, 13, 0, 101), [2, 3, 32, 32]);
                let images = Tensor::from_data(images, device.burn());
                let activations = network.forward(images);
                let found = activations.logits.into_data().try_to_vec::<f32>().unwrap();
                let lowest = activations.features.min().into_scalar::<f32>();
                let largest = logits.iter().fold(0.0, |most: f64, logit| most.max(logit.abs()));
                all([
                    names,
                    compare("logits", &found, logits, |_| 1e-4 * largest),
                    same("negative features", lowest < 0.0, false),
                ])
            });
        }
    });
}

/// Logits of three texts, of different lengths, by a network for texts, and the gradients of their
/// loss.
fn texts(device: &Device) -> BTreeMap<String, Vec<f32>> {
    let (length, classes) = (16, 4);
    let spec = ModelSpec::new(Architecture::TextTransformer, [1, 1, length], classes)
        .with_tokenizer(Some(Tokenizer::train(&[], 257).unwrap()));
    let (plain, autodiff) = (device.burn(), device.autodiff());
    let network = spec.init(4, device).unwrap().train();
    let token = |text: usize, at: usize| if at < 8 * text { (at * 37 + text) % 256 + 1 } else { 0 };
    let tokens = (0..3).flat_map(|text| (0..length).map(move |at| token(text, at) as f32));
    let tokens = TensorData::new(tokens.collect::<Vec<_>>(), [3, 1, 1, length]);
    let logits = network.forward(Tensor::from_data(tokens, &autodiff)).logits;
    let of_rows = |values: [f32; 3]| Tensor::<1>::from_data(values, plain);
    let labels = Tensor::<1, Int>::from_data([0, 1, 3], plain);
    let (rates, weights) = (of_rows([0.0, -0.5, 0.0]), of_rows([1.0; 3]));
    let gradients = gls_cross_entropy(logits.clone(), labels, rates, weights).sum().backward();
    let mut found = BTreeMap::from([("logits".to_owned(), floats(logits))]);
    network.visit(&mut Slopes { gradients: &gradients, found: &mut found });
    found
}

/// The gradient of each parameter, by its number.
struct Slopes<'a> {
    gradients: &'a Gradients,
    found: &'a mut BTreeMap<String, Vec<f32>>,
}

impl ModuleVisitor for Slopes<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(slope) = param.val().grad(self.gradients) {
            self.found.insert(format!("gradient {}", self.found.len()), floats(slope));
        }
    }
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec::<f32>().unwrap()
}

#[test]
fn texts_are_read_alike_and_learnt_alike_everywhere() {
    let expected = texts(&devices()[0]);
    assert_eq!(expected.len(), 1 + 2 + 2 * 12 + 2 + 2, "every parameter has a gradient");
    on_every_backend(|device, findings| {
        findings.case("logits and gradients", || {
            let found = texts(device);
            let names = same("names", found.keys().collect::<Vec<_>>(), expected.keys().collect());
            let close = expected.iter().map(|(name, expected)| {
                let expected: Vec<f64> = expected.iter().copied().map(f64::from).collect();
                let largest = expected.iter().fold(1e-3, |most: f64, value| most.max(value.abs()));
                // Fresh embeddings are small, and the norm after them magnifies what differs.
                let bound = if name == "logits" { 1e-4 } else { 1e-3 };
                compare(name, &found[name], &expected, |_| bound * largest)
            });
            close.fold(names, Result::and)
        });
    });
}
