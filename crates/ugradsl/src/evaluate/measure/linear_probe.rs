//! What the features still reveal.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "linear-probe",
    title: "linear probe",
    unit: Unit::Percent,
    range: "0 to 100",
    parts: &[Part::Forget],
    meaning: "accuracy on forgotten samples of a new last layer that was trained on the network's \
        frozen features",
    plain: "Only the last layer is trained anew: do the network's inner features still reveal what \
        its answers no longer show?",
    formula: "softmax regression by AdamW on the penultimate features of half of D_f and of K \
        times as many rows of D_r, both drawn with the seed; accuracy on the other half of D_f",
    reading: "As close to the retrained network's as possible. Above it, the features still reveal \
        what the outputs no longer show: a network that forgets only in its outputs has not \
        forgotten.",
    pitfalls: "A network that never saw a class has features that separate it, too: only the \
        distance to the retrained network counts.",
    source: "Alain & Bengio 2016, Understanding intermediate layers using linear classifier probes",
};
