/** Measures in words. Written by `crates/ugradsl-web/src/typescript.rs`. */

export const measures = {
  "ua": {
    plain: "How often the network is wrong on the forgotten samples. It should be as high as the retrained network's, not higher.",
  },
  "ra": {
    plain: "How often the network is right on the training samples that it was allowed to keep.",
  },
  "ta": {
    plain: "How often the network is right on samples it never saw. Classes that are forgotten entirely do not count.",
  },
  "mia": {
    plain: "An attacker looks at how sure the network is, and guesses whether a sample was in its training set. This is the share of forgotten samples judged never seen.",
  },
  "gap": {
    plain: "How far the network is from the retrained one, in percentage points. Zero would be a perfect match on UA, MIA, RA and TA.",
  },
  "auc": {
    plain: "Take one sample from the training set and one from outside: how often is the network surer about the first? One half is guessing.",
  },
  "tpr": {
    plain: "The strict test: of a hundred samples never seen, the attacker may accuse one. How many forgotten samples does it still find?",
  },
  "balanced-accuracy": {
    plain: "How often the attacker is right about forgotten and never-seen samples if it picks the best threshold. 50 is guessing.",
  },
  "u-lira": {
    plain: "A strong attacker repeats everything with other seeds to learn what forgetting looks like. One half means that it cannot tell the unlearned network from a retrained one.",
  },
  "js": {
    plain: "How differently the network and the retrained one answer about the forgotten samples. Zero means the same answers.",
  },
  "kl": {
    plain: "How surprised someone who expects this network's answers would be by the retrained network's. Zero is not at all.",
  },
  "agreement": {
    plain: "How often the network and the retrained one choose the same class.",
  },
  "relearn-time": {
    plain: "Show the network a few of the forgotten samples again: how many steps until it knows the others, too? Sooner than the retrained network means that the knowledge was only hidden.",
  },
  "linear-probe": {
    plain: "Only the last layer is trained anew: do the network's inner features still reveal what its answers no longer show?",
  },
  "label-odds": {
    plain: "How strongly the answers about a forgotten sample point at its label, or away from it. Zero says nothing about the label.",
  },
  "label-ldp": {
    plain: "How much the smoothed labels themselves reveal about the true ones. Smaller reveals less.",
  },
  "seconds": {
    plain: "How long forgetting takes. It is worthwhile if retraining takes much longer.",
  },
  "memory": {
    plain: "How much memory forgetting needs on top of what the data and the network take.",
  },
} as const;
