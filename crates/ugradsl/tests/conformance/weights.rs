//! Weights are the same on every backend, to the bit, and have PyTorch's names and layouts.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use ugradsl::{
    data::Tokenizer,
    device::Device,
    models::{Architecture, Classifier, ModelSpec, Network, StateError, read_state, write_state},
};

use crate::support::{Draw, devices, on_every_backend, same};

/// Name to shape and the bits of the values.
type Bits = BTreeMap<String, (Vec<usize>, Vec<u32>)>;

fn spec(architecture: Architecture) -> ModelSpec {
    let text = architecture.is_for_text();
    let shape = if text { [1, 1, 16] } else { [1, 32, 32] };
    let tokenizer = text.then(|| Tokenizer::train(&[], 257).unwrap());
    ModelSpec::new(architecture, shape, 10).with_tokenizer(tokenizer)
}

fn state(network: &Network) -> BTreeMap<String, TensorData> {
    pollster::block_on(read_state(network)).unwrap()
}

fn bits(state: &BTreeMap<String, TensorData>) -> Bits {
    let bits = |data: &TensorData| {
        data.try_to_vec::<f32>().unwrap().into_iter().map(f32::to_bits).collect::<Vec<_>>()
    };
    state.iter().map(|(name, data)| (name.clone(), (data.shape().to_vec(), bits(data)))).collect()
}

/// A fresh network, for inference or trainable.
fn fresh(architecture: Architecture, seed: u64, device: &Device, trainable: bool) -> Network {
    let network = spec(architecture).init(seed, device).unwrap();
    if trainable { network.train() } else { network }
}

fn initial(architecture: Architecture, seed: u64, device: &Device, trainable: bool) -> Bits {
    bits(&state(&fresh(architecture, seed, device, trainable)))
}

/// As [`same`], naming the tensors instead of listing thousands of numbers.
fn same_bits(found: &Bits, expected: &Bits) -> Result<(), String> {
    same("names", found.keys().collect::<Vec<_>>(), expected.keys().collect())?;
    let differ: Vec<_> = found.keys().filter(|&name| found[name] != expected[name]).collect();
    same("tensors that differ", differ, vec![])
}

/// All networks but those of over 20 million numbers, which take long and have no kind of layer
/// that others lack.
fn networks() -> impl Iterator<Item = Architecture> {
    const LARGE: [Architecture; 2] =
        [Architecture::ResNet34ImageNet, Architecture::ResNet50ImageNet];
    Architecture::ALL.into_iter().filter(|architecture| !LARGE.contains(architecture))
}

/// The trainer keeps rows of one class apart where there is BatchNorm, so that a network must not
/// say the wrong thing.
#[test]
fn networks_know_whether_they_have_batch_norm() {
    for architecture in Architecture::ALL {
        let network = fresh(architecture, 3, &devices()[0], false);
        let state = pollster::block_on(read_state(&network)).expect("the weights");
        let running = state.keys().any(|name| name.ends_with("running_mean"));
        assert_eq!(network.has_batch_norm(), running, "{architecture}");
    }
}

#[test]
fn every_network_has_a_row_in_the_guide() {
    let guide = include_str!("../../docs/models.md");
    for network in Architecture::ALL {
        let name = format!("`{network}`");
        let first = |line: &str| line.split('|').nth(1).is_some_and(|cell| cell.contains(&name));
        assert!(guide.lines().any(first), "docs/models.md has no row for {network}");
    }
}

/// Cosine distances of features lie in 0..1 only if no feature is negative.
#[test]
fn no_network_has_negative_features() {
    for architecture in Architecture::ALL {
        let (network, [_, height, width]) =
            (fresh(architecture, 3, &devices()[0], false), spec(architecture).shape);
        // As numbers of tokens these are the first of the vocabulary.
        let rows = (0..2 * height * width).map(|at| (at % 3) as f32).collect::<Vec<_>>();
        let rows = TensorData::new(rows, [2, 1, height, width]);
        let rows = Tensor::<4>::from_data(rows, devices()[0].burn());
        let features = network.forward(rows).features.into_data().try_to_vec::<f32>().unwrap();
        let lowest = features.into_iter().fold(f32::INFINITY, f32::min);
        assert!(lowest >= 0.0, "{architecture}: {lowest}");
    }
}

#[test]
fn a_seed_gives_the_same_weights_everywhere() {
    on_every_backend(|device, findings| {
        for architecture in networks() {
            let expected = initial(architecture, 7, &devices()[0], false);
            for trainable in [false, true] {
                findings.case(format!("{architecture}, seed 7"), || {
                    same_bits(&initial(architecture, 7, device, trainable), &expected)
                });
            }
            findings.case(format!("{architecture}, seed 8"), || {
                let other = initial(architecture, 8, device, false);
                if other == expected { Err("as seed 7".into()) } else { Ok(()) }
            });
        }
    });
}

#[test]
fn weights_survive_a_round_trip_to_the_bit() {
    on_every_backend(|device, findings| {
        for architecture in networks() {
            for trainable in [false, true] {
                findings.case(architecture, || {
                    let network = fresh(architecture, 7, device, trainable);
                    let mut draw = Draw::new(1);
                    // Every tensor, running statistics too, gets numbers of its own.
                    let mut written = state(&network);
                    for data in written.values_mut() {
                        let shape = data.shape().to_vec();
                        let mut values = draw.uniform(shape.iter().product(), -1.0, 1.0);
                        for (value, special) in
                            values.iter_mut().zip([-0.0, f32::MAX, f32::MIN_POSITIVE, 1e-30])
                        {
                            *value = special;
                        }
                        *data = TensorData::new(values, shape);
                    }
                    let network = write_state(network, written.clone()).unwrap();
                    same_bits(&bits(&state(&network)), &bits(&written))
                });
            }
        }
    });
}

#[test]
fn a_state_that_does_not_fit_is_refused() {
    on_every_backend(|device, findings| {
        let network = fresh(Architecture::Mlp, 7, device, false);
        let good = state(&network);
        let name = "fc3.bias";
        let refused = |change: &dyn Fn(&mut BTreeMap<String, TensorData>)| {
            let mut state = good.clone();
            change(&mut state);
            write_state(network.clone(), state).map(|_| ()).unwrap_err()
        };
        findings.case("missing", || {
            let error = refused(&|state| drop(state.remove(name)));
            same("error", error, StateError::Missing(name.into()))
        });
        findings.case("unexpected", || {
            let error = refused(&|state| {
                state.insert("fc9.bias".into(), good[name].clone());
            });
            same("error", error, StateError::Unexpected("fc9.bias".into()))
        });
        findings.case("shape", || {
            let error = refused(&|state| {
                state.insert(name.into(), TensorData::new(vec![0.0_f32; 9], [9]));
            });
            let (name, found, needed) = (name.into(), vec![9], vec![10]);
            same("error", error, StateError::Shape { name, found, needed })
        });
        findings.case("not a number", || {
            let mut values = vec![0.0_f32; 10];
            values[3] = f32::INFINITY;
            let error = refused(&|state| {
                state.insert(name.into(), TensorData::new(values.clone(), [10]));
            });
            let (name, value) = (name.into(), f32::INFINITY);
            same("error", error, StateError::NotFinite { name, position: 3, value })
        });
    });
}

#[test]
fn names_and_layouts_are_those_of_pytorch() {
    on_every_backend(|device, findings| {
        findings.case("small-cnn", || {
            let bits = initial(Architecture::SmallCnn, 7, device, false);
            let found: BTreeMap<&str, &[usize]> =
                bits.iter().map(|(name, (shape, _))| (name.as_str(), &shape[..])).collect();
            // Widths are the network's own business.
            let [one, two] = ["norm1.weight", "norm2.weight"].map(|name| &found[name][..1]);
            let mut expected: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (norm, width) in [("norm1", one), ("norm2", two)] {
                for part in ["weight", "bias", "running_mean", "running_var"] {
                    expected.insert(format!("{norm}.{part}"), width.to_vec());
                }
            }
            // Convolutions [out, in, height, width], linear layers [out, in]; 32 is halved twice.
            let (one, two) = (one[0], two[0]);
            for (name, shape) in [
                ("conv1.weight", vec![one, 1, 3, 3]),
                ("conv2.weight", vec![two, one, 3, 3]),
                ("fc1.weight", vec![128, two * 8 * 8]),
                ("fc1.bias", vec![128]),
                ("fc2.weight", vec![10, 128]),
                ("fc2.bias", vec![10]),
            ] {
                expected.insert(name.into(), shape);
            }
            let expected = expected.iter().map(|(name, shape)| (name.as_str(), &shape[..]));
            same("names and shapes", found, expected.collect())
        });
    });
}
