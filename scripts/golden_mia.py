#!/usr/bin/env python3
"""Reference values of the membership attack, computed with scikit-learn.

    python3 scripts/golden_mia.py [OUT]

Writes mia_*.json to OUT (default: crates/ugradsl/tests/golden). Each file holds softmax outputs of an
invented network on retained, test and forgotten rows, and for five features the share of the forgotten rows, in
per cent, that SVC(C=3, kernel="rbf", gamma="auto") calls non-member after being trained on retained (1)
against test (0) rows, with class_weight such that the larger side weighs as much as the smaller one.

Probabilities are whole numbers in units of 1e-5; the values used are float32(number) / float32(1e5).
The numbers of each file are drawn by one numpy Generator(PCG64(SEED)).
Needs numpy and scikit-learn.
"""

import argparse
import json
import pathlib

import numpy as np
import sklearn
from sklearn.svm import SVC

SEED = 20260502
UNIT = 100_000
FLOOR = 1e-30
DEFAULT = pathlib.Path(__file__).parent.parent / "crates/ugradsl/tests/golden"

# Of the logit of the true class above those of the others, which have deviation 1.2: mean and deviation on
# retained, test and forgotten rows; and the share of rows whose label the network could not have guessed.
FILES = {
    "mia_original": (10, (1500, 1500, 600), ((14, 4), (10, 6), (14, 4)), (0.0, 0.06, 0.0)),
    "mia_unlearned": (10, (1500, 1500, 600), ((9, 4), (7, 4), (0, 4)), (0.0, 0.06, 0.05)),
    "mia_retrained": (10, (1500, 1500, 600), ((11, 3), (8, 5), (8, 5)), (0.0, 0.07, 0.07)),
    "mia_three_classes": (3, (80, 80, 50), ((4, 2), (2, 2), (2.5, 2)), (0.0, 0.1, 0.1)),
    "mia_hundred_classes": (100, (200, 200, 100), ((8, 3), (5, 4), (5, 4)), (0.0, 0.2, 0.2)),
    "mia_many_retained": (5, (2400, 400, 300), ((9, 4), (7, 4), (2, 4)), (0.0, 0.06, 0.05)),
}


def softmax_outputs(rng, classes, rows, margin, unguessable):
    """Whole numbers [rows, classes] in units of 1 / UNIT, and labels."""
    logits = rng.normal(0, 1.2, (rows, classes))
    labels = rng.integers(0, classes, rows)
    believed = np.where(rng.random(rows) < unguessable, rng.integers(0, classes, rows), labels)
    logits[np.arange(rows), believed] += rng.normal(*margin, rows)
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.rint(UNIT * powers / powers.sum(1, keepdims=True)).astype(int), labels


def features(units, labels):
    """The five features of each row, by name, each [rows, width]."""
    p32 = units.astype(np.float32) / np.float32(UNIT)
    p, row = p32.astype(np.float64), np.arange(len(labels))
    log, log_rest = np.log(np.maximum(p, FLOOR)), np.log(np.maximum(1 - p, FLOOR))
    terms = p * log_rest
    terms[row, labels] = (1 - p[row, labels]) * log[row, labels]
    return {
        "confidence": p[row, labels][:, None],
        "correctness": (p.argmax(1) == labels).astype(float)[:, None],
        "entropy": -(p * log).sum(1)[:, None],
        "modified_entropy": -terms.sum(1)[:, None],
        "probabilities": p,
    }


def attack(members, outside, asked):
    """Per cent of `asked` that is called non-member."""
    # Members last: scikit-learn sorts the classes, and so 0 is LIBSVM's first.
    rows = np.concatenate([outside, members])
    target = np.repeat([0, 1], [len(outside), len(members)])
    fewer = min(len(outside), len(members))
    weight = {0: fewer / len(outside), 1: fewer / len(members)}
    machine = SVC(C=3, kernel="rbf", gamma="auto", class_weight=weight).fit(rows, target)
    return round(100 * float((machine.predict(asked) == 0).mean()), 6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, nargs="?", default=DEFAULT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for number, (name, (classes, rows, margins, unguessable)) in enumerate(FILES.items()):
        rng = np.random.Generator(np.random.PCG64(SEED + number))
        sets = {
            title: softmax_outputs(rng, classes, *args)
            for title, *args in zip(("retain", "test", "forget"), rows, margins, unguessable)
        }
        inputs = {title: features(*given) for title, given in sets.items()}
        mia = {
            feature: attack(*(inputs[title][feature] for title in ("retain", "test", "forget")))
            for feature in inputs["retain"]
        }
        document = {
            "script": f"scripts/golden_mia.py, scikit-learn {sklearn.__version__}",
            "classes": classes,
            "unit": 1 / UNIT,
            "mia": mia,
        } | {
            title: {"labels": labels.tolist(), "probabilities": units.ravel().tolist()}
            for title, (units, labels) in sets.items()
        }
        path = out / f"{name}.json"
        path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
        print(f"{path.stat().st_size:8} {name} {mia}")


if __name__ == "__main__":
    main()
