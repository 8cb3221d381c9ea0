//! What defines each baseline, on a linear network of two inputs and two classes: small enough to
//! work out the answer by hand.

use std::collections::BTreeMap;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Tensor, TensorData};

use super::TrainingConfig;
use super::{
    BadTeacher, BoundaryExpanding, BoundaryShrink, Fisher, Influence, L1Sparse, MethodSettings, Rl,
    SalUn, Scrub, Ssd,
};
use crate::{
    data::{ImageSet, Normalisation, ResidentSet, Split},
    device::Device,
    models::{Activations, Classifier, Network, read_state},
    random::{Stream, rng, standard_normal},
    train::{OptimizerConfig, StepControl, Trainer},
};

/// `z = x W + b`.
#[derive(Module, Debug)]
struct Flat {
    head: Linear,
}

impl Flat {
    /// `weight[input][class]`, `bias[class]`.
    fn new(weight: [[f32; 2]; 2], bias: [f32; 2]) -> Self {
        let device = Device::cpu().autodiff();
        let weight = Tensor::<2>::from_data(TensorData::from(weight), &device);
        let bias = Tensor::<1>::from_data(TensorData::from(bias), &device);
        let head =
            Linear { weight: Param::from_tensor(weight), bias: Some(Param::from_tensor(bias)) };
        Self { head }
    }
}

impl Classifier for Flat {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let features = images.flatten(1, 3);
        Activations { logits: self.head.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}

/// Rows of two pixels with their labels; pixel 255 is 1.
fn pixels(rows: &[([u8; 2], u32)]) -> ResidentSet {
    let (values, labels): (Vec<[u8; 2]>, Vec<u32>) = rows.iter().copied().unzip();
    let set = ImageSet::new([1, 1, 2], values.concat(), labels).unwrap();
    ResidentSet::new(&set.into(), &Normalisation::identity(1), &Device::cpu())
}

/// Row 0 is forgotten, the others stay.
fn split(rows: u32) -> Split {
    Split { retain: (1..rows).collect(), forget: vec![0], ..Split::default() }
}

/// Plain gradient descent.
const PLAIN: OptimizerConfig = OptimizerConfig::Sgd { momentum: 0.0, weight_decay: 0.0 };

fn trainer(settings: &impl MethodSettings, model: Flat, rows: &[([u8; 2], u32)]) -> Trainer<Flat> {
    let plan = settings.plan(&TrainingConfig::default());
    plan.check().unwrap();
    let split = split(rows.len() as u32);
    pollster::block_on(Trainer::new(model, plan, pixels(rows), &split, None, 3)).unwrap()
}

fn weights<M: Module>(model: &M) -> BTreeMap<String, Vec<f32>> {
    let state = pollster::block_on(read_state(model)).unwrap();
    state.into_iter().map(|(name, data)| (name, data.try_to_vec::<f32>().unwrap())).collect()
}

/// `[W[0][0], W[0][1], W[1][0], W[1][1], b[0], b[1]]` after all steps.
fn end(mut trainer: Trainer<Flat>) -> Vec<f32> {
    while trainer.step() < trainer.total_steps() {
        trainer.advance(StepControl::default());
    }
    flat(&trainer.into_model())
}

fn flat(model: &Flat) -> Vec<f32> {
    let weights = weights(model);
    // The state is PyTorch's: one row per class.
    let w = &weights["head.weight"];
    [&[w[0], w[2], w[1], w[3]], weights["head.bias"].as_slice()].concat()
}

fn close(found: &[f32], expected: &[f32], what: &str) {
    let near = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-5 * b.abs().max(1.0);
    let same = found.len() == expected.len() && found.iter().zip(expected).all(near);
    assert!(same, "{what}: {found:?} instead of {expected:?}");
}

/// Equal logits, so p = 1/2 for both classes; gradients are then `x_j (1/2 - [y = k])`.
const EVEN: [[f32; 2]; 2] = [[3.0, 3.0], [5.0, 5.0]];

#[test]
fn ssd_dampens_what_matters_more_for_the_forget_set_and_nothing_else() {
    // I_f = 1/4 on W[0] and b, 0 on W[1]; I_r = 1/4 on W[1] and b; I_D is their mean, so the ratio
    // is 2 on W[0], 1 on b, 0 on W[1].
    let rows = [([255, 0], 0), ([0, 255], 1)];
    for (threshold, strength, first) in
        [(1.5, 1.0, 1.5), (1.5, 0.5, 0.75), (1.5, 3.0, 3.0), (2.5, 1.0, 3.0)]
    {
        let config = Ssd { threshold, strength, ..Ssd::default() };
        let found = end(trainer(&config, Flat::new(EVEN, [7.0, 7.0]), &rows));
        assert_eq!(found, [first, first, 5.0, 5.0, 7.0, 7.0], "{threshold} {strength}");
    }
}

#[test]
fn fisher_adds_noise_by_the_inverse_information_of_the_retain_set() {
    // F = 1/4 on W[0] and b whatever labels are drawn, 0 on W[1]: 1/F is 4 and the ceiling, 1000.
    let rows = [([0, 255], 0), ([255, 0], 1)];
    let added = |variance: f64| -> Vec<f32> {
        let config = Fisher { variance, ..Fisher::default() };
        let found = end(trainer(&config, Flat::new(EVEN, [7.0, 7.0]), &rows));
        found.iter().zip([3.0, 3.0, 5.0, 5.0, 7.0, 7.0]).map(|(a, b)| a - b).collect()
    };
    let (once, again, twice) = (added(0.01), added(0.01), added(0.04));
    assert_eq!(once, again);
    let normal: Vec<f32> = [4.0, 4.0, 1e3, 1e3, 4.0, 4.0]
        .iter()
        .zip(&once)
        .map(|(f, n)| n / (0.01_f32 * f).sqrt())
        .collect();
    close(
        &normal,
        &standard_normal(6, &mut rng(3, Stream::Noise)),
        "the noise in units of its deviation",
    );
    let halves: Vec<f32> = twice.iter().map(|n| n / 2.0).collect();
    let near = halves.iter().zip(&once).all(|(a, b)| (a - b).abs() < 1e-5);
    assert!(near, "{halves:?} {once:?}");
}

#[test]
fn influence_takes_one_step_along_the_difference_of_the_gradients() {
    // N = 2: v = g_f / 2 - g_r / 2 with g_f = (-1/2, 1/2 | 0, 0 | -1/2, 1/2) and
    // g_r = (0, 0 | 1/2, -1/2 | 1/2, -1/2). The one retained row is o and changes nothing.
    let rows = [([255, 0], 0), ([0, 255], 1)];
    let config = Influence { scale: 2.0, ..Influence::default() };
    let found = end(trainer(&config, Flat::new(EVEN, [7.0, 7.0]), &rows));
    close(&found, &[2.5, 3.5, 4.5, 5.5, 6.0, 8.0], "n = 1");
    // Two retained rows that are the same, N = 3: v = (g_f - g_r) / 3, o = g_r, and the second of
    // them has <o, g> = |g_r|^2 = 1 and <k, g> = (g_f g_r - 1) / 3 with g_f g_r = -1/2.
    let rows = [([255, 0], 0), ([0, 255], 1), ([0, 255], 1)];
    let third = 1.0 / 3.0;
    let along = third * -0.5 - third;
    let bend = along / 3.0;
    let v = |g_f: f32, g_r: f32| third * g_f - third * g_r - bend * g_r;
    let k = [v(-0.5, 0.0), v(0.5, 0.0), v(0.0, 0.5), v(0.0, -0.5), v(-0.5, 0.5), v(0.5, -0.5)];
    let expected: Vec<f32> =
        [3.0, 3.0, 5.0, 5.0, 7.0, 7.0].iter().zip(k).map(|(w, k)| w + 2.0 * k).collect();
    let found = end(trainer(&config, Flat::new(EVEN, [7.0, 7.0]), &rows));
    close(&found, &expected, "n = 2");
}

#[test]
fn l1_adds_gamma_times_the_sign_and_less_in_each_epoch() {
    let rows = [([255, 0], 0), ([0, 255], 1)];
    let start = [[0.5, -0.25], [0.125, -1.0]];
    let after = |penalty: f64, epochs: usize| {
        let config = L1Sparse {
            penalty,
            epochs,
            learning_rate: Some(0.25),
            optimizer: Some(PLAIN),
            ..L1Sparse::default()
        };
        let mut trainer = trainer(&config, Flat::new(start, [0.5, -0.5]), &rows);
        trainer.advance(StepControl::default());
        let one = flat(&trainer.model());
        (one, end(trainer))
    };
    let ((without, _), (with, _)) = (after(0.0, 1), after(0.0625, 1));
    let signs = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
    let expected: Vec<f32> =
        without.iter().zip(signs).map(|(w, sign)| w - 0.25 * 0.0625 * sign).collect();
    close(&with, &expected, "one step");
    // The second of two epochs adds half as much; confident predictions have almost no other
    // gradient.
    let sure = |penalty: f64| {
        let config = L1Sparse {
            penalty,
            epochs: 2,
            learning_rate: Some(1.0),
            optimizer: Some(PLAIN),
            ..L1Sparse::default()
        };
        let model = Flat::new([[1.0, -1.0], [-1.0, 1.0]], [-50.0, 50.0]);
        end(trainer(&config, model, &rows))
    };
    close(&sure(0.25), &[0.625, -0.625, -0.625, 0.625, -49.625, 49.625], "two epochs");
}

#[test]
fn boundary_shrink_teaches_the_class_of_the_neighbour() {
    // Class 0 responds to the first pixel, class 1 to the second. (140, 128) is class 0; a step of
    // 0.1 = 25.5 pixel values towards class 1 makes it class 1. (230, 25) stays class 0 and is
    // taught its own label.
    let model = || Flat::new([[4.0, 0.0], [0.0, 4.0]], [0.0, 0.0]);
    for (row, epsilon, taught) in
        [([140, 128], 0.1, 1), ([230, 25], 0.1, 0), ([140, 128], 0.01, 0), ([140, 0], 1.0, 1)]
    {
        let rows = [(row, 0), ([0, 255], 1)];
        let config = BoundaryShrink {
            epsilon,
            epochs: 1,
            learning_rate: Some(1.0),
            optimizer: Some(PLAIN),
            ..BoundaryShrink::default()
        };
        let found = end(trainer(&config, model(), &rows));
        // The bias moves by [y' = k] - p_k: up for the class that is taught.
        assert!(found[4 + taught] > 0.0 && found[5 - taught] < 0.0, "{row:?} {epsilon}: {found:?}");
    }
}

#[test]
fn boundary_expanding_leaves_no_trace_of_its_class() {
    let rows = [([255, 0], 0), ([0, 255], 1)];
    let config = BoundaryExpanding {
        epochs: 3,
        learning_rate: Some(1.0),
        optimizer: Some(PLAIN),
        ..BoundaryExpanding::default()
    };
    let mut trainer = trainer(&config, Flat::new(EVEN, [7.0, 7.0]), &rows);
    for _ in 0..3 {
        trainer.advance(StepControl::default());
    }
    let tensors = pollster::block_on(trainer.state().tensors()).unwrap();
    let row = tensors["shadow.weight"].try_to_vec::<f32>().unwrap();
    assert_eq!(row.len(), 2);
    // Pixel 1 is 0, so only the first weight and the bias can have been trained; both go up from
    // +-1/sqrt(2).
    assert!(row[0] > 0.8 && row[1].abs() < 0.8, "{row:?}");
    let end = weights(&trainer.into_model());
    assert_eq!(end.keys().collect::<Vec<_>>(), ["head.bias", "head.weight"]);
    assert_eq!((end["head.weight"].len(), end["head.bias"].len()), (4, 2));
    // Both real classes lose by the same amount: they were equal, and stay so.
    assert!(end["head.bias"].iter().all(|bias| *bias < 7.0 && *bias == end["head.bias"][0]));
}

#[test]
fn scrub_takes_turns_and_both_go_the_right_way() {
    let rows: Vec<([u8; 2], u32)> = (0..9).map(|i| ([28 * i, 255 - 28 * i], 1)).collect();
    let config = Scrub {
        epochs: 3,
        batch_size: Some(4),
        learning_rate: Some(0.5),
        forget_passes: 2,
        optimizer: Some(PLAIN),
        ..Scrub::default()
    };
    let mut trainer = trainer(&config, Flat::new(EVEN, [1.0, -1.0]), &rows);
    while trainer.step() < trainer.total_steps() {
        trainer.advance(StepControl::default());
    }
    let records = pollster::block_on(trainer.read()).unwrap();
    let turns: String =
        records.iter().map(|record| if record.retain_loss.is_some() { 'r' } else { 'f' }).collect();
    // One batch of the forget set, two of the retain set; in the third epoch only the latter.
    assert_eq!(turns, "frrfrrrr");
    assert!(records.iter().all(|r| r.retain_loss.is_some() != r.forget_loss.is_some()));
    // At first the network is the original: no divergence. Later there is some, and each turn on
    // the forget set adds to it.
    assert_eq!(records[0].forget_loss, Some(0.0));
    let second = records[3].forget_loss.unwrap();
    assert!(second > 0.0, "{records:?}");

    let divergence = |step: usize, lr: f64, distillation: f64| -> Vec<f64> {
        let config = Scrub {
            epochs: 6,
            forget_passes: 6,
            learning_rate: Some(lr),
            distillation,
            batch_size: Some(8),
            p: 0.0,
            optimizer: Some(OptimizerConfig::Sgd { momentum: 0.0, weight_decay: 0.2 }),
            ..Scrub::default()
        };
        let model = Flat::new([[1.0, -1.0], [-1.0, 1.0]], [0.0, 0.0]);
        let mut run = self::trainer(&config, model, &rows);
        for _ in 0..step {
            run.advance(StepControl::default());
        }
        pollster::block_on(run.read()).unwrap().iter().filter_map(|r| r.forget_loss).collect()
    };
    // Weight decay moves the network off the original; from there each turn away adds to the
    // divergence.
    let away = divergence(11, 0.05, 0.0);
    assert!(away.windows(2).all(|pair| pair[1] > pair[0]), "{away:?}");
    let held = divergence(11, 0.05, 1.0);
    assert!(held.last() < away.last(), "near the original: {held:?}, free: {away:?}");
}

#[test]
fn bad_teachers_targets_are_the_original_and_a_network_that_knows_nothing() {
    let rows: Vec<([u8; 2], u32)> =
        (0..40).map(|i| ([i * 6, 255 - 6 * i], u32::from(i > 20))).collect();
    let config = BadTeacher {
        epochs: 40,
        retain_share: 1.0,
        learning_rate: Some(0.5),
        batch_size: Some(64),
        optimizer: Some(PLAIN),
        ..BadTeacher::default()
    };
    let mut trainer = trainer(&config, Flat::new([[2.0, -2.0], [-2.0, 2.0]], [0.0, 0.0]), &rows);
    while trainer.step() < trainer.total_steps() {
        trainer.advance(StepControl::default());
    }
    let records = pollster::block_on(trainer.read()).unwrap();
    let [first, last] = [records[0], records[records.len() - 1]];
    // The student begins equal to the retain set's teacher, but not to the forget set's.
    assert!(first.retain_loss.unwrap() < 1e-6 && first.forget_loss.unwrap() > 0.01, "{first:?}");
    assert!(last.forget_loss.unwrap() < first.forget_loss.unwrap(), "{last:?}");
}

#[test]
fn saliency_holds_the_other_half_to_the_last_bit() {
    let spec = crate::models::ModelSpec {
        architecture: crate::models::Architecture::Mlp,
        shape: [1, 4, 4],
        classes: 3,
        normalisation: Normalisation::identity(1),
        tokenizer: None,
        onnx: None,
    };
    let device = Device::cpu();
    let model: Network = spec.init(1, &device).unwrap().train();
    let pixels: Vec<u8> =
        (0..60 * 16).map(|i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let set = ImageSet::new([1, 4, 4], pixels, (0..60).map(|i| i % 3).collect()).unwrap();
    let data = ResidentSet::new(&set.into(), &Normalisation::identity(1), &device);
    let split = Split { retain: (20..60).collect(), forget: (0..20).collect(), ..Split::default() };
    for share in [0.5, 0.1] {
        let config = SalUn { saliency: share, batch_size: Some(16), ..SalUn::default() };
        let plan = config.plan(&TrainingConfig::default());
        let before = weights(&model.valid());
        let run = Trainer::new(model.clone(), plan, data.clone(), &split, None, 3);
        let mut run = pollster::block_on(run).unwrap();
        for _ in 0..6 {
            run.advance(StepControl::default());
        }
        let after = weights(&run.into_model());
        let (mut held, mut all) = (0, 0);
        for (name, before) in &before {
            all += before.len();
            held +=
                before.iter().zip(&after[name]).filter(|(a, b)| a.to_bits() == b.to_bits()).count();
        }
        let expected = all - (all as f64 * share).round() as usize;
        // Weight decay moves nearly every weight that may move, however small its gradient.
        let more = held.checked_sub(expected);
        assert!(more.is_some_and(|more| more < all / 50), "{held} of {all} held, not {expected}");
    }
}

#[test]
fn random_labels_take_both_sets_together_and_teach_the_other_class() {
    // Two classes, so the wrong one is certain; one batch of four, so means go over all rows.
    let rows = [([255, 0], 0), ([255, 0], 0), ([0, 255], 1), ([0, 255], 1)];
    let config =
        Rl { epochs: 1, learning_rate: Some(1.0), optimizer: Some(PLAIN), ..Rl::default() };
    let found = end(trainer(&config, Flat::new(EVEN, [7.0, 7.0]), &rows));
    // W[0]: the forgotten row pulls towards 1 and the retained row with the same pixels towards 0,
    // each a quarter of 1/2; W[1]: two rows of class 1; b: one row for 0, three for 1.
    close(&found, &[3.0, 3.0, 4.75, 5.25, 6.75, 7.25], "a step");
}
