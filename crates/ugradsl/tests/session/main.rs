//! Whole experiments on a few hundred digits: guards, checkpoints, BatchNorm modes, devices.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod baselines;
mod embedding;
mod guards;
mod large;
mod measures;
mod own;
mod pretrained;
mod proxy;
mod report;
mod resume;
mod sessions;
mod text;
mod verify;
mod watch;

use ugradsl::{
    data::{self, Dataset, ForgetRequest, ResidentSet, Split},
    device::Device,
    experiment::{Experiment, ExperimentBuilder, ExperimentConfig, RunRecord, resolve},
    models::{ModelFile, NetworkSpec},
    run::{Event, MemoryStore, Store},
    unlearn::Method,
};

/// A config that takes seconds: an MLP on 400 digits, with `settings` over it.
fn config(settings: &[&str]) -> ExperimentConfig {
    let small = [
        "architecture=mlp",
        "limit_train=400",
        "limit_test=150",
        "training.epochs=8",
        "training.batch_size=32",
        "ugradsl.batch_size=16",
        "ugradsl-plus.batch_size=32",
        "guards.every=2",
        "guards.rows=128",
    ];
    let all: Vec<String> = small.iter().chain(settings).map(|text| (*text).to_owned()).collect();
    resolve(None, &all).expect("a config")
}

fn digits(config: &ExperimentConfig) -> Dataset {
    let digits = data::open(&config.data, &data::OpenOptions::new()).expect("the built-in digits");
    digits.limit(config.limit_train, config.limit_test).expect("enough rows")
}

fn experiment(config: &ExperimentConfig, device: Device, resume: bool) -> Experiment {
    settings(config, device).resume(resume).build().expect("an experiment")
}

/// The settings of that experiment.
fn settings(config: &ExperimentConfig, device: Device) -> ExperimentBuilder {
    Experiment::builder(config.clone(), digits(config), device)
}

/// Runs to the end: the records and all events.
fn finish<S: NetworkSpec>(
    mut experiment: Experiment<S>,
    store: &mut MemoryStore,
) -> (Vec<RunRecord>, Vec<Event>) {
    let mut events = Vec::new();
    while let Some(event) = pollster::block_on(experiment.next(store)).expect("an event") {
        events.push(event);
    }
    (experiment.records().to_vec(), events)
}

fn run(settings: &[&str]) -> (Vec<RunRecord>, Vec<Event>) {
    finish(experiment(&config(settings), Device::cpu(), false), &mut MemoryStore::default())
}

/// A network that has forgotten class 3 by UGradSL+, its training set and split, and its record.
fn forgotten() -> (ModelFile, ResidentSet, Split, RunRecord) {
    let config = config(&["methods=[\"ugradsl-plus\"]"]);
    let (device, mut store) = (Device::cpu(), MemoryStore::default());
    let (records, _) = finish(experiment(&config, device.clone(), false), &mut store);
    let row = record(&records, Method::UGradSlPlus).clone();
    let bytes = store.read(&row.model).expect("readable").expect("kept");
    let data = digits(&config);
    let split = ForgetRequest::Class(3).split(&data, 0).expect("a split");
    let train = ResidentSet::new(&data.train, &data.normalisation, &device);
    (ModelFile::from_bytes(&bytes).expect("a model"), train, split, row)
}

fn record(records: &[RunRecord], method: Method) -> &RunRecord {
    records.iter().find(|record| record.method == method).expect("a record of the method")
}
