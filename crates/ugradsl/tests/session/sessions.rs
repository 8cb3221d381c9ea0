//! A network of one's own through a `Session`: what it forgets, what it refuses, where it resumes.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{collections::BTreeMap, sync::Arc};

use burn::{
    module::Module,
    nn::{Linear, LinearConfig},
    tensor::{Tensor, activation::relu},
};
use pollster::block_on;
use ugradsl::{
    data::{ClassNames, Dataset, ForgetError, ForgetRequest, ImageSet, Normalisation},
    device::Device,
    models::{Activations, Classifier, initialise, read_state},
    run::{Event, GuardConfig, MemoryStore, SessionError},
    session::{Session, SessionBuilder},
    smoothing::Smoothing,
    train::{Objective, OptimizerConfig, Plan, PlanError, Sampling, TrainError},
    unlearn::{Method, MethodSettings, TrainingConfig, UGradSlPlus},
};

/// Small enough for a software GPU.
#[derive(Module, Debug)]
pub(crate) struct Tiny {
    hidden: Linear,
    output: Linear,
}

impl Tiny {
    pub(crate) fn new(data: &Dataset, outputs: usize, device: &Device) -> Self {
        let inputs = data.train.shape().iter().product();
        let network = Self {
            hidden: LinearConfig::new(inputs, 8).init(device.burn()),
            output: LinearConfig::new(8, outputs).init(device.burn()),
        };
        initialise(network, 7)
    }
}

impl Classifier for Tiny {
    fn forward(&self, images: Tensor<4>) -> Activations {
        let features = relu(self.hidden.forward(images.flatten(1, 3)));
        Activations { logits: self.output.forward(features.clone()), features }
    }

    fn has_batch_norm(&self) -> bool {
        false
    }
}

/// Three classes of stripes, `side` pixels square, with some noise.
pub(crate) fn stripes(rows: usize, side: usize) -> Arc<Dataset> {
    let set = |rows: usize, first: usize| {
        let mut state = first as u32;
        let pixels = (0..rows * side * side).map(|at| {
            let (row, column) = (at / (side * side), at % side);
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let stripe = if column % 3 == row % 3 { 180 } else { 20 };
            stripe + (state >> 26) as u8
        });
        let labels = (0..rows).map(|row| (row % 3) as u32).collect();
        ImageSet::new([1, side, side], pixels.collect(), labels).unwrap()
    };
    let (train, test) = (set(rows, 1), set(rows / 2, 2));
    Dataset::new("stripes", 3, train, test, Normalisation::identity(1)).unwrap().into()
}

/// A plan of a few steps that changes the network without guards.
pub(crate) fn plan() -> Plan {
    let objective = Objective::balance(0.7, Smoothing::Constant(-0.5));
    Plan::new(Sampling::RetainWithForget, objective)
        .with_epochs(3)
        .with_batch_size(8)
        .with_learning_rate(0.02)
        .with_clip_norm(Some(1.0))
}

/// A session that forgets the class `seed`, by that plan.
pub(crate) fn session(data: &Arc<Dataset>, device: &Device, seed: u64) -> Session<Tiny> {
    settings(data, device, seed).build()
}

/// The settings of that session.
fn settings(data: &Arc<Dataset>, device: &Device, seed: u64) -> SessionBuilder<Tiny> {
    Session::builder(Tiny::new(data, 3, device), data.clone(), device.clone())
        .forget(ForgetRequest::Class(seed as u32))
        .plan("stripe-eraser", plan())
        .guards(None)
        .seed(seed)
}

pub(crate) fn bits(network: &Tiny) -> BTreeMap<String, Vec<u32>> {
    let state = block_on(read_state(network)).unwrap();
    let bits = |data: &burn::tensor::TensorData| data.iter::<f32>().map(f32::to_bits).collect();
    state.iter().map(|(name, data)| (name.clone(), bits(data))).collect()
}

fn trained(data: &Arc<Dataset>) -> Session<Tiny> {
    let device = Device::cpu();
    let training = TrainingConfig::default().with_epochs(20).with_batch_size(8);
    Session::builder(Tiny::new(data, 3, &device), data.clone(), device)
        .method(Method::Original)
        .training(training)
        .build()
}

#[test]
fn a_network_of_ones_own_learns_and_forgets_and_the_original_stays_what_it_is() {
    let data = stripes(48, 6);
    let original = block_on(trained(&data).run()).unwrap().model;
    // The default batches are larger than this whole set.
    let settings = UGradSlPlus::default().with(|settings| {
        settings.batch_size = Some(16);
        settings.min_steps = 200;
    });
    let mut session = Session::builder(original.clone(), data, Device::cpu())
        .forget(ForgetRequest::Class(1))
        .method(settings)
        .build();
    let before = block_on(session.measure(&original)).unwrap();
    assert!(before.ua < 10.0 && before.ra > 90.0, "it did not learn: {before:?}");
    let outcome = block_on(session.run()).unwrap();
    let after = block_on(session.measure(&outcome.model)).unwrap();
    assert!(after.ua > 90.0 && after.ra > 80.0, "{after:?}");
    assert_eq!(session.target(), Some(0.0), "a class that was never seen is not recognised");
    assert_eq!(session.split().unwrap().forget.len(), 16);
    assert_eq!(bits(session.original()), bits(&original));
    assert_eq!(bits(&session.network()), bits(&outcome.model));
    assert_eq!(block_on(session.measure(&original)).unwrap(), before);
}

#[test]
fn a_plan_of_ones_own_runs_under_its_name_and_another_seed_ends_elsewhere() {
    let data = stripes(48, 6);
    let mut session = session(&data, &Device::cpu(), 0);
    let mut events = Vec::new();
    while let Some(event) = block_on(session.next()).unwrap() {
        events.push(serde_json::to_value(event).unwrap());
    }
    let named: Vec<_> = events.iter().filter_map(|event| event.get("method")).collect();
    assert_eq!(named, ["stripe-eraser", "stripe-eraser"], "{events:?}");
    assert!(block_on(session.next()).unwrap().is_none() && session.outcome().is_some());
    let first = bits(&session.network());
    let mut other = settings(&data, &Device::cpu(), 0).seed(9).build();
    let second = block_on(other.run()).unwrap().model;
    assert_ne!(bits(&second), first, "another seed shuffles otherwise");
}

#[test]
fn guards_watch_over_a_plan_of_ones_own_unless_told_not_to() {
    let data = stripes(48, 6);
    let original = block_on(trained(&data).run()).unwrap().model;
    // Learning rate times weight decay is above 1, which flips the sign of the weights.
    let optimizer = OptimizerConfig::Sgd { momentum: 0.0, weight_decay: 1.0 };
    let absurd = plan().with_learning_rate(20.0).with_optimizer(optimizer);
    let settings = Session::builder(original, data, Device::cpu())
        .forget(ForgetRequest::Class(0))
        .plan("absurd", absurd)
        // Checked after every step: after two the signs are right again.
        .guards(GuardConfig::default().with_every(1));
    let mut session = settings.clone().build();
    let guarded = block_on(session.run()).unwrap();
    assert!(guarded.rollbacks > 0, "no guard stepped in");
    let measures = block_on(session.measure(&guarded.model)).unwrap();
    assert!(measures.ra > 90.0, "{measures:?}");
    let free = block_on(settings.guards(None).build().run()).unwrap();
    assert_eq!(free.rollbacks, 0);
}

#[test]
fn stopped_after_any_event_it_resumes_to_the_same_bits() {
    let data = stripes(48, 6);
    let new = || session(&data, &Device::cpu(), 2);
    let straight = bits(&block_on(new().run()).unwrap().model);
    for stop_after in 1..5 {
        let mut store = MemoryStore::default();
        let mut first = new();
        for _ in 0..stop_after {
            block_on(first.next()).unwrap();
        }
        let kept = block_on(first.checkpoint(&mut store, "half")).unwrap();
        assert!(matches!(kept, Some(Event::Checkpointed { .. })), "{kept:?}");
        let mut second = new();
        block_on(second.resume(&store, "half")).unwrap();
        assert_eq!(bits(&block_on(second.run()).unwrap().model), straight, "after {stop_after}");

        let settings = || settings(&data, &Device::cpu(), 2);
        let others = [
            (settings().seed(1), "seed is 2 there, 1 here"),
            (settings().plan("other", plan()), "method is \"stripe-eraser\" there, \"other\" here"),
            (settings().normalisation(dark()), "normalisation.mean is [0.0] there"),
        ];
        for (other, clash) in others {
            let mut other = other.build();
            let refused = block_on(other.resume(&store, "half")).unwrap_err();
            assert!(matches!(refused, SessionError::CheckpointMismatch { .. }), "{refused}");
            assert!(refused.to_string().contains(clash), "{refused}");
        }
    }
    let mut fresh = new();
    assert!(block_on(fresh.checkpoint(&mut MemoryStore::default(), "none")).unwrap().is_none());
    block_on(fresh.resume(&MemoryStore::default(), "none")).unwrap();
    assert_eq!(bits(&block_on(fresh.run()).unwrap().model), straight);
}

fn dark() -> Normalisation {
    Normalisation { mean: vec![0.1], std: vec![0.5] }
}

#[test]
fn what_makes_no_sense_is_refused_with_the_values_that_clash() {
    let (data, device) = (stripes(12, 6), Device::cpu());
    let new = |outputs| {
        Session::builder(Tiny::new(&data, outputs, &device), data.clone(), device.clone())
            .forget(ForgetRequest::Class(1))
    };
    let refused = |settings: SessionBuilder<Tiny>| block_on(settings.build().next()).unwrap_err();
    let nothing_named =
        Session::builder(Tiny::new(&data, 3, &device), data.clone(), device.clone());
    let error = refused(nothing_named);
    assert!(matches!(&error, SessionError::NoRequest { method } if method == "ugradsl-plus"));
    let error = refused(new(2));
    assert!(matches!(error, SessionError::Outputs { outputs: 2, classes: 3 }), "{error}");
    let error = refused(new(3).forget(ForgetRequest::Class(8)));
    let unknown =
        ForgetError::UnknownClass { class: 8, names: ClassNames::numbered(3) }.to_string();
    assert_eq!(error.to_string(), unknown);
    let error = refused(new(3).normalisation(Normalisation::identity(3)));
    assert!(matches!(error, SessionError::Normalisation(_)), "{error}");
    let error = refused(new(3).plan("nothing", plan().with_epochs(0)));
    assert!(matches!(error, SessionError::Plan(PlanError::Range { name: "epochs", .. })));
    let broken = Tiny::new(&data, 3, &device).map(&mut NotANumber);
    let error = refused(
        Session::builder(broken, data.clone(), device.clone()).forget(ForgetRequest::Class(1)),
    );
    assert!(
        matches!(error, SessionError::Evaluate(_) | SessionError::Train(TrainError::Features)),
        "{error}"
    );
}

/// Puts a NaN into every weight.
struct NotANumber;

impl burn::module::ModuleMapper for NotANumber {
    fn map_float<const D: usize>(
        &mut self,
        param: burn::module::Param<Tensor<D>>,
    ) -> burn::module::Param<Tensor<D>> {
        param.map(|weights| weights * f32::NAN)
    }
}
