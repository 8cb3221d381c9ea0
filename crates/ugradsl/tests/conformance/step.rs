//! Two steps of UGradSL on a small network: kernel, backward pass and optimiser together must move
//! the weights as PyTorch does.

use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device as BurnDevice, Int, Tensor, TensorData, activation::relu};
use serde::Deserialize;
use ugradsl::{
    loss::gls_cross_entropy,
    models::{Activations, Classifier},
    train::{Optimizer, OptimizerConfig},
};

use crate::support::{all, compare, golden, on_every_backend};

#[derive(Deserialize)]
struct Golden {
    sizes: [usize; 3],
    p: f64,
    alpha: f32,
    learning_rate: f64,
    momentum: f64,
    weight_decay: f64,
    weights: BTreeMap<String, Vec<f32>>,
    retained: Samples,
    forgotten: Samples,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Samples {
    inputs: Vec<f32>,
    labels: Vec<i64>,
}

#[derive(Deserialize)]
struct Step {
    retained_loss: f64,
    forgotten_loss: f64,
    objective: f64,
    weights: BTreeMap<String, Vec<f64>>,
}

/// The network of the golden file: the smallest that a user could bring along.
#[derive(Module, Debug)]
struct Small {
    first: Linear,
    second: Linear,
}

impl Small {
    fn new(golden: &Golden, device: &BurnDevice) -> Self {
        let [inputs, hidden, classes] = golden.sizes;
        let layer = |number: u8, shape: [usize; 2]| {
            let values = |letter| golden.weights[&format!("{letter}{number}")].clone();
            let weight = Tensor::<2>::from_data(TensorData::new(values('w'), shape), device);
            let bias = Tensor::<1>::from_data(TensorData::new(values('b'), [shape[1]]), device);
            Linear { weight: Param::from_tensor(weight), bias: Some(Param::from_tensor(bias)) }
        };
        Self { first: layer(1, [inputs, hidden]), second: layer(2, [hidden, classes]) }
    }

    /// Weights and biases by their name in the golden file.
    fn weights(&self) -> BTreeMap<String, Vec<f32>> {
        let mut all = BTreeMap::new();
        for (number, layer) in [(1, &self.first), (2, &self.second)] {
            let read = |data: TensorData| data.try_to_vec::<f32>().unwrap();
            all.insert(format!("w{number}"), read(layer.weight.val().into_data()));
            let bias = layer.bias.as_ref().unwrap();
            all.insert(format!("b{number}"), read(bias.val().into_data()));
        }
        all
    }
}

impl Classifier for Small {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let features = relu(self.first.forward(images.flatten(1, 3)));
        Activations { logits: self.second.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}

#[test]
fn two_steps_move_the_weights_as_pytorch_does() {
    let golden: Golden = golden!("training_step");
    let (retained, forgotten) = (golden.retained.labels.len(), golden.forgotten.labels.len());
    let rows = retained + forgotten;
    let inputs = [&golden.retained.inputs[..], &golden.forgotten.inputs].concat();
    let labels = [&golden.retained.labels[..], &golden.forgotten.labels].concat();
    let per_row = |of_retained: f32, of_forgotten: f32| {
        [vec![of_retained; retained], vec![of_forgotten; forgotten]].concat()
    };
    let rates = per_row(0.0, golden.alpha);
    let (w_r, w_f) = (golden.p / retained as f64, (golden.p - 1.0) / forgotten as f64);
    let weights = per_row(w_r as f32, w_f as f32);

    on_every_backend(|device, findings| {
        let (plain, autodiff) = (device.burn(), device.autodiff());
        let vector = |values: &[f32]| {
            Tensor::<1>::from_data(TensorData::new(values.to_vec(), [rows]), plain)
        };
        let images = TensorData::new(inputs.clone(), [rows, golden.sizes[0], 1, 1]);
        let images = Tensor::<4>::from_data(images, &autodiff);
        let sgd =
            OptimizerConfig::Sgd { momentum: golden.momentum, weight_decay: golden.weight_decay };
        let mut optimizer = Optimizer::new(sgd, None);
        let mut model = Some(Small::new(&golden, &autodiff));
        for (number, step) in golden.steps.iter().enumerate() {
            findings.case(format!("step {}", number + 1), || {
                let network = model.take().ok_or("the step before did not end")?;
                let targets = TensorData::new(labels.clone(), [rows]);
                let losses = gls_cross_entropy(
                    network.forward(images.clone()).logits,
                    Tensor::<1, Int>::from_data(targets, plain),
                    vector(&rates),
                    vector(&weights),
                );
                let each: Vec<f32> = losses.clone().inner().into_data().try_to_vec().unwrap();
                let sum = |losses: &[f32], weight: f64| {
                    (losses.iter().copied().map(f64::from).sum::<f64>() / weight) as f32
                };
                let found = [
                    sum(&each[..retained], golden.p),
                    sum(&each[retained..], golden.p - 1.0),
                    sum(&each, 1.0),
                ];
                let expected = [step.retained_loss, step.forgotten_loss, step.objective];
                let losses_agree = compare("losses", &found, &expected, |_| 1e-5);

                let gradients = losses.sum().backward();
                let network = optimizer.step(golden.learning_rate, network, gradients);
                let moved = network.weights();
                model = Some(network);
                let [w1, b1, w2, b2] = ["w1", "b1", "w2", "b2"].map(|name| {
                    let expected = &step.weights[name];
                    compare(name, &moved[name], expected, |i| 1e-5 * expected[i].abs().max(1.0))
                });
                all([losses_agree, w1, b1, w2, b2])
            });
        }
    });
}
