//! Memory of the host.

use super::{Explanation, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "memory",
    title: "peak MiB",
    unit: Unit::Bytes,
    range: "",
    parts: &[],
    meaning: "the host's memory that steps and guards need at their peak, beyond what was in use \
        before",
    plain: "How much memory forgetting needs on top of what the data and the network take.",
    formula: "max over the run of bytes allocated, minus those at its beginning",
    reading: "What the method needs on top of the data and the networks, which every method needs.",
    pitfalls: "A GPU's own memory is not counted. The whole program is, checkpoints included, but \
        not what its allocator keeps for later.",
    source: "Counted by the program's allocator",
};
