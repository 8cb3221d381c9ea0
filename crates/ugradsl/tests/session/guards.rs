//! The guards catch and report what would ruin the network.

use ugradsl::{
    device::{Device, DeviceChoice},
    evaluate::Figure,
    run::{Event, MemoryStore, StoppedBy},
    unlearn::Method,
};

use super::{config, experiment, finish, record, run};

#[test]
fn absurd_steps_are_caught() {
    for settings in [
        ["ugradsl-plus.learning_rate=5.0", "ugradsl-plus.p=0.1", "ugradsl-plus.alpha=-3"],
        ["ugradsl-plus.learning_rate=50.0", "ugradsl-plus.p=0.5", "ugradsl-plus.alpha=-100"],
    ] {
        let off = ["ugradsl-plus.clip_norm=1e9", "methods=[\"ugradsl-plus\"]"];
        let (records, events) = run(&[&settings[..], &off[..]].concat());
        let backs = events.iter().filter(|event| matches!(event, Event::RolledBack { .. })).count();
        let row = record(&records, Method::UGradSlPlus);
        let original = record(&records, Method::Original);
        assert!(backs > 0 && backs == row.rollbacks, "{settings:?}: {backs} rollbacks");
        let said = row.warnings.iter().filter(|warning| warning.starts_with("rolled back")).count();
        assert_eq!(said, backs, "every rollback is in the record");
        let lost = original.measures().ra - row.measures().ra;
        assert!(lost < 10.0, "{settings:?}: the retain set lost {lost} points");
    }
}

#[test]
fn a_rate_that_smooths_the_wrong_way_round_is_warned_of() {
    for (alpha, warnings) in [("0.5", 1), ("0", 0), ("-0.5", 0)] {
        let alpha = format!("ugradsl.alpha={alpha}");
        let (_, events) = run(&["methods=[\"ugradsl\"]", "ugradsl.epochs=1", &alpha]);
        let said = |event: &&Event| matches!(event, Event::Warning { message } if message.contains("is positive"));
        assert_eq!(events.iter().filter(said).count(), warnings, "{alpha}");
    }
}

/// A method whose only change comes after its last step: guards that end it early would end it as
/// it began.
#[test]
fn guards_let_one_shot_methods_reach_their_update() {
    let methods = "methods=[\"ssd\", \"fisher\", \"influence\"]";
    let any_weight = "ssd.threshold=1.5";
    let guarded = ["ssd.guards=true", "fisher.guards=true", "influence.guards=true"];
    let (free, _) = run(&[methods, any_weight]);
    let (watched, _) = run(&[&[methods, any_weight], &guarded[..]].concat());
    let original = record(&free, Method::Original).weights.clone();
    for method in [Method::Ssd, Method::Fisher, Method::Influence] {
        let (free, watched) = (record(&free, method), record(&watched, method));
        assert_ne!(free.weights, original, "{method} changes nothing here");
        let same = watched.weights == free.weights;
        assert!(same || watched.rollbacks > 0, "{method}: {:?}", watched.stopped_by);
    }
}

#[test]
fn without_guards_the_same_steps_ruin_the_network() {
    let (records, _) = run(&[
        "ugradsl-plus.learning_rate=0.5",
        "ugradsl-plus.p=0.1",
        "ugradsl-plus.alpha=-3",
        "ugradsl-plus.clip_norm=1e9",
        "ugradsl-plus.guards=false",
        "methods=[\"ugradsl-plus\"]",
    ]);
    // A network of NaNs cannot be measured and would have been an error; this one is just useless.
    let lost = record(&records, Method::Original).measures().ra
        - record(&records, Method::UGradSlPlus).measures().ra;
    assert!(lost > 30.0, "only {lost} points were lost: the guards' test proves nothing");
}

#[test]
fn a_class_is_forgotten_and_the_run_ends_by_its_target() {
    let (records, _) = run(&["ugradsl-plus.epochs=20"]);
    let row = record(&records, Method::UGradSlPlus);
    assert_eq!(row.stopped_by, Some(StoppedBy::Target));
    assert_eq!(row.measures().ua, 100.0);
    assert!(row.figure(Figure::Gap) < record(&records, Method::Original).figure(Figure::Gap));
}

/// From a check that finds the forget set at its target to one that does not, steps use retained
/// rows only.
#[test]
fn forgotten_rows_take_no_part_while_they_are_at_their_target() {
    let (_, events) = run(&[
        "methods=[\"ugradsl-plus\"]",
        "ugradsl-plus.epochs=20",
        "guards.every=2",
        "guards.patience=8",
    ]);
    let ours =
        |event: &Event| matches!(event, Event::Started { method, .. } if method == "ugradsl-plus");
    let start = events.iter().position(ours).expect("the run");
    let (mut reached, mut seen) = (false, [0, 0]);
    for event in &events[start..] {
        match event {
            Event::GuardCheck { forget_accuracy, .. } => reached = *forget_accuracy <= 0.01,
            Event::Step { forget_loss, step, .. } => {
                assert_eq!(forget_loss.is_none(), reached, "step {step}");
                seen[usize::from(reached)] += 1;
            }
            _ => {}
        }
    }
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

#[test]
fn batch_norm_modes_all_forget() {
    for mode in ["separate", "concat", "frozen"] {
        let (records, _) = run(&[
            "architecture=small-cnn",
            "training.epochs=5",
            "methods=[\"ugradsl-plus\"]",
            "ugradsl-plus.epochs=6",
            &format!("ugradsl-plus.batch_norm={mode}"),
        ]);
        let (before, after) =
            (record(&records, Method::Original), record(&records, Method::UGradSlPlus));
        assert!(
            after.measures().ua > before.measures().ua + 30.0,
            "{mode}: {:?}",
            after.measures()
        );
    }
}

/// Retained losses of the first steps agree between the CPU backend and the GPU (lavapipe counts).
#[test]
fn devices_agree_on_the_first_steps() {
    let Ok(gpu) = pollster::block_on(Device::open(DeviceChoice::Gpu)) else {
        eprintln!("skipped: no adapter");
        return;
    };
    for architecture in ["mlp", "small-cnn"] {
        let config = config(&[
            &format!("architecture={architecture}"),
            "limit_train=128",
            "limit_test=60",
            "training.epochs=3",
            "methods=[\"ugradsl-plus\"]",
            "ugradsl-plus.epochs=1",
            "guards.every=1",
            // The images move on the device, too.
            "training.augmentation.pad=2",
            "training.augmentation.flip=true",
        ]);
        let losses = |device: Device| -> Vec<f64> {
            let (_, events) =
                finish(experiment(&config, device, false), &mut MemoryStore::default());
            let loss = |event: &Event| match event {
                Event::Step { retain_loss, .. } => *retain_loss,
                _ => None,
            };
            events.iter().filter_map(loss).collect()
        };
        let (cpu, gpu) = (losses(Device::cpu()), losses(gpu.clone()));
        assert_eq!(cpu.len(), gpu.len(), "{architecture}");
        for (step, (a, b)) in cpu.iter().zip(&gpu).enumerate() {
            assert!(
                (a - b).abs() < 2e-3 * a.abs().max(1.0),
                "{architecture}, read {step}: {a} {b}"
            );
        }
    }
}

#[test]
fn a_method_that_destroys_its_network_is_a_row_and_not_the_end() {
    let (records, events) =
        run(&["methods=[\"neggrad-plus\", \"ft\"]", "neggrad-plus.learning_rate=100"]);
    let row = record(&records, Method::NegGradPlus);
    assert_eq!(row.stopped_by, Some(StoppedBy::Diverged));
    assert!(row.warnings.iter().any(|warning| warning.contains("not finite")), "{row:?}");
    assert!(events.iter().any(|event| matches!(event, Event::Warning { .. })));
    // The last network with finite outputs, here the original itself, was kept and could be
    // measured.
    assert!(
        row.measures().ra.is_finite() && row.figure(Figure::Gap).is_some_and(f64::is_finite),
        "{row:?}"
    );
    assert_eq!(record(&records, Method::Ft).stopped_by, Some(StoppedBy::Plan));
}
