//! Accuracy on the retain set.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "ra",
    title: "RA",
    unit: Unit::Percent,
    range: "0 to 100",
    parts: &[Part::Retain],
    meaning: "accuracy on the retain set; to be compared with the retrained network's",
    plain: "How often the network is right on the training samples that it was allowed to keep.",
    formula: "RA = 100/|D_r| #{x in D_r : argmax p(x) = y}",
    reading: "As close to the retrained network's as possible: what had to stay has stayed.",
    pitfalls: "A network that was fine-tuned on the retain set while it forgot can lie above the \
        retrained network: more training, not better unlearning.",
    source: "the field's common set: Golatkar et al. 2020; Jia et al. 2023; Fan et al. 2024",
};
