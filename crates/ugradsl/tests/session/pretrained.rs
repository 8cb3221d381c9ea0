//! An original that exists already, with and without a retrained network beside it.

use ugradsl::{
    device::Device,
    evaluate::Figure,
    experiment::RunRecord,
    models::ModelFile,
    run::{MemoryStore, Store},
    unlearn::Method,
};

use super::{config, experiment, finish, record, settings};

const METHODS: &str = "methods=[\"ugradsl-plus\"]";

/// A trained network, and the records of the experiment that trained it.
fn trained() -> (ModelFile, Vec<RunRecord>) {
    let mut store = MemoryStore::default();
    let (records, _) = finish(experiment(&config(&[METHODS]), Device::cpu(), false), &mut store);
    let name = &record(&records, Method::Original).model;
    let bytes = store.read(name).expect("readable").expect("kept");
    (ModelFile::from_bytes(&bytes).expect("a model"), records)
}

#[test]
fn a_given_original_stands_where_a_trained_one_stood() {
    let (file, trained) = trained();
    let mut store = MemoryStore::default();
    let begun = settings(&config(&[METHODS]), Device::cpu()).original(file.clone()).build();
    let (given, _) = finish(begun.expect("an original"), &mut store);
    for method in [Method::Original, Method::Retrain, Method::UGradSlPlus] {
        let (a, b) = (record(&trained, method), record(&given, method));
        assert_eq!((a.measures(), &a.weights), (b.measures(), &b.weights), "{method}");
        assert_eq!(a.figure(Figure::Gap), b.figure(Figure::Gap), "{method}");
    }
    let original = record(&given, Method::Original);
    assert_eq!(
        (original.steps, original.figure(Figure::Seconds), original.stopped_by),
        (0, None, None)
    );

    // Results that began with one original are not reused for another.
    let mut other = file;
    for data in other.state.values_mut() {
        let halved: Vec<f32> = data.iter::<f32>().map(|value| value / 2.0).collect();
        *data = burn::tensor::TensorData::new(halved, data.shape().to_vec());
    }
    let again = settings(&config(&[METHODS]), Device::cpu()).resume(true);
    let begun = again.original(other).build();
    let (again, _) = finish(begun.expect("an original"), &mut store);
    let weights = |records, method| record(records, method).weights.clone();
    assert_eq!(weights(&again, Method::Retrain), weights(&given, Method::Retrain));
    assert_ne!(weights(&again, Method::UGradSlPlus), weights(&given, Method::UGradSlPlus));
}

#[test]
fn without_retraining_the_original_gives_an_estimate() {
    let (file, trained) = trained();
    let forget = "forget=[\"class:3\", \"random:20%\"]";
    let config = config(&[METHODS, forget, "retrain=false"]);
    let begun = settings(&config, Device::cpu()).original(file.clone()).build();
    let (records, _) = finish(begun.expect("an original"), &mut MemoryStore::default());
    assert!(records.iter().all(|record| record.method != Method::Retrain));
    let record_of = |method, forget: &str| {
        let found = records.iter().find(|one| one.method == method && one.forget == forget);
        found.expect("a record")
    };
    let original = record_of(Method::Original, "class:3");
    let expected = original.expected.expect("what to expect");
    assert_eq!((expected.ua, expected.mia.confidence), (100.0, 100.0), "by definition");
    assert_eq!((expected.ra, expected.ta), (original.measures().ra, original.measures().ta));
    let gap = |record: &RunRecord| record.figure(Figure::Gap).expect("a gap");
    assert!(gap(original) > 40.0 && gap(record_of(Method::UGradSlPlus, "class:3")) < 5.0);
    // There is no retrained network to compare time and predictions with.
    let unlearned = record_of(Method::UGradSlPlus, "class:3");
    let distances = [Figure::RetrainShare, Figure::JsForget, Figure::KlForget];
    assert_eq!(distances.map(|figure| unlearned.figure(figure)), [None; 3]);

    // Forgotten samples of classes that stay count as if they were test samples.
    let original = record_of(Method::Original, "random:20%");
    let expected = original.expected.expect("what to expect");
    assert!((expected.ua - (100.0 - original.measures().ta)).abs() < 5.0, "{expected:?}");
    assert!((0.0..100.0).contains(&expected.mia.confidence));
    let retrained = record(&trained, Method::Retrain).measures();
    assert!((expected.ta - retrained.ta).abs() < 10.0, "{expected:?} {retrained:?}");
}

#[test]
fn what_cannot_be_the_original_is_refused() {
    let (file, _) = trained();
    let refused = |file: ModelFile| {
        let begun = settings(&config(&[METHODS]), Device::cpu()).original(file).build();
        begun.err().expect("a refusal").to_string()
    };
    let mut other = file.clone();
    other.spec.classes = 7;
    assert!(refused(other).contains("in 7 classes, but mnist-subset has"));
    // Nor is one trained in place of a network that the config names but that was not passed in.
    let named = config(&[METHODS, "original.file=mine.safetensors"]);
    let mut begun = experiment(&named, Device::cpu(), false);
    let error = pollster::block_on(begun.next(&mut MemoryStore::default())).expect_err("an error");
    assert!(error.to_string().contains("mine.safetensors"), "{error}");
    let mut damaged = file.clone();
    let lost = damaged.state.pop_first().expect("a tensor").0;
    assert!(refused(damaged).contains(&lost));
    let (forgetful, ..) = super::forgotten();
    let rows = forgetful.ledger.rows().len();
    assert!(refused(forgetful).contains(&format!("has forgotten {rows} rows before")));
}
