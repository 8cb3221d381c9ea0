#!/usr/bin/env python3
"""Does PyTorch get the same logits from a network that ugradsl has changed?

    python3 scripts/check_pytorch.py --ugradsl target/debug/ugradsl --model resnet20-cifar10.th --data DATA

Lets `ugradsl unlearn` forget a class from a published ResNet-20 for CIFAR-10, loads the result in PyTorch by
the lines that ugradsl prints, and compares the logits of test images with those of `ugradsl predict`. DATA is a
folder with `cifar-10-batches-bin`. Exit code 0: they agree to 1e-4; 1: they do not; 77: skipped, because
PyTorch, numpy or safetensors is absent.
"""

import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
TOLERANCE = 1e-4


class Block(torch.nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(outputs)
        self.conv2 = torch.nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(outputs)
        self.stride, self.pad = stride, (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride != 1:
            # Option A: every second pixel, channels filled up with zeros.
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.pad, self.pad))
        return F.relu(x + y)


class ResNet20(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(16)
        layer = lambda i, o, s: torch.nn.Sequential(Block(i, o, s), Block(o, o, 1), Block(o, o, 1))
        self.layer1, self.layer2, self.layer3 = layer(16, 16, 1), layer(16, 32, 2), layer(32, 64, 2)
        self.linear = torch.nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ugradsl", required=True, help="the binary")
    parser.add_argument("--model", required=True, type=pathlib.Path, help="resnet20-cifar10.th or .safetensors")
    parser.add_argument("--data", required=True, type=pathlib.Path, help="folder with cifar-10-batches-bin")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        result, table = folder / "forgotten.safetensors", folder / "logits.csv"
        common = ["--data=cifar10", f"--data-root={args.data}", f"--device={args.device}"]
        common += ["--limit-train=2000", "--limit-test=500"]
        pixels = "/".join(",".join(map(str, part)) for part in (MEAN, STD))
        foreign = ["--architecture=resnet20", f"--normalisation={pixels}"]
        ugradsl = lambda *words: subprocess.run([args.ugradsl, *words, *common], check=True, stderr=subprocess.PIPE)
        settings = ["--forget=class:3", "--set=ugradsl-plus.epochs=1", "--set=attack=headline"]
        unlearned = ugradsl("unlearn", f"--model={args.model}", f"--out={result}", *foreign, *settings)
        ugradsl("predict", f"--model={result}", f"--out={table}")

        said = unlearned.stderr.decode().split("to load it in Python:\n")[1].splitlines()[:3]
        model = ResNet20()
        exec("\n".join(said), {"model": model})
        came_in = torch.load(args.model, map_location="cpu", weights_only=True) if args.model.suffix == ".th" else {}
        names = set(came_in.get("state_dict", came_in)) or set(load_file(args.model))
        assert set(load_file(result)) == names, "the names are not those that came in"

        raw = np.fromfile(args.data / "cifar-10-batches-bin/test_batch.bin", np.uint8).reshape(-1, 3073)[:500]
        images = torch.from_numpy(raw[:, 1:].reshape(-1, 3, 32, 32)).float() / 255
        images = (images - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]
        with torch.no_grad():
            ours = model.eval()(images).numpy()
        rows = list(csv.reader(table.open()))[1:]
        theirs = np.array([[float(value) for value in row[2:]] for row in rows], np.float32)
        assert [int(row[1]) for row in rows] == raw[:, 0].tolist(), "the rows are in another order"

    worst = float(np.abs(ours - theirs).max())
    print(f"{len(rows)} rows, logits between {ours.min():.2f} and {ours.max():.2f}, largest difference {worst:.1e}")
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
