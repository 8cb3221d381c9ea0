use super::*;

fn change(before: f64, after: f64) -> Change {
    Change { before, after }
}

fn evidence(before: f64, after: f64, expected: f64) -> Evidence {
    Evidence {
        rows: 200,
        accuracy: change(before, after),
        expected,
        basis: Basis::Proxy,
        confidence: change(before, after),
        expected_confidence: Some(expected),
        uncertainty: Some(0.02),
        retained: change(1.0, 0.99),
        held_out: Some(change(0.9, 0.89)),
    }
}

#[test]
fn the_verdict_depends_on_what_was_reached() {
    use Verdict::*;
    for (before, after, expected, verdict) in [
        (1.0, 0.03, 0.02, Reached),
        (1.0, 0.0, 0.0, Reached),
        (1.0, 0.30, 0.02, Partly),
        (1.0, 0.70, 0.02, NotForgotten),
        (1.0, 1.0, 0.02, NotForgotten),
        // An ordinary random set: nothing has happened, though the accuracy is near.
        (1.0, 1.0, 0.96, NotForgotten),
        (1.0, 0.975, 0.96, Reached),
        // Past the end: a little, nearer than before, further than before.
        (1.0, 0.86, 0.89, Reached),
        (1.0, 0.80, 0.89, Partly),
        (1.0, 0.50, 0.89, Harmed),
        (0.90, 0.97, 0.89, Harmed),
        (0.94, 0.94, 0.89, NotForgotten),
    ] {
        let found = evidence(before, after, expected).finding(false).verdict;
        assert_eq!(found, verdict, "{before} to {after}, expected {expected}");
    }
}

#[test]
fn a_network_that_has_not_changed_has_not_forgotten_however_short_the_way() {
    let rows = evidence(1.0, 1.0, 0.983);
    let unchanged = Evidence {
        confidence: change(0.9965, 0.9961),
        expected_confidence: Some(0.969),
        ..rows.clone()
    };
    assert_eq!(unchanged.finding(false).verdict, Verdict::NotForgotten);
    let changed = Evidence {
        accuracy: change(1.0, 0.99),
        confidence: change(0.9965, 0.97),
        expected_confidence: Some(0.969),
        ..rows
    };
    assert_eq!(changed.finding(false).verdict, Verdict::Reached);
}

#[test]
fn what_other_rows_have_lost_comes_first() {
    let reached = evidence(1.0, 0.0, 0.0);
    let harmed = Evidence { held_out: Some(change(0.9, 0.86)), ..reached.clone() };
    assert_eq!(harmed.finding(false).verdict, Verdict::Harmed);
    let harmed = Evidence { retained: change(1.0, 0.11), ..reached };
    let finding = harmed.finding(false);
    assert_eq!(finding.verdict, Verdict::Harmed);
    assert!(finding.to_string().contains("100.0 % of retained rows were recognised, now 11.0 %"));
}

#[test]
fn a_network_that_is_as_sure_as_before_has_not_forgotten() {
    let sure = Evidence { confidence: change(1.0, 1.0), ..evidence(1.0, 0.86, 0.85) };
    assert_ne!(sure.clone().finding(false).verdict, Verdict::Reached);
    let unchanged = Evidence { accuracy: change(0.85, 0.85), ..sure.clone() };
    let said = unchanged.finding(false);
    assert_eq!(said.verdict, Verdict::NotForgotten);
    assert!(said.words.contains("still 100.0 % sure of their classes, where 85.0 %"), "{said}");
    let unknown = Evidence { expected_confidence: None, ..sure };
    assert_eq!(unknown.finding(false).verdict, Verdict::Reached);
}

#[test]
fn reached_is_not_said_by_an_estimate_that_is_uncertain() {
    let near = Evidence { uncertainty: Some(0.2), ..evidence(1.0, 0.03, 0.02) };
    let finding = near.clone().finding(false);
    assert_eq!(finding.verdict, Verdict::Partly);
    assert!(finding.words.contains("too uncertain whether"), "{finding}");
    assert!(finding.words.contains("(give or take 20 points)"), "{finding}");
    assert_eq!(near.beside_retrained(0.02, 0.02).finding(false).verdict, Verdict::Reached);
}

#[test]
fn class_averages_and_single_rows_are_no_ground_for_a_clear_word() {
    let average = |before, after, expected| {
        let evidence = evidence(before, after, expected);
        let known = Evidence { basis: Basis::ClassAverage, uncertainty: None, ..evidence };
        Evidence { expected_confidence: None, ..known }.finding(false).verdict
    };
    assert_eq!(average(1.0, 0.86, 0.86), Verdict::Partly);
    assert_eq!(average(1.0, 0.0, 0.86), Verdict::Partly);
    let one = Evidence { rows: 1, ..evidence(1.0, 0.0, 1.0) };
    assert_eq!(one.finding(false).verdict, Verdict::Partly);
}

#[test]
fn a_second_attempt_is_measured_by_the_first() {
    let first = Evidence { retained: change(0.99, 0.12), ..evidence(1.0, 0.5, 0.1) };
    let second = Evidence { retained: change(0.12, 0.12), ..evidence(0.5, 0.5, 0.5) };
    let both = second.since(&first);
    assert_eq!((both.accuracy, both.expected), (change(1.0, 0.5), 0.1));
    assert_eq!(both.finding(false).verdict, Verdict::Harmed);
}

#[test]
fn there_is_nothing_to_do_where_answers_and_confidence_are_as_expected() {
    for (rows, found, expected, nothing) in [
        (1, (1.0, 0.99), (0.97, 0.96), true),
        // It is known by heart; it is too sure.
        (1, (1.0, 0.99), (0.3, 0.4), false),
        (1, (1.0, 0.99), (0.97, 0.7), false),
        (200, (1.0, 0.99), (0.97, 0.96), false),
        (200, (0.6, 0.5), (0.9, 0.8), true),
    ] {
        assert_eq!(is_as_expected(rows, found, expected), nothing, "{found:?} {expected:?}");
    }
    let one = Evidence { rows: 1, ..evidence(1.0, 1.0, 0.97) };
    let said = one.finding(true).to_string();
    assert!(said.starts_with("1 row left unchanged: 100.0 % were recognised"), "{said}");
}

#[test]
fn a_destroyed_network_and_one_that_is_worse_than_nothing_are_called_so() {
    let found = |evidence: Evidence| evidence.finding(false);
    let fine = found(evidence(1.0, 0.03, 0.02));
    assert_eq!(fine.remark, None);
    assert_eq!(fine.clone().beside_untouched(3.0, 40.0).remark, None);
    assert_eq!(fine.beside_untouched(41.0, 40.0).remark, Some(Remark::WorseThanNothing));
    let lost = |after| Evidence { retained: change(0.9, after), ..evidence(1.0, 0.0, 0.0) };
    assert_eq!(found(lost(0.64)).remark, None);
    let destroyed = found(lost(0.62)).beside_untouched(41.0, 40.0);
    assert_eq!(destroyed.remark, Some(Remark::Destroyed));
    assert!(
        serde_json::to_string(&destroyed)
            .is_ok_and(|text| text.contains(r#""remark":"destroyed""#))
    );
}
