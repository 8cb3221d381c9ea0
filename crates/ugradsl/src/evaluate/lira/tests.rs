use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Golden {
    name: String,
    unlearned: Vec<Vec<f64>>,
    retrained: Vec<Vec<f64>>,
    auc: f64,
    balanced_accuracy: f64,
}

/// Written by scripts/golden_measures.py with numpy and scikit-learn.
const GOLDEN: &str = include_str!("../../../tests/golden/u_lira.json");

#[test]
fn agrees_with_numpy() {
    let cases: Vec<Golden> = serde_json::from_str(GOLDEN).unwrap();
    let mut wrong = Vec::new();
    for golden in &cases {
        let pairs = golden.unlearned.iter().cloned().zip(golden.retrained.iter().cloned());
        let shadows: Vec<ShadowPair> =
            pairs.map(|(unlearned, retrained)| ShadowPair { unlearned, retrained }).collect();
        let roc = u_lira(&shadows).unwrap();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        if !near(roc.auc(), golden.auc) || !near(roc.balanced_accuracy(), golden.balanced_accuracy)
        {
            wrong.push(format!("{}: {:?}", golden.name, roc.figures()));
        }
    }
    assert!(cases.len() >= 2 && wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nonsense_is_refused_and_networks_without_spread_are_not() {
    let pair = |a: f64, b: f64| ShadowPair { unlearned: vec![a; 4], retrained: vec![b; 4] };
    let few = u_lira(&[pair(1.0, 0.0), pair(1.0, 0.0)]).unwrap_err();
    assert_eq!(few.to_string(), "2 shadow pairs are too few: at least 3 are needed");
    let mut ragged = vec![pair(1.0, 0.0); 3];
    ragged[2].retrained.pop();
    let error = u_lira(&ragged).unwrap_err();
    assert_eq!(error, LiraError::Examples { shadow: 2, found: 3, expected: 4 });
    let empty = vec![ShadowPair { unlearned: vec![], retrained: vec![] }; 3];
    assert!(matches!(u_lira(&empty), Err(LiraError::Roc(RocError::Empty { .. }))));
    assert_eq!(u_lira(&vec![pair(1.0, 0.0); 3]).unwrap().auc(), 1.0);
    assert_eq!(u_lira(&vec![pair(1.0, 1.0); 3]).unwrap().auc(), 0.5);
}

#[test]
fn log_odds_are_finite_and_signed() {
    let set = Probabilities::from_probabilities(
        3,
        vec![0.5, 0.25, 0.25, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        vec![0, 0, 0],
    )
    .unwrap();
    let odds = log_odds_of_truth(&set);
    // log(0.5 / 0.5); -log(1e-30) and log(1e-30) where a side has nothing.
    let limit = -(1e-30f64.ln());
    assert_eq!(odds, vec![0.0, limit, -limit]);
}
