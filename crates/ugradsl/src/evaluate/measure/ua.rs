//! Unlearning accuracy.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "ua",
    title: "UA",
    unit: Unit::Percent,
    range: "0 to 100",
    parts: &[Part::Forget],
    meaning: "unlearning accuracy, 100 - accuracy on the forget set; to be compared with the \
        retrained network's",
    plain: "How often the network is wrong on the forgotten samples. It should be as high as the \
        retrained network's, not higher.",
    formula: "UA = 100 - 100/|D_f| #{x in D_f : argmax p(x) = y}; of equal probabilities the \
        lowest class counts",
    reading: "As close to the retrained network's as possible. For a class that is forgotten \
        entirely that is about 100, for random samples about 100 - TA: the retrained network \
        recognises most of what it never saw.",
    pitfalls: "Higher is not better: above the retrained network's value the network was damaged, \
        and the damage itself gives the forgotten samples away. Some papers call the accuracy \
        itself UA.",
    source: "the field's common set: Golatkar et al. 2020; Jia et al. 2023; Fan et al. 2024",
};
