//! Networks and plans of one's own, in experiments.

use serde::{Deserialize, Serialize};
use ugradsl::{
    data::Normalisation,
    device::Device,
    experiment::{Experiment, ExperimentBuilder, ExperimentError, RunRecord},
    models::{
        Architecture, Mlp, ModelFile, ModelFileError, ModelSpec, NetworkName, NetworkSpec,
        SpecError, initialise,
    },
    report::{Report, verify},
    run::{Event, MemoryStore},
    smoothing::Smoothing,
    train::{Objective, Plan, Sampling},
    unlearn::{Contender, Method},
};

use super::{config, digits, finish, record, settings};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Own {
    shape: [usize; 3],
    classes: usize,
    normalisation: Normalisation,
    version: u32,
}

impl NetworkSpec for Own {
    type Network = Mlp;

    fn name(&self) -> String {
        "own".to_owned()
    }

    fn shape(&self) -> [usize; 3] {
        self.shape
    }

    fn classes(&self) -> usize {
        self.classes
    }

    fn normalisation(&self) -> &Normalisation {
        &self.normalisation
    }

    fn init(&self, seed: u64, device: &Device) -> Result<Mlp, SpecError> {
        let inputs = self.shape.iter().product();
        Ok(initialise(Mlp::new(inputs, self.classes, device.burn()), seed))
    }
}

const SETTINGS: [&str; 4] =
    ["methods=[\"ugradsl-plus\"]", "limit_train=200", "training.epochs=2", "ugradsl-plus.epochs=1"];

fn plan() -> Plan {
    Plan::new(Sampling::RetainWithForget, Objective::balance(0.8, Smoothing::Constant(-0.5)))
        .with_batch_size(32)
}

fn own(version: u32) -> Own {
    let digits = digits(&config(&SETTINGS));
    let (shape, classes) = (digits.train.shape(), digits.classes);
    Own { shape, classes, normalisation: digits.normalisation, version }
}

fn builder(spec: Own) -> ExperimentBuilder<Own> {
    let config = config(&SETTINGS);
    let data = digits(&config);
    Experiment::builder_for(spec, config, data, Device::cpu()).plan("mine", plan())
}

fn steps(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Step { .. })).count()
}

#[test]
fn they_are_compared_reported_resumed_and_verified_as_the_built_in_ones() {
    let mut store = MemoryStore::default();
    let mut experiment = builder(own(1)).build().unwrap();
    while pollster::block_on(experiment.next(&mut store)).unwrap().is_some() {}
    let records = experiment.records().to_vec();
    let contenders: Vec<&str> = records.iter().map(|record| record.method.name()).collect();
    assert_eq!(contenders, ["original", "retrain", "ugradsl-plus", "mine"]);

    let report = Report::new(&experiment);
    assert_eq!(report.config.architecture, NetworkName::Own("own".to_owned()));
    assert_eq!(report.plans["mine"], plan());
    let mine = report.summary.last().unwrap();
    assert_eq!((mine.method.clone(), mine.runs), (Contender::Plan("mine".to_owned()), 1));
    for text in [report.to_markdown().unwrap(), report.to_html().unwrap()] {
        assert!(text.contains("mine") && text.contains("retain-with-forget"), "{text}");
    }

    let text = report.to_json().unwrap();
    assert_eq!(Report::from_json(&text).unwrap().plans, report.plans);
    let fresh = builder(own(1)).build().unwrap();
    let verification = pollster::block_on(verify(&text, fresh, &store, None)).unwrap();
    assert!(verification.holds(), "{:?}", verification.differences);

    let resumed = builder(own(1)).resume(true).build().unwrap();
    let (again, events) = finish(resumed, &mut store.clone());
    assert_eq!(steps(&events), 0);
    let weights = |records: &[RunRecord]| -> Vec<_> {
        records.iter().map(|record| record.weights.clone()).collect()
    };
    assert_eq!(weights(&again), weights(&records));
    let changed = builder(own(2)).resume(true).build().unwrap();
    let (_, events) = finish(changed, &mut store);
    assert!(steps(&events) > 0);
    let told = |event: &Event| matches!(event, Event::Warning { message } if message.contains("spec.version is 1 there, 2 here"));
    assert!(events.iter().any(told), "{events:?}");
}

/// The same network and the same plan, once as the library's and once as one's own, are the same to
/// the last bit.
#[test]
fn nothing_but_the_name_differs_from_a_built_in_network() {
    let built_in =
        settings(&config(&SETTINGS), Device::cpu()).plan("mine", plan()).build().unwrap();
    let (built_in, _) = finish(built_in, &mut MemoryStore::default());
    let (own, _) = finish(builder(own(1)).build().unwrap(), &mut MemoryStore::default());
    for (one, other) in built_in.iter().zip(&own) {
        assert_eq!((&one.method, &one.weights), (&other.method, &other.weights));
        assert_ne!(one.digest, other.digest, "{} of another network", one.method);
    }
    let original = record(&own, Method::Original);
    assert_eq!(own[3].weights_before.as_ref(), Some(&original.weights));
}

#[test]
fn a_file_of_ones_own_network_is_not_one_of_ours() {
    let spec = own(1);
    let network = spec.init(0, &Device::cpu()).unwrap();
    let state = pollster::block_on(ugradsl::models::read_state(&network)).unwrap();
    let bytes = ModelFile::new(spec.clone(), 0, state).to_bytes().unwrap();
    assert_eq!(ModelFile::<Own>::decode(&bytes).unwrap().spec, spec);
    assert!(matches!(ModelFile::from_bytes(&bytes), Err(ModelFileError::Metadata { .. })));
}

#[test]
fn what_cannot_be_compared_is_refused_before_anything_runs() {
    let error = |builder: ExperimentBuilder<Own>| builder.build().err().expect("a refusal");
    let other = Own { classes: 3, ..own(1) };
    assert!(matches!(error(builder(other)), ExperimentError::Spec(SpecError::Data { .. })));
    let twice = error(builder(own(1)).plan("mine", plan()));
    assert!(matches!(twice, ExperimentError::SamePlan(name) if name == "mine"));
    for name in ["ft", "retrain-mine", "../mine", ""] {
        let refused = error(builder(own(1)).plan(name, plan()));
        assert!(matches!(refused, ExperimentError::PlanName(_)), "{name:?}: {refused}");
    }
    let refused = error(builder(own(1)).plan("idle", plan().with_learning_rate(-1.0)));
    assert!(refused.to_string().contains("learning_rate"), "{refused}");
}

/// A recipe can name built-in networks only, and a config says so before data are read.
#[test]
fn a_config_with_an_unknown_network_is_refused() {
    let mut config = config(&SETTINGS);
    config.architecture = NetworkName::Own("own".to_owned());
    let data = digits(&config);
    let refused = Experiment::builder(config, data, Device::cpu()).build().err().unwrap();
    assert!(refused.to_string().contains("choose one of"), "{refused}");
    let fitting = ModelSpec::fitting(Architecture::Mlp, &digits(&super::config(&SETTINGS)));
    assert_eq!(fitting.unwrap().network_name(), NetworkName::BuiltIn(Architecture::Mlp));
}
