//! The membership attack by a support vector machine.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "mia",
    title: "MIA",
    unit: Unit::Percent,
    range: "0 to 100",
    parts: &[Part::Forget],
    meaning: "share of the forget set that a membership attack calls non-member: an RBF-SVM (C = \
        3, gamma = 1/features) on the confidence in the true class, trained on retained against \
        test samples; to be compared with the retrained network's",
    plain: "An attacker looks at how sure the network is, and guesses whether a sample was in its \
        training set. This is the share of forgotten samples judged never seen.",
    formula: "MIA = 100/|D_f| #{x in D_f : f(p_y(x)) > 0}, f the machine's decision, both sides of \
        equal weight; with `attack = \"all\"` also on correctness, entropy, modified entropy and \
        the whole probability vector",
    reading: "As close to the retrained network's as possible; 0, 50 and 100 mean nothing by \
        themselves.",
    pitfalls: "One threshold-like decision for all samples: it can miss a few that stand out (see \
        tpr). Half the literature reports the opposite share, of members.",
    source: "Song & Mittal 2021; Jia et al. 2023 (\"MIA efficacy\")",
};
