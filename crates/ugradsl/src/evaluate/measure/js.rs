//! Jensen-Shannon divergence to the retrained network.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "js",
    title: "JS forget",
    unit: Unit::Nats,
    range: "0 to ln 2 = 0.6931",
    parts: &[Part::Forget, Part::Test],
    meaning: "mean Jensen-Shannon divergence to the retrained network's predictions on the forget \
        set, 0 to ln 2",
    plain: "How differently the network and the retrained one answer about the forgotten samples. \
        Zero means the same answers.",
    formula: "1/n sum_i [KL(p_i, m_i) + KL(q_i, m_i)] / 2, m = (p + q) / 2; on the test set \
        likewise",
    reading: "0 means the same answers. Two networks retrained with different seeds are not 0 \
        apart.",
    pitfalls: "Bounded, so large differences look alike; kl is not.",
    source: "Lin 1991; Chundawat et al. 2023",
};
