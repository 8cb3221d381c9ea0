//! Texts through a session: trained, forgotten, refused where pixels are needed.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;

use pollster::block_on;
use ugradsl::{
    data::{Dataset, ForgetRequest, Normalisation, TextConfig, TextSet, Tokenizer},
    device::Device,
    experiment::{Experiment, ExperimentError, resolve},
    models::{Architecture, ModelFile, ModelSpec, Network, SpecError, read_state},
    run::{Outcome, SessionError},
    session::Session,
    smoothing::Space,
    train::{Augmentation, LearningRate, OptimizerConfig, PlanError},
    unlearn::{Method, MethodSettings, TrainingConfig, UGradSl, UGradSlPlus},
};

use super::{config, digits};

const LENGTH: usize = 12;

/// Texts that mix words of one topic with words that all topics share.
fn texts(rows: usize, seed: usize) -> (Vec<String>, Vec<u32>) {
    const TOPICS: [[&str; 5]; 3] = [
        ["moon", "orbit", "rocket", "shuttle", "lunar"],
        ["engine", "brake", "clutch", "wheel", "diesel"],
        ["goalie", "puck", "skate", "rink", "playoff"],
    ];
    const SHARED: [&str; 6] = ["the", "a", "was", "of", "and", "it"];
    let mut state = seed as u32;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % below
    };
    let mut text = |topic: usize| {
        let mut word = |_| match draw(2) {
            0 => TOPICS[topic][draw(5)],
            _ => SHARED[draw(6)],
        };
        (0..10).map(&mut word).collect::<Vec<_>>().join(" ")
    };
    let labels = (0..rows).map(|row| (row % 3) as u32);
    ((0..rows).map(|row| text(row % 3)).collect(), labels.collect())
}

fn topics() -> Arc<Dataset> {
    let (train, test) = (texts(180, 1), texts(60, 2));
    let tokenizer = Tokenizer::train(&train.0, 400).unwrap();
    let set = |(texts, labels): (Vec<String>, Vec<u32>)| {
        let tokens = tokenizer.encode(&texts, LENGTH).unwrap();
        TextSet::new(LENGTH, tokens, labels, tokenizer.clone()).unwrap()
    };
    let (train, test) = (set(train), set(test));
    Dataset::new("topics", 3, train, test, Normalisation::identity(1)).unwrap().into()
}

const ADAMW: OptimizerConfig = OptimizerConfig::Adamw { weight_decay: 0.01 };

fn training() -> TrainingConfig {
    TrainingConfig::default()
        .with_epochs(6)
        .with_batch_size(32)
        .with_learning_rate(2e-3)
        .with_optimizer(ADAMW)
}

fn trained(data: &Arc<Dataset>) -> (ModelSpec, Network) {
    let device = Device::cpu();
    let spec = ModelSpec::fitting(Architecture::TextTransformer, data).unwrap();
    let fresh = spec.init(3, &device).unwrap();
    let mut session = Session::builder(fresh, data.clone(), device)
        .method(Method::Original)
        .training(training())
        .seed(3)
        .build();
    let Outcome { model, .. } = block_on(session.run()).unwrap();
    (spec, model)
}

fn settings() -> UGradSlPlus {
    UGradSlPlus::default().with(|settings| {
        settings.learning_rate = Some(5e-4);
        settings.batch_size = Some(32);
        settings.optimizer = Some(ADAMW);
        settings.schedule = LearningRate::Constant;
    })
}

#[test]
fn a_topic_is_learnt_and_forgotten_and_the_others_stay() {
    let data = topics();
    let (spec, model) = trained(&data);
    let mut session = Session::builder(model.clone(), data.clone(), Device::cpu())
        .forget(ForgetRequest::Class(1))
        .method(settings())
        .seed(3)
        .build();
    let before = block_on(session.measure(&model)).unwrap();
    let outcome = block_on(session.run()).unwrap();
    let after = block_on(session.measure(&outcome.model)).unwrap();
    assert!(before.ua < 5.0 && before.ta > 95.0, "{before:?}");
    assert!(after.ua > 95.0 && after.ra > 95.0 && after.ta > 90.0, "{after:?}");

    // The saved model has its tokenizer.
    let state = block_on(read_state(&outcome.model)).unwrap();
    let file = ModelFile::new(spec.clone(), 3, state);
    let read = ModelFile::from_bytes(&file.to_bytes().unwrap()).unwrap();
    assert_eq!((&read.spec, read.digest()), (&spec, file.digest()));
    let tokenizer = read.spec.tokenizer.clone().unwrap();
    let (texts, _) = texts(180, 1);
    let tokens = tokenizer.encode(&texts, LENGTH).unwrap();
    assert_eq!(Some(&tokens[..]), data.train.texts().map(TextSet::tokens));
    assert!(read.check().is_ok());
}

#[test]
fn what_needs_pixels_is_refused_before_anything_runs() {
    let data = topics();
    let spec = ModelSpec::fitting(Architecture::TextTransformer, &data).unwrap();
    let network = spec.init(0, &Device::cpu()).unwrap();
    let session = || {
        let session = Session::builder(network.clone(), data.clone(), Device::cpu());
        session.forget(ForgetRequest::Class(0))
    };
    let inputs = UGradSl::default().with(|settings| {
        settings.space = Space::Inputs;
        settings.optimizer = Some(ADAMW);
    });
    let flip = Augmentation { flip: true, ..Augmentation::default() };
    for (session, what) in [
        (session().method(Method::BoundaryShrink), "boundary shrink"),
        (session().method(inputs), "inputs"),
        (session().training(training().with_augmentation(flip)), "augmentation"),
    ] {
        let error = block_on(session.build().next()).unwrap_err();
        let refused = matches!(&error, SessionError::Plan(PlanError::Pixels(..)));
        assert!(refused && error.to_string().contains(what), "{error}");
    }
    let shifted = Normalisation { mean: vec![0.1], std: vec![1.0] };
    let error = block_on(session().normalisation(shifted).build().next()).unwrap_err();
    assert!(matches!(error, SessionError::Normalisation(_)), "{error}");

    let experiment = |settings: &[&str]| {
        let all = [&["architecture=text-transformer", "forget=[\"class:0\"]"], settings].concat();
        let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
        let data = Dataset::clone(&data);
        Experiment::builder(resolve(None, &all).unwrap(), data, Device::cpu()).build()
    };
    for setting in
        ["methods=[\"boundary-shrink\"]", "ugradsl.space=inputs", "training.augmentation.pad=1"]
    {
        let error = experiment(&[setting]).map(drop).unwrap_err();
        let plan = matches!(error, ExperimentError::Plan { source: PlanError::Pixels(..), .. });
        assert!(plan, "{setting}: {error}");
    }
    // The settings of a method that is not asked for do no harm.
    assert!(experiment(&["methods=[\"ft\"]", "ugradsl.space=inputs"]).is_ok());
}

#[test]
fn networks_and_data_are_of_one_kind() {
    let (texts, images) = (topics(), digits(&config(&[])));
    let fitting = |architecture, data: &Dataset| ModelSpec::fitting(architecture, data);
    let error = fitting(Architecture::LeNet, &texts).unwrap_err();
    assert_eq!(
        error.to_string(),
        "lenet is a network for images, but the data are texts: choose text-transformer"
    );
    let error = fitting(Architecture::TextTransformer, &images).unwrap_err();
    assert!(matches!(error, SpecError::Images(_)), "{error}");

    let good = fitting(Architecture::TextTransformer, &texts).unwrap();
    for shape in [[1, 2, 12], [3, 1, 12], [1, 1, 1025]] {
        let error = good.clone().with_shape(shape).check().unwrap_err();
        assert!(matches!(error, SpecError::TextShape(_)), "{error}");
    }
    let image = fitting(Architecture::Mlp, &images).unwrap();
    let saved = serde_json::to_string(&image).unwrap();
    assert!(!saved.contains("tokenizer"), "files of image models have not changed: {saved}");
    assert_eq!(
        TextConfig::default(),
        TextConfig { vocabulary: 8000, length: 128, tokenizer: None }
    );
}
