//! Wall time.

use super::{Explanation, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "seconds",
    title: "seconds",
    unit: Unit::Seconds,
    range: "",
    parts: &[],
    meaning: "wall time of the steps and of the guards, without evaluation",
    plain: "How long forgetting takes. It is worthwhile if retraining takes much longer.",
    formula: "wall time; as a share, divided by that of retraining",
    reading: "Unlearning is worthwhile if it takes a small share of retraining's time.",
    pitfalls: "Only comparable on one machine that is otherwise idle; the first run on a GPU \
        compiles its kernels.",
    source: "RTE in the literature",
};
