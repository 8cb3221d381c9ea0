//! The mean distance to the retrained network.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "gap",
    title: "gap",
    unit: Unit::Points,
    range: "0 to 100",
    parts: &[Part::Forget, Part::Retain, Part::Test],
    meaning: "mean of |UA - UA*|, |MIA - MIA*|, |RA - RA*|, |TA - TA*| with * the retrained \
        network; 0 is perfect",
    plain: "How far the network is from the retrained one, in percentage points. Zero would be a \
        perfect match on UA, MIA, RA and TA.",
    formula: "gap = (|UA - UA*| + |MIA - MIA*| + |RA - RA*| + |TA - TA*|) / 4",
    reading: "Closer to 0 is closer to the retrained network. Two networks retrained with \
        different seeds are not 0 apart either: below their distance a gap says nothing more.",
    pitfalls: "A mean hides a single bad term: look at the four.",
    source: "Fan et al. 2024",
};
