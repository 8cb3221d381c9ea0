//! The paper's Label-LDP.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "label-ldp",
    title: "Label-LDP",
    unit: Unit::Nats,
    range: "",
    parts: &[Part::Forget],
    meaning: "how much the smoothed labels of the forget set reveal about the true ones, by the \
        paper's Theorem 3",
    plain: "How much the smoothed labels themselves reveal about the true ones. Smaller reveals \
        less.",
    formula: "epsilon = |log((K/alpha)(1 - g1/g2) + 1 - K)|, alpha < 0 the smoothing rate, g1/g2 > \
        1 the weight of what was learnt over that of unlearning; defined for alpha > K/(K - 1) (1 \
        - g1/g2), 0 at alpha = 1 - g1/g2",
    reading: "Smaller reveals less. It does not depend on the network, so there is nothing to \
        compare with the retrained one: read label-odds for that.",
    pitfalls: "A statement about labels under the surrogate objective, not a guarantee about the \
        weights. g1/g2 is not measured but given. Self-adaptive rates differ by sample: where a \
        rate is 0, epsilon is infinite.",
    source: "Di et al., arXiv 2406.07698, Theorem 3",
};
