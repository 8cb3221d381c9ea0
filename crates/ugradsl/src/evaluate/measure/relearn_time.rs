//! How soon the forgotten samples are known again.

use super::{Explanation, Part, Unit};

pub(super) const EXPLANATION: Explanation = Explanation {
    name: "relearn-time",
    title: "relearn time",
    unit: Unit::Steps,
    range: "and epochs over the samples shown",
    parts: &[Part::Forget],
    meaning: "how soon a network knows the forgotten samples again when it is shown a few of them",
    plain: "Show the network a few of the forgotten samples again: how many steps until it knows \
        the others, too? Sooner than the retrained network means that the knowledge was only \
        hidden.",
    formula: "first step after which the accuracy on the forgotten samples that are *not* shown \
        reaches the level (50 %); SGD at 0.01 on N shown samples, batches of 64, drawn with the \
        seed",
    reading: "As close to the retrained network's as possible. Sooner: the knowledge was hidden, \
        not gone.",
    pitfalls: "Where the retrained network recognises most of the forget set anyway (random \
        samples) all networks are at the level from the start, and the figure says nothing.",
    source: "Golatkar et al. 2020 (there until the loss on D_f is the original's)",
};
