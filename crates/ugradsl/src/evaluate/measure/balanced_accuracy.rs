//! Balanced accuracy of the threshold attack.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "balanced-accuracy",
    title: "balanced accuracy",
    unit: Unit::Percent,
    range: "50 to 100",
    parts: &[Part::Forget, Part::Retain],
    meaning: "mean share of forgotten and of test samples that the threshold attack gets right, \
        with the best of all thresholds",
    plain: "How often the attacker is right about forgotten and never-seen samples if it picks the \
        best threshold. 50 is guessing.",
    formula: "100 max over t of (TPR(t) + 1 - FPR(t)) / 2",
    reading: "As close to the retrained network's as possible; 50 is guessing.",
    pitfalls: "The threshold is chosen with hindsight: on few samples chance alone lifts it above \
        50.",
    source: "Yeom et al. 2018",
};
