//! The likelihood-ratio attack with shadow networks.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "u-lira",
    title: "U-LiRA",
    unit: Unit::Fraction,
    range: "AUC 0 to 1, TPR and balanced accuracy in per cent",
    parts: &[Part::Forget],
    meaning: "how well an attacker who repeats training, unlearning and retraining with other \
        seeds tells, example by example, the unlearned networks from the retrained ones",
    plain: "A strong attacker repeats everything with other seeds to learn what forgetting looks \
        like. One half means that it cannot tell the unlearned network from a retrained one.",
    formula: "score = log N(x; mu_u, s_u) - log N(x; mu_r, s_r), x = log p_y - log(1 - p_y) of a \
        forgotten sample; means of the sample over the other pairs of networks, variances averaged \
        over samples; ROC over all samples and pairs",
    reading: "AUC 0.5: the attacker cannot tell unlearned from retrained. The retrained network is \
        the other side of the attack, so 0.5 is what it would get itself.",
    pitfalls: "Few shadow pairs give a weak attack, hence a flattering figure: a high AUC proves \
        leakage, a low one proves little. For small networks only: every pair takes two trainings \
        from scratch.",
    source: "Kurmanji et al. 2023; Hayes et al. 2024, Inexact Unlearning Needs More Careful \
        Evaluations",
};
