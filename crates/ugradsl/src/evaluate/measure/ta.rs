//! Accuracy on the test set.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "ta",
    title: "TA",
    unit: Unit::Percent,
    range: "0 to 100",
    parts: &[Part::Test],
    meaning: "accuracy on the test set, without classes that were forgotten entirely; to be \
        compared with the retrained network's",
    plain: "How often the network is right on samples it never saw. Classes that are forgotten \
        entirely do not count.",
    formula: "TA = 100/|D_te| #{x in D_te : argmax p(x) = y}, D_te without the rows of such \
        classes",
    reading: "As close to the retrained network's as possible: what is lost is the price in \
        usefulness.",
    pitfalls: "Code that leaves the forgotten class in the test set gives other figures; a class \
        of which only a part is forgotten stays in it.",
    source: "the field's common set: Golatkar et al. 2020; Jia et al. 2023; Fan et al. 2024",
};
