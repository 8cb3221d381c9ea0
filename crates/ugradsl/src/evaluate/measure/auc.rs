//! Area under the curve of the threshold attack.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "auc",
    title: "AUC",
    unit: Unit::Fraction,
    range: "0 to 1",
    parts: &[Part::Forget, Part::Retain],
    meaning: "how often a forgotten sample gets more confidence in its true class than a test sample, \
        ties half: the area under the ROC curve of the threshold attack",
    plain: "Take one sample from the training set and one from outside: how often is the network \
        surer about the first? One half is guessing.",
    formula: "area under (FPR, TPR) over all thresholds t of p_y >= t, members D_f, non-members D_te, \
        trapezoidal rule; the same with D_r as members says what the attack sees at all",
    reading: "As close to the retrained network's as possible: near 0.5 for random samples, far below \
        0.5 for a class that the retrained network never saw.",
    pitfalls: "An average over samples: a few that can be told for certain do not show in it (see tpr). \
        Below 0.5 is information, too: the attacker turns the answer round.",
    source: "Carlini et al. 2022, Membership Inference Attacks From First Principles",
};
