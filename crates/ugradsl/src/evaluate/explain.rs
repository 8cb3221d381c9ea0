//! What each measure means, for whoever meets its name: the command line, the report, an application's help.

use std::{fmt, str::FromStr};

use serde::Serialize;
use thiserror::Error;

/// A figure that this library reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each explains itself")]
#[non_exhaustive]
pub enum Measure {
    Ua,
    Ra,
    Ta,
    Mia,
    Gap,
    Auc,
    Tpr,
    BalancedAccuracy,
    ULira,
    Js,
    Kl,
    Agreement,
    RelearnTime,
    LinearProbe,
    LabelOdds,
    LabelLdp,
    Seconds,
    PeakMemory,
}

/// No measure has this name.
#[derive(Debug, Error)]
#[error("unknown measure {name:?}{}", suggestion.map(|s| format!(", did you mean {s:?}?")).unwrap_or_default())]
pub struct UnknownMeasure {
    /// The name as given.
    name: String,
    /// The nearest known one.
    suggestion: Option<&'static str>,
}

/// A measure in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The key on the command line.
    pub name: &'static str,
    /// What tables call it.
    pub title: &'static str,
    /// Unit and range.
    pub unit: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// How to read it against the retrained network.
    pub reading: &'static str,
    /// Where it misleads.
    pub pitfalls: &'static str,
    /// Who proposed it.
    pub source: &'static str,
    /// The command that shows it.
    pub command: &'static str,
}

const FIELD: &str =
    "the field's common set: Golatkar et al. 2020; Jia et al. 2023; Fan et al. 2024";
const AGAINST_RETRAINED: &str = "ugradsl evaluate --retrained FILE, ugradsl compare";

impl Measure {
    /// All, in the order in which they are read.
    pub const ALL: [Self; 18] = [
        Self::Ua,
        Self::Ra,
        Self::Ta,
        Self::Mia,
        Self::Gap,
        Self::Auc,
        Self::Tpr,
        Self::BalancedAccuracy,
        Self::ULira,
        Self::Js,
        Self::Kl,
        Self::Agreement,
        Self::RelearnTime,
        Self::LinearProbe,
        Self::LabelOdds,
        Self::LabelLdp,
        Self::Seconds,
        Self::PeakMemory,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        self.explanation().name
    }

    /// What it means.
    #[allow(clippy::too_many_lines, reason = "a table")]
    pub const fn explanation(self) -> Explanation {
        match self {
            Self::Ua => Explanation {
                name: "ua",
                title: "UA",
                unit: "per cent, 0 to 100",
                meaning: "unlearning accuracy, 100 - accuracy on the forget set; to be compared with the retrained network's",
                formula: "UA = 100 - 100/|D_f| #{x in D_f : argmax p(x) = y}; of equal probabilities the lowest class counts",
                reading: "As close to the retrained network's as possible. For a class that is forgotten entirely that is about \
                    100, for random samples about 100 - TA: the retrained network recognises most of what it never saw.",
                pitfalls: "Higher is not better: above the retrained network's value the network was damaged, and the damage \
                    itself gives the forgotten samples away. Some papers call the accuracy itself UA.",
                source: FIELD,
                command: "ugradsl evaluate, ugradsl compare",
            },
            Self::Ra => Explanation {
                name: "ra",
                title: "RA",
                unit: "per cent, 0 to 100",
                meaning: "accuracy on the retain set; to be compared with the retrained network's",
                formula: "RA = 100/|D_r| #{x in D_r : argmax p(x) = y}",
                reading: "As close to the retrained network's as possible: what had to stay has stayed.",
                pitfalls: "A network that was fine-tuned on the retain set while it forgot can lie above the retrained \
                    network: more training, not better unlearning.",
                source: FIELD,
                command: "ugradsl evaluate, ugradsl compare",
            },
            Self::Ta => Explanation {
                name: "ta",
                title: "TA",
                unit: "per cent, 0 to 100",
                meaning: "accuracy on the test set, without classes that were forgotten entirely; to be compared with the retrained network's",
                formula: "TA = 100/|D_te| #{x in D_te : argmax p(x) = y}, D_te without the rows of such classes",
                reading: "As close to the retrained network's as possible: the price in usefulness.",
                pitfalls: "Code that leaves the forgotten class in the test set gives other figures; a class of which only a \
                    part is forgotten stays in.",
                source: FIELD,
                command: "ugradsl evaluate, ugradsl compare",
            },
            Self::Mia => Explanation {
                name: "mia",
                title: "MIA",
                unit: "per cent, 0 to 100",
                meaning: "share of the forget set that a membership attack calls non-member: an RBF-SVM (C = 3, gamma = 1/features) \
                    on the confidence in the true class, trained on retained against test samples; to be compared with \
                    the retrained network's",
                formula: "MIA = 100/|D_f| #{x in D_f : f(p_y(x)) > 0}, f the machine's decision, both sides of equal weight; \
                    with `attack = \"all\"` also on correctness, entropy, modified entropy and the whole probability vector",
                reading: "As close to the retrained network's as possible; 0, 50 and 100 mean nothing by themselves.",
                pitfalls: "One threshold-like decision for all samples: it can miss a few that stand out (see tpr). Half the \
                    literature reports the opposite share, of members.",
                source: "Song & Mittal 2021; Jia et al. 2023 (\"MIA efficacy\")",
                command: "ugradsl evaluate, ugradsl compare",
            },
            Self::Gap => Explanation {
                name: "gap",
                title: "gap",
                unit: "points, 0 to 100",
                meaning: "mean of |UA - UA*|, |MIA - MIA*|, |RA - RA*|, |TA - TA*| with * the retrained network; 0 is perfect",
                formula: "gap = (|UA - UA*| + |MIA - MIA*| + |RA - RA*| + |TA - TA*|) / 4",
                reading: "Closer to 0 is closer to the retrained network. Two networks retrained with different seeds are \
                    not 0 apart either: below their distance a gap says nothing more.",
                pitfalls: "A mean hides a single bad term: look at the four.",
                source: "Fan et al. 2024",
                command: AGAINST_RETRAINED,
            },
            Self::Auc => Explanation {
                name: "auc",
                title: "AUC",
                unit: "0 to 1",
                meaning: "how often a forgotten sample gets more confidence in its true class than a test sample, ties half: the area \
                    under the ROC curve of the threshold attack",
                formula: "area under (FPR, TPR) over all thresholds t of p_y >= t, members D_f, non-members D_te, trapezoidal \
                    rule; the same with D_r as members says what the attack sees at all",
                reading: "As close to the retrained network's as possible: near 0.5 for random samples, far below 0.5 for a class \
                    that the retrained network never saw.",
                pitfalls: "An average over samples: a few that can be told for certain do not show in it (see tpr). Below 0.5 is \
                    information, too: the attacker turns the answer round.",
                source: "Carlini et al. 2022, Membership Inference Attacks From First Principles",
                command: "ugradsl evaluate, ugradsl compare --format json",
            },
            Self::Tpr => Explanation {
                name: "tpr",
                title: "TPR at 1 % and 0.1 % FPR",
                unit: "per cent, 0 to 100",
                meaning: "share of the forgotten samples that the threshold attack finds while it falsely accuses at most 1 % (0.1 %) of the \
                    test samples",
                formula: "max TPR(t) over thresholds t with FPR(t) <= 0.01 (0.001); equal scores cannot be parted and nothing \
                    is interpolated, as in scikit-learn's roc_curve",
                reading: "As close to the retrained network's as possible; 1 (0.1) is guessing.",
                pitfalls: "With n test samples no rate below 1/n can be resolved: under 1000 the 0.1 % figure counts only \
                    samples above every test sample. Confidences that saturate at 1 tie, and then it is 0.",
                source: "Carlini et al. 2022, Membership Inference Attacks From First Principles",
                command: "ugradsl evaluate, ugradsl compare --format json",
            },
            Self::BalancedAccuracy => Explanation {
                name: "balanced-accuracy",
                title: "balanced accuracy",
                unit: "per cent, 50 to 100",
                meaning: "mean share of forgotten and of test samples that the threshold attack gets right, with the best of all thresholds",
                formula: "100 max over t of (TPR(t) + 1 - FPR(t)) / 2",
                reading: "As close to the retrained network's as possible; 50 is guessing.",
                pitfalls: "The threshold is chosen with hindsight: on few samples chance alone lifts it above 50.",
                source: "Yeom et al. 2018",
                command: "ugradsl evaluate, ugradsl compare --format json",
            },
            Self::ULira => Explanation {
                name: "u-lira",
                title: "U-LiRA",
                unit: "AUC 0 to 1, TPR and balanced accuracy in per cent",
                meaning: "how well an attacker who repeats training, unlearning and retraining with other seeds tells, example by example, the \
                    unlearned networks from the retrained ones",
                formula: "score = log N(x; mu_u, s_u) - log N(x; mu_r, s_r), x = log p_y - log(1 - p_y) of a forgotten sample; means of \
                    the sample over the other pairs of networks, variances averaged over samples; ROC over all samples and pairs",
                reading: "AUC 0.5: the attacker cannot tell unlearned from retrained. The retrained network is the other side of \
                    the attack, so 0.5 is what it would get itself.",
                pitfalls: "Few shadow pairs give a weak attack, hence a kind figure: a high AUC proves leakage, a low one \
                    proves little. For small networks only: every pair is trained twice from scratch.",
                source: "Kurmanji et al. 2023; Hayes et al. 2024, Inexact Unlearning Needs More Careful Evaluations",
                command: "ugradsl audit",
            },
            Self::Js => Explanation {
                name: "js",
                title: "JS forget",
                unit: "nats, 0 to ln 2 = 0.6931",
                meaning: "mean Jensen-Shannon divergence to the retrained network's predictions on the forget set, 0 to ln 2",
                formula: "1/n sum_i [KL(p_i, m_i) + KL(q_i, m_i)] / 2, m = (p + q) / 2; on the test set likewise",
                reading: "0 is the same answers. Two networks retrained with different seeds are not 0 apart.",
                pitfalls: "Bounded, so large differences look alike; kl is not.",
                source: "Lin 1991; Chundawat et al. 2023",
                command: AGAINST_RETRAINED,
            },
            Self::Kl => Explanation {
                name: "kl",
                title: "KL forget",
                unit: "nats, 0 to 69.1",
                meaning: "mean Kullback-Leibler divergence of the network's predictions from the retrained network's on the forget set",
                formula: "KL(p*, p) = 1/n sum_i sum_k p*_ik log(p*_ik / p_ik), p not below 1e-30; reversed: KL(p, p*); on the test set \
                    likewise",
                reading: "0 is the same answers. KL(p*, p) is large where the network excludes what the retrained one holds possible, \
                    the reversed one where it is sure of what the retrained one excludes.",
                pitfalls: "Not symmetric; a few samples with impossible classes make the mean.",
                source: "Golatkar et al. 2020",
                command: AGAINST_RETRAINED,
            },
            Self::Agreement => Explanation {
                name: "agreement",
                title: "agreement",
                unit: "per cent, 0 to 100",
                meaning: "share of the samples that the network and the retrained one take for the same class",
                formula: "100/n #{i : argmax p_i = argmax p*_i}, on the forget set and on the test set",
                reading: "100 is the same answers. Two networks retrained with different seeds agree on less.",
                pitfalls: "Equal accuracies do not make it high: the two may err on different samples, and this figure shows it.",
                source: "Fort et al. 2019 (prediction disagreement)",
                command: AGAINST_RETRAINED,
            },
            Self::RelearnTime => Explanation {
                name: "relearn-time",
                title: "relearn time",
                unit: "steps of fine-tuning, and epochs over the samples shown",
                meaning: "how soon a network knows the forgotten samples again when it is shown a few of them",
                formula: "first step after which the accuracy on the forgotten samples that are *not* shown reaches the level (50 %); SGD at \
                    0.01 on N shown samples, batches of 64, drawn with the seed",
                reading: "As close to the retrained network's as possible. Sooner: the knowledge was hidden, not gone.",
                pitfalls: "Where the retrained network recognises most of the forget set anyway (random samples) all networks \
                    are at the level from the start, and the figure says nothing.",
                source: "Golatkar et al. 2020 (there until the loss on D_f is the original's)",
                command: "ugradsl evaluate --relearn N",
            },
            Self::LinearProbe => Explanation {
                name: "linear-probe",
                title: "linear probe",
                unit: "per cent, 0 to 100",
                meaning: "accuracy on forgotten samples of a new last layer that was trained on the network's frozen features",
                formula: "softmax regression by AdamW on the penultimate features of half of D_f and of K times as many rows of D_r, both drawn \
                    with the seed; accuracy on the other half of D_f",
                reading: "As close to the retrained network's as possible. Above it, the features still tell what the outputs \
                    no longer say: forgetting the output is not forgetting.",
                pitfalls: "Also a network that never saw a class has features that separate it: only the distance to the retrained \
                    network counts.",
                source: "Alain & Bengio 2016, Understanding intermediate layers using linear classifier probes",
                command: "ugradsl evaluate --probe",
            },
            Self::LabelOdds => Explanation {
                name: "label-odds",
                title: "label odds",
                unit: "nats",
                meaning: "how strongly the network's answers on forgotten samples point at or away from their true label",
                formula: "|log p_y - log mean_{k != y} p_k| over D_f: median, 95 % quantile and largest; p not below 1e-30",
                reading: "As close to the retrained network's as possible; 0 is an answer that says nothing about the label.",
                pitfalls: "Pointing away from the label reveals it, too, hence the absolute value.",
                source: "the measured counterpart of label-ldp",
                command: "ugradsl evaluate",
            },
            Self::LabelLdp => Explanation {
                name: "label-ldp",
                title: "Label-LDP",
                unit: "nats",
                meaning: "how much the smoothed labels of the forget set reveal of the true ones, by the paper's Theorem 3",
                formula: "epsilon = |log((K/alpha)(1 - g1/g2) + 1 - K)|, alpha < 0 the smoothing rate, g1/g2 > 1 the weight of what was \
                    learnt over that of unlearning; defined for alpha > K/(K - 1) (1 - g1/g2), 0 at alpha = 1 - g1/g2",
                reading: "Smaller reveals less. It does not depend on the network, so there is nothing to compare with the \
                    retrained one: read label-odds for that.",
                pitfalls: "A statement about labels under the surrogate objective, no guarantee about the weights. g1/g2 is not \
                    measured but given. Self-adaptive rates differ by sample: where a rate is 0, epsilon is infinite.",
                source: "Di et al., arXiv 2406.07698, Theorem 3",
                command: "ugradsl evaluate --label-ldp ALPHA,RATIO",
            },
            Self::Seconds => Explanation {
                name: "seconds",
                title: "seconds",
                unit: "seconds",
                meaning: "wall time of the steps and of the guards, without evaluation",
                formula: "wall time; as a share, divided by that of retraining",
                reading: "Unlearning is worth while where it is a small share of retraining's.",
                pitfalls: "Only comparable on one machine at rest; the first run on a GPU compiles its kernels.",
                source: "RTE in the literature",
                command: "ugradsl unlearn, ugradsl compare",
            },
            Self::PeakMemory => Explanation {
                name: "memory",
                title: "peak MiB",
                unit: "MiB",
                meaning: "the host's memory that steps and guards need at their peak, beyond what is in use before them",
                formula: "max over the run of bytes allocated, minus those at its beginning",
                reading: "Beside the size of data and networks, which every method needs: what the method needs on top.",
                pitfalls: "Not a GPU's own memory. All of the program counts, checkpoints too; what its allocator keeps for later does not.",
                source: "Counted by the program's allocator",
                command: "ugradsl compare, ugradsl sweep",
            },
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// By its name or its title, whatever the case.
impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<Self, UnknownMeasure> {
        let name = text.trim().to_lowercase().replace([' ', '_'], "-");
        let titled = |measure: &Self| measure.explanation().title.eq_ignore_ascii_case(text.trim());
        let known = |measure: &Self| measure.name() == name || titled(measure);
        if let Some(measure) = Self::ALL.into_iter().find(known) {
            return Ok(measure);
        }
        let near = |known: &&str| strsim::damerau_levenshtein(known, &name);
        let nearest = Self::ALL.map(Self::name).into_iter().min_by_key(near);
        let close = |known: &&str| near(known) <= 3 && near(known) < known.len();
        Err(UnknownMeasure { name: text.to_owned(), suggestion: nearest.filter(close) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_a_name_of_its_own_and_says_everything() {
        for (at, measure) in Measure::ALL.into_iter().enumerate() {
            assert_eq!(
                Measure::ALL.iter().position(|other| other.name() == measure.name()),
                Some(at)
            );
            assert_eq!(measure.name().parse::<Measure>().unwrap(), measure);
            let Explanation {
                title,
                unit,
                meaning,
                formula,
                reading,
                pitfalls,
                source,
                command,
                ..
            } = measure.explanation();
            for text in [title, unit, meaning, formula, reading, pitfalls, source, command] {
                assert!(!text.is_empty() && !text.contains("  ") && !text.contains('\n'), "{text}");
            }
        }
    }

    #[test]
    fn names_are_found_in_any_case_and_slips_are_put_right() {
        for (text, measure) in [
            ("UA", Measure::Ua),
            ("Linear Probe", Measure::LinearProbe),
            ("JS forget", Measure::Js),
        ] {
            assert_eq!(text.parse::<Measure>().unwrap(), measure);
        }
        let slip = "relern-time".parse::<Measure>().unwrap_err().to_string();
        assert_eq!(slip, "unknown measure \"relern-time\", did you mean \"relearn-time\"?");
        let nonsense = "happiness".parse::<Measure>().unwrap_err().to_string();
        assert_eq!(nonsense, "unknown measure \"happiness\"");
    }
}
