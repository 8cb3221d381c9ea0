//! Memory of the host.

use super::{Explanation, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "memory",
    title: "peak MiB",
    unit: Unit::Bytes,
    range: "",
    parts: &[],
    meaning: "the host's memory that steps and guards need at their peak, beyond what is in use before \
        them",
    plain: "How much memory forgetting needs on top of what the data and the network take.",
    formula: "max over the run of bytes allocated, minus those at its beginning",
    reading: "Beside the size of data and networks, which every method needs: what the method needs on \
        top.",
    pitfalls: "Not a GPU's own memory. All of the program counts, checkpoints too; what its allocator \
        keeps for later does not.",
    source: "Counted by the program's allocator",
};
