//! True positives of the threshold attack at a low rate of false ones.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "tpr",
    title: "TPR at 1 % and 0.1 % FPR",
    unit: Unit::Percent,
    range: "0 to 100",
    parts: &[Part::Forget, Part::Retain],
    meaning: "share of the forgotten samples that the threshold attack finds while it falsely \
        accuses at most 1 % (0.1 %) of the test samples",
    plain: "The strict test: of a hundred samples never seen, the attacker may accuse one. How \
        many forgotten samples does it still find?",
    formula: "max TPR(t) over thresholds t with FPR(t) <= 0.01 (0.001); equal scores cannot be \
        separated and nothing is interpolated, as in scikit-learn's roc_curve",
    reading: "As close to the retrained network's as possible; 1 (0.1) is guessing.",
    pitfalls: "With n test samples no rate below 1/n can be resolved: under 1000 the 0.1 % figure \
        counts only samples above every test sample. Confidences that saturate at 1 tie, and then \
        it is 0.",
    source: "Carlini et al. 2022, Membership Inference Attacks From First Principles",
};
