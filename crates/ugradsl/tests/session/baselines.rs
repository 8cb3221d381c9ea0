//! All methods through one `Run`: the same bits for a seed, resumed anywhere, finite on every
//! device.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;

use burn::module::Module;
use ugradsl::{
    data::{
        Dataset, ForgetRequest, ImageSet, Normalisation, ResidentSet, Split, TextSet, Tokenizer,
    },
    device::{Device, DeviceChoice},
    evaluate::predict,
    models::{Architecture, ModelFile, ModelSpec, Network, read_state},
    run::{MemoryStore, Run, RunSpec, Store},
    train::Sampling,
    unlearn::{Method, TrainingConfig},
};

use super::{config, digits, experiment, finish, record};

/// A few rows, a fresh network and what it has to forget.
struct Fixture {
    device: Device,
    train: ResidentSet,
    split: Split,
    spec: ModelSpec,
    /// Largest number of epochs.
    epochs: usize,
}

impl Fixture {
    fn new(architecture: Architecture, device: Device) -> Self {
        Self::with_dataset(
            digits(&config(&["limit_train=100", "limit_test=20"])),
            architecture,
            device,
            2,
        )
    }

    /// A few rows of noise that fit the network.
    fn tiny(architecture: Architecture, device: Device) -> Self {
        const ROWS: u32 = 5;
        let labels: Vec<u32> = (0..ROWS).map(|row| row % 4).collect();
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let normalisation = Normalisation::identity(1);
        let dataset = if architecture.is_for_text() {
            let tokenizer = Tokenizer::train(&[], 257).unwrap();
            let tokens = (0..ROWS * 6).map(|_| 1 + u32::from(noise())).collect();
            let rows = TextSet::new(6, tokens, labels, tokenizer).unwrap();
            Dataset::new("noise", 4, rows.clone(), rows, normalisation)
        } else {
            let side = architecture.min_side().max(8);
            let pixels = (0..ROWS as usize * side * side).map(|_| noise()).collect();
            let rows = ImageSet::new([1, side, side], pixels, labels).unwrap();
            Dataset::new("noise", 4, rows.clone(), rows, normalisation)
        };
        Self::with_dataset(dataset.unwrap(), architecture, device, 1)
    }

    fn with_dataset(
        dataset: Dataset,
        architecture: Architecture,
        device: Device,
        epochs: usize,
    ) -> Self {
        let split = ForgetRequest::parse("class:3").unwrap().split(&dataset, 0).unwrap();
        Self {
            train: ResidentSet::new(&dataset.train, &dataset.normalisation, &device),
            spec: ModelSpec::fitting(architecture, &dataset).unwrap(),
            device,
            split,
            epochs,
        }
    }

    fn spec_of(&self, method: Method) -> RunSpec {
        let mut plan = method.defaults().plan(&TrainingConfig::default());
        // More steps than lie between two reads, so that one-shot methods are stopped halfway, too.
        plan.batch_size = 8;
        plan.epochs = plan.epochs.min(self.epochs);
        plan.min_steps = 0;
        if let Sampling::ForgetThenRetain { singles: singles @ 1.., .. } = &mut plan.sampling {
            *singles = 5;
        }
        RunSpec::new(method.name(), plan).with_seed(5)
    }

    fn run(&self, method: Method, resume: Option<&MemoryStore>) -> Run<Network> {
        let network = self.spec.init(1, &self.device).unwrap().train();
        let resume = resume.map(|store| (store as &dyn Store, "checkpoint"));
        let run =
            Run::new(self.spec_of(method), network, &self.device, &self.train, &self.split, resume);
        pollster::block_on(run).unwrap()
    }

    fn network(&self, method: Method) -> Network {
        let mut run = self.run(method, None);
        while pollster::block_on(run.next()).unwrap().is_some() {}
        run.into_outcome().unwrap().model
    }

    /// Stopped and begun again from its checkpoint after every event.
    fn interrupted(&self, method: Method) -> Network {
        let mut store = MemoryStore::default();
        let mut events = 0;
        let mut run = self.run(method, None);
        while !run.is_over() {
            // The first event of a resumed run only says that it has begun.
            for _ in 0..=usize::from(events > 0) {
                pollster::block_on(run.next()).unwrap();
            }
            pollster::block_on(run.checkpoint(&mut store, "checkpoint")).unwrap();
            run = self.run(method, Some(&store));
            events += 1;
            assert!(events < 200, "{method} makes no progress");
        }
        assert!(events > 1, "{method} was never interrupted");
        run.into_outcome().unwrap().model
    }
}

fn bits(network: &Network) -> BTreeMap<String, Vec<u32>> {
    let state = pollster::block_on(read_state(network)).unwrap();
    let values = |data: burn::tensor::TensorData| data.try_to_vec::<f32>().unwrap();
    let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect();
    state.into_iter().map(|(name, data)| (name, bits(values(data)))).collect()
}

fn unlearning() -> impl Iterator<Item = Method> {
    Method::ALL.into_iter().filter(|method| method.unlearns())
}

#[test]
fn every_method_is_the_same_for_a_seed_and_when_resumed() {
    for architecture in [Architecture::Mlp, Architecture::SmallCnn] {
        let fixture = Fixture::new(architecture, Device::cpu());
        let before = bits(&fixture.spec.init(1, &fixture.device).unwrap().valid());
        for method in unlearning() {
            let once = bits(&fixture.network(method));
            assert!(
                once == bits(&fixture.network(method)),
                "{architecture}, {method}: a second run"
            );
            assert!(
                once == bits(&fixture.interrupted(method)),
                "{architecture}, {method}: resumed"
            );
            let names = |bits: &BTreeMap<String, _>| bits.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(&once), names(&before), "{architecture}, {method}");
            // A fresh network may have no weight that only the forget set needs.
            assert!(
                method == Method::Ssd || once != before,
                "{architecture}, {method} did nothing"
            );
        }
    }
}

/// Networks that are others' in all but their depth or stem: one method will do.
const DEEPER: [Architecture; 7] = [
    Architecture::ResNet20,
    Architecture::ResNet32,
    Architecture::ResNet44,
    Architecture::ResNet56,
    Architecture::ResNet18ImageNet,
    Architecture::ResNet34ImageNet,
    Architecture::ResNet50ImageNet,
];

/// One of five rows of noise is forgotten in a few steps at most: every method ends in a network
/// with finite outputs on every network but for the [`DEEPER`] ones.
#[test]
fn every_method_ends_in_finite_numbers_on_every_network() {
    for architecture in Architecture::ALL {
        if DEEPER.contains(&architecture) {
            assert_eq!(ends_in_finite_numbers(architecture, Device::cpu(), [Method::UGradSl]), 1);
            continue;
        }
        let ran = ends_in_finite_numbers(architecture, Device::cpu(), unlearning());
        assert_eq!(ran, unlearning().count() - usize::from(architecture.is_for_text()));
    }
}

/// The same on a GPU: every method on one network of each kind, and one method on the others.
#[test]
fn every_method_ends_in_finite_numbers_on_a_gpu() {
    let Ok(gpu) = pollster::block_on(Device::open(DeviceChoice::Gpu)) else {
        eprintln!("skipped: no adapter");
        return;
    };
    // Without convolutions, with them and BatchNorm, with attention.
    let kinds = [Architecture::Mlp, Architecture::SmallCnn, Architecture::TextTransformer];
    for architecture in kinds {
        ends_in_finite_numbers(architecture, gpu.clone(), unlearning());
    }
    for architecture in Architecture::ALL.into_iter().filter(|other| !kinds.contains(other)) {
        assert_eq!(ends_in_finite_numbers(architecture, gpu.clone(), [Method::UGradSl]), 1);
    }
}

/// The number of `methods` that ran; what they end in has finite outputs.
fn ends_in_finite_numbers(
    architecture: Architecture,
    device: Device,
    methods: impl IntoIterator<Item = Method>,
) -> usize {
    let fixture = Fixture::tiny(architecture, device);
    // Boundary shrink finds the nearest other class by changing inputs, which tokens do not allow.
    let impossible =
        |method: &Method| architecture.is_for_text() && *method == Method::BoundaryShrink;
    let mut ran = 0;
    for method in methods.into_iter().filter(|method| !impossible(method)) {
        let case = format!("{architecture}, {method}, {}", fixture.device.info());
        let network = fixture.network(method);
        let rows = fixture.train.all_rows();
        let predictions = pollster::block_on(predict(&network, &fixture.train, &rows));
        let predictions = predictions.unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!((predictions.len(), predictions.classes()), (5, 4), "{case}");
        ran += 1;
    }
    ran
}

/// A class is forgotten by a trained network: what the methods are for.
#[test]
fn baselines_forget_a_class_and_fine_tuning_with_a_penalty_has_smaller_weights() {
    let baselines = [Method::Rl, Method::SalUn, Method::L1Sparse, Method::Ft];
    let names = baselines.map(|method| format!("{:?}", method.name())).join(", ");
    let mut store = MemoryStore::default();
    let config = config(&[&format!("methods=[{names}]"), "l1-sparse.penalty=0.003"]);
    let (records, _) = finish(experiment(&config, Device::cpu(), false), &mut store);
    let original = record(&records, Method::Original);
    for method in [Method::Rl, Method::SalUn] {
        let row = record(&records, method);
        assert!(
            row.measures().ua > original.measures().ua + 30.0,
            "{method}: {:?}",
            row.measures()
        );
    }
    let small = |method: Method| {
        let bytes = store.read(&record(&records, method).model);
        let file = ModelFile::from_bytes(&bytes.unwrap().unwrap()).unwrap();
        let network = bits(&file.load(&Device::cpu()).unwrap());
        network.values().flatten().filter(|bits| f32::from_bits(**bits).abs() < 1e-3).count()
    };
    let (sparse, dense) = (small(Method::L1Sparse), small(Method::Ft));
    assert!(sparse > 2 * dense, "{sparse} weights near zero with the penalty, {dense} without");
}
