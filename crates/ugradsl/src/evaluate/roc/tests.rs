use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Golden {
    name: String,
    members: Vec<f64>,
    non_members: Vec<f64>,
    fpr: Vec<f64>,
    tpr: Vec<f64>,
    auc: f64,
    tpr_at_fpr_1: f64,
    tpr_at_fpr_0_1: f64,
    balanced_accuracy: f64,
}

/// Written by scripts/golden_measures.py with scikit-learn.
const GOLDEN: &str = include_str!("../../../tests/golden/roc.json");

#[test]
fn agrees_with_scikit_learn() {
    let cases: Vec<Golden> = serde_json::from_str(GOLDEN).unwrap();
    let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
    let mut wrong = Vec::new();
    for golden in &cases {
        let roc = Roc::new(&golden.members, &golden.non_members).unwrap();
        let expected: Vec<_> = golden.fpr.iter().zip(&golden.tpr).collect();
        let curve = roc.points().len() == expected.len()
            && roc
                .points()
                .iter()
                .zip(expected)
                .all(|(point, (fpr, tpr))| near(point.fpr, *fpr) && near(point.tpr, *tpr));
        let figures = roc.figures();
        let same = near(figures.auc, golden.auc)
            && near(figures.tpr_at_fpr_1, 100.0 * golden.tpr_at_fpr_1)
            && near(figures.tpr_at_fpr_0_1, 100.0 * golden.tpr_at_fpr_0_1)
            && near(figures.balanced_accuracy, 100.0 * golden.balanced_accuracy);
        if !(curve && same) {
            wrong.push(format!("{}: curve {curve}, {figures:?}", golden.name));
        }
    }
    assert!(cases.len() >= 6 && wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_sided_sets_and_nan_are_refused() {
    let none = Roc::new(&[], &[0.5]).unwrap_err();
    assert_eq!(none.to_string(), "there are no scores of members: a curve needs both sides");
    assert_eq!(Roc::new(&[0.5], &[]), Err(RocError::Empty { set: "non-members" }));
    let nan = Roc::new(&[0.5], &[0.1, f64::NAN]).unwrap_err();
    assert_eq!(nan.to_string(), "score 1 of the non-members is not a number");
}

#[test]
fn signed_zeros_are_equal_and_infinities_are_ranked() {
    let roc = Roc::new(&[0.0, f64::INFINITY], &[-0.0, f64::NEG_INFINITY]).unwrap();
    // 3 of the 4 pairs are won, the pair of zeros is a tie: (3 + 0.5) / 4.
    assert_eq!((roc.auc(), roc.points().len()), (0.875, 4));
}

proptest! {
    #[test]
    fn the_area_is_the_share_of_pairs_won(
        members in prop::collection::vec(0u8..20, 1..40),
        others in prop::collection::vec(0u8..20, 1..40),
    ) {
        let scores = |set: &[u8]| set.iter().map(|score| f64::from(*score)).collect::<Vec<_>>();
        let roc = Roc::new(&scores(&members), &scores(&others)).unwrap();
        let pairs = members.iter().flat_map(|a| others.iter().map(move |b| a.cmp(b)));
        let won: f64 = pairs.map(|order| (order as i8 as f64 + 1.0) / 2.0).sum();
        let expected = won / (members.len() * others.len()) as f64;
        prop_assert!((roc.auc() - expected).abs() < 1e-12);
        prop_assert!(roc.tpr_at(0.01) >= roc.tpr_at(0.001));
        prop_assert!((0.5..=1.0).contains(&roc.balanced_accuracy()));
        prop_assert_eq!(roc.tpr_at(1.0), 1.0);
    }
}
