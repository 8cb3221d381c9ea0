//! The log-odds of the true label.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "label-odds",
    title: "label odds",
    unit: Unit::Nats,
    range: "",
    parts: &[Part::Forget],
    meaning: "how strongly the network's answers on forgotten samples point at or away from their \
        true label",
    plain: "How strongly the answers about a forgotten sample point at its label, or away from it. \
        Zero says nothing about the label.",
    formula: "|log p_y - log mean_{k != y} p_k| over D_f: median, 95 % quantile and largest; p not \
        below 1e-30",
    reading: "As close to the retrained network's as possible; 0 is an answer that says nothing \
        about the label.",
    pitfalls: "Pointing away from the label reveals it, too, hence the absolute value.",
    source: "the measured counterpart of label-ldp",
};
