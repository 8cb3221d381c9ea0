//! Area under the curve of the threshold attack.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "auc",
    title: "AUC",
    unit: Unit::Fraction,
    range: "0 to 1",
    parts: &[Part::Forget, Part::Retain],
    meaning: "how often a forgotten sample gets more confidence in its true class than a test \
        sample, ties counting half: the area under the ROC curve of the threshold attack",
    plain: "Take one sample from the training set and one from outside: how often is the network \
        surer about the first? One half is guessing.",
    formula: "area under (FPR, TPR) over all thresholds t of p_y >= t, members D_f, non-members \
        D_te, trapezoidal rule; the same with D_r as members shows what the attack can find at all",
    reading: "As close to the retrained network's as possible: near 0.5 for random samples, far \
        below 0.5 for a class that the retrained network never saw.",
    pitfalls: "An average over samples: a few that can be identified for certain do not show in it \
        (see tpr). A value below 0.5 is information, too: the attacker reverses the answer.",
    source: "Carlini et al. 2022, Membership Inference Attacks From First Principles",
};
