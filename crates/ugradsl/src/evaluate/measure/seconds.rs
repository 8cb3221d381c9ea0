//! Wall time.

use super::{Explanation, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "seconds",
    title: "seconds",
    unit: Unit::Seconds,
    range: "",
    parts: &[],
    meaning: "wall time of the steps and of the guards, without evaluation",
    plain: "How long forgetting takes. It is worth while if retraining takes much longer.",
    formula: "wall time; as a share, divided by that of retraining",
    reading: "Unlearning is worth while where it is a small share of retraining's.",
    pitfalls: "Only comparable on one machine at rest; the first run on a GPU compiles its kernels.",
    source: "RTE in the literature",
};
