use burn::tensor::TensorData;

use super::*;
use crate::models::{initialise, read_state};

const VOCABULARY: usize = 300;
const LENGTH: usize = 12;

fn network(device: &Device) -> TextTransformer {
    initialise(TextTransformer::new(VOCABULARY, LENGTH, 3, device), 5)
}

fn batch(rows: &[&[u32]], length: usize, device: &Device) -> Tensor<4> {
    let padded = |row: &&[u32]| {
        let mut row = row.to_vec();
        row.resize(length, Tokenizer::PADDING);
        row.into_iter().map(|token| token as f32)
    };
    let tokens: Vec<f32> = rows.iter().flat_map(padded).collect();
    Tensor::from_data(TensorData::new(tokens, [rows.len(), 1, 1, length]), device)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("floats")
}

#[test]
fn padding_changes_nothing() {
    let device = crate::device::Device::cpu();
    let device = device.burn();
    let network = network(device);
    let text: &[u32] = &[17, 299, 4, 17];
    let alone = network.forward(batch(&[text], 4, device));
    // Beside a longer one, too.
    let padded = network.forward(batch(&[text, &[8; LENGTH]], LENGTH, device));
    for (alone, padded) in [
        (alone.logits, padded.logits.narrow(0, 0, 1)),
        (alone.features, padded.features.narrow(0, 0, 1)),
    ] {
        for (a, b) in values(alone).into_iter().zip(values(padded)) {
            assert!((a - b).abs() <= 1e-5, "{a} alone, {b} padded");
        }
    }
}

#[test]
fn order_and_words_matter() {
    let device = crate::device::Device::cpu();
    let device = device.burn();
    let rows: [&[u32]; 3] = [&[17, 299, 4], &[4, 299, 17], &[17, 298, 4]];
    let logits = values(network(device).forward(batch(&rows, LENGTH, device)).logits);
    assert_ne!(logits[..3], logits[3..6]);
    assert_ne!(logits[..3], logits[6..]);
}

#[test]
fn a_text_of_nothing_gives_finite_numbers_and_gradients() {
    let device = crate::device::Device::cpu();
    let device = device.burn().clone().autodiff();
    let network = network(&device);
    let activations = network.forward(batch(&[&[], &[7, 9]], LENGTH, &device));
    let loss = activations.logits.clone().powi_scalar(2).sum();
    let outputs = [values(activations.logits), values(activations.features)].concat();
    assert!(outputs.iter().all(|value| value.is_finite()), "{outputs:?}");

    let gradients = loss.backward();
    let slope = network.token_embed.weight.val().grad(&gradients).expect("a gradient");
    let slope = values(slope);
    let moved = |token: usize| slope[token * WIDTH..][..WIDTH].iter().any(|value| *value != 0.0);
    assert!(slope.iter().all(|value| value.is_finite()));
    assert!(moved(7) && moved(9), "the gradient reaches what was read");
    assert!(!moved(0) && !moved(8), "and neither padding nor other tokens");
}

#[test]
fn the_seed_decides_the_weights_and_tensors_have_their_names() {
    let device = crate::device::Device::cpu();
    let state = |seed| {
        let network = TextTransformer::new(VOCABULARY, LENGTH, 3, device.burn());
        pollster::block_on(read_state(&initialise(network, seed))).expect("weights")
    };
    let first = state(1);
    assert_eq!(state(1), first);
    assert_ne!(state(2), first);
    let shape = |name: &str| first[name].shape().to_vec();
    assert_eq!(shape("token_embed.weight"), [VOCABULARY, WIDTH]);
    assert_eq!(shape("pos_embed"), [1, LENGTH, WIDTH]);
    assert_eq!(shape("blocks.1.attn.qkv.weight"), [3 * WIDTH, WIDTH]);
    assert_eq!(shape("head.weight"), [3, WIDTH]);
    assert_eq!(first.len(), 2 + DEPTH * 12 + 2 + 2);
}
