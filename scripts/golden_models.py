#!/usr/bin/env python3
"""Checkpoints as PyTorch writes them, for the tests of weight import.

    python3 scripts/golden_models.py [OUT]

Writes to OUT (default: crates/ugradsl/tests/golden/pytorch) gzipped files that all hold the same network
4-256-128-3: value number i of a tensor is (i % 7 - 3) / 8, which every float type can hold.

zip.pt        a bare state_dict in the current format, with num_batches_tracked of an unrelated layer
legacy.pth    {"state_dict": {"module.fc1.weight": ...}, "best_prec1": 91.7}, the format before 1.6, plus the
              state of an optimizer
half.pt       float16 within torch.nn.Sequential(normalisation, network): "0.mean", "0.std", "1.fc1.weight"
views.tar     {"model": ...} in bfloat16, with transposed and shared storages, under a common name for such files
whole.pt      the network itself rather than its state_dict, by torch.save(network)
script.pt     the network as TorchScript
hostile.pt    a pickle that would run a command if it were executed

Needs PyTorch.
"""

import argparse
import collections
import gzip
import io
import os
import pathlib
import zipfile

import torch

SHAPES = [(256, 4), (256,), (128, 256), (128,), (3, 128), (3,)]
NAMES = [f"fc{layer}.{kind}" for layer in (1, 2, 3) for kind in ("weight", "bias")]


def tensor(shape, dtype=torch.float32):
    count = int(torch.tensor(shape).prod())
    return ((torch.arange(count) % 7 - 3) / 8).reshape(shape).to(dtype)


def state(prefix="", dtype=torch.float32):
    return collections.OrderedDict((prefix + n, tensor(s, dtype)) for n, s in zip(NAMES, SHAPES))


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = (torch.nn.Linear(into, out) for out, into in SHAPES[::2])
        self.load_state_dict(state())

    def forward(self, x):
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/ugradsl-executed-a-pickle",)


def transposed(value):
    return value.t().contiguous().t() if value.dim() == 2 else torch.cat([value, value])[: len(value)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = pathlib.Path(__file__).parent.parent / "crates/ugradsl/tests/golden/pytorch"
    parser.add_argument("out", nargs="?", type=pathlib.Path, default=default)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    momentum = {"state": {0: {"momentum_buffer": tensor((256, 4))}}, "param_groups": [{"lr": 0.1}]}
    layer = collections.OrderedDict([("0.mean", torch.tensor([0.5])), ("0.std", torch.tensor([0.25]))])
    files = {
        "zip.pt": ({**state(), "bn.num_batches_tracked": torch.tensor(7)}, True),
        "legacy.pth": ({"state_dict": state("module."), "best_prec1": 91.7, "optimizer": momentum}, False),
        "half.pt": ({**layer, **state("1.", torch.float16)}, True),
        "views.tar": ({"model": {n: transposed(v) for n, v in state(dtype=torch.bfloat16).items()}}, True),
        "whole.pt": (Network(), True),
        "hostile.pt": ({"state_dict": state(), "epoch": Command()}, True),
    }
    for name, (content, zipped) in files.items():
        buffer = io.BytesIO()
        torch.save(content, buffer, _use_new_zipfile_serialization=zipped)
        (out / f"{name}.gz").write_bytes(gzip.compress(buffer.getvalue(), mtime=0))
    buffer, script = io.BytesIO(), io.BytesIO()
    torch.jit.save(torch.jit.script(Network()), buffer)
    # Without where the code was on the machine that ran this.
    with zipfile.ZipFile(buffer) as whole, zipfile.ZipFile(script, "w") as part:
        for name in whole.namelist():
            if not name.endswith(".debug_pkl"):
                part.writestr(zipfile.ZipInfo(name), whole.read(name))
    (out / "script.pt.gz").write_bytes(gzip.compress(script.getvalue(), mtime=0))


if __name__ == "__main__":
    main()
