#!/usr/bin/env python3
"""How long does an epoch of training take, compared with PyTorch on the same cores?

    python3 scripts/epoch_beside_pytorch.py --ugradsl target/release/ugradsl --data DATA --rows 2560 --runs 3

Trains ResNet-20 for one epoch on the first rows of CIFAR-10, in turns by `ugradsl train` and by PyTorch: the same batches
of 128, SGD with momentum, float32, as many threads. DATA is a folder with `cifar-10-batches-bin`. Prints medians, each
run, and the ratio as Markdown. What comes before and after the steps is not counted on either side. Exit code 77: skipped,
because PyTorch or numpy is absent.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from check_pytorch import ResNet20

BATCH, RATE, MOMENTUM, DECAY = 128, 0.05, 0.9, 5e-4


def ours(args, threads):
    with tempfile.TemporaryDirectory() as folder:
        words = [args.ugradsl, "train", "--json", "--device=cpu", "--architecture=resnet20", "--data=cifar10"]
        words += [f"--data-root={args.data}", f"--limit-train={args.rows}", "--limit-test=100", f"--out={folder}/model"]
        words += ["--set=training.epochs=1", f"--set=training.batch_size={BATCH}", f"--set=training.learning_rate={RATE}"]
        environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)}
        done = subprocess.run(words, check=True, capture_output=True, env=environment)
    return json.loads(done.stdout)["seconds"]


def theirs(images, labels, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = ResNet20().train()
    optimizer = torch.optim.SGD(model.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    start = time.perf_counter()
    for rows in torch.randperm(len(labels)).split(BATCH):
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ugradsl", required=True, help="the binary, of a release build")
    parser.add_argument("--data", required=True, type=pathlib.Path, help="folder with cifar-10-batches-bin")
    parser.add_argument("--rows", type=int, default=2560, help="rows of an epoch, at most 10,000")
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()

    raw = np.fromfile(args.data / "cifar-10-batches-bin/data_batch_1.bin", np.uint8).reshape(-1, 3073)[: args.rows]
    images = torch.from_numpy(raw[:, 1:].reshape(-1, 3, 32, 32)).float() / 255
    images = (images - images.mean((0, 2, 3), keepdim=True)) / images.std((0, 2, 3), keepdim=True)
    labels = torch.from_numpy(raw[:, 0].astype(np.int64))
    threads = len(os.sched_getaffinity(0))
    pairs = [(ours(args, threads), theirs(images, labels, threads)) for _ in range(args.runs)]

    print(f"{args.rows} rows, {threads} threads, PyTorch {torch.__version__}; seconds, median of {args.runs} (each run)\n")
    print("| | seconds |\n|---|---|")
    for name, seconds in zip(("ugradsl, CPU", "PyTorch, CPU"), zip(*pairs)):
        print(f"| {name} | {statistics.median(seconds):.1f} ({', '.join(f'{value:.1f}' for value in seconds)}) |")
    print(f"\nratio {statistics.median(a / b for a, b in pairs):.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
