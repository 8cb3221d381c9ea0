//! Rows that are unlike their class: a proxy says how far they are to be forgotten.

use ugradsl::{
    data::{Dataset, ForgetRequest, ImageSet},
    device::Device,
    evaluate::Figure,
    experiment::{Experiment, ExperimentConfig, RunRecord},
    models::{Architecture, ModelSpec},
    run::{Event, MemoryStore},
    session::Session,
    unlearn::Method,
};

use super::{config, digits, finish, record};

/// Every tenth row has another label than its own.
fn mislabelled() -> (Dataset, Vec<u32>) {
    let mut data = digits(&config(&[]));
    let images = data.train.images().expect("images").clone();
    let rows: Vec<u32> = (0..images.labels().len() as u32).step_by(10).collect();
    let mut labels = images.labels().to_vec();
    for &row in &rows {
        labels[row as usize] = (labels[row as usize] + 1 + row % 9) % 10;
    }
    let train = ImageSet::new(images.shape(), images.pixels().to_vec(), labels).expect("images");
    data.train = train.into();
    (data, rows)
}

fn settings(more: &[&str]) -> ExperimentConfig {
    let ours = ["methods=[\"ugradsl-plus\"]", "training.epochs=30", "training.learning_rate=0.1"];
    config(&[&ours, more].concat())
}

fn experiment(config: &ExperimentConfig, resume: bool) -> Experiment {
    let (data, rows) = mislabelled();
    let request = vec![("mislabelled".to_owned(), ForgetRequest::Ids(rows))];
    let settings = Experiment::builder(config.clone(), data, Device::cpu());
    settings.requests(request).resume(resume).build().expect("an experiment")
}

fn targets(events: &[Event]) -> Vec<(f64, Option<f64>)> {
    let target = |event: &Event| match event {
        Event::Target { accuracy, by_class } => Some((*accuracy, *by_class)),
        _ => None,
    };
    events.iter().filter_map(target).collect()
}

fn gap(records: &[RunRecord], method: Method) -> f64 {
    record(records, method).figure(Figure::Gap).expect("a gap")
}

#[test]
fn mislabelled_rows_are_forgotten_as_far_as_they_would_be_unknown() {
    let (records, events) = finish(experiment(&settings(&[]), false), &mut MemoryStore::default());
    let [(accuracy, Some(by_class))] = targets(&events)[..] else { panic!("{events:?}") };
    let unknown = 1.0 - record(&records, Method::Retrain).measures().ua / 100.0;
    assert!((accuracy - unknown).abs() < 0.2, "{accuracy}, but {unknown} is right");
    assert!(by_class > unknown + 0.4, "{by_class}: no test of the proxy");
    assert_eq!(record(&records, Method::UGradSlPlus).target, Some(accuracy));
    let (ours, untouched) = (gap(&records, Method::UGradSlPlus), gap(&records, Method::Original));
    let without = settings(&["guards.proxy=0"]);
    let (records, events) = finish(experiment(&without, false), &mut MemoryStore::default());
    assert_eq!(targets(&events), []);
    assert_eq!(record(&records, Method::UGradSlPlus).target, Some(by_class));
    let by_class = gap(&records, Method::UGradSlPlus);
    assert!(ours < 0.75 * by_class && ours < 0.6 * untouched, "{ours} {by_class} {untouched}");
}

/// The proxy's training, and what it said, outlast an interruption.
#[test]
fn stopped_while_a_proxy_is_trained_it_ends_the_same() {
    let config = settings(&["retrain=false"]);
    let straight = finish(experiment(&config, false), &mut MemoryStore::default()).0;
    let weights = |records: &[RunRecord]| record(records, Method::UGradSlPlus).weights.clone();
    for stop_after in [1, 2, 3, 5, 9] {
        let mut store = MemoryStore::default();
        let mut first = experiment(&config, false);
        let mut seen: Option<usize> = None;
        while seen.is_none_or(|seen| seen < stop_after) {
            let event = pollster::block_on(first.next(&mut store)).expect("readable");
            match event.expect("an event") {
                Event::Started { method, .. } if method == "ugradsl-plus" => seen = Some(0),
                Event::Checkpointed { .. } => {}
                _ => seen = seen.map(|seen| seen + 1),
            }
        }
        pollster::block_on(first.checkpoint(&mut store)).expect("a checkpoint");
        let (resumed, events) = finish(experiment(&config, true), &mut store);
        assert_eq!(weights(&resumed), weights(&straight), "stopped after {stop_after}");
        let stopped_before = stop_after < 4;
        assert_eq!(targets(&events).len(), usize::from(stopped_before), "after {stop_after}");
    }
}

/// A proxy that knows too little is trained for longer, as often as the budget allows, and an
/// interruption between changes nothing.
#[test]
fn a_proxy_that_knows_too_little_is_trained_for_longer_and_resumes() {
    let config = settings(&["retrain=false", "training.learning_rate=0.01", "guards.proxy=0.05"]);
    let longer = |event: &Event| matches!(event, Event::Warning { message } if message.contains("it is trained for"));
    let (straight, events) = finish(experiment(&config, false), &mut MemoryStore::default());
    let all = events.iter().filter(|event| longer(event)).count();
    assert!(all >= 2, "{all} times");
    assert_eq!(targets(&events).len(), 1);
    let ours = |records: &[RunRecord]| {
        let record = record(records, Method::UGradSlPlus);
        (record.weights.clone(), record.steps)
    };
    for stop_after in 1..=all {
        let (mut first, mut store) = (experiment(&config, false), MemoryStore::default());
        let mut seen = 0;
        while seen < stop_after {
            let event = pollster::block_on(first.next(&mut store)).expect("readable");
            seen += usize::from(longer(&event.expect("an event")));
        }
        pollster::block_on(first.checkpoint(&mut store)).expect("a checkpoint");
        let (resumed, events) = finish(experiment(&config, true), &mut store);
        assert_eq!(ours(&resumed), ours(&straight), "stopped after {stop_after}");
        assert_eq!(events.iter().filter(|event| longer(event)).count(), all - stop_after);
    }
}

#[test]
fn no_proxy_is_trained_where_whole_classes_are_forgotten() {
    let config = config(&["methods=[\"ugradsl-plus\"]"]);
    let whole = super::experiment(&config, Device::cpu(), false);
    let (records, events) = finish(whole, &mut MemoryStore::default());
    assert_eq!(targets(&events), []);
    assert_eq!(record(&records, Method::UGradSlPlus).target, Some(0.0));
}

/// A rate at which nothing is learned makes no target: it is said, and the run goes on without it,
/// after a resume as well.
#[test]
fn a_proxy_that_learns_nothing_is_not_believed() {
    for rate in ["1e-7", "1e6"] {
        let (data, rows) = mislabelled();
        let config = settings(&[]);
        let spec = ModelSpec::fitting(Architecture::Mlp, &data).expect("a network");
        let fresh = spec.init(0, &Device::cpu()).expect("a network");
        let settings = |network| Session::builder(network, data.clone(), Device::cpu());
        let trained = settings(fresh).method(Method::Original).training(config.training.clone());
        let original = pollster::block_on(trained.build().run()).expect("trained").model;
        let hopeless = config.training.clone().with_learning_rate(rate.parse().expect("a rate"));
        let begin = || {
            let forget = ForgetRequest::Ids(rows.clone());
            settings(original.clone()).forget(forget).training(hopeless.clone()).build()
        };
        let (mut session, mut store) = (begin(), MemoryStore::default());
        let warned = |event: &Event| matches!(event, Event::Warning { message } if message.contains("cannot tell"));
        while !warned(&pollster::block_on(session.next()).expect("an event").expect("a warning")) {}
        assert!(session.target().is_some_and(|target| target > 0.5), "{rate}: the class average");
        pollster::block_on(session.checkpoint(&mut store, "run")).expect("kept");
        let straight = pollster::block_on(session.run()).expect("a result").steps;
        let mut resumed = begin();
        pollster::block_on(resumed.resume(&store, "run")).expect("it is this run");
        assert_eq!(pollster::block_on(resumed.run()).expect("a result").steps, straight);
    }
}
