//! The four figures that the field reports, and their distance to the retrained network.
//!
//! They are kept together because none means anything alone: a network that answers at random has
//! forgotten everything. The verdict is the average gap to the network that never saw the forgotten
//! rows.

use serde::{Deserialize, Serialize};

use super::{Probabilities, probabilities::predicted};

/// Share of the rows whose most probable class is the label, in per cent: 100/n * #{argmax p = y},
/// from 0 to 100; of equally probable classes the lowest counts. `None` if there are no rows.
pub fn accuracy(set: &Probabilities) -> Option<f64> {
    if set.is_empty() {
        return None;
    }
    let right = set.rows().filter(|(row, label)| predicted(row) == *label);
    Some(100.0 * right.count() as f64 / set.len() as f64)
}

/// Outcome of the membership attack: for each feature that the attack may use, the share of the
/// forget set that it calls *non-member*, in per cent (0 to 100).
///
/// The literature calls this "MIA efficacy". It is not an accuracy: neither 0, 50 nor 100 is good
/// in itself; what counts is the retrained network's value. Features that were not attacked are
/// `None`.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mia {
    /// By the probability of the true class, p_y. The headline, and the only one in the gap.
    #[serde(rename = "mia", alias = "confidence")]
    pub confidence: f64,
    /// By whether the prediction is right, 1 or 0.
    #[serde(rename = "mia_correctness", alias = "correctness")]
    pub correctness: Option<f64>,
    /// By the entropy -sum_k p_k log p_k.
    #[serde(rename = "mia_entropy", alias = "entropy")]
    pub entropy: Option<f64>,
    /// By the modified entropy -(1 - p_y) log p_y - sum_{k != y} p_k log(1 - p_k) (Song & Mittal
    /// 2021).
    #[serde(rename = "mia_modified_entropy", alias = "modified_entropy")]
    pub modified_entropy: Option<f64>,
    /// By all K probabilities.
    #[serde(rename = "mia_probabilities", alias = "probabilities")]
    pub probabilities: Option<f64>,
}

/// Everything that is compared with the retrained network, in per cent.
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Measures {
    /// Unlearning accuracy: 100 - accuracy on the forget set D_f.
    pub ua: f64,
    /// Remaining accuracy: accuracy on the retain set D_r.
    pub ra: f64,
    /// Test accuracy: accuracy on D_te without classes that were forgotten entirely.
    pub ta: f64,
    /// The membership attack; `mia` in serialised form is its headline.
    #[serde(flatten)]
    pub mia: Mia,
}

/// Mean of |UA - UA*|, |MIA - MIA*|, |RA - RA*| and |TA - TA*|, in percentage points (0 to 100,
/// lower is closer). MIA is the attack by confidence. Symmetric; usually one side is the retrained
/// network.
pub fn average_gap(a: &Measures, b: &Measures) -> f64 {
    let gaps = [a.ua - b.ua, a.mia.confidence - b.mia.confidence, a.ra - b.ra, a.ta - b.ta];
    gaps.iter().map(|gap| gap.abs()).sum::<f64>() / 4.0
}

/// Mean, and standard deviation of the sample (divisor n - 1), in the unit of the values.
///
/// One value has no deviation (`None`); without values the mean is NaN.
pub fn mean_and_deviation(values: &[f64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if values.len() < 2 {
        return (mean, None);
    }
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, Some((squares / (n - 1.0)).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measures(ua: f64, confidence: f64, ra: f64, ta: f64) -> Measures {
        let mia = Mia {
            confidence,
            correctness: Some(1.0),
            entropy: None,
            modified_entropy: None,
            probabilities: None,
        };
        Measures { ua, ra, ta, mia }
    }

    #[test]
    fn accuracy_counts_right_rows() {
        let logits = [1., 0., 0., 1., 2., 0., 0., 0.];
        let set = Probabilities::from_logits(2, &logits, &[0, 1, 1, 0]).unwrap();
        assert_eq!(accuracy(&set), Some(75.0));
        assert_eq!(accuracy(&set.select(&[])), None);
    }

    #[test]
    fn gap_is_the_mean_of_four_and_symmetric() {
        let (a, b) = (measures(90., 80., 99., 91.), measures(100., 100., 98., 92.));
        assert_eq!(average_gap(&a, &b), (10. + 20. + 1. + 1.) / 4.0);
        assert_eq!(average_gap(&a, &b), average_gap(&b, &a));
        assert_eq!(average_gap(&a, &a), 0.0);
    }

    #[test]
    fn deviation_is_that_of_a_sample() {
        // numpy.std([2, 4, 4, 4, 5, 5, 7, 9], ddof=1)
        let (mean, deviation) = mean_and_deviation(&[2., 4., 4., 4., 5., 5., 7., 9.]);
        assert_eq!(mean, 5.0);
        assert!((deviation.unwrap() - 2.138_089_935).abs() < 1e-9);
        assert_eq!(mean_and_deviation(&[3.0]), (3.0, None));
        let (mean, deviation) = mean_and_deviation(&[]);
        assert!(mean.is_nan() && deviation.is_none());
    }

    #[test]
    fn json_has_the_headline_as_a_number_and_skipped_features_as_null() {
        let given = measures(1., 2., 3., 4.);
        let json = serde_json::to_string(&given).unwrap();
        assert!(json.contains("\"mia\":2.0") && json.contains("\"mia_entropy\":null"), "{json}");
        assert_eq!(serde_json::from_str::<Measures>(&json).unwrap(), given);
    }
}
