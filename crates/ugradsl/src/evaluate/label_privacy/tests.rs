use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Golden {
    epsilon: Vec<(f64, usize, f64, f64)>,
    classes: usize,
    probabilities: Vec<f32>,
    labels: Vec<u32>,
    odds: LabelOdds,
}

/// Written by scripts/golden_measures.py with numpy.
const GOLDEN: &str = include_str!("../../../tests/golden/label_privacy.json");

#[test]
fn agrees_with_numpy() {
    let golden: Golden = serde_json::from_str(GOLDEN).unwrap();
    for (alpha, classes, ratio, epsilon) in golden.epsilon {
        let ours = label_ldp(alpha, classes, ratio).unwrap();
        assert!((ours - epsilon).abs() < 1e-9, "{alpha} {classes} {ratio}: {ours} {epsilon}");
    }
    let set =
        Probabilities::from_probabilities(golden.classes, golden.probabilities, golden.labels);
    let (ours, theirs) = (label_odds(&set.unwrap()).unwrap(), golden.odds);
    for (ours, theirs) in
        [(ours.median, theirs.median), (ours.p95, theirs.p95), (ours.most, theirs.most)]
    {
        assert!((ours - theirs).abs() < 1e-9, "{ours} {theirs}");
    }
}

#[test]
fn known_answers_of_the_formula() {
    // ln 91, ln 11 and ln 1 by hand: K / alpha (1 - 2) + 1 - K with K = 10.
    for (alpha, q) in [(-0.1, 91.0f64), (-0.5, 11.0), (-1.0, 1.0)] {
        let epsilon = label_ldp(alpha, 10, 2.0).unwrap();
        assert!((epsilon - q.ln()).abs() < 1e-12, "{alpha}: {epsilon}");
    }
}

#[test]
fn where_the_theorem_says_nothing_it_is_refused() {
    assert!(label_ldp(-1.11, 10, 2.0).is_ok());
    let beyond = label_ldp(-1.2, 10, 2.0).unwrap_err();
    assert!(beyond.to_string().contains("above -1.1111"), "{beyond}");
    for alpha in [0.0, 0.3, f64::NAN, f64::NEG_INFINITY] {
        assert!(matches!(label_ldp(alpha, 10, 2.0), Err(LabelLdpError::Alpha(_))), "{alpha}");
    }
    for ratio in [1.0, 0.5, f64::NAN, f64::INFINITY] {
        assert!(matches!(label_ldp(-0.5, 10, ratio), Err(LabelLdpError::Ratio(_))), "{ratio}");
    }
    assert_eq!(label_ldp(-0.5, 1, 2.0), Err(LabelLdpError::Classes(1)));
    let empty = Probabilities::from_probabilities(2, vec![], vec![]).unwrap();
    let single = Probabilities::from_probabilities(1, vec![1.0], vec![0]).unwrap();
    assert_eq!((label_odds(&empty), label_odds(&single)), (None, None));
}
