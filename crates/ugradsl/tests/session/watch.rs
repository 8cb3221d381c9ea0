//! Watching a run, and attacking its result.

use std::num::NonZeroUsize;

use ugradsl::{
    audit::{RelearnError, relearn},
    data,
    device::Device,
    evaluate::TestBench,
    run::{Event, MemoryStore},
};

use super::{config, experiment, finish, forgotten};

/// What is read, and how often, is not part of the computation: same bits, more events.
#[test]
fn watching_closely_changes_no_result() {
    let config = config(&["methods=[\"ugradsl-plus\", \"ga\"]"]);
    let (plain, events) =
        finish(experiment(&config, Device::cpu(), false), &mut MemoryStore::default());
    let mut watched = experiment(&config, Device::cpu(), false);
    watched.set_read_every(NonZeroUsize::new(1));
    let (close, more) = finish(watched, &mut MemoryStore::default());
    for (one, other) in plain.iter().zip(&close) {
        assert_eq!((&one.method, &one.weights), (&other.method, &other.weights));
    }
    let steps = |events: &[Event]| {
        events.iter().filter(|event| matches!(event, Event::Step { .. })).count()
    };
    assert!(steps(&more) > 2 * steps(&events), "{} {}", steps(&more), steps(&events));
}

#[test]
fn a_run_in_progress_can_be_looked_at() {
    let config = config(&["methods=[\"ugradsl-plus\"]"]);
    let mut experiment = experiment(&config, Device::cpu(), false);
    let mut store = MemoryStore::default();
    assert!(experiment.live().is_none());
    while let Some(event) = pollster::block_on(experiment.next(&mut store)).expect("an event") {
        if let (Event::Step { .. }, Some(live)) = (&event, experiment.live()) {
            let whole = live.split.retain.len() + live.split.forget.len();
            assert_eq!((live.seed, whole), (0, 400));
            assert!(experiment.spec().classes == 10 && experiment.dataset().train.len() == 400);
        }
    }
    assert!(experiment.live().is_none());
}

#[test]
fn a_class_that_was_hidden_comes_back_and_nonsense_is_refused() {
    let (file, train, split, _) = forgotten();
    let device = Device::cpu();
    let (all, test) = (split.forget.len(), train.clone());
    let bench = TestBench { device: device.clone(), train, test, split };
    let attack = |shown| {
        let network = file.load(&device).expect("a network");
        pollster::block_on(relearn(network, &bench, shown, 12, 0))
    };
    let curve = attack(10).expect("a curve");
    assert_eq!(curve.len(), 13);
    assert!(curve[0] < 0.2 && curve[12] > 0.8, "{curve:?}");
    assert_eq!(curve, attack(10).expect("a curve"), "the same seed shows the same samples");
    for shown in [0, all] {
        let refused = attack(shown).expect_err("refused");
        assert!(matches!(refused, RelearnError::Samples { .. }), "{refused}");
    }
}

#[test]
fn a_set_from_bytes_is_the_set_by_name() {
    let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/mnist-subset/");
    let names = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
    let files =
        names.map(|name| std::fs::read(format!("{assets}{name}-ubyte.gz")).expect("a file"));
    let files = [&files[0], &files[1], &files[2], &files[3]].map(Vec::as_slice);
    let by_name =
        data::open("mnist-subset", &data::OpenOptions::new()).expect("the built-in digits");
    let from_bytes = data::from_idx("mnist-subset", files).expect("a data set");
    assert_eq!(from_bytes.digest(), by_name.digest());
    assert_eq!(from_bytes.normalisation, by_name.normalisation);
    let swapped = data::from_idx("mnist-subset", [files[1], files[0], files[2], files[3]]);
    assert!(swapped.is_err());
}
