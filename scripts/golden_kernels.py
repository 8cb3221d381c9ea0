#!/usr/bin/env python3
"""Reference values of the loss, of the neighbour counts and of a training step, computed with PyTorch.

    python3 scripts/golden_kernels.py [OUT]

Writes to OUT (default: crates/ugradsl/tests/golden):

gls_cross_entropy.json  cases {name, n, k, logits [n*k], targets [n], alpha [n], weight [n], loss [n],
                        grad [n*k]}: generalized label smoothing, loss_i = w_i * -sum_k t_ik log p_ik with
                        t = (1 - alpha) onehot(y) + alpha / K, and the gradient of the sum of the losses.
neighbour_count.json    cases {name, f, r, d, metric, forgotten [f*d], retained [r*d], beta, counts [f],
                        quantiles}: how many retained rows are closer than beta to each forgotten row, and the
                        lower empirical quantiles sorted[floor(q * (f*r - 1))] of all distances, by q. The cosine
                        distance 1 - cos of a row of zeros to anything is 1. No distance lies
                        within 1e-4 (relative) of beta.
training_step.json      two steps of UGradSL on a network 6-5-4 with ReLU: weights before and after each step
                        (layer: y = x w + b, w [inputs, outputs]), the losses before each step.

Inputs are float32 numbers, results are computed in float64 and rounded to 9 significant digits. One numpy
Generator(PCG64(SEED)) per file. Needs numpy and PyTorch.
"""

import argparse
import json
import math
import pathlib

import numpy as np
import torch

SEED = 20260503
DEFAULT = pathlib.Path(__file__).parent.parent / "crates/ugradsl/tests/golden"
QUANTILES = (0.1, 0.5, 0.9)
MARGIN = 1e-4


def digits(values, count=9):
    """Numbers with `count` significant digits, flat."""
    flat = torch.as_tensor(values).flatten().tolist()
    return [float(f"{x:.{count}g}") if isinstance(x, float) else x for x in flat]


def exact(values):
    """float32 numbers, flat, with the fewest digits that bring them back."""
    numbers = (float(str(x)) for x in np.asarray(values, np.float32).ravel())
    return [int(x) if x.is_integer() else x for x in numbers]


def smoothed_loss(logits, targets, alpha, weight):
    """Loss of each row, [n]; targets as a distribution, so that no formula of the library is repeated."""
    k = logits.shape[1]
    one_hot = torch.nn.functional.one_hot(targets, k).to(logits.dtype)
    wanted = (1 - alpha[:, None]) * one_hot + alpha[:, None] / k
    return -weight * (wanted * torch.log_softmax(logits, 1)).sum(1)


def loss_case(name, logits, targets, alpha, weight):
    logits32, alpha32, weight32 = (np.asarray(a, np.float32) for a in (logits, alpha, weight))
    z = torch.tensor(logits32, dtype=torch.float64, requires_grad=True)
    y = torch.as_tensor(np.asarray(targets, np.int64))
    a, w = (torch.tensor(x, dtype=torch.float64) for x in (alpha32, weight32))
    loss = smoothed_loss(z, y, a, w)
    loss.sum().backward()
    return {
        "name": name,
        "n": z.shape[0],
        "k": z.shape[1],
        "logits": exact(logits32),
        "targets": y.tolist(),
        "alpha": exact(alpha32),
        "weight": exact(weight32),
        "loss": digits(loss.detach()),
        "grad": digits(z.grad),
    }


def loss_cases(rng):
    def normal(n, k, deviation=2.0):
        return rng.normal(0, deviation, (n, k))

    def labels(n, k):
        return rng.integers(0, k, n)

    ones = np.ones
    yield loss_case("two classes", normal(4, 2), [0, 1, 1, 0], [-0.5, 0, 0.3, 1], [1, -0.5, 0.25, 2])
    rates = [-1, -0.5, 0, 0.1, 0.5]
    yield loss_case("known answers", [[2, -1, 0.5]] * 5, [0] * 5, rates, ones(5))
    signs = np.where(rng.random(37) < 0.5, -0.1, 0.9) * rng.random(37)
    rates = np.linspace(-1, 1, 37)
    yield loss_case("ten classes, all rates, signed weights", normal(37, 10), labels(37, 10), rates, signs)
    yield loss_case("thousand classes", normal(3, 1000), labels(3, 1000), [-0.5, 0, 0.2], [1, -1, 0.5])
    yield loss_case("257 classes", normal(3, 257), [0, 256, 128], [-0.2, -1, 0], [0.5, -0.5, 1])
    yield loss_case("large logits", normal(6, 10, 1e4), labels(6, 10), [0, -0.5, -1, 0.5, 1, -0.1], ones(6))
    yield loss_case("rate -100", normal(4, 10), labels(4, 10), [-100] * 4, [1, -1, 0.01, -0.01])
    yield loss_case("rate 1", normal(4, 10), labels(4, 10), [1] * 4, ones(4))
    yield loss_case("identical rows", np.repeat(normal(1, 10), 5, 0), [3] * 5, [-0.5] * 5, [0.2] * 5)
    yield loss_case("one row", normal(1, 10), [9], [-0.3], [-1])
    yield loss_case("all of one class", normal(8, 10), [4] * 8, np.linspace(-1, 0, 8), [-0.125] * 8)
    offset = 1e4 + rng.integers(-8, 9, (5, 10)) / 8
    yield loss_case("large offset", offset, labels(5, 10), [0, -0.5, -1, 0.5, 0.1], ones(5))


def distances(forgotten, retained, metric):
    """All distances [f, r] in float64."""
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (forgotten, retained))
    if metric == "euclidean":
        return (a[:, None, :] - b[None, :, :]).square().sum(2).sqrt()
    norms = a.norm(dim=1)[:, None] * b.norm(dim=1)[None, :]
    cosine = (a @ b.T) / torch.where(norms > 0, norms, 1.0)
    distance = torch.where(norms > 0, 1 - cosine, 1.0)
    # Parallel rows: what is left is rounding.
    return torch.where(distance.abs() < 1e-12, 0.0, distance)


def clear_beta(sorted_distances, share):
    """A float32 threshold in the widest gap near the given share of the distances."""
    d, n = sorted_distances, len(sorted_distances)
    if n == 1:
        return float(np.float32(d[0] * 1.5 + 0.1))
    middle, reach = share * (n - 1), max(4, n // 50)
    low, high = max(0, int(middle) - reach), min(n - 1, int(middle) + 1 + reach)
    at = max(range(low, high), key=lambda i: d[i + 1] - d[i])
    beta = float(np.float32((d[at] + d[at + 1]) / 2))
    assert all(abs(x - beta) > MARGIN * beta for x in d), (share, beta)
    return beta


def neighbour_case(name, forgotten, retained, metric, share):
    forgotten, retained = (np.asarray(x, np.float32) for x in (forgotten, retained))
    d = distances(forgotten, retained, metric)
    ordered = d.flatten().sort().values
    beta = clear_beta(ordered.tolist(), share)
    return {
        "name": name,
        "f": d.shape[0],
        "r": d.shape[1],
        "d": forgotten.shape[1],
        "metric": metric,
        "forgotten": exact(forgotten),
        "retained": exact(retained),
        "beta": beta,
        "counts": (d < beta).sum(1).tolist(),
        "quantiles": {str(q): digits(ordered[math.floor(q * (len(ordered) - 1))])[0] for q in QUANTILES},
    }


def neighbour_cases(rng):
    def rows(n, d):
        # Like features after a ReLU, with few digits to keep the file small.
        return np.maximum(np.round(rng.normal(0.3, 1, (n, d)) * 8) / 8, 0)

    for number, (f, r, d) in enumerate([(1, 1, 1), (5, 7, 3), (33, 65, 17), (64, 64, 128), (3, 200, 84)]):
        a, b = rows(f, d) + (d == 1), rows(r, d) + (d == 1)
        for metric in ("euclidean", "cosine"):
            share = (0.5, 0.4, 0.5, 0.1, 0.9)[number]
            yield neighbour_case(f"{f} x {r} x {d}, {metric}", a, b, metric, share)
    a, b = rows(6, 9), rows(8, 9)
    a[2], b[0], b[5] = 0, 0, 0
    b[3] = a[4]
    b[6] = 2 * a[4]
    for metric in ("euclidean", "cosine"):
        yield neighbour_case(f"rows of zeros and identical rows, {metric}", a, b, metric, 0.5)
    a = np.repeat(rows(1, 9) + 0.5, 4, 0)
    for metric in ("euclidean", "cosine"):
        b = np.concatenate([a, rows(4, 9)])
        yield neighbour_case(f"many identical rows, {metric}", a, b, metric, 0.55)


def training_step(rng):
    sizes, p, alpha, rate, momentum, decay = (6, 5, 4), 0.9, -0.5, 0.1, 0.9, 5e-4
    shapes = [("w1", (6, 5)), ("b1", (5,)), ("w2", (5, 4)), ("b2", (4,))]
    start = {name: (rng.normal(0, 0.5, shape)).astype(np.float32) for name, shape in shapes}
    weights = {name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in start.items()}
    x_r, x_f = (rng.normal(0, 1, (8, 6)).astype(np.float32) for _ in range(2))
    y_r, y_f = (rng.integers(0, 4, 8) for _ in range(2))

    def mean_loss(x, y, a):
        hidden = torch.relu(torch.tensor(x, dtype=torch.float64) @ weights["w1"] + weights["b1"])
        logits = hidden @ weights["w2"] + weights["b2"]
        each = torch.ones(8, dtype=torch.float64)
        return smoothed_loss(logits, torch.as_tensor(y), a * each, each).mean()

    optimiser = torch.optim.SGD(weights.values(), lr=rate, momentum=momentum, weight_decay=decay)
    steps = []
    for _ in range(2):
        optimiser.zero_grad()
        retained, forgotten = mean_loss(x_r, y_r, 0.0), mean_loss(x_f, y_f, alpha)
        objective = p * retained - (1 - p) * forgotten
        objective.backward()
        optimiser.step()
        steps.append({
            "retained_loss": digits(retained.detach())[0],
            "forgotten_loss": digits(forgotten.detach())[0],
            "objective": digits(objective.detach())[0],
            "weights": {name: digits(tensor.detach()) for name, tensor in weights.items()},
        })
    return {
        "sizes": sizes,
        "p": p,
        "alpha": alpha,
        "learning_rate": rate,
        "momentum": momentum,
        "weight_decay": decay,
        "weights": {name: exact(x) for name, x in start.items()},
        "retained": {"inputs": exact(x_r), "labels": y_r.tolist()},
        "forgotten": {"inputs": exact(x_f), "labels": y_f.tolist()},
        "steps": steps,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, nargs="?", default=DEFAULT)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    script = f"scripts/golden_kernels.py, PyTorch {torch.__version__.split('+')[0]}"

    def generator(number):
        return np.random.Generator(np.random.PCG64(SEED + number))

    for name, document in (
        ("gls_cross_entropy", {"cases": list(loss_cases(generator(0)))}),
        ("neighbour_count", {"cases": list(neighbour_cases(generator(1)))}),
        ("training_step", training_step(generator(2))),
    ):
        path = out / f"{name}.json"
        path.write_text(json.dumps({"script": script} | document, separators=(",", ":")) + "\n")
        print(f"{path.stat().st_size:8} {name}")


if __name__ == "__main__":
    main()
