//! What the guards decide, without a network.

use super::*;
use crate::device::Device;
use crate::train::{ForgetPass, StepControl};

fn found(retain_accuracy: f64, forget_accuracy: f64) -> Check {
    Check {
        retain_loss: 0.1,
        retain_accuracy,
        forget_accuracy,
        held_out_accuracy: None,
        forgotten_in_training: false,
    }
}

fn guard(config: GuardConfig, held_out: Option<HeldOut>) -> Guard {
    let (retain, forget) = (Vec::new(), Vec::new());
    Guard { config, retain, forget, baseline: found(0.99, 0.99), held_out, estimate: None }
}

fn whole_class(config: GuardConfig) -> Guard {
    guard(config, Some(HeldOut { forget: 0.0, retain: None, original: None }))
}

#[test]
fn a_run_has_recovered_while_a_membership_attack_still_has_something_to_go_by() {
    // Held-out accuracy and the least retained accuracy at which a run may end.
    for (retain, least) in [
        (None, 0.98),
        (Some(0.89), 0.98),
        (Some(0.97), 0.98),
        (Some(0.976), 0.983),
        (Some(0.99), 0.985),
        (Some(1.00), 0.985),
    ] {
        let guard =
            guard(GuardConfig::default(), Some(HeldOut { forget: 0.0, retain, original: None }));
        let decision = |accuracy| guard.decide(found(accuracy, 0.0), &mut GuardState::default());
        assert_eq!(decision(least + 1e-6), Decision::Stop(StoppedBy::Target), "{retain:?}");
        assert_eq!(decision(least - 1e-6), Decision::Continue, "{retain:?}");
    }
}

#[test]
fn a_run_has_not_recovered_while_held_out_rows_are_lost() {
    let mut guard = whole_class(GuardConfig::default());
    guard.baseline.held_out_accuracy = Some(0.9);
    for (now, expected) in [(0.885, Decision::Stop(StoppedBy::Target)), (0.875, Decision::Continue)]
    {
        let check = Check { held_out_accuracy: Some(now), ..found(0.99, 0.0) };
        assert_eq!(guard.decide(check, &mut GuardState::default()), expected, "{now}");
    }
}

fn estimated(accuracy: f32) -> Guard {
    let mut guard =
        guard(GuardConfig::default(), Some(HeldOut { forget: 0.9, retain: None, original: None }));
    guard.forget = (0..100).collect();
    let rows = [(0, accuracy)].into();
    guard.set_estimate(Arc::new(Estimate { accuracy, uncertainty: 0.0, rows }));
    guard
}

#[test]
fn a_run_that_went_too_far_comes_back_without_forget_rows() {
    let (guard, mut state) = (estimated(0.8), GuardState::default());
    assert_eq!(guard.decide(found(0.99, 0.7), &mut state), Decision::Continue);
    assert_eq!(state.control().forget_pass, ForgetPass::Skip);
    assert_eq!(guard.decide(found(0.99, 0.78), &mut state), Decision::Stop(StoppedBy::Target));
}

#[test]
fn a_run_that_gets_no_closer_ends() {
    let (guard, mut state) = (estimated(0.2), GuardState::default());
    for check in 0..12 {
        let moved = 0.01 * f64::from(u8::from(check == 0));
        assert_eq!(guard.decide(found(0.99, 0.9 + moved), &mut state), Decision::Continue);
    }
    for _ in 0..11 {
        guard.decide(found(0.99, 0.9), &mut state);
    }
    let stop = Decision::Stop(StoppedBy::NoCloser);
    assert_eq!(guard.decide(found(0.99, 0.9), &mut state), stop);
}

#[test]
fn patience_counts_checks_in_a_row_and_skips_forget_rows_meanwhile() {
    let guard = whole_class(GuardConfig { patience: Some(2), ..GuardConfig::default() });
    let mut state = GuardState::default();
    assert_eq!(guard.decide(found(0.99, 0.0), &mut state), Decision::Continue);
    assert_eq!(state.control().forget_pass, ForgetPass::Skip);
    // Forgotten, but the retain set has not recovered: still skipped, and counted anew.
    assert_eq!(guard.decide(found(0.5, 0.0), &mut state), Decision::Continue);
    assert_eq!((state.control().forget_pass, state.checks_at_target), (ForgetPass::Skip, 0));
    assert_eq!(guard.decide(found(0.99, 0.5), &mut state), Decision::Continue);
    assert_eq!(state.control().forget_pass, ForgetPass::Train);
    assert_eq!(guard.decide(found(0.99, 0.0), &mut state), Decision::Continue);
    let stop = Decision::Stop(StoppedBy::Target);
    assert_eq!(guard.decide(found(0.99, 0.0), &mut state), stop);
}

#[test]
fn alarms_roll_back_with_a_lower_rate_until_there_were_too_many() {
    let guard = whole_class(GuardConfig { rollbacks: 1, ..GuardConfig::default() });
    let mut state = GuardState { follows_inference: true, ..GuardState::default() };
    let check = Check { retain_loss: 0.61, ..found(0.9, 0.5) };
    let alarm = Alarm::RetainLoss { loss: 0.61, limit: 0.35 };
    let back = |last| Decision::RollBack { alarm, last };
    assert_eq!(guard.decide(check, &mut state), back(false));
    assert_eq!(state.control(), StepControl { learning_rate_scale: 0.5, ..Default::default() });
    assert_eq!(guard.decide(check, &mut state), back(true));
    let lost = Check { retain_loss: f64::NAN, ..check };
    let expected = Decision::RollBack { alarm: Alarm::NonFinite, last: true };
    assert_eq!(guard.decide(lost, &mut state), expected);
    assert_eq!((state.rollbacks, state.learning_rate_scale), (3, 0.125));
}

#[test]
fn a_retained_loss_little_above_its_limit_is_brought_back_by_retained_rows_alone() {
    let guard = whole_class(GuardConfig::default());
    let mut state = GuardState::default();
    let check = |retain_loss| Check { retain_loss, ..found(0.9, 0.5) };
    let heal = |loss, begins| Decision::Heal { loss, limit: 0.35, begins };
    assert_eq!(guard.decide(check(0.5), &mut state), heal(0.5, true));
    assert_eq!(state.control().forget_pass, ForgetPass::Skip);
    assert_eq!(guard.decide(check(0.4), &mut state), heal(0.4, false));
    assert_eq!(guard.decide(check(0.3), &mut state), Decision::Continue);
    assert_eq!((state.control().forget_pass, state.rollbacks), (ForgetPass::Train, 0));
    // Not falling: back to the last good state.
    assert_eq!(guard.decide(check(0.5), &mut state), heal(0.5, true));
    let alarm = Alarm::RetainLoss { loss: 0.5, limit: 0.35 };
    let back = Decision::RollBack { alarm, last: false };
    assert_eq!(guard.decide(check(0.5), &mut state), back);
    assert_eq!(state.control().forget_pass, ForgetPass::Train);
}

#[test]
fn ascent_is_weaker_while_more_is_lost_on_retained_rows_than_is_left_to_forget() {
    let guard = estimated(0.8);
    let mut state = GuardState::default();
    guard.decide(found(0.99, 0.98), &mut state);
    assert_eq!(state.control().ascent_gain, 2.0); // nothing moves
    for _ in 0..3 {
        guard.decide(found(0.7, 0.97), &mut state);
    }
    assert_eq!(state.control().ascent_gain, 0.25);
}

#[test]
fn modes_must_differ_over_enough_steps_without_interruption() {
    for (every, needed) in [(1, 20), (3, 7), (10, 2), (50, 1)] {
        let guard = whole_class(GuardConfig { every, ..GuardConfig::default() });
        let differ = Check { forgotten_in_training: true, ..found(0.99, 0.5) };
        let mut state = GuardState::default();
        for _ in 1..needed {
            assert_eq!(guard.decide(differ, &mut state), Decision::Continue, "every {every}");
        }
        let mut interrupted = state.clone();
        assert_eq!(guard.decide(differ, &mut state), Decision::FollowInference);
        assert_eq!(state.control().forget_pass, ForgetPass::Inference);
        assert!(!guard.compares_modes(&differ, &state), "asked once is enough");
        assert_eq!(guard.decide(found(0.99, 0.5), &mut interrupted), Decision::Continue);
        assert_eq!(interrupted.mismatch_steps, 0);
    }
}

#[test]
fn an_excluded_class_is_never_chosen_and_the_others_keep_their_order() {
    let device = Device::cpu();
    let rows = [[1.0, 9.0, 2.0], [-3e38, 5.0, -2.0], [4.0, 3.0, 8.0]];
    let logits = || Tensor::<2>::from_data(rows, device.burn());
    let chosen = |excluded: &[u32]| {
        let best = mask_classes(logits(), excluded).argmax(1).float().into_data();
        best.try_to_vec::<f32>().expect("floats")
    };
    assert_eq!(chosen(&[]), [1.0, 1.0, 2.0]);
    assert_eq!(chosen(&[1]), [2.0, 2.0, 2.0]);
    assert_eq!(chosen(&[1, 2]), [0.0, 0.0, 0.0]);
}

#[test]
fn beside_a_majority_retained_rows_have_to_be_learned_better_than_by_the_original() {
    for (retain, forget, expected) in [(900, 100, 0.8), (500, 500, 0.8), (50, 950, 0.99)] {
        let target = retained_target(&found(0.8, 1.0), retain, forget);
        assert!((target - expected).abs() < 1e-9, "{retain} {forget}: {target}");
    }
    assert_eq!(retained_target(&found(0.8, 0.1), 50, 950), 0.8);
}
