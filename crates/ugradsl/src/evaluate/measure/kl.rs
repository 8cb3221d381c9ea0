//! Kullback-Leibler divergence to the retrained network.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "kl",
    title: "KL forget",
    unit: Unit::Nats,
    range: "0 to 69.1",
    parts: &[Part::Forget, Part::Test],
    meaning: "mean Kullback-Leibler divergence of the network's predictions from the retrained \
        network's on the forget set",
    plain: "How surprised someone who expects this network's answers would be by the retrained \
        network's. Zero is not at all.",
    formula: "KL(p*, p) = 1/n sum_i sum_k p*_ik log(p*_ik / p_ik), p not below 1e-30; reversed: \
        KL(p, p*); on the test set likewise",
    reading: "0 means the same answers. KL(p*, p) is large where the network excludes what the \
        retrained one considers possible, the reversed one where it is sure of what the retrained \
        one excludes.",
    pitfalls: "Not symmetric; a few samples with impossible classes dominate the mean.",
    source: "Golatkar et al. 2020",
};
