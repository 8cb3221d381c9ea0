use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Golden {
    classes: usize,
    unit: f64,
    mia: Mia,
    retain: Set,
    test: Set,
    forget: Set,
}

#[derive(Deserialize)]
struct Set {
    labels: Vec<u32>,
    probabilities: Vec<u32>,
}

impl Golden {
    fn set(&self, set: &Set) -> Probabilities {
        let scale = (1.0 / self.unit).round() as f32;
        let values = set.probabilities.iter().map(|units| *units as f32 / scale);
        Probabilities::from_probabilities(self.classes, values.collect(), set.labels.clone())
            .unwrap()
    }
}

/// Written by scripts/golden_mia.py with scikit-learn.
const GOLDEN: [(&str, &str); 6] = [
    ("original", include_str!("../../../tests/golden/mia_original.json")),
    ("unlearned", include_str!("../../../tests/golden/mia_unlearned.json")),
    ("retrained", include_str!("../../../tests/golden/mia_retrained.json")),
    ("three classes", include_str!("../../../tests/golden/mia_three_classes.json")),
    ("hundred classes", include_str!("../../../tests/golden/mia_hundred_classes.json")),
    ("many retained", include_str!("../../../tests/golden/mia_many_retained.json")),
];

#[test]
fn agrees_with_scikit_learn() {
    let mut wrong = Vec::new();
    for (name, json) in GOLDEN {
        let golden: Golden = serde_json::from_str(json).unwrap();
        let [retain, test, forget] =
            [&golden.retain, &golden.test, &golden.forget].map(|set| golden.set(set));
        let ours = attack(&retain, &test, &forget, AttackFeatures::All, 1).unwrap();
        assert_eq!((ours.members, ours.sampled), (retain.len(), None));
        let (ours, theirs) = (ours.mia, golden.mia);
        for (feature, ours, theirs) in [
            ("confidence", Some(ours.confidence), Some(theirs.confidence)),
            ("correctness", ours.correctness, theirs.correctness),
            ("entropy", ours.entropy, theirs.entropy),
            ("modified entropy", ours.modified_entropy, theirs.modified_entropy),
            ("probabilities", ours.probabilities, theirs.probabilities),
        ] {
            let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
            if (ours - theirs).abs() > 1.0 {
                wrong.push(format!("{name}, {feature}: {ours:.3} instead of {theirs:.3}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Two classes, label 0, with the given confidences.
fn confident(confidences: impl IntoIterator<Item = f32>) -> Probabilities {
    let values: Vec<f32> = confidences.into_iter().flat_map(|p| [p, 1.0 - p]).collect();
    let labels = vec![0; values.len() / 2];
    Probabilities::from_probabilities(2, values, labels).unwrap()
}

#[test]
fn all_rows_of_both_sides_count_and_the_sides_weigh_the_same() {
    let retain = confident((0..200).map(|i| 0.5 + i as f32 / 400.0));
    let test = confident((0..60).map(|i| 0.2 + i as f32 / 80.0));
    let forget = confident((0..100).map(|i| i as f32 / 100.0));
    let run = |seed, features| attack(&retain, &test, &forget, features, seed).unwrap();
    let first = run(1, AttackFeatures::All);
    assert_eq!((first.members, first.non_members), (200, 60));
    assert_eq!((first.sampled, first.probabilities_sampled), (None, None));
    assert_eq!(first, run(2, AttackFeatures::All), "nothing is drawn");
    let headline = run(1, AttackFeatures::Headline).mia;
    assert_eq!(headline.confidence, first.mia.confidence);
    assert_eq!(headline.probabilities, None);
    // Each row twice is each row once with twice the weight.
    let twice = retain.select(&(0..400).map(|i| i / 2).collect::<Vec<_>>());
    let again = attack(&twice, &test, &forget, AttackFeatures::All, 1).unwrap();
    assert_eq!(again.mia, first.mia);
}

#[test]
fn draws_are_fixed_and_without_replacement() {
    let drawn = draw(1000, 1000, 7, Stream::Members);
    let mut sorted = drawn.clone();
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(0..1000));
    assert_eq!(draw(1000, 10, 7, Stream::Members), drawn[..10]);
    assert_ne!(draw(1000, 10, 7, Stream::NonMembers), drawn[..10]);
    assert_eq!(draw(5, 0, 7, Stream::Members), Vec::<usize>::new());
    // The same on every platform.
    assert_eq!(draw(1000, 5, 7, Stream::Members), [795, 951, 38, 53, 512]);
}

#[test]
fn large_sides_are_sampled() {
    let many = |n: usize| confident((0..n).map(|i| (i % 97) as f32 / 97.0));
    let (retain, test, forget) = (many(ROWS + 500), many(ROWS + 300), many(10));
    let outcome = attack(&retain, &test, &forget, AttackFeatures::Headline, 1).unwrap();
    assert_eq!((outcome.members, outcome.non_members, outcome.sampled), (ROWS, ROWS, Some(ROWS)));
    assert_eq!(rows_of_vectors(10), 10_000);
    assert_eq!(rows_of_vectors(1000), 1000);
    assert_eq!(rows_of_vectors(1), 31_622);
    assert_eq!(rows_of_vectors(1_000_000_000), 100);
}

#[test]
fn separate_sides_give_the_extremes() {
    let (high, low) = (|n| confident(vec![0.99; n]), |n| confident(vec![0.2; n]));
    let score = |forget: &Probabilities| {
        attack(&high(50), &low(50), forget, AttackFeatures::All, 1).unwrap().mia
    };
    let everywhere = |x| Mia {
        confidence: x,
        correctness: Some(x),
        entropy: Some(x),
        modified_entropy: Some(x),
        probabilities: Some(x),
    };
    assert_eq!(score(&high(10)), everywhere(0.0));
    assert_eq!(score(&low(10)), everywhere(100.0));
}

#[test]
fn an_attack_with_nothing_to_go_by_calls_all_members() {
    let (same, other) = (confident(vec![0.9; 30]), confident(vec![0.1; 5]));
    for forget in [&same, &other] {
        let mia = attack(&same, &same, forget, AttackFeatures::All, 1).unwrap().mia;
        assert_eq!((mia.confidence, mia.correctness), (0.0, Some(0.0)));
        assert_eq!((mia.entropy, mia.modified_entropy), (Some(0.0), Some(0.0)));
        assert_eq!(mia.probabilities, Some(0.0));
    }
}

#[test]
fn features_are_those_of_the_definition() {
    let row = [0.7, 0.2, 0.1];
    // numpy: -(p * log(p)).sum(), and by hand for label 0 and 1
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    near(entropy(&row, 0), 0.801_818_6);
    near(modified_entropy(&row, 0), -0.3 * 0.7f64.ln() - 0.2 * 0.8f64.ln() - 0.1 * 0.9f64.ln());
    near(modified_entropy(&row, 1), -0.8 * 0.2f64.ln() - 0.7 * 0.3f64.ln() - 0.1 * 0.9f64.ln());
    near(confidence(&row, 2), 0.1);
    assert_eq!((correctness(&row, 0), correctness(&row, 1)), (1.0, 0.0));
    // Certain and right, certain and wrong: finite.
    let certain = [1.0, 0.0];
    assert_eq!((entropy(&certain, 0), modified_entropy(&certain, 0)), (0.0, 0.0));
    near(modified_entropy(&certain, 1), 2.0 * 30.0 * 10f64.ln());
}

#[test]
fn mistakes_are_named() {
    let (two, none) = (confident([0.5]), confident([]));
    let three = Probabilities::from_logits(3, &[0.0; 3], &[0]).unwrap();
    let text = |retain, test, forget| {
        let outcome = attack(retain, test, forget, AttackFeatures::All, 1);
        outcome.unwrap_err().to_string()
    };
    assert_eq!(text(&two, &two, &none), "the forget set is empty: there is nothing to attack");
    assert_eq!(text(&two, &none, &two), "the test set is empty: there is nothing to attack");
    assert_eq!(text(&none, &two, &two), "the retain set is empty: there is nothing to attack");
    assert_eq!(text(&two, &three, &two), "the test set has 3 classes, but the retain set has 2");
}
