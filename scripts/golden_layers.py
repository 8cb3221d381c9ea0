#!/usr/bin/env python3
"""Convolution and batch normalisation by PyTorch in f64, for crates/ugradsl/tests/golden/layers.json.

    python3 scripts/golden_layers.py > crates/ugradsl/tests/golden/layers.json

Inputs are waves (`wave` in crates/ugradsl/tests/conformance/layers.rs has the same rule), so that only results are stored: of each
case what comes out and the gradients of `sum(out * wave)`. Made with torch 2.15.0.
"""

import json

import torch
from torch.nn import functional


def wave(shape, step, period):
    count = torch.Size(shape).numel()
    half = (period - 1) / 2
    values = [((i * step) % period - half) / half for i in range(count)]
    # As f32, which is what the kernels are given.
    return torch.tensor(values, dtype=torch.float32).double().reshape(shape).requires_grad_()


def rounded(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def convolution(x, weight, bias, stride, pad):
    x, weight = wave(x, 13, 101), wave(weight, 31, 97)
    given = wave([weight.shape[0]], 7, 11) if bias else None
    out = functional.conv2d(x, weight, given, stride, pad)
    (out * wave(out.shape, 17, 89)).sum().backward()
    case = {"x": list(x.shape), "weight": list(weight.shape), "bias": bias, "stride": stride, "pad": pad}
    case |= {"out": rounded(out), "dx": rounded(x.grad), "dweight": rounded(weight.grad)}
    return case | {"dbias": rounded(given.grad) if bias else []}


def norm(x, relu, skip, training):
    x, channels = wave(x, 13, 101), x[1]
    gamma, beta = wave([channels], 7, 11), wave([channels], 5, 13)
    mean = wave([channels], 3, 7).detach().clone()
    variance = wave([channels], 2, 5).detach().abs() + 0.5
    out = functional.batch_norm(x, mean, variance, gamma, beta, training, 0.1, 1e-5)
    shortcut = wave(x.shape, 19, 83) if skip else None
    out = out + shortcut if skip else out
    out = functional.relu(out) if relu else out
    (out * wave(out.shape, 17, 89)).sum().backward()
    case = {"x": list(x.shape), "relu": relu, "skip": skip, "training": training, "out": rounded(out)}
    case |= {"dx": rounded(x.grad), "dgamma": rounded(gamma.grad), "dbeta": rounded(beta.grad)}
    # The running mean; the running variance is the unbiased one in PyTorch, and the biased one in burn.
    return case | {"dskip": rounded(shortcut.grad) if skip else [], "mean": rounded(mean)}


print(
    json.dumps(
        {
            "convolutions": [
                convolution([2, 3, 7, 6], [6, 3, 5, 5], True, 1, [2, 2]),
                convolution([3, 2, 9, 9], [4, 2, 3, 3], False, 1, [1, 1]),
                convolution([2, 4, 8, 8], [5, 4, 3, 3], False, 2, [1, 1]),
                convolution([2, 5, 7, 9], [3, 5, 1, 1], True, 2, [0, 0]),
                convolution([1, 2, 12, 11], [3, 2, 7, 7], False, 2, [3, 3]),
                convolution([2, 3, 5, 8], [2, 3, 1, 3], True, 1, [0, 1]),
            ],
            "norms": [
                norm([5, 3, 4, 3], relu, skip, training)
                for relu, skip in [(False, False), (True, False), (True, True)]
                for training in [True, False]
            ],
        }
    )
)
