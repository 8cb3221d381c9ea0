//! A report is believed only as far as it can be measured again: every forgery shows, every honest
//! report holds.

use ugradsl::{
    data::ForgetRequest,
    device::Device,
    evaluate::Figure,
    experiment::Experiment,
    models::ModelFile,
    report::{Report, Verification, compare_replay, verify},
    run::{MemoryStore, Store},
};

use super::{config, digits, experiment};

/// The row of UGradSL+ in [`reported`], after the original and the retrained network.
const ROW: usize = 2;

/// A report, and the networks that it names.
fn reported() -> (Report, MemoryStore) {
    let config = config(&[
        "methods=[\"ugradsl-plus\"]",
        "limit_train=200",
        "training.epochs=2",
        "ugradsl-plus.epochs=1",
    ]);
    let mut store = MemoryStore::default();
    let mut experiment = experiment(&config, Device::cpu(), false);
    while pollster::block_on(experiment.next(&mut store)).expect("an event").is_some() {}
    (Report::new(&experiment), store)
}

fn checked(report: &Report, store: &MemoryStore, tolerance: Option<f64>) -> Verification {
    let fresh = experiment(&report.config, Device::cpu(), false);
    let text = report.to_json().expect("JSON");
    pollster::block_on(verify(&text, fresh, store, tolerance)).expect("measured")
}

/// Changes a figure of the row of UGradSL+.
fn add(report: &mut Report, figure: Figure, by: f64) {
    let figures = &mut report.runs[ROW].figures;
    figures.set(figure, figures.get(figure).map(|value| value + by));
}

fn names(verification: &Verification, field: &str) -> bool {
    verification.differences.iter().any(|difference| difference.field == field)
}

#[test]
fn an_honest_report_holds_where_it_was_made() {
    let (report, store) = reported();
    let verification = checked(&report, &store, None);
    assert!(verification.holds(), "{:?}", verification.differences);
    assert!(verification.same_place && verification.tolerance == 0.0);
    assert!(verification.fields > 200, "{}", verification.fields);
}

#[test]
fn a_forged_field_shows_although_its_digest_is_right() {
    type Forgery = (&'static str, fn(&mut Report));
    let forgeries: [Forgery; 16] = [
        ("runs[2].ua", |report| add(report, Figure::Ua, 1e-9)),
        ("runs[2].mia", |report| report.runs[ROW].figures.set(Figure::Mia, 100.5)),
        ("runs[0].ra", |report| report.runs[0].figures.set(Figure::Ra, 101.0)),
        ("runs[2].gap", |report| report.runs[ROW].figures.set(Figure::Gap, None)),
        ("runs[2].js_test", |report| report.runs[ROW].figures.set(Figure::JsTest, -1.0)),
        ("runs[2].roc.retain.members", |report| add(report, Figure::MembersRetain, 1.0)),
        ("runs[2].retrain_share", |report| {
            report.runs[ROW].figures.set(Figure::RetrainShare, 1e-4)
        }),
        ("runs[2].forgotten_rows", |report| report.runs[ROW].forgotten_rows += 1),
        ("runs[2].forget_list", |report| report.runs[ROW].forget_list.push('0')),
        ("runs[2].weights_before", |report| report.runs[ROW].weights_before = None),
        ("runs[2].digest", |report| report.runs[ROW].digest.push('0')),
        ("summary[2].gap.mean", |report| {
            let gap = report.summary[ROW].figure(Figure::Gap);
            let forged = gap.map(|mut gap| {
                gap.mean = -1.0;
                gap
            });
            report.summary[ROW].figures.set(Figure::Gap, forged);
        }),
        ("not_proven", |report| report.not_proven.clear()),
        ("environment.data", |report| report.environment.data.push('0')),
        ("runs[2].method", |report| report.runs.swap(1, ROW)),
        ("runs", |report| drop(report.runs.pop())),
    ];
    let (report, store) = reported();
    for (field, forge) in forgeries {
        let mut forged = report.clone();
        forge(&mut forged);
        let verification = checked(&forged, &store, None);
        let found = &verification.differences;
        assert!(names(&verification, field), "{field}: {found:?}");
        assert!(!names(&verification, "digest"), "{field}: {found:?}");
    }
}

#[test]
fn another_model_shows() {
    let (report, store) = reported();
    let name = report.runs[ROW].model.clone();
    let bytes = store.read(&name).expect("readable").expect("kept");
    let last = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        *bytes.last_mut().expect("bytes") ^= 1;
        bytes
    };
    let renamed = {
        let mut file = ModelFile::from_bytes(&bytes).expect("a model");
        file.seed += 1;
        file.to_bytes().expect("bytes")
    };
    let without_its_past = {
        let file = ModelFile::from_bytes(&bytes).expect("a model");
        assert_eq!(file.ledger.rows().len(), report.runs[ROW].forgotten_rows);
        ModelFile::new(file.spec, file.seed, file.state).to_bytes().expect("bytes")
    };
    let original = store.read(&report.runs[0].model).expect("readable").expect("kept");
    let cases: [(&str, Vec<u8>); 5] = [
        ("runs[2].weights", last(&bytes)),
        ("runs[2].weights", original),
        ("runs[2].model", renamed),
        ("runs[2].model", without_its_past),
        ("runs[2].model", bytes[..bytes.len() / 2].to_vec()),
    ];
    for (field, forged) in cases {
        let mut store = store.clone();
        store.write(&name, &forged).expect("written");
        let verification = checked(&report, &store, None);
        assert!(names(&verification, field), "{field}: {:?}", verification.differences);
    }
    let mut gone = store.clone();
    gone.remove(&name).expect("removed");
    assert!(names(&checked(&report, &gone, None), "runs[2].model"));
    let mut elsewhere = report;
    elsewhere.runs[ROW].model = format!("../{name}");
    assert!(names(&checked(&elsewhere, &store, None), "runs[2].model"));
}

#[test]
fn other_rows_than_those_forgotten_show() {
    let (report, store) = reported();
    let (config, data) = (report.config.clone(), digits(&report.config));
    let name = config.forget[0].clone();
    let other = vec![(name, ForgetRequest::Class(4))];
    let fresh = Experiment::builder(config, data, Device::cpu()).requests(other).build();
    let fresh = fresh.expect("an experiment");
    let text = report.to_json().expect("JSON");
    let verification = pollster::block_on(verify(&text, fresh, &store, None)).expect("measured");
    assert!(names(&verification, "runs[2].forget_list"), "{:?}", verification.differences);
}

#[test]
fn elsewhere_figures_may_differ_by_the_tolerance_and_nothing_else() {
    let (mut report, store) = reported();
    report.environment.platform = "another".to_owned();
    // The figures that follow from one of them would differ as much.
    add(&mut report, Figure::Ra, 0.9);
    let verification = checked(&report, &store, None);
    assert!(verification.holds() && !verification.same_place, "{:?}", verification.differences);
    assert!(names(&checked(&report, &store, Some(0.5)), "runs[2].ra"));
    add(&mut report, Figure::Ra, 0.2);
    assert!(names(&checked(&report, &store, None), "runs[2].ra"));
    report.runs[ROW].forgotten_rows += 1;
    assert!(names(&checked(&report, &store, Some(50.0)), "runs[2].forgotten_rows"));
}

#[test]
fn a_replay_gives_the_same_report_and_shows_what_only_a_run_can() {
    let (report, _) = reported();
    let (again, _) = reported();
    let verification = compare_replay(&report, &again, None).expect("compared");
    assert!(verification.holds(), "{:?}", verification.differences);
    let mut forged = report;
    forged.runs[ROW].steps += 1;
    forged.runs[ROW].history.pop();
    let verification = compare_replay(&forged, &again, None).expect("compared");
    assert!(names(&verification, "runs[2].steps") && names(&verification, "runs[2].history"));
}

#[test]
fn a_replay_on_a_gpu_need_not_learn_the_same_bits() {
    let (mut report, _) = reported();
    report.environment.device.kind = "gpu".to_owned();
    let mut again = report.clone();
    again.runs[ROW].weights.push('0');
    add(&mut again, Figure::Ra, 0.9);
    let verification = compare_replay(&report, &again, None).expect("compared");
    assert!(verification.holds(), "{:?}", verification.differences);
    add(&mut again, Figure::Ra, 0.2);
    let verification = compare_replay(&report, &again, None).expect("compared");
    assert!(names(&verification, "runs[2].ra"), "{:?}", verification.differences);
}
