//! Agreement of the network with the retrained one.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "agreement",
    title: "agreement",
    unit: Unit::Percent,
    range: "0 to 100",
    parts: &[Part::Forget, Part::Test],
    meaning: "share of the samples for which the network and the retrained one predict the same \
        class",
    plain: "How often the network and the retrained one choose the same class.",
    formula: "100/n #{i : argmax p_i = argmax p*_i}, on the forget set and on the test set",
    reading: "100 means the same answers. Two networks retrained with different seeds agree on \
        less.",
    pitfalls: "Equal accuracies do not make it high: the two may err on different samples, which \
        this figure shows.",
    source: "Fort et al. 2019 (prediction disagreement)",
};
