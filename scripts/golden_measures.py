#!/usr/bin/env python3
"""Reference values of the measures beside the attack, computed with scikit-learn and numpy.

    python3 scripts/golden_measures.py [OUT]

Writes to OUT (default: crates/ugradsl/tests/golden)
    roc.json            roc_curve (all points), roc_auc_score and what follows from them
    divergence.json     Jensen-Shannon and Kullback-Leibler divergence and agreement of two tables
    label_privacy.json  epsilon of the paper's Label-LDP, and quantiles of the log-odds of the true label
    u_lira.json         the likelihood-ratio attack over shadow pairs, each attacked with the others

Drawn by one numpy Generator(PCG64(SEED)). Needs numpy and scikit-learn.
"""

import argparse
import json
import pathlib

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

SEED = 20260611
FLOOR = 1e-30
DEFAULT = pathlib.Path(__file__).parent.parent / "crates/ugradsl/tests/golden"


def roc(name, members, non_members):
    truth = np.repeat([1, 0], [len(members), len(non_members)])
    scores = np.concatenate([members, non_members])
    fpr, tpr, _ = roc_curve(truth, scores, drop_intermediate=False)
    return {
        "name": name,
        "members": list(map(float, members)),
        "non_members": list(map(float, non_members)),
        "fpr": fpr.tolist(),
        "tpr": tpr.tolist(),
        "auc": float(roc_auc_score(truth, scores)),
        "tpr_at_fpr_1": float(tpr[fpr <= 0.01].max()),
        "tpr_at_fpr_0_1": float(tpr[fpr <= 0.001].max()),
        "balanced_accuracy": float(((tpr + 1 - fpr) / 2).max()),
    }


def rocs(rng):
    ties = lambda n, p: rng.binomial(6, p, n) / 6
    return [
        roc("no ties", rng.normal(1, 1, 60).round(6), rng.normal(0, 1, 80).round(6)),
        roc("many ties", ties(90, 0.7), ties(70, 0.5)),
        roc("all equal", np.ones(7), np.ones(5)),
        roc("apart", np.arange(5) + 10.0, np.arange(4)),
        roc("the wrong way round", np.arange(5), np.arange(4) + 10.0),
        roc("one against one, tied", [0.5], [0.5]),
        roc("a tie at 1 % exactly", [1.0, 0.5, 0.4], np.r_[0.9, np.zeros(99)]),
        roc("saturated", np.minimum(1, rng.normal(1, 0.2, 50)).round(4), ties(1000, 0.6)),
    ]


def softmax(rng, rows, classes):
    """float32, as the library holds them: probabilities that a network might give, some exactly 0 or 1."""
    logits = rng.normal(0, 3, (rows, classes))
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    p[0] = np.eye(classes)[0]
    return p.astype(np.float32)


def divergence(rng):
    a, b = softmax(rng, 12, 5), softmax(rng, 12, 5)
    b[1] = np.eye(5)[2]
    p, q = a.astype(np.float64), b.astype(np.float64)
    m = (p + q) / 2

    def kl(p, q):
        terms = np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / np.maximum(q, FLOOR)), 0)
        return terms.sum(1).mean()

    return {
        "classes": 5,
        "p": a.ravel().tolist(),
        "q": b.ravel().tolist(),
        "js": (kl(p, m) + kl(q, m)) / 2,
        "kl": kl(p, q),
        "kl_reverse": kl(q, p),
        "agreement": 100 * float((p.argmax(1) == q.argmax(1)).mean()),
    }


def label_privacy(rng):
    cases = [(-0.1, 10, 2.0), (-0.3, 10, 2.0), (-0.5, 10, 2.0), (-0.1, 100, 2.0), (-0.5, 100, 2.0),
             (-0.5, 10, 3.0), (-1.0, 10, 3.0), (-1.5, 10, 3.0), (-1.1, 10, 2.0)]
    epsilon = [(a, k, r, float(abs(np.log(k / a * (1 - r) + 1 - k)))) for a, k, r in cases]
    p32 = softmax(rng, 41, 6)
    labels = rng.integers(0, 6, 41)
    p, row = p32.astype(np.float64), np.arange(41)
    own = p[row, labels]
    rest = p.copy()
    rest[row, labels] = 0
    odds = np.abs(np.log(np.maximum(own, FLOOR)) - np.log(np.maximum(rest.sum(1) / 5, FLOOR)))
    return {
        "epsilon": epsilon,
        "classes": 6,
        "probabilities": p32.ravel().tolist(),
        "labels": labels.tolist(),
        "odds": {"median": np.median(odds), "p95": np.quantile(odds, 0.95), "most": odds.max()},
    }


def u_lira(rng, name, shadows, examples, shift):
    difficulty = rng.normal(0, 2, examples)
    unlearned = (difficulty + shift + rng.normal(0, 1, (shadows, examples))).round(6)
    retrained = (difficulty + rng.normal(0, 0.7, (shadows, examples))).round(6)

    def likelihood(x, others):
        variance = others.var(0, ddof=1).mean()
        return -0.5 * (np.log(variance) + (x - others.mean(0)) ** 2 / variance)

    def ratio(x, target):
        return likelihood(x, np.delete(unlearned, target, 0)) - likelihood(
            x, np.delete(retrained, target, 0)
        )

    members = np.concatenate([ratio(unlearned[t], t) for t in range(shadows)])
    others = np.concatenate([ratio(retrained[t], t) for t in range(shadows)])
    figures = roc(name, members, others)
    return {
        "name": name,
        "unlearned": unlearned.tolist(),
        "retrained": retrained.tolist(),
        "auc": figures["auc"],
        "balanced_accuracy": figures["balanced_accuracy"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, nargs="?", default=DEFAULT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.Generator(np.random.PCG64(SEED))
    documents = {
        "roc": rocs(rng),
        "divergence": divergence(rng),
        "label_privacy": label_privacy(rng),
        "u_lira": [u_lira(rng, "shifted", 5, 20, 1.5), u_lira(rng, "alike", 4, 15, 0.0)],
    }
    for name, document in documents.items():
        path = out / f"{name}.json"
        path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
        print(f"{path.stat().st_size:8} {name}")


if __name__ == "__main__":
    main()
