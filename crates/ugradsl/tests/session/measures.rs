//! Measures that need more than one network, or training of their own.

use ugradsl::{
    audit::{ProbeError, ShadowError, linear_probe, shadow_pairs},
    data::{ForgetRequest, Split},
    device::Device,
    evaluate::{Figure, TestBench, u_lira},
    run::MemoryStore,
    unlearn::Method,
};

use super::{config, digits, experiment, forgotten, record};

#[test]
fn every_row_has_its_curve_and_its_distance_to_the_retrained_network() {
    let (records, _) = super::run(&["methods=[\"ugradsl\"]"]);
    let retrained = record(&records, Method::Retrain);
    for row in &records {
        let [members, others, retained, again] = [
            Figure::MembersForget,
            Figure::NonMembersForget,
            Figure::MembersRetain,
            Figure::NonMembersRetain,
        ]
        .map(|figure| row.figure(figure).expect("a curve"));
        assert_eq!((members + retained, others), (400.0, again));
        let distance = |figure| row.figure(figure).expect("a distance");
        assert!((0.0..=100.0).contains(&distance(Figure::AgreementForget)), "{row:?}");
        let nothing = [Figure::Gap, Figure::JsForget, Figure::JsTest, Figure::KlForget]
            .map(distance)
            .iter()
            .all(|distance| *distance == 0.0);
        let same = row.method == Method::Retrain;
        assert_eq!(same, nothing && distance(Figure::AgreementTest) == 100.0, "{row:?}");
    }
    // A class that was trained on is confident; one that was never seen is the least confident of
    // all.
    let original = record(&records, Method::Original);
    let [never, trained] =
        [retrained, original].map(|row| row.figure(Figure::AucForget).unwrap_or(f64::NAN));
    assert!(never < 0.2 && trained > 0.4, "{never} {trained}");
}

#[test]
fn records_of_earlier_versions_are_read() {
    let (records, _) = super::run(&["methods=[\"ga\"]", "training.epochs=1", "ga.epochs=1"]);
    let mut json = serde_json::to_value(&records[0]).expect("JSON");
    let object = json.as_object_mut().expect("an object");
    assert!(object.remove("roc").is_some() && object.remove("likeness").is_some());
    let read: ugradsl::experiment::RunRecord = serde_json::from_value(json).expect("a record");
    let later = [Figure::AucForget, Figure::KlTest].map(|figure| read.figure(figure));
    assert_eq!((later, &read.digest), ([None, None], &records[0].digest));
}

#[test]
fn a_probe_finds_what_only_the_output_forgot() {
    let (file, train, mut split, row) = forgotten();
    let device = Device::cpu();
    let probe = |split: &Split| {
        let network = file.load(&device).expect("a network");
        let (train, test, split) = (train.clone(), train.clone(), split.clone());
        let bench = TestBench { device: device.clone(), train, test, split };
        pollster::block_on(linear_probe(network, 10, &bench, 0))
    };
    let found = probe(&split).expect("a probe");
    assert_eq!(found.shown + found.asked, split.forget.len());
    assert!(row.measures().ua > 70.0 && found.accuracy > 50.0, "{} {found:?}", row.measures().ua);
    assert_eq!(found, probe(&split).expect("a probe"), "the same seed draws the same rows");
    split.forget.truncate(1);
    assert!(matches!(probe(&split), Err(ProbeError::Samples(1))));
}

#[test]
fn u_lira_detects_networks_that_never_forgot() {
    let config = config(&["methods=[\"ugradsl\"]", "seeds=[0, 1, 2]"]);
    let mut store = MemoryStore::default();
    let mut experiment = experiment(&config, Device::cpu(), false);
    while pollster::block_on(experiment.next(&mut store)).expect("an event").is_some() {}
    let forgotten = ForgetRequest::Class(3).split(&digits(&config), 0).expect("a split").forget;
    let auc = |method| {
        let pairs = shadow_pairs(&experiment, &store, method, &forgotten);
        let pairs = pollster::block_on(pairs).expect("pairs");
        assert_eq!((pairs.len(), pairs[0].unlearned.len()), (3, forgotten.len()));
        u_lira(&pairs).expect("a curve").auc()
    };
    // The attack must see the difference where there is one.
    let untouched = auc(Method::Original);
    assert!(untouched > 0.95, "{untouched}");
    // A network against itself: every pair of scores is a tie.
    assert_eq!(auc(Method::Retrain), 0.5);
    let empty = MemoryStore::default();
    let nothing = shadow_pairs(&experiment, &empty, Method::UGradSl, &forgotten);
    assert!(matches!(pollster::block_on(nothing), Err(ShadowError::Missing(_))));
}
