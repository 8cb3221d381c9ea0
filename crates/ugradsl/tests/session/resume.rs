//! Checkpoints: what is resumed ends as if it had never stopped, and foreign ones are not used.

use std::num::NonZeroUsize;

use ugradsl::{
    device::Device,
    run::{Event, MemoryStore, Store},
    unlearn::Method,
};

use super::{config, experiment, finish, record};

#[test]
fn stopped_anywhere_it_ends_the_same() {
    let config = config(&["architecture=small-cnn", "training.epochs=2", "ugradsl-plus.epochs=3"]);
    let straight = finish(experiment(&config, Device::cpu(), false), &mut MemoryStore::default()).0;
    for stop_after in [2, 9, 23, 40] {
        let mut store = MemoryStore::default();
        let mut first = experiment(&config, Device::cpu(), false);
        for _ in 0..stop_after {
            pollster::block_on(first.next(&mut store)).expect("an event");
        }
        pollster::block_on(first.checkpoint(&mut store)).expect("a checkpoint");
        drop(first);
        let (resumed, _) = finish(experiment(&config, Device::cpu(), true), &mut store);
        for (a, b) in straight.iter().zip(&resumed) {
            assert_eq!(
                (&a.method, &a.weights),
                (&b.method, &b.weights),
                "stopped after {stop_after}"
            );
            assert_eq!((a.measures(), a.rollbacks), (b.measures(), b.rollbacks));
        }
        assert_eq!(straight.len(), resumed.len());
    }
}

/// What guards decide at the end of an epoch depends on the smoothing rates of all of its steps.
#[test]
fn stopped_within_an_epoch_it_knows_the_rates_of_all_of_it() {
    let config = config(&["methods=[\"ugradsl-plus\"]", "ugradsl-plus.epochs=2"]);
    let new = |resume| {
        let mut new = experiment(&config, Device::cpu(), resume);
        new.set_read_every(NonZeroUsize::new(2));
        new
    };
    let rates = |events: &[Event]| -> Vec<Event> {
        let begin = |event: &Event| matches!(event, Event::Started { method, .. } if method == "ugradsl-plus");
        let begin = events.iter().position(begin).expect("it runs");
        let of_epoch = |event: &&Event| matches!(event, Event::Epoch { rates: Some(_), .. });
        events[begin..].iter().filter(of_epoch).cloned().collect()
    };
    let straight = rates(&finish(new(false), &mut MemoryStore::default()).1);
    assert!(!straight.is_empty());
    let (mut store, mut first, mut unlearns) = (MemoryStore::default(), new(false), false);
    loop {
        let event = pollster::block_on(first.next(&mut store)).expect("an event");
        match event.expect("it goes on") {
            Event::Started { method, .. } => unlearns = method == "ugradsl-plus",
            Event::Step { step: 2, .. } if unlearns => break,
            _ => {}
        }
    }
    pollster::block_on(first.checkpoint(&mut store)).expect("a checkpoint");
    assert_eq!(rates(&finish(new(true), &mut store).1), straight);
}

/// Where `word`, if it is one, stands in `bytes`.
fn place(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let parts = (!word.is_empty()).then(|| bytes.windows(word.len()));
    parts?.position(|part| part == word)
}

/// Forget rows that pass BatchNorm in inference mode still do so after a resume.
#[test]
fn a_run_that_follows_inference_ends_the_same() {
    let config = config(&[
        "architecture=small-cnn",
        "training.epochs=4",
        "methods=[\"ugradsl-plus\"]",
        "ugradsl-plus.learning_rate=0.001",
    ]);
    let weights = |records: &[_]| record(records, Method::UGradSlPlus).weights.clone();
    let mut store = MemoryStore::default();
    let stopped = |store: &mut MemoryStore, resume: bool, steps: usize| {
        let mut begun = experiment(&config, Device::cpu(), resume);
        let (mut unlearns, mut seen) = (false, 0);
        while seen < steps {
            match pollster::block_on(begun.next(store)).expect("an event") {
                Some(Event::Started { method, .. }) => unlearns = method == "ugradsl-plus",
                Some(Event::Step { .. }) => seen += usize::from(unlearns),
                Some(_) => {}
                None => panic!("over before it was stopped"),
            }
        }
        pollster::block_on(begun.checkpoint(store)).expect("a checkpoint");
    };
    stopped(&mut store, false, 2);
    let name = "checkpoint.safetensors";
    let edited = store.read(name).expect("readable").expect("a checkpoint");
    let (off, on) = (br#"\"follows_inference\":false"#, br#"\"follows_inference\":true "#);
    let mut switched = edited.clone();
    let at = place(&edited, off).expect("what follows inference is in the checkpoint");
    switched[at..at + on.len()].copy_from_slice(on);

    let ends = |bytes: &[u8], store: &mut MemoryStore, pause: bool| {
        store.write(name, bytes).expect("written");
        if pause {
            stopped(store, true, 3);
            let kept = store.read(name).expect("readable").expect("a checkpoint");
            assert!(place(&kept, br#"\"follows_inference\":true"#).is_some());
        }
        let ended = weights(&finish(experiment(&config, Device::cpu(), true), store).0);
        store.remove("ugradsl-plus-seed0.json").expect("removed");
        ended
    };
    let straight = ends(&switched, &mut store, false);
    assert_eq!(straight, ends(&switched, &mut store, true));
    assert_ne!(straight, ends(&edited, &mut store, false), "it makes no difference");
}

#[test]
fn finished_runs_are_not_computed_again_and_changed_ones_are() {
    let mut store = MemoryStore::default();
    let first = config(&["training.epochs=2"]);
    let (records, _) = finish(experiment(&first, Device::cpu(), false), &mut store);
    let changed = config(&["training.epochs=2", "ugradsl.p=0.77"]);
    let (again, events) = finish(experiment(&changed, Device::cpu(), true), &mut store);
    let started: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            Event::Started { method, .. } => Some(method.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(started, [Method::UGradSl.name()]);
    let weights = |rows: &[_], method| record(rows, method).weights.clone();
    for method in [Method::Original, Method::Retrain, Method::UGradSlPlus] {
        assert_eq!(weights(&records, method), weights(&again, method), "{method}");
    }
}

#[test]
fn a_checkpoint_of_another_config_or_version_is_not_used_and_a_warning_says_so() {
    for (then, now, written, read, reason) in [
        ("training.epochs=2", "training.epochs=3", "", "", "belongs to another run"),
        ("training.epochs=3", "training.epochs=3", "rollbacks", "went_back", "another version"),
    ] {
        let mut store = MemoryStore::default();
        let mut first = experiment(&config(&[then]), Device::cpu(), false);
        for _ in 0..3 {
            pollster::block_on(first.next(&mut store)).expect("an event");
        }
        pollster::block_on(first.checkpoint(&mut store)).expect("a checkpoint");
        drop(first);
        let name = "checkpoint.safetensors";
        let mut bytes = store.read(name).expect("readable").expect("a checkpoint");
        if let Some(at) = place(&bytes, written.as_bytes()) {
            bytes[at..at + read.len()].copy_from_slice(read.as_bytes());
        }
        store.write(name, &bytes).expect("written");
        let changed = config(&[now]);
        let (resumed, events) = finish(experiment(&changed, Device::cpu(), true), &mut store);
        let warned = events
            .iter()
            .any(|event| matches!(event, Event::Warning { message } if message.contains(reason)));
        assert!(warned, "{reason}: {events:?}");
        let original = record(&resumed, Method::Original);
        assert!(original.warnings.iter().any(|warning| warning.contains("begins again")));
        let mut fresh = MemoryStore::default();
        let (straight, _) = finish(experiment(&changed, Device::cpu(), false), &mut fresh);
        assert_eq!(original.weights, record(&straight, Method::Original).weights);
    }
}

#[test]
fn what_is_damaged_is_computed_again_and_a_warning_names_it() {
    let config = config(&["training.epochs=1", "methods=[\"ft\"]"]);
    let mut whole = MemoryStore::default();
    let (straight, _) = finish(experiment(&config, Device::cpu(), false), &mut whole);
    for name in ["checkpoint.safetensors", "ft-seed0.json", "retrain-seed0.safetensors"] {
        let mut store = whole.clone();
        store.write(name, b"{").expect("memory");
        let (resumed, events) = finish(experiment(&config, Device::cpu(), true), &mut store);
        let about = |event: &Event| match event {
            Event::Warning { message } => message.contains(name) && message.contains("damaged"),
            _ => false,
        };
        // A checkpoint is only read where a run has to be computed.
        assert_eq!(events.iter().any(about), name != "checkpoint.safetensors", "{name}");
        for (a, b) in straight.iter().zip(&resumed) {
            assert_eq!((&a.method, &a.weights), (&b.method, &b.weights), "{name}");
        }
    }
    let mut store = MemoryStore::default();
    store.write("checkpoint.safetensors", b"not a checkpoint at all").expect("memory");
    let (resumed, _) = finish(experiment(&config, Device::cpu(), true), &mut store);
    let warnings = &record(&resumed, Method::Original).warnings;
    assert!(warnings[0].contains("checkpoint.safetensors\" is damaged"), "{warnings:?}");
    assert!(warnings[0].contains("begins again"), "{warnings:?}");
}

#[test]
fn where_a_run_was_is_recorded_and_a_time_from_elsewhere_is_marked() {
    let config = config(&["training.epochs=1", "methods=[\"ft\"]"]);
    let mut store = MemoryStore::default();
    finish(experiment(&config, Device::cpu(), false), &mut store);
    let text = store.read("ft-seed0.json").expect("readable").expect("a record");
    let text = String::from_utf8(text).expect("text");
    let here = Device::cpu().info().to_string();
    let (open, _) = text.rsplit_once(",\n  \"seal\"").expect("a seal");
    let moved = format!("{}}}", open.replace(&here, "another machine"));
    assert!(moved.contains("another machine"), "the record says where it was");
    store.write("ft-seed0.json", moved.as_bytes()).expect("memory");
    let (resumed, _) = finish(experiment(&config, Device::cpu(), true), &mut store);
    let warnings = &record(&resumed, Method::Ft).warnings;
    assert!(
        warnings.iter().any(|text| text.contains("measured on another machine")),
        "{warnings:?}"
    );
    assert!(record(&resumed, Method::Original).warnings.is_empty());

    // An edited record is not believed.
    let edited = text.replacen("\"steps\": ", "\"steps\": 9", 1);
    store.write("ft-seed0.json", edited.as_bytes()).expect("memory");
    let (resumed, events) = finish(experiment(&config, Device::cpu(), true), &mut store);
    let said = |event: &Event| matches!(event, Event::Warning { message } if message.contains("was edited"));
    assert!(events.iter().any(said), "{events:?}");
    assert!(record(&resumed, Method::Ft).steps < 90, "the edited number is not taken over");
}

#[test]
fn a_checkpoint_with_a_flipped_bit_is_not_continued() {
    let config = config(&["training.epochs=2", "methods=[\"ft\"]"]);
    let mut store = MemoryStore::default();
    let mut begun = experiment(&config, Device::cpu(), false);
    for _ in 0..3 {
        pollster::block_on(begun.next(&mut store)).expect("an event");
    }
    pollster::block_on(begun.checkpoint(&mut store)).expect("a checkpoint");
    let name = "checkpoint.safetensors";
    let mut bytes = store.read(name).expect("readable").expect("a checkpoint");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    store.write(name, &bytes).expect("memory");
    let (_, events) = finish(experiment(&config, Device::cpu(), true), &mut store);
    let said = |event: &Event| matches!(event, Event::Warning { message } if message.contains("does not match the tensors"));
    assert!(events.iter().any(said), "{events:?}");
}
